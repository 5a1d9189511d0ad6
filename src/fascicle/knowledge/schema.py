"""What a knowledge file may hold. Keys are closed; figures are in figures.py."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from fascicle.knowledge.figures import (
    Basis,
    Chance,
    ContextEffect,
    Distribution,
    Id,
    Link,
    Prevalence,
    Published,
    Rate,
    Share,
    Strict,
    Text,
)
from fascicle.model import Level

SpeciesId = Annotated[str, Field(pattern="^(dog|cat|person)$")]
LevelId = Literal["normal", "watch", "routine", "within_days", "today", "emergency_now"]


class Line(Strict):
    """One sentence for a person, with the sources behind it."""

    text: Text
    sources: tuple[Id, ...] = ()


class DoLine(Line):
    """Something to do now. at_any_level: it holds whatever the urgency, for it says neither when to go nor how to wait."""

    at_any_level: bool = False


class Raise(Strict):
    """When all these findings are present the cause's own level goes up."""

    when: Annotated[tuple[Id, ...], Field(min_length=1)]
    to: LevelId
    why: Text


class CauseUrgency(Strict):
    """How soon this cause needs action."""

    level: LevelId
    why: Text
    sources: tuple[Id, ...] = ()
    raise_: tuple[Raise, ...] = Field(default=(), alias="raise")


class CausePage(Strict):
    """One cause, one page."""

    id: Id
    name: Text
    species: SpeciesId
    category: Id
    summary: Text
    synonyms: tuple[Text, ...] = ()
    checked_on: date
    reviewed_by: Text
    rate: Rate
    prevalence: Prevalence | None = None
    context: dict[Id, ContextEffect] = {}
    choices: dict[Id, Distribution] = {}
    kinds: dict[Id, Share] = {}
    event: dict[Id, Share] = {}
    signs: dict[Id, Link] = {}
    syndromes: dict[Id, Share] = {}
    urgency: CauseUrgency
    now: tuple[DoLine, ...] = ()
    avoid: tuple[Line, ...] = ()
    watch_for: tuple[Line, ...] = ()
    prevent: tuple[Line, ...] = ()
    confirm: Line | None = None
    outlook: Line | None = None
    risk_notes: tuple[Line, ...] = ()
    codes: dict[Id, Text] = {}

    @property
    def level(self) -> Level:
        """The urgency of this cause before any modifier."""
        return Level.of(self.urgency.level)


class Words(Strict):
    """What is said of one species in place of what is said of all."""

    name: Text | None = None
    help: Text | None = None
    check: Text | None = None


class Group(Strict):
    """A choice group: exactly one option holds, or (kinds of movement) several may be ticked."""

    about: Literal["event", "context"]
    several: bool = False
    ask: dict[SpeciesId, Text]
    help: Text


class Finding(Strict):
    """One thing that may be present, absent or unknown.

    implies: what is present with it, for every purpose. warns_as: what red flags and raised urgencies take it for as
    well, while the probabilities know it by itself (a back that locks in spasm is a back that hurts). alone: the kind of
    movement that it means where no kind is told (acting out dreams is a movement in sleep).
    """

    id: Id
    about: Literal["event", "sign", "context"]
    name: Text
    ask: dict[SpeciesId, Text]
    help: Text
    check: Text | None = None
    zone: Id
    observed_by: Literal["lay", "examination", "recording"] = "lay"
    group: Id | None = None
    phrases: tuple[Text, ...] = ()
    hpo: Annotated[str, Field(pattern=r"^HP:[0-9]{7}$")] | None = None
    levels: tuple[Id, ...] = ()
    implies: tuple[Id, ...] = ()
    excludes: tuple[Id, ...] = ()
    warns_as: tuple[Id, ...] = ()
    alone: Id | None = None
    instead: dict[SpeciesId, Words] = {}

    def of(self, species: str, foreign: Set[str] = frozenset()) -> Self:
        """The finding as it is worded for a species, without ties to findings that only other species have."""
        own = self.instead.get(species, Words()).model_dump(exclude_none=True)
        ties = {"implies": self.implies, "excludes": self.excludes, "warns_as": self.warns_as}
        kept = {key: tuple(name for name in names if name not in foreign) for key, names in ties.items()}
        changed = own | {key: names for key, names in kept.items() if names != ties[key]}
        return self.model_copy(update=changed) if changed else self


class FindingsFile(Strict):
    """findings.yaml."""

    groups: dict[Id, Group]
    findings: tuple[Finding, ...]


class Source(Published):
    """Something that was read."""

    id: Id
    read: Text
    accessed: date
    note: Text | None = None


