"""emergency.yaml: what to do now, for each species, without any question.

`steps("dog")` gives the page; `sources("dog")` everything it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from fascicle.errors import Issue
from fascicle.knowledge import standalone
from fascicle.knowledge.figures import Id, Strict, Text
from fascicle.knowledge.loader import DATA
from fascicle.knowledge.schema import Line, Source, SpeciesId
from fascicle.knowledge.standalone import FILLED
from fascicle.knowledge.strict_yaml import Document

FILE = "emergency.yaml"
NEEDED = (
    "fitting", "collapsed", "poisoned", "cannot_breathe", "cannot_stand", "bitten_or_stung", "overheated", "bleeding_or_hit"
)  # fmt: skip
"""What every species' page must answer."""

LONGEST_SENTENCE = 24
"""Words a frightened reader can take in at once."""

NEVER_DONE = re.compile(
    r"paracetamol|ibuprofen|naproxen|acetaminophen|muscle relax|massage|\brub\b|peroxide|mustard"
    r"|\bmake (it|him|her|them|your \w+|the \w+) (be )?(vomit|sick)\b|\bpour\b.*\bmouth\b|wait and see",
    re.IGNORECASE,
)
"""What no line may tell anyone to do: medicines, making sick, rubbing, waiting."""

NEVER_FOR_ANIMALS = re.compile(r"aspirin|painkiller|antihistamine|alcohol", re.IGNORECASE)
"""What no line may tell an owner to give; a person may be told to ask about aspirin."""

Lines = Annotated[tuple[Line, ...], FILLED]


class Section(Strict):
    """One emergency. looks_like: how to tell. call: whom to ring. say: what to tell them, ready to be read out."""

    id: Id
    title: Text
    looks_like: Line
    call: Annotated[tuple[Literal["vet", "ambulance", "poison_line"], ...], FILLED]
    do: Lines
    do_not: Lines
    say: Lines

    @property
    def lines(self) -> tuple[Line, ...]:
        """Everything the section says."""
        return (self.looks_like, *self.do, *self.do_not, *self.say)


class EmergencyPage(Strict):
    """The emergency page of one species. first: what holds in any emergency."""

    species: SpeciesId
    first: Lines
    sections: Annotated[tuple[Section, ...], FILLED]

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of everything the page rests on, in the order of its lines."""
        lines = [*self.first, *(line for section in self.sections for line in section.lines)]
        return tuple(dict.fromkeys(source for line in lines for source in line.sources))


class EmergencyFile(Strict):
    """emergency.yaml. sources: read for these pages, beside those of sources.yaml."""

    pages: Annotated[tuple[EmergencyPage, ...], FILLED]
    sources: tuple[Source, ...]


@cache
def _file(data: Path) -> EmergencyFile:
    return standalone.whole(standalone.examine(FILE, EmergencyFile, LINTS, data))


def species_covered(data: Path = DATA) -> tuple[str, ...]:
    """The species that have an emergency page, in the order of the file."""
    return tuple(page.species for page in _file(data).pages)


def steps(species: str, data: Path = DATA) -> EmergencyPage:
    """The emergency page of a species.

    Raises KnowledgeError with every fault of the file, KeyError for a species without a page.
    """
    return {page.species: page for page in _file(data).pages}[species]


def sources(species: str, data: Path = DATA) -> tuple[Source, ...]:
    """Every source of the species' page, in the order in which the page needs them."""
    known = {**standalone.shared_sources(data), **{each.id: each for each in _file(data).sources}}
    return tuple(known[each] for each in steps(species, data).sources)


def check(data: Path = DATA) -> list[Issue]:
    """Every fault and warning in emergency.yaml, read afresh."""
    return standalone.examine(FILE, EmergencyFile, LINTS, data)[1]


Place = tuple[str | int, ...]


def _lines(content: EmergencyFile) -> Iterator[tuple[Place, EmergencyPage, str, Line]]:
    """Every line with its place, its page and the part of the page it stands in."""
    for page_index, page in enumerate(content.pages):
        for index, line in enumerate(page.first):
            yield ("pages", page_index, "first", index), page, "first", line
        for section_index, section in enumerate(page.sections):
            place = ("pages", page_index, "sections", section_index)
            yield (*place, "looks_like"), page, "looks_like", section.looks_like
            for part in ("do", "do_not", "say"):
                for index, line in enumerate(getattr(section, part)):
                    yield (*place, part, index), page, part, line


def sources_known(content: EmergencyFile, document: Document, known: Mapping[str, Source]) -> Iterator[Issue]:
    """Every source that is named exists once, every own source is used, every section has one for what to do and not to do."""
    own = [each.id for each in content.sources]
    named: set[str] = set()
    for place, _, _, line in _lines(content):
        named |= set(line.sources)
        for each in line.sources:
            if each not in own and each not in known:
                yield _at(document, place, f"unknown source {each!r}.", "list it under sources or correct the id.")
    for index, each in enumerate(own):
        place = ("sources", index)
        if each in known or each in own[:index]:
            yield _at(document, place, f"the source {each!r} stands twice.", "keep one of the two.")
        if each not in named:
            yield _at(document, place, f"the source {each!r} is not used.", "name it in a line or take it out.")
    for place, section in _sections(content):
        for part in ("do", "do_not"):
            if not any(line.sources for line in getattr(section, part)):
                yield _at(document, (*place, part), f"{section.id}: no line under {part} has a source.", "name one.")


def pages_complete(content: EmergencyFile, document: Document, known: Mapping[str, Source]) -> Iterator[Issue]:
    """A species stands once, a section stands once on a page, and no needed section is missing."""
    species = [page.species for page in content.pages]
    for index, page in enumerate(content.pages):
        if page.species in species[:index]:
            yield _at(document, ("pages", index), f"{page.species} stands twice.", "keep one page.")
        ids = [section.id for section in page.sections]
        for number, each in enumerate(ids):
            if each in ids[:number]:
                place = ("pages", index, "sections", number)
                yield _at(document, place, f"{each} stands twice on the page of the {page.species}.", "keep one.")
        for each in NEEDED:
            if each not in ids:
                wrong = f"the page of the {page.species} has no section {each}."
                yield _at(document, ("pages", index, "sections"), wrong, "write it.")


def plain_and_safe(content: EmergencyFile, document: Document, known: Mapping[str, Source]) -> Iterator[Issue]:
    """Sentences are short, and no line tells anyone to do what must never be advised."""
    for place, page, part, line in _lines(content):
        for sentence in re.split(r"(?<=[.?!:;])\s+", line.text):
            words = len(sentence.split())
            if words > LONGEST_SENTENCE:
                wrong = f"a sentence of {words} words: {sentence[:40]!r}…"
                yield _at(document, place, wrong, f"keep to {LONGEST_SENTENCE}.")
        if part not in ("first", "do"):
            continue
        found = NEVER_DONE.search(line.text)
        if found is None and page.species != "person":
            found = NEVER_FOR_ANIMALS.search(line.text)
        if found:
            wrong = f"{found.group()!r} stands among what to do."
            yield _at(document, place, wrong, "say it under do_not, or leave it out.")


LINTS = (sources_known, pages_complete, plain_and_safe)


def _sections(content: EmergencyFile) -> Iterator[tuple[Place, Section]]:
    for page_index, page in enumerate(content.pages):
        for index, section in enumerate(page.sections):
            yield ("pages", page_index, "sections", index), section


def _at(document: Document, place: Place, wrong: str, fix: str) -> Issue:
    return Issue(document.file, document.line(place), wrong, fix)
