"""What the reading of free text knows: rules and words of the language, and further lay phrases of a species."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError, field_validator

from fascicle.errors import Issue, KnowledgeError
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.figures import Chance, Id, Strict, Text
from fascicle.knowledge.loader import DATA
from fascicle.knowledge.strict_yaml import read_yaml

LANGUAGE = "phrases/english.yaml"
Words = tuple[Text, ...]
Kind = TypeVar("Kind", bound=BaseModel)
_CHOICE = re.compile(r"\(([^()]*)\)")


class Rules(Strict):
    """Thresholds of the matching."""

    cover: Chance
    sure_cover: Chance
    gap: Annotated[int, Field(ge=0)]
    reach: Annotated[int, Field(ge=1)]
    list_item: Annotated[int, Field(ge=1)]
    least_letters: Annotated[int, Field(ge=3)]
    two_slips_from: Annotated[int, Field(ge=3)]
    mended_from: Annotated[int, Field(ge=1)]
    firm: Annotated[int, Field(ge=1)]
    one_clause: Annotated[int, Field(ge=1)]
    least_content: Annotated[int, Field(ge=1)]
    small_words: Annotated[int, Field(ge=1)]
    neuter_reach: Annotated[int, Field(ge=1)]
    why: Text


class SexWords(Strict):
    """Words that tell the sex. letters: what stands for it beside an age, as in “34M”."""

    male: Words
    female: Words
    letters: dict[str, Literal["male", "female"]]
    neutered: Words
    entire: Words
    he: Words
    she: Words


class Language(Strict):
    """english.yaml."""

    rules: Rules
    ignore: Words
    determiners: Words
    moments: Words
    subjects: Words
    auxiliaries: Words
    forms: dict[Text, Words]
    same: dict[Text, Words]
    denying: Words
    unable: Words
    after: Words
    no_denial: Words
    ends: Words
    unsure: Words
    others: Words
    spans: Words
    elsewhere: Words
    says_nothing: Words
    numbers: dict[Text, int]
    tens: dict[str, int]
    counts: Words
    units: Words
    rear_before: Words
    children: Words
    pet_names: Words
    young: Words
    sexes: SexWords
    correct: Words
    me: Words = ()
    kin: Words = ()
    adults: dict[Literal["male", "female"], Words] = {}
    called: Words = ()


class Range(Strict):
    """From low to high, both counted."""

    low: float
    high: float


class Measure(Strict):
    """A number that says a finding: within one of the ranges, with one of its words close by or one of its units behind it.

    loose: units that other things have too (“40 degrees”): alone they count only behind a number with a decimal place.
    not_after: units of other quantities. unless: words that tell of something else's measure (“outside”). reach: how many words
    may stand between the number and its word.
    """

    finding: Id
    words: Words
    units: Words
    loose: Words
    not_after: Words
    unless: Words
    ranges: tuple[Range, ...]
    reach: Annotated[int, Field(ge=1)]
    why: Text


class Phrases(Strict):
    """<species>.yaml: what owners say when a finding is there, and when it is not.

    called: words for the subject itself, which say nothing in a phrase. me: words with which the subject speaks of itself.
    kin: words for the subject after which its age may stand. adults: sex -> words that tell it. others: words for somebody
    else, of whom the rest of the clause then tells. elsewhere: what a span of time in the same clause is told of, and not of
    the trouble (“on lithium for ten years”). says_nothing: phrases that mean no finding, and whose words no shorter one may
    take. skip: finding -> phrases of findings.yaml that mean too many things in running text. also: finding -> findings that
    the words of its phrases say as well; every other reading of the same words gives way to the longest. same: further words
    that mean the same here; apart: words that do not mean here what `same` of the language says. lone: kind of movement ->
    findings that mean it where no movement is told at all. vague: kinds of movement that one bare word (“twitching”) tells only
    where no other kind is told. measured: numbers that say a finding.

    A phrase with words to choose from, “(two|three) fits”, stands for each of them.
    """

    called: Words = ()
    same: dict[Text, Words] = {}
    apart: Words = ()
    me: Words = ()
    kin: Words = ()
    adults: dict[Literal["male", "female"], Words] = {}
    others: Words = ()
    elsewhere: Words = ()
    says_nothing: Words = ()
    skip: dict[Id, Words] = {}
    present: dict[Id, Words] = {}
    absent: dict[Id, Words] = {}
    also: dict[Id, tuple[Id, ...]] = {}
    lone: dict[Id, tuple[Id, ...]] = {}
    vague: tuple[Id, ...] = ()
    measured: tuple[Measure, ...] = ()

    @field_validator("present", "absent")
    @classmethod
    def _each_phrase(cls, held: Mapping[str, Words]) -> dict[str, Words]:
        return {finding: tuple(each for text in texts for each in spelled_out(text)) for finding, texts in held.items()}


def spelled_out(phrase: str) -> tuple[str, ...]:
    """Every phrase that one with words to choose from stands for: “(two|three) fits (|already) today” is four."""
    found = _CHOICE.search(phrase)
    if found is None:
        return (phrase,)
    before, after = phrase[: found.start()], phrase[found.end() :]
    each = (" ".join(f"{before}{word}{after}".split()) for word in found[1].split("|"))
    return tuple(one for text in each for one in spelled_out(text))


@lru_cache(maxsize=8)
def language(species: str, data: Path = DATA) -> Language:
    """The rules and words of the language, for texts about one of a species. Raises KnowledgeError."""
    general, own = _read(LANGUAGE, Language, data), phrases(species, data)
    same = {first: tuple(w for w in words if w not in own.apart) for first, words in general.same.items()} | own.same
    joined = {
        "ignore": general.ignore + own.called,
        "others": general.others + own.others,
        "elsewhere": general.elsewhere + own.elsewhere,
        "says_nothing": general.says_nothing + own.says_nothing,
    }
    spoken = {"me": own.me, "kin": own.kin, "adults": own.adults, "called": own.called}
    return general.model_copy(update={**joined, **spoken, "same": same})


def files(species: str, data: Path = DATA) -> tuple[str, ...]:
    """The files with further phrases of a species: its own, and those it shares, whose names join species by “_and_”."""
    found = (data / "phrases").glob("*.yaml")
    return tuple(sorted(f"phrases/{file.name}" for file in found if species in file.stem.split("_and_")))


@lru_cache(maxsize=8)
def phrases(species: str, data: Path = DATA) -> Phrases:
    """The further phrases of a species from all its files, none where it has no file. Raises KnowledgeError."""
    held: dict[str, Any] = {}
    for name in files(species, data):
        for section, more in _read(name, Phrases, data):
            if isinstance(more, Mapping):
                before = held.get(section, {})
                held[section] = before | {key: (*before.get(key, ()), *words) for key, words in more.items()}
            else:
                held[section] = (*held.get(section, ()), *more)
    return Phrases.model_validate(held)


def _read(name: str, kind: type[Kind], data: Path) -> Kind:
    """One file as its kind."""
    document = read_yaml(name, (data / name).read_bytes())
    if document.issues:
        raise KnowledgeError(document.issues)
    try:
        return kind.model_validate_json(json.dumps(document.data))
    except ValidationError as error:
        issues = [
            Issue(name, document.line(tuple(f["loc"])), f"{f['msg']} at {f['loc']}.", "correct the entry.")
            for f in error.errors()
        ]
        raise KnowledgeError(issues) from error


def check(knowledge: Knowledge, data: Path = DATA) -> Iterator[Issue]:
    """Faults in a species' phrases: unknown findings, a phrase of two findings, one that stands in findings.yaml already.

    Also faults of the language that all species share.
    """
    if (data / LANGUAGE).is_file():
        try:
            _read(LANGUAGE, Language, data)
        except KnowledgeError as error:
            yield from error.issues
    held = phrases(knowledge.species, data)
    known = {
        f.id: {p.lower() for p in f.phrases} - {p.lower() for p in held.skip.get(f.id, ())}
        for f in knowledge.findings.values()
    }
    owner = {phrase: ("present", finding) for finding, texts in known.items() for phrase in texts}
    seen: dict[tuple[str, str], set[str]] = {("present", finding): set(texts) for finding, texts in known.items()}
    for name in files(knowledge.species, data):
        shared = "_and_" in name
        document, own = read_yaml(name, (data / name).read_bytes()), _read(name, Phrases, data)
        for unknown in sorted({*own.vague} - set(known) if not shared else ()):
            yield Issue(
                name, document.line(("vague",)), f"unknown finding {unknown!r}.", "correct the id or take it out."
            )
        for section in ("skip", "present", "absent", "also", "lone"):
            for finding, words in getattr(own, section).items():
                if shared and finding not in known:
                    continue  # of the other species
                line = document.line((section, finding))
                named = {finding, *(words if section in ("also", "lone") else ())}
                for unknown in sorted(named - set(known) if not shared else ()):
                    yield Issue(name, line, f"unknown finding {unknown!r}.", "correct the id or take it out.")
                if section == "skip" and finding in known:
                    for phrase in sorted(set(words) - set(knowledge.findings[finding].phrases)):
                        yield Issue(name, line, f"{finding} has no phrase {phrase!r} to skip.", "take it out.")
                if section in ("present", "absent"):
                    yield from _twice(name, line, section, finding, words, seen, owner, held)


def _twice(
    name: str,
    line: int,
    section: str,
    finding: str,
    words: Words,
    seen: dict[tuple[str, str], set[str]],
    owner: dict[str, tuple[str, str]],
    held: Phrases,
) -> Iterator[Issue]:
    """Phrases that this finding, or another one, has already; those of this entry are added to both records."""
    mine = seen.setdefault((section, finding), set())
    for phrase in map(str.lower, words):
        if phrase in mine:
            yield Issue(name, line, f"{finding} has the phrase {phrase!r} already.", "take it out.")
        mine.add(phrase)
        way, other = owner.setdefault(phrase, (section, finding))
        both = finding in held.also.get(other, ()) or other in held.also.get(finding, ())
        if other != finding and not (both and way == section):
            yield Issue(name, line, f"the phrase {phrase!r} belongs to {other} already.", "keep one.")
