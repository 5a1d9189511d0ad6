"""What profiles/<species>.yaml and breeds.yaml may hold: ordinary subjects, and the events people ask about."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fascicle.knowledge.figures import Chance, Distribution, Id, Share, Strict, Text
from fascicle.knowledge.schema import LevelId, SpeciesId


class Band(Strict):
    """A half-open range of a measurement that is one context finding."""

    finding: Id
    at_least: float
    below: float | None = None


class Limit(Strict):
    """What a measurement can be at all."""

    low: float
    high: float
    unit: Text


class Limits(Strict):
    """The measurements a case may hold, and what each can be."""

    age_years: Limit
    weight_kg: Limit


class StopEntry(Strict):
    """Subjects younger than this (years) are not what the pages are about: how soon to act all the same, and why."""

    below_years: Annotated[float, Field(gt=0)]
    level: LevelId
    why: Text
    sources: tuple[Id, ...] = ()


class Other(Strict):
    """None of the causes we know."""

    cause: Id
    sign: Share


class SyndromeEntry(Strict):
    """Signs that travel together: how often the hidden state is on in ordinary subjects, and what it brings alone."""

    name: Text
    why: Text
    background: Share
    members: Annotated[dict[Id, Share], Field(min_length=2)]


class EventSyndromeEntry(Strict):
    """Properties of the event that come together: how often among asked-about events without a page, and what they are."""

    name: Text
    why: Text
    share: Share
    members: Annotated[dict[Id, Share], Field(min_length=1)]
    kinds: Distribution


class KindRules(Strict):
    """How kinds of movement are told apart, and how often one is called another.

    stray: a kind that does not belong; which one goes by how common each is. surest: no kind is taken as surer than this when
    just one is named. loose: further ticks that have nothing to do with the movement.
    """

    stray: Share
    surest: Annotated[float, Field(gt=0, lt=1)]
    surest_why: Text
    loose: Share
    called: dict[Id, dict[Id, Chance]]
    called_why: Text


class Profile(Strict):
    """One species: ordinary subjects, and the events people ask about."""

    id: Id
    one: Text
    many: Text
    yours: Text
    expert: Text
    limits: Limits
    sexes: dict[Id, tuple[Id, ...]]
    sex_findings: tuple[Id, ...]
    age_bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    weight_bands: tuple[Band, ...]
    stops: tuple[StopEntry, ...] = ()
    background: dict[Id, Share]
    background_choices: dict[Id, Distribution]
    of_events: dict[Id, Share]
    event_choices: dict[Id, Distribution]
    kinds: Distribution
    kind_rules: KindRules
    other: Other
    syndromes: dict[Id, SyndromeEntry] = {}
    event_syndromes: dict[Id, EventSyndromeEntry] = {}
    levels: dict[Id, dict[Id, Share]] = {}


class Breed(Strict):
    """A breed, other names for it, and the context findings it implies."""

    name: Text
    species: SpeciesId
    also: tuple[Text, ...] = ()
    implies: tuple[Id, ...] = ()


class BreedsFile(Strict):
    """breeds.yaml. findings: the context findings that knowing the breed decides (the rest are then absent).

    mixed: what people call one of no breed; it is understood, and settles nothing.
    """

    decides: dict[SpeciesId, tuple[Id, ...]]
    breeds: tuple[Breed, ...]
    mixed: dict[SpeciesId, tuple[Text, ...]] = {}
