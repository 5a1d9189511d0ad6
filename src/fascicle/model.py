"""The nouns: frozen values that the whole program passes along."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from fascicle.case_keys import KEYS, held
from fascicle.frozen import Frozen
from fascicle.page_counts import PagesSay


class Level(IntEnum):
    """Urgency, higher is sooner."""

    NORMAL = 0
    WATCH = 1
    ROUTINE = 2
    WITHIN_DAYS = 3
    TODAY = 4
    EMERGENCY_NOW = 5

    @property
    def id(self) -> str:
        """The name used in YAML, JSON and URLs."""
        return self.name.lower()

    @classmethod
    def of(cls, name: str) -> Level:
        """The level with this id."""
        return cls[name.upper()]


class Status(StrEnum):
    """What is known of a finding; a finding that is not mentioned is unknown."""

    PRESENT = "present"
    ABSENT = "absent"


@dataclass(frozen=True)
class Case:
    """What somebody told us about one subject and one event, before any check but of types, which raises CaseError.

    present, absent: finding ids (options of a choice group too). choices: group -> option.
    levels: graded findings. observed_by: finding -> lay | clinician | recording. text: free words, kept unread.
    asked_before: how often this unresolved problem was asked about before. Age in years, weight in kilograms.
    unclear: something moves, but nobody can tell how, which is not the same as nothing.
    """

    species: str
    age_years: float | None = None
    sex: str | None = None
    breed: str | None = None
    weight_kg: float | None = None
    present: Iterable[str] = ()
    absent: Iterable[str] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    observed_by: Mapping[str, str] = field(default_factory=dict)
    region: str | None = None
    text: str | None = None
    asked_before: int = 0
    unclear: bool = False

    def __post_init__(self) -> None:
        for name in KEYS:
            object.__setattr__(self, name, held(name, getattr(self, name)))


@dataclass(frozen=True)
class Conflict:
    """Two answers that cannot both hold, and the question that settles it."""

    findings: tuple[str, ...]
    why: str
    question: str


@dataclass(frozen=True)
class Stop:
    """Why a subject is none of those the pages are about, and how soon to act all the same; red flags may raise that."""

    level: Level
    why: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What is known in one case, after checks. Ids are those of the knowledge.

    present, absent: every known finding, implied ones too; what red flags and modifiers look at.
    scored: the findings the network sees, without those that a more specific one already says.
    options: choice group -> options still possible (kinds: the ticked ones). disputed: taken out of the network;
    red flags read them as present. observed_by: finding -> lay | examination | recording, where it was said.
    levels: graded finding -> lowest and highest level it may have, 0 being not there; only what says more than present or absent.
    unclear: as in a case. stop: set when the pages do not hold for this subject; then there are no probabilities.
    """

    species: str
    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    scored: Mapping[str, Status] = field(default_factory=dict)
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()
    asked_before: int = 0
    observed_by: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    stop: Stop | None = None
    unclear: bool = False

    def __post_init__(self) -> None:
        for name in ("observed_by", "levels", "scored", "options"):
            object.__setattr__(self, name, Frozen(getattr(self, name)))


@dataclass(frozen=True)
class RedFlag:
    """A rule that was met and the least urgency it sets."""

    id: str
    level: Level
    why: str
    findings: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Urgency:
    """How soon to act, with the reasons in plain words.

    losses: expected loss of choosing each level, at the quantile over draws that the knowledge asks for. loss_ranges: level
    -> the interval over the draws that probabilities have too, empty where no draws were run.
    needed: P(at most this level is needed) cannot be below what the red flags say. probabilistic: what the
    probabilities alone would say, None when inference failed.
    """

    level: Level
    reasons: tuple[str, ...]
    red_flags: tuple[RedFlag, ...] = ()
    probabilistic: Level | None = None
    losses: Mapping[str, float] = field(default_factory=dict)
    loss_ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """One cause in its role of being responsible for this event. low, high: 90 % interval over the draws."""

    cause: str
    name: str
    probability: float
    low: float
    high: float
    level: Level


