"""toxins.yaml: what a dose is, and from which dose on it matters."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from fascicle.knowledge.figures import Id, Rate, Strict, Text
from fascicle.knowledge.schema import LevelId, Line, SpeciesId

Unit = Literal["g", "ml", "piece"]


class Form(Strict):
    """A product that holds the poison: how much of it (mg) is in one unit of the product."""

    id: Id
    name: Text
    also: tuple[Text, ...] = ()
    unit: Unit
    holds: Rate


class Band(Strict):
    """What has been seen from a dose on (mg of the poison per kg of body weight), and how soon to act then."""

    above: Rate
    level: LevelId
    expect: Text


class AnyAmount(Strict):
    """Why any amount needs action: sources disagree on a dose, or none is safe."""

    level: LevelId
    why: Text
    sources: tuple[Id, ...] = ()


class Exposure(Strict):
    """One poison in one species.

    bands ascend. below: the level under the lowest band, with a reason. any_amount overrides both upwards. finding: the
    exposure a case names; cause: the page of the poisoning.
    """

    cause: Id | None = None
    finding: Id | None = None
    any_amount: AnyAmount | None = None
    bands: tuple[Band, ...] = ()
    below: AnyAmount | None = None
    onset: Line
    first_signs: Line
    now: Annotated[tuple[Line, ...], Field(min_length=1)]
    avoid: Annotated[tuple[Line, ...], Field(min_length=1)]
    notes: tuple[Line, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source of the lines; the figures name their own."""
        said: list[Line | AnyAmount] = [self.onset, self.first_signs, *self.now, *self.avoid, *self.notes]
        said += [rule for rule in (self.any_amount, self.below) if rule is not None]
        return tuple(source for each in said for source in each.sources)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.bands and self.any_amount is None:
            raise ValueError("neither bands nor any_amount; say from which dose to act, or that any amount counts")
        if self.bands and self.any_amount is None and self.below is None:
            raise ValueError("nothing is said of a dose under the lowest band; add below")
        return self


class Toxin(Strict):
    """One poison, however it is sold. substance: what the milligrams are milligrams of."""

    id: Id
    name: Text
    also: tuple[Text, ...] = ()
    substance: Text
    forms: tuple[Form, ...] = ()
    species: dict[SpeciesId, Exposure]


class ToxinsFile(Strict):
    """toxins.yaml."""

    toxins: tuple[Toxin, ...]
