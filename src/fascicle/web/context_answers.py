"""What the pages that answer are given."""

from __future__ import annotations

from dataclasses import dataclass

from fascicle.web.context import Choice, LevelWords, Line, Mention, Offered, Reference, Scored, StepPage


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
    """The numbers of one region. number: the one for emergencies, to be seen at once; empty where there is none."""

    region: str
    calls: tuple[Call, ...]
    advice: tuple[str, ...] = ()
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class AlarmPage(StepPage):
    """A red flag, the moment it is met."""

    urgency: LevelWords
    reasons: tuple[str, ...]
    now: tuple[Line, ...]
    avoid: tuple[Line, ...]
    drive: str
    sources: tuple[Reference, ...]
    calls: tuple[CallGroup, ...] = ()


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
class NotFor:
    """Why the pages do not hold here, and what to do instead. mend, mend_words: the button to tell it otherwise."""

    name: str
    why: str
    now: tuple[Line, ...]
    mend: str
    mend_words: str


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
class PageCause:
    """A cause that pages name. named: by how many of them; chance, between: how likely it is here."""

    id: str
    name: str
    named: str
    chance: str
    between: str


@dataclass(frozen=True)
class PagesTalk:
    """What web pages about such a movement name. numbers: how many of them said how likely a cause is."""

    about: str
    pages: int
    numbers: str
    read_on: str
    causes: tuple[PageCause, ...]


@dataclass(frozen=True)
class Article:
    """Something an article says, and what holds."""

    claim: str
    verdict: str
    verdict_words: str
    danger: bool
    why: Line


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
    more: bool
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
    checks: tuple[Choice, ...] = ()
    scores: tuple[Scored, ...] = ()
    offers: tuple[Offered, ...] = ()
    diaries: tuple[tuple[str, str], ...] = ()
    not_for: NotFor | None = None
    every: tuple[tuple[str, str], ...] = ()
    avoid_more: tuple[Line, ...] = ()
    again: str = ""
    pages_talk: PagesTalk | None = None


@dataclass(frozen=True, kw_only=True)
class WhyNotPage(StepPage):
    """Why not this cause, in full. leads: it is the likeliest already. weighed: whether further findings were tried."""

    cause: str
    name: str
    share: str
    between: str
    against: tuple[str, ...]
    in_favour: tuple[str, ...]
    would_change: tuple[str, ...]
    leads: bool
    weighed: bool


@dataclass(frozen=True)
class PrintCause:
    """A cause on paper. in_favour, against: the answers that moved it most; cites: the numbers of what its page rests on."""

    name: str
    share: str
    between: str
    in_favour: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    cites: str = ""


@dataclass(frozen=True, kw_only=True)
class PrintPage(StepPage):
    """Two sides of paper for the vet or doctor. more_open: how many questions beyond those of not_asked were not put."""

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
    causes: tuple[PrintCause, ...]
    fits: tuple[str, ...]
    now: tuple[str, ...]
    avoid: tuple[str, ...]
    version: str
    review: str
    on: str
    sheet: str
    told_by: str
    scores: tuple[Scored, ...] = ()
    anything_else: str = ""
    more_open: int = 0
    sources: tuple[tuple[int, str], ...] = ()