@dataclass(frozen=True)
class AlsoPresent:
    """A cause likely to be there as well, responsible for this event or not."""

    cause: str
    name: str
    probability: float
    low: float
    high: float


@dataclass(frozen=True)
class Contribution:
    """What one answer did to the log-odds of one cause, in the order base rate, context, event, signs.

    log_odds: the change; all of a cause's contributions add up to log(p / (1 - p)).
    weight: how far the log-odds would fall had this answer not been given (None for the base rate).
    """

    cause: str
    step: str
    finding: str | None
    text: str
    log_odds: float
    weight: float | None = None


@dataclass(frozen=True)
class CareLine:
    """One thing to do or not to do, for which cause, with its sources."""

    text: str
    cause: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Care:
    """What to do now, what not to do, what to watch for, how to prevent it, how it is confirmed, how it goes on."""

    now: tuple[CareLine, ...] = ()
    avoid: tuple[CareLine, ...] = ()
    watch_for: tuple[CareLine, ...] = ()
    prevent: tuple[CareLine, ...] = ()
    confirm: tuple[CareLine, ...] = ()
    outlook: tuple[CareLine, ...] = ()


@dataclass(frozen=True)
class Outside:
    """Why the pages do not hold for a case, how soon to act at least, and what to do instead.

    id: too_young (the subject is none of theirs) or no_movement (nothing moves). ask: what to do besides, unless the answer
    already says how soon.
    """

    id: str
    name: str
    why: str
    level: Level
    now: tuple[CareLine, ...]
    ask: CareLine | None = None


@dataclass(frozen=True)
class Family:
    """Items of a long question under one plain line. Ticking or opening it is no evidence by itself."""

    id: str
    text: str
    findings: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What to ask next. findings are its items; group is set when exactly one option holds (or kinds are ticked).

    families: for a long list, the lines to ask first; every item is in one. Options of a group in families that are not
    opened stay unticked; other findings stay open.
    """

    id: str
    text: str
    findings: tuple[str, ...]
    why: str
    group: str | None = None
    red_flags: bool = False
    families: tuple[Family, ...] = ()

    def within(self, ticked: Collection[str]) -> Question:
        """Return the second step: the options of the families ticked (ids), in the order of the whole list."""
        opened = {f for family in self.families if family.id in ticked for f in family.findings}
        return replace(self, findings=tuple(f for f in self.findings if f in opened), families=())

    def opened_by(self, ticked: Collection[str]) -> tuple[str, ...]:
        """Return the items somebody has read who ticks these findings: with families those of the families they are in."""
        opened = [family.id for family in self.families if not set(ticked).isdisjoint(family.findings)]
        return self.within(opened).findings if self.families else self.findings

    def read(self, ticked: Collection[str]) -> int:
        """Return how many items one reads who ticks these findings: with families these, and the items of those opened."""
        return len(self.families) + len(self.opened_by(ticked))


@dataclass(frozen=True)
class PopularClaim:
    """Something an article says that touches this case, and what holds. verdict: partly, contested, refuted or unverified."""

    id: str
    article: str
    claim: str
    verdict: str
    danger: bool
    why: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """The one result; every page, print-out and API answer is a rendering of it.

    outside: set where the pages do not hold for the case; what explains it is then not shown. fits: for a reader who goes by
    fit, not by how common a cause is. pages_say: what web pages name beside how likely it is here, with reasons only.
    """

    case: Case
    evidence: Evidence
    knowledge_version: str
    urgency: Urgency
    explanations: tuple[Explanation, ...]
    also_present: tuple[AlsoPresent, ...]
    contributions: tuple[Contribution, ...]
    care: Care
    next_question: Question | None
    sources: tuple[str, ...]
    recognised: bool
    notes: tuple[str, ...] = ()
    claims: tuple[PopularClaim, ...] = ()
    outside: Outside | None = None
    fits: tuple[Explanation, ...] = ()
    pages_say: PagesSay | None = None

    def explanation(self, cause: str) -> Explanation | None:
        """The explanation for one cause, None when its probability is below what is listed."""
        return next((e for e in self.explanations if e.cause == cause), None)
