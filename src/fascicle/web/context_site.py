"""What the pages without a case are given: home, emergency, library."""

from __future__ import annotations

from dataclasses import dataclass

from fascicle.knowledge.instruments import Table
from fascicle.web.context import LevelWords, Line, Page, Reference, Wrong
from fascicle.web.context_answers import Article, CallGroup


@dataclass(frozen=True)
class SpeciesLink:
    """A species to choose, with its picture."""

    id: str
    name: str
    covered: bool
    picture: str
    words: str


@dataclass(frozen=True, kw_only=True)
class HomePage(Page):
    """The first page."""

    choices: tuple[SpeciesLink, ...]
    poisons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class AboutPage(Page):
    """What this is for, and what it is not for."""

    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class EmergencySection:
    """One emergency: how to tell, what to do, what not to do, what to say on the telephone."""

    id: str
    name: str
    looks_like: str = ""
    do: tuple[Line, ...] = ()
    dont: tuple[Line, ...] = ()
    say: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EmergencyPage(Page):
    """What to do now, without a question."""

    ring: str
    first: tuple[Line, ...]
    sections: tuple[EmergencySection, ...]
    calls: tuple[CallGroup, ...]
    others: tuple[tuple[str, str], ...]
    sources: tuple[Reference, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    """Something cannot be done."""

    status: int
    message: str


@dataclass(frozen=True)
class Item:
    """One entry of a list in the library."""

    href: str
    name: str
    note: str = ""
    group: str = ""


@dataclass(frozen=True)
class Instead:
    """What to do where there is no list to show, and whom to ring."""

    name: str
    why: str
    now: tuple[Line, ...]
    avoid: tuple[Line, ...]
    calls: tuple[CallGroup, ...]
    sources: tuple[Reference, ...]


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    """A list in the library, under headings."""

    lede: str
    groups: tuple[tuple[str, tuple[Item, ...]], ...]
    query: str = ""
    trail: tuple[tuple[str, str], ...] = ()
    searched: bool = False
    instead: Instead | None = None


@dataclass(frozen=True)
class FigureRow:
    """A figure of a cause page, with its range and where it comes from. sources: the id and short name of each."""

    name: str
    href: str
    value: str
    between: str
    basis: str
    why: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Block:
    """Lines under a heading. kind: do, dont or empty."""

    name: str
    lines: tuple[Line, ...]
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class EntryPage(Page):
    """One cause, finding, source or poison of the library."""

    kicker: str
    lede: str
    trail: tuple[tuple[str, str], ...]
    level: LevelWords | None = None
    level_why: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    figures: tuple[tuple[str, tuple[FigureRow, ...]], ...] = ()
    heads: tuple[str, ...] = ("What", "Figure", "Range", "From")
    links: tuple[tuple[str, tuple[Item, ...]], ...] = ()
    sources: tuple[Reference, ...] = ()
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class ToxinPage(EntryPage):
    """A poison, with its dose calculator."""

    toxin: str
    forms: tuple[tuple[str, str], ...]
    weight: str = ""
    amount: str = ""
    form: str = ""
    errors: tuple[Wrong, ...] = ()
    result: LevelWords | None = None
    result_why: str = ""
    dose: str = ""

    @property
    def wrong(self) -> dict[str, str]:
        """Field -> what is wrong there."""
        return {each.at: each.words for each in self.errors}


@dataclass(frozen=True, kw_only=True)
class DiaryPage(Page):
    """A diary to print and fill in by hand."""

    trail: tuple[tuple[str, str], ...]
    measures: str
    how: tuple[Line, ...]
    act: tuple[Line, ...]
    tables: tuple[Table, ...]
    licence: str
    sources: tuple[Reference, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClaimsPage(Page):
    """What articles say."""

    articles: tuple[tuple[str, tuple[Article, ...]], ...]
    sources: tuple[Reference, ...]
    trail: tuple[tuple[str, str], ...]
