"""One answer to one published case against what was expected, and counts with their interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from fascicle.evaluation.vignettes import Vignette
from fascicle.model import Level


@dataclass(frozen=True)
class Scored:
    """One case: what was expected and what came out, of the program or of anything compared with it.

    ranking: causes from likeliest to least. probabilities: of the causes that were given one. recognised: whether a cause with
    a page leads. fits: causes named besides, because they fit however rare.
    """

    vignette: Vignette
    ranking: tuple[str, ...]
    probabilities: Mapping[str, float]
    level: Level
    recognised: bool = True
    fits: tuple[str, ...] = ()

    def credit(self, top: int) -> float:
        """1 when an accepted cause is among the first `top`, half for a near miss, 0 otherwise."""
        return self._credit(set(self.ranking[:top]))

    @property
    def credit_with_fits(self) -> float:
        """The same for the first three and what is named because it fits."""
        return self._credit({*self.ranking[:3], *self.fits})

    def _credit(self, first: set[str]) -> float:
        if first & set(self.vignette.accepted.full):
            return 1.0
        return 0.5 if first & set(self.vignette.accepted.half) else 0.0

    @property
    def probability(self) -> float:
        """Probability given to the accepted causes together."""
        full = set(self.vignette.accepted.full)
        return sum(p for cause, p in self.probabilities.items() if cause in full)

    @property
    def urgency(self) -> str:
        """exact, too low or too high against the acceptable range."""
        level, accepted = self.level, self.vignette.urgency
        if level < Level.of(accepted.least):
            return "too low"
        return "too high" if level > Level.of(accepted.most) else "exact"


@dataclass(frozen=True)
class Count:
    """So many of so many, with a Wilson 95 % interval."""

    hits: float
    of: int

    @property
    def share(self) -> float:
        """hits / of, 0 when there are none."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson 95 % interval (Wilson 1927); wide for few cases."""
        if not self.of:
            return 0.0, 1.0
        z, n, p = 1.96, self.of, self.share
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)
