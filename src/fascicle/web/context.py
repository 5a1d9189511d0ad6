"""What each page is given: frozen values, ready to show. A template formats them and works nothing out."""

from __future__ import annotations

from dataclasses import dataclass

from fascicle.model import Level


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every page has. species: what the strip and the forms are about; story: the hidden field, empty outside the interview."""

    title: str
    species: str | None = None
    yours: str = "your animal"
    expert: str = "vet"
    story: str = ""
    wide: bool = False
    here: str = ""


@dataclass(frozen=True)
class Wrong:
    """One thing to mend: where (the id of the field) and what."""

    at: str
    words: str


@dataclass(frozen=True)
class LevelWords:
    """An urgency in words."""

    level: Level
    name: str
    means: str


@dataclass(frozen=True)
class Mention:
    """One line of the list of causes so far."""

    name: str
    share: str
    between: str


@dataclass(frozen=True, kw_only=True)
class StepPage(Page):
    """A page of the interview. at: its name in the form; then: where to go after it; back: whether there is a page before.

    so_far: the urgency as it stands; likely: what may explain it, shown only when opened; step: about how far.
    """

    at: str
    then: str = ""
    back: bool = True
    errors: tuple[Wrong, ...] = ()
    so_far: LevelWords | None = None
    likely: tuple[Mention, ...] = ()
    most_left: int | None = None
    in_all: int = 0
    notices: tuple[str, ...] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """Field -> what is wrong there."""
        return {each.at: each.words for each in self.errors}


@dataclass(frozen=True)
class Choice:
    """One line to tick. picture, shapes: trusted drawings, empty without them."""

    id: str
    words: str
    help: str = ""
    ticked: bool = False
    picture: str = ""


@dataclass(frozen=True)
class Checklist:
    """Lines under one heading."""

    question: str
    words: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class DangerPage(StepPage):
    """Is any of this happening now?"""

    lists: tuple[Checklist, ...]
    none: bool = False
    covered: bool = True


@dataclass(frozen=True, kw_only=True)
class WordsPage(StepPage):
    """In your own words."""

    text: str = ""
    longest: int
    reads: bool = True


@dataclass(frozen=True)
class Heard:
    """A finding read from the text: the sentence in three parts, the words it came from in the middle."""

    id: str
    words: str
    before: str
    marked: str
    after: str
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class WhoPage(StepPage):
    """Who it is about, and what was read from the text."""

    years: str = ""
    months: str = ""
    weight: str = ""
    breed: str = ""
    sex: str = ""
    sexes: tuple[tuple[str, str], ...] = ()
    breeds: tuple[str, ...] = ()
    heard: tuple[Heard, ...] = ()
    text: str = ""
    filled: bool = False
    unread: bool = False


@dataclass(frozen=True, kw_only=True)
class MovementPage(StepPage):
    """What the movement looks like: a few plain lines, which open the exact ones."""

    question: str
    hint: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class KindsPage(StepPage):
    """The exact movement, in pictures and words, and where it is."""

    question: str
    choices: tuple[Choice, ...]
    opened: tuple[str, ...] = ()
    shapes: str = ""
    place_question: str = ""
    places: tuple[Choice, ...] = ()
    map: str = ""
    unsure: bool = False


@dataclass(frozen=True, kw_only=True)
class QuestionPage(StepPage):
    """One question of the interview. kind: yes_no, one (of a list) or all (that fit)."""

    question_id: str
    question: str
    kind: str
    choices: tuple[Choice, ...]
    hint: str = ""
    why: str = ""
    chosen: str = ""


@dataclass(frozen=True)
class Line:
    """A sentence with the numbers of its sources. about: for which cause, where it is not the likeliest."""

    words: str
    cites: tuple[tuple[int, str], ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Call:
    """A telephone number. dial: as a link takes it."""

    name: str
    phone: str
    dial: str
    region: str
    notes: tuple[str, ...] = ()
    checked_on: str = ""
    source: str = ""
    address: str = ""


@dataclass(frozen=True)
class CallGroup:
    """The numbers of one region."""

    region: str
    calls: tuple[Call, ...]
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AlarmPage(StepPage):
    """A red flag, the moment it is met."""

    urgency: LevelWords
    reasons: tuple[str, ...]
    now: tuple[Line, ...]
    avoid: tuple[Line, ...]


@dataclass(frozen=True)
class Told:
    """What was answered on one page, with the way to change it."""

    page: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Settle:
    """A contradiction: why, the question that settles it, and its findings."""

    why: str
    question: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class CheckPage(StepPage):
    """Check your answers."""

    told: tuple[Told, ...]
    conflicts: tuple[Settle, ...] = ()
    more: bool = False
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cause:
    """One explanation. icons, bar, waterfall: trusted charts. steps: what each answer did, in words."""

    id: str
    name: str
    summary: str
    share: str
    between: str
    frequency: str
    basis: str
    icons: str
    bar: str
    waterfall: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class WhyNot:
    """Why a frightening cause is not the answer."""

    cause: str
    name: str
    level: LevelWords
    share: str
    between: str
    against: tuple[str, ...]
    in_favour: tuple[str, ...]


@dataclass(frozen=True)
class Article:
    """Something an article says, and what holds."""

    claim: str
    verdict: str
    verdict_words: str
    danger: bool
    why: Line


@dataclass(frozen=True)
class Reference:
    """A source as the list shows it."""

    number: int
    id: str
    words: str
    address: str
    read: str


@dataclass(frozen=True, kw_only=True)
class ResultPage(StepPage):
    """The answer, in the order of what to do first."""

    urgency: LevelWords
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    now: tuple[Line, ...]
    avoid: tuple[Line, ...]
    watch: tuple[Line, ...]
    causes: tuple[Cause, ...]
    others: tuple[Mention, ...]
    also: tuple[Mention, ...]
    recognised: bool
    why_not: WhyNot | None
    sooner: tuple[str, ...]
    sharpen: str
    risk: tuple[Line, ...]
    confirm: tuple[Line, ...]
    outlook: tuple[Line, ...]
    prevent: tuple[Line, ...]
    articles: tuple[Article, ...]
    conflicts: int
    icon_key: str
    report: str
    review: str
    version: str
    many: str
    sources: tuple[Reference, ...]
    calls: tuple[CallGroup, ...] = ()
    film: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WhyNotPage(StepPage):
    """Why not this cause, in full."""

    cause: str
    name: str
    share: str
    between: str
    against: tuple[str, ...]
    in_favour: tuple[str, ...]
    would_change: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PrintPage(StepPage):
    """Two sides of paper for the vet or doctor."""

    who: tuple[tuple[str, str], ...]
    text: str
    urgency: LevelWords
    reasons: tuple[str, ...]
    present: tuple[str, ...]
    absent: tuple[str, ...]
    unsure: tuple[str, ...]
    not_asked: tuple[str, ...]
    timeline: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]
    unchecked: tuple[str, ...]
    causes: tuple[Mention, ...]
    now: tuple[str, ...]
    avoid: tuple[str, ...]
    version: str
    review: str
    on: str


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


@dataclass(frozen=True, kw_only=True)
class AboutPage(Page):
    """What this is for, and what it is not for."""

    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class EmergencySection:
    """One emergency: what to do, what not to do, when to call."""

    id: str
    name: str
    do: tuple[Line, ...]
    dont: tuple[Line, ...]
    call: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EmergencyPage(Page):
    """What to do now, without a question."""

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


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    """A list in the library, under headings."""

    lede: str
    groups: tuple[tuple[str, tuple[Item, ...]], ...]
    query: str = ""
    trail: tuple[tuple[str, str], ...] = ()
    searched: bool = False


@dataclass(frozen=True)
class FigureRow:
    """A figure of a cause page, with its range and where it comes from."""

    name: str
    href: str
    value: str
    between: str
    basis: str
    why: str
    sources: tuple[str, ...]


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
class ClaimsPage(Page):
    """What articles say."""

    articles: tuple[tuple[str, tuple[Article, ...]], ...]
    sources: tuple[Reference, ...]
    trail: tuple[tuple[str, str], ...]