class SourcesFile(Strict):
    """sources.yaml."""

    sources: tuple[Source, ...]


class RedFlagRule(Strict):
    """A pattern of findings that sets a least urgency. Rules only raise."""

    id: Id
    species: Annotated[tuple[SpeciesId, ...], Field(min_length=1)]
    general: bool = False
    all: tuple[Id, ...] = ()
    any: tuple[Id, ...] = ()
    to: LevelId
    why: Text
    act: Text
    basis: Basis
    reason: Text
    sources: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.all and not self.any:
            raise ValueError("a red flag needs all: or any: with at least one finding")
        if self.basis in ("study", "guideline") and not self.sources:
            raise ValueError("name the sources, or set basis: estimate")
        return self


class RedFlagsFile(Strict):
    """red_flags.yaml."""

    red_flags: tuple[RedFlagRule, ...]


class LevelWords(Strict):
    """What a level says for one species in place of what it says for all."""

    name: Text | None = None
    means: Text | None = None


class LevelText(Strict):
    """What a level means and says. look_again_days: after how many days to look again where nobody has to be seen."""

    name: Text
    means: Text
    look_again_days: Annotated[int, Field(ge=1)] | None = None
    look_again_why: Text | None = None
    instead: dict[SpeciesId, LevelWords] = {}

    def of(self, species: str) -> Self:
        """The level as it is worded for a species."""
        own = self.instead.get(species, LevelWords()).model_dump(exclude_none=True)
        return self.model_copy(update=own) if own else self


class AskedBefore(Strict):
    """The rule for a problem asked about again and again. unless: signs of an old one; but: signs that it gets worse."""

    at_least: Annotated[int, Field(ge=1)]
    levels_up: Annotated[int, Field(ge=1)]
    at_most: LevelId
    unless: tuple[Id, ...] = ()
    but: tuple[Id, ...] = ()
    why: Text
    sources: tuple[Id, ...] = ()


class Telling(Strict):
    """How exactly a probability is told in words: no finer than its figures and its reader can bear.

    over: above this it is only told as over it. whole_from: from here in whole percent, below with one decimal. under: below
    this it is only told as under it. rare_below, rare_of: where small ones are compared with one another, those below the
    first are told as so many of the second.
    """

    over: Chance
    whole_from: Chance
    under: Chance
    rare_below: Chance
    rare_of: Annotated[int, Field(ge=100)]
    why: Text
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]


class TriageFile(Strict):
    """triage.yaml. loss[chosen][needed]: how bad it is to choose one level when the other is needed.

    avoid_first: so many warnings are shown before the rest; alike_above: a warning that shares so much of its words with an
    earlier one stands behind those that say something new, where alike_words count as one word and empty_words do not count;
    one with grave_words comes first. trouble: category of causes -> what kind of trouble it is, for the reasons of an urgency
    that no single cause brings.
    """

    levels: dict[LevelId, LevelText]
    loss: dict[LevelId, dict[LevelId, Annotated[float, Field(ge=0)]]]
    loss_why: Text
    quantile: Chance
    quantile_why: Text
    also_present_above: Chance
    also_present_most: Annotated[int, Field(ge=1)]
    listed_above: Chance
    warn_above: Chance
    fits_most: Annotated[int, Field(ge=1)]
    few_answers: Annotated[int, Field(ge=1)]
    thresholds_why: Text
    avoid_first: Annotated[int, Field(ge=1)]
    alike_above: Chance
    alike_words: tuple[tuple[Text, ...], ...] = ()
    grave_words: tuple[Text, ...] = ()
    empty_words: Text
    care_why: Text
    trouble: dict[Id, Text] = {}
    sources: tuple[Id, ...] = ()
    asked_before: AskedBefore
    draws: Annotated[int, Field(ge=20)]
    effective_draws: Annotated[int, Field(ge=1)]
    most_draws: Annotated[int, Field(ge=20)]
    interval: Chance
    draws_why: Text
    close_margin: Annotated[float, Field(ge=0)]
    close_why: Text
    telling: Telling

    @model_validator(mode="after")
    def _levels(self) -> Self:
        missing = [level.id for level in Level if level.id not in self.levels]
        if missing:
            raise ValueError(f"levels lacks {', '.join(missing)}; say what every level means")
        return self

    def of(self, species: str) -> Self:
        """The file with every level as it is worded for a species."""
        return self.model_copy(update={"levels": {level: text.of(species) for level, text in self.levels.items()}})


class RenamedFile(Strict):
    """renamed.yaml: every id that was ever published, and what it is called now."""

    findings: dict[Id, Id] = {}
    causes: dict[Id, Id] = {}
