"""Runs published cases through the program and counts both kinds of error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from fascicle.evaluation.vignettes import Vignette
from fascicle.model import Assessment, Level
from fascicle.pipeline import assess


@dataclass(frozen=True)
class Scored:
    """One case: what was expected and what came out."""

    vignette: Vignette
    assessment: Assessment

    @property
    def ranking(self) -> tuple[str, ...]:
        """Causes from likeliest to least."""
        return tuple(e.cause for e in self.assessment.explanations)

    def credit(self, top: int) -> float:
        """1 when an accepted cause is among the first `top`, half for a near miss, 0 otherwise."""
        first = set(self.ranking[:top])
        if first & set(self.vignette.accepted.full):
            return 1.0
        return 0.5 if first & set(self.vignette.accepted.half) else 0.0

    @property
    def probability(self) -> float:
        """Probability given to the accepted causes together."""
        full = set(self.vignette.accepted.full)
        return sum(e.probability for e in self.assessment.explanations if e.cause in full)

    @property
    def urgency(self) -> str:
        """exact, too low or too high against the acceptable range."""
        level, accepted = self.assessment.urgency.level, self.vignette.urgency
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


def score(vignettes: Sequence[Vignette]) -> list[Scored]:
    """Assess every vignette with all that the owner knew. A few hundredths of a second each."""
    return [Scored(vignette, assess(vignette.as_case())) for vignette in vignettes]


def totals(scored: Sequence[Scored]) -> dict[str, Count]:
    """Counts over a set of cases."""
    n = len(scored)
    emergencies = [s for s in scored if Level.of(s.vignette.urgency.least) >= Level.TODAY]
    harmless = [s for s in scored if Level.of(s.vignette.urgency.most) <= Level.ROUTINE]
    return {
        "top-1": Count(sum(s.credit(1) for s in scored), n),
        "top-3": Count(sum(s.credit(3) for s in scored), n),
        "urgency exact": Count(sum(s.urgency == "exact" for s in scored), n),
        "urgency too low": Count(sum(s.urgency == "too low" for s in scored), n),
        "urgency too high": Count(sum(s.urgency == "too high" for s in scored), n),
        "urgent cases at today or above": Count(
            sum(s.assessment.urgency.level >= Level.TODAY for s in emergencies), len(emergencies)
        ),
        "harmless kept at routine or below": Count(
            sum(s.assessment.urgency.level <= Level.ROUTINE for s in harmless), len(harmless)
        ),
    }
