"""Figures: numbers with a range and where they come from. No figure without either passes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=64)]
Text = Annotated[str, Field(min_length=1)]
Chance = Annotated[float, Field(ge=0.0, le=1.0)]
Basis = Literal["study", "guideline", "estimate", "memory"]


class Strict(BaseModel):
    """Frozen, with closed keys and no silent conversion from text to number."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Published(Strict):
    """Something published that can be found again."""

    title: Text
    authors: Text | None = None
    year: int | None = None
    url: Text | None = None
    doi: Text | None = None

    @model_validator(mode="after")
    def _where(self) -> Self:
        if self.url is None and self.doi is None:
            raise ValueError("a source needs a url or a doi; add one")
        return self


class Citation(Strict):
    """A source, the place in it, and in our words what it says there."""

    source: Id
    locator: Text
    says: Text


class Figure(Strict, ABC):
    """Where a number comes from. low and high are the 2.5 % and 97.5 % points of what it may be."""

    low: float
    high: float
    basis: Basis
    source: Id | None = None
    locator: Text | None = None
    says: Text | None = None
    n: int | None = None
    why: Text | None = None
    tied: Id | None = None
    from_: tuple[Citation, ...] = Field(default=(), alias="from")

    @property
    @abstractmethod
    def mean(self) -> float:
        """The number itself, the mean of its distribution."""

    @model_validator(mode="after")
    def _provenance(self) -> Self:
        if self.low == self.high:
            raise ValueError("low equals high; a figure without uncertainty is not honest, give a range")
        if not self.low <= self.mean <= self.high:
            raise ValueError(f"{self.mean} lies outside its range {self.low} to {self.high}; widen the range")
        if self.basis in ("study", "guideline"):
            if self.source is None:
                raise ValueError(f"basis {self.basis} needs a source; add source: or call it an estimate")
            if self.locator is None:
                raise ValueError("a study needs a locator; say where in the source the figure stands")
        elif self.why is None:
            raise ValueError(f"an {self.basis} needs a reason; add why:")
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source this number rests on."""
        own = (self.source,) if self.source else ()
        return own + tuple(c.source for c in self.from_)


class Share(Figure):
    """A probability."""

    p: Chance
    low: Chance
    high: Chance

    @property
    def mean(self) -> float:
        """The probability."""
        return self.p


class Rate(Figure):
    """A positive quantity with a unit: complaints per 1,000 subjects and year, a prevalence, a ratio."""

    value: Annotated[float, Field(gt=0)]
    low: Annotated[float, Field(gt=0)]
    high: Annotated[float, Field(gt=0)]
    per: Text | None = None

    @property
    def mean(self) -> float:
        """The quantity."""
        return self.value


class Prevalence(Rate):
    """The share of subjects that have a cause on the day of asking."""

    value: Annotated[float, Field(gt=0, lt=1)]
    low: Annotated[float, Field(gt=0, lt=1)]
    high: Annotated[float, Field(gt=0, le=1)]


class Link(Share):
    """P(sign present | cause), the whole of it, at the time someone asks.

    levels: of a graded sign, the share in whom it reaches at least each level above the first, when this cause brings it.
    """

    argues_against: bool = False
    levels: dict[Id, Share] = {}


class ContextEffect(Figure):
    """How a context finding changes how common a cause is: its share among cases, or a ratio against the rest."""

    p: Chance | None = None
    ratio: Annotated[float, Field(gt=0)] | None = None
    acts_on: Literal["both", "event"] = "both"

    @property
    def mean(self) -> float:
        """The share or the ratio."""
        return self.p if self.p is not None else self.ratio or 0.0

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.p is None) == (self.ratio is None):
            raise ValueError("give p (share of cases that have it) or ratio, one of the two")
        return self


class OptionShare(Strict):
    """The share of one option of a choice group."""

    p: Chance
    low: Chance
    high: Chance

    @model_validator(mode="after")
    def _range(self) -> Self:
        if not self.low <= self.p <= self.high:
            raise ValueError(f"{self.p} lies outside its range {self.low} to {self.high}; widen the range")
        return self


class Distribution(Strict):
    """Shares of the options of a choice group; they must add up to 1."""

    shares: dict[Id, OptionShare]
    basis: Basis
    source: Id | None = None
    locator: Text | None = None
    why: Text
    from_: tuple[Citation, ...] = Field(default=(), alias="from")

    @model_validator(mode="after")
    def _total(self) -> Self:
        total = sum(share.p for share in self.shares.values())
        if abs(total - 1.0) > 1e-6:
            raise ValueError(f"the shares add up to {total:g}, not 1; mend the shares")
        if self.basis in ("study", "guideline") and (self.source is None or self.locator is None):
            raise ValueError("a study needs source and locator; add them or call it an estimate")
        return self
