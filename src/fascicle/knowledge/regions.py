"""regions.yaml: whom to ring, region by region. Every number was read on a page, which is named with the day.

`regions()` gives all of them; `region("GB")` one, and for a region that is not listed the entry for elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from fascicle.errors import Issue, shown
from fascicle.knowledge import standalone
from fascicle.knowledge.figures import Strict, Text
from fascicle.knowledge.loader import DATA
from fascicle.knowledge.schema import Source
from fascicle.knowledge.standalone import FILLED
from fascicle.knowledge.strict_yaml import Document

FILE = "regions.yaml"
ELSEWHERE = "elsewhere"
SHORTEST_PHONE, LONGEST_PHONE = 2, 15
"""How many digits a number may have, from the shortest emergency number to the longest international one."""


def _shaped(pattern: str, wrong: str, fix: str) -> AfterValidator:
    """Text of one shape; another is refused in words that help."""

    def hold(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"{shown(text)} is {wrong}; {fix}")
        return text

    return AfterValidator(hold)


RegionId = Annotated[
    str, _shaped(r"[A-Z]{2}|elsewhere", "no region", "write the two capital letters of a country, or elsewhere")
]
Phone = Annotated[
    str,
    _shaped(
        r"(\+[0-9]{1,3} )?[0-9]+([ -][0-9]+)*", "no plain number", "write digits, single spaces or hyphens between them"
    ),
]
Address = Annotated[str, _shaped(r"https?://\S+", "no web address", "write the whole address, https first")]


class Read(Strict):
    """Where something was read: the page, whose page it is, how much of it was read and on which day."""

    address: Address
    source: Text
    read: Text
    checked_on: date
    also: tuple[Address, ...] = ()


class Contact(Read):
    """A number to ring. note: who may ring, and what for. website: the service's own site, to look the number up again."""

    name: Text
    phone: Phone
    hours: Text | None = None
    cost: Text | None = None
    note: Text | None = None
    website: Address | None = None

    @property
    def dial(self) -> str:
        """The number as a telephone link takes it: digits, and a plus at the front if there is one."""
        return "".join(mark for mark in self.phone if mark.isdigit() or mark == "+")


class Advice(Strict):
    """Plain words on how to find help. A claim about the region names the page it was read on."""

    text: Text
    read_on: Read | None = None


class Help(Strict):
    """Whom to ring for a person, or for an animal; what to do where no number is known; what could not be checked.

    crisis: somebody to talk to, for who thinks of ending their life.
    """

    emergency: tuple[Contact, ...] = ()
    poison: tuple[Contact, ...] = ()
    crisis: tuple[Contact, ...] = ()
    find: Annotated[tuple[Advice, ...], FILLED]
    unchecked: Text | None = None


class Region(Strict):
    """One country, or everywhere else."""

    id: RegionId
    name: Text
    people: Help
    animals: Help

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not self.people.emergency:
            raise ValueError("no emergency number for people; add the one that was read on a page")
        return self

    def help_for(self, species: str) -> Help:
        """Whom to ring for this species."""
        return self.people if species == "person" else self.animals

    @property
    def checked_on(self) -> date:
        """The day of the oldest look-up of a number here."""
        return min(contact.checked_on for _, contact in contacts(self))


class RegionsFile(Strict):
    """regions.yaml."""

    regions: Annotated[tuple[Region, ...], FILLED]


def contacts(region: Region) -> Iterator[tuple[tuple[str, str, int], Contact]]:
    """Every number of a region, with its place below the region."""
    for who, served in (("people", region.people), ("animals", region.animals)):
        for what in ("emergency", "poison", "crisis"):
            for index, contact in enumerate(getattr(served, what)):
                yield (who, what, index), contact


@cache
def regions(data: Path = DATA) -> tuple[Region, ...]:
    """Every region in the order of the file, the one for elsewhere last.

    Raises KnowledgeError with every fault of the file.
    """
    return standalone.whole(standalone.examine(FILE, RegionsFile, LINTS, data)).regions


def region(name: str | None, data: Path = DATA) -> Region:
    """The region with this country code; any other is elsewhere."""
    listed = {each.id: each for each in regions(data)}
    return listed.get((name or "").strip().upper(), listed[ELSEWHERE])


def check(data: Path = DATA) -> list[Issue]:
    """Every fault and warning in regions.yaml, read afresh."""
    return standalone.examine(FILE, RegionsFile, LINTS, data)[1]


def ids_once(content: RegionsFile, document: Document, known: Mapping[str, Source]) -> Iterator[Issue]:
    """No region stands twice, and elsewhere closes the list."""
    ids = [each.id for each in content.regions]
    for index, each in enumerate(ids):
        if each in ids[:index]:
            yield _at(document, ("regions", index, "id"), f"{each} stands twice.", "keep one of the two.")
    if ids[-1] != ELSEWHERE:
        yield _at(document, ("regions", len(ids) - 1), f"the last region is {ids[-1]}.", "put elsewhere at the end.")


def phones_plain(content: RegionsFile, document: Document, known: Mapping[str, Source]) -> Iterator[Issue]:
    """A number has 2 to 15 digits, and one list does not name it twice."""
    for index, each in enumerate(content.regions):
        seen: set[tuple[str, str, str]] = set()
        for place, contact in contacts(each):
            digits = contact.dial.lstrip("+")
            path = ("regions", index, *place, "phone")
            if not SHORTEST_PHONE <= len(digits) <= LONGEST_PHONE:
                yield _at(document, path, f"{contact.phone!r} has {len(digits)} digits.", "correct the number.")
            if (place[0], place[1], digits) in seen:
                yield _at(document, path, f"{contact.phone!r} stands twice.", "keep one of the two.")
            seen.add((place[0], place[1], digits))


def lines_say_their_terms(content: RegionsFile, document: Document, known: Mapping[str, Source]) -> Iterator[Issue]:
    """A poison line for animals says what it costs and when it is open, or that the page does not say."""
    for index, each in enumerate(content.regions):
        for place, contact in contacts(each):
            missing = [name for name in ("cost", "hours") if getattr(contact, name) is None]
            if place[:2] == ("animals", "poison") and missing:
                wrong = f"{contact.name} lacks {' and '.join(missing)}."
                yield _at(document, ("regions", index, *place), wrong, "say it, or that the page does not say.")


LINTS = (ids_once, phones_plain, lines_say_their_terms)


def _at(document: Document, path: tuple[str | int, ...], wrong: str, fix: str) -> Issue:
    return Issue(document.file, document.line(path), wrong, fix)
