"""instruments.yaml: short questionnaires with a score, and diaries to print."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from fascicle.knowledge.figures import Id, Share, Strict, Text
from fascicle.knowledge.schema import Line, SpeciesId

Points = Annotated[int, Field(ge=0, le=100)]
"""Of one answer, or of all together."""


class Option(Strict):
    """One of the answers that every question of an instrument takes."""

    text: Text
    score: Points


class ScoreBand(Strict):
    """Scores from low to high, both counted in, and what they mean.

    says: what such a score says of the instrument's finding; left out where it leaves that open. why: why there. care: what
    to do besides.
    """

    low: Points
    high: Points
    name: Text
    means: Text
    says: Literal["present", "absent"] | None = None
    why: Line | None = None
    care: tuple[Line, ...] = ()

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.low > self.high:
            raise ValueError("low is above high; swap them")
        if self.says is not None and self.why is None:
            raise ValueError("a band that speaks of a finding needs why; say why the cut lies there, with a source")
        return self


class Accuracy(Strict):
    """How well a cut finds an illness: of those who have it, how many score cut or more; of the others, how many less."""

    of: Text
    cut: Points
    sensitivity: Share | None = None
    specificity: Share | None = None


class Offer(Strict):
    """How the pages offer an instrument, while its finding is open. where: only where the movement is in one of these places."""

    words: Text
    where: tuple[Id, ...] = ()


class Instrument(Strict):
    """A questionnaire: the same options for every item, scores added up.

    official: the wording is that of its authors and may not be changed. limit: what a score does not say. credit: what its
    licence wants shown.
    """

    id: Id
    name: Text
    species: Annotated[tuple[SpeciesId, ...], Field(min_length=1)]
    measures: Text
    asks: Text
    items: Annotated[tuple[Text, ...], Field(min_length=1)]
    options: Annotated[tuple[Option, ...], Field(min_length=2)]
    official: bool = False
    finding: Id | None = None
    bands: Annotated[tuple[ScoreBand, ...], Field(min_length=1)]
    limit: Line
    accuracy: tuple[Accuracy, ...] = ()
    offer: Offer | None = None
    licence: Line
    credit: Text | None = None
    sources: tuple[Id, ...] = ()

    @property
    def highest(self) -> int:
        """The highest score there is."""
        return len(self.items) * max(option.score for option in self.options)

    @property
    def lowest(self) -> int:
        """The lowest score there is."""
        return len(self.items) * min(option.score for option in self.options)

    @property
    def cited(self) -> tuple[str, ...]:
        """Every source it rests on."""
        lines = [self.limit, self.licence, *(line for band in self.bands for line in band.care)]
        lines += [band.why for band in self.bands if band.why is not None]
        figures = [f for each in self.accuracy for f in (each.sensitivity, each.specificity) if f is not None]
        used = [source for line in lines for source in line.sources]
        used += [source for figure in figures for source in figure.sources]
        return tuple(dict.fromkeys((*self.sources, *used)))

    @model_validator(mode="after")
    def _scored(self) -> Self:
        if len({option.score for option in self.options}) < len(self.options):
            raise ValueError("two options have the same score; give each its own")
        if self.bands[0].low != self.lowest or self.bands[-1].high != self.highest:
            raise ValueError(
                f"the bands do not run from {self.lowest} to {self.highest}; let them cover every score there can be"
            )
        for before, after in pairwise(self.bands):
            if after.low != before.high + 1:
                raise ValueError(
                    f"the band from {after.low} does not follow on {before.high}; leave no gap, no overlap"
                )
        if self.finding is None and (self.offer is not None or any(band.says for band in self.bands)):
            raise ValueError("bands or offer speak of a finding, but none is named; add finding")
        return self


class Column(Strict):
    """One column of a table to fill in. hint: how, in a few words."""

    name: Text
    hint: Text | None = None


class Table(Strict):
    """A table to fill in by hand. row: the word before the number of each row; left out for empty rows."""

    name: Text
    rows: Annotated[int, Field(ge=1, le=60)]
    row: Text | None = None
    columns: Annotated[tuple[Column, ...], Field(min_length=1)]


class Diary(Strict):
    """A diary to print. how: how to fill it in; act: what in it is a reason to see somebody."""

    id: Id
    name: Text
    species: Annotated[tuple[SpeciesId, ...], Field(min_length=1)]
    measures: Text
    how: Annotated[tuple[Line, ...], Field(min_length=1)]
    tables: Annotated[tuple[Table, ...], Field(min_length=1)]
    act: Annotated[tuple[Line, ...], Field(min_length=1)]
    licence: Line

    @property
    def cited(self) -> tuple[str, ...]:
        """Every source it rests on."""
        return tuple(dict.fromkeys(s for line in (*self.how, *self.act, self.licence) for s in line.sources))


Entry = Instrument | Diary


class InstrumentsFile(Strict):
    """instruments.yaml."""

    instruments: tuple[Instrument, ...]
    diaries: tuple[Diary, ...]
