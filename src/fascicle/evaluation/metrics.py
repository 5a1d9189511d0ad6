"""How good a set of answers is: counts with Wilson intervals, means with bootstrap intervals, both errors of urgency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

from fascicle.engine.network import Floats, Ints
from fascicle.evaluation.score import Count, Scored
from fascicle.evaluation.vignettes import Vignette
from fascicle.model import Level

LEAST_SHARE = 1e-6
"""A truth given less than this scores 20 bits all the same: one hopeless case should not drown all others."""
ABSTAINS = "says it is not for this, or not recognised"
TIMES = 1000
SEED = 20261120


@dataclass(frozen=True)
class Mean:
    """A mean over cases with a 95 % interval, sources drawn again with replacement (percentile bootstrap)."""

    value: float
    low: float
    high: float
    of: int


def counts(scored: Sequence[Scored]) -> dict[str, Count]:
    """Counts over cases in scope."""
    n = len(scored)
    urgent = [s for s in scored if Level.of(s.vignette.urgency.least) >= Level.TODAY]
    now = [s for s in scored if Level.of(s.vignette.urgency.least) == Level.EMERGENCY_NOW]
    harmless = [s for s in scored if Level.of(s.vignette.urgency.most) <= Level.ROUTINE]
    return {
        "top-1": Count(sum(s.credit(1) for s in scored), n),
        "top-3": Count(sum(s.credit(3) for s in scored), n),
        "top-5": Count(sum(s.credit(5) for s in scored), n),
        "top-3, or named as fitting": Count(sum(s.credit_with_fits for s in scored), n),
        "urgency exact": Count(sum(s.urgency == "exact" for s in scored), n),
        "urgency too low": Count(sum(s.urgency == "too low" for s in scored), n),
        "urgency two levels too low": Count(sum(_short(s) >= 2 for s in scored), n),
        "urgency too high": Count(sum(s.urgency == "too high" for s in scored), n),
        "urgent cases at today or above": Count(sum(s.level >= Level.TODAY for s in urgent), len(urgent)),
        "emergencies sent as emergencies": Count(sum(s.level == Level.EMERGENCY_NOW for s in now), len(now)),
        "harmless kept at routine or below": Count(sum(s.level <= Level.ROUTINE for s in harmless), len(harmless)),
        "harmless sent as an emergency": Count(sum(s.level == Level.EMERGENCY_NOW for s in harmless), len(harmless)),
    }


def counts_out_of_scope(scored: Sequence[Scored]) -> dict[str, Count]:
    """Counts over cases that are not for this program: does it say so, and is the urgent part right all the same."""
    n = len(scored)
    return {
        ABSTAINS: Count(sum(not s.recognised for s in scored), n),
        "urgency exact": Count(sum(s.urgency == "exact" for s in scored), n),
        "urgency too low": Count(sum(s.urgency == "too low" for s in scored), n),
        "urgency too high": Count(sum(s.urgency == "too high" for s in scored), n),
    }


def means(scored: Sequence[Scored]) -> dict[str, Mean]:
    """Means over cases in scope: reciprocal rank, Brier score (0 perfect, 2 worst), log score in bits (0 perfect)."""
    measures: dict[str, Callable[[Scored], float]] = {
        "mean reciprocal rank": reciprocal_rank,
        "Brier score": brier,
        "log score, bits": log_score,
    }
    return {name: _mean(scored, measure) for name, measure in measures.items()}


def reciprocal_rank(one: Scored) -> float:
    """1 over the rank of the first accepted cause, 0 when none is listed; near misses do not count."""
    accepted = set(one.vignette.accepted.full)
    return next((1.0 / rank for rank, cause in enumerate(one.ranking, start=1) if cause in accepted), 0.0)


def brier(one: Scored) -> float:
    """Squared distance of the stated probabilities from the truth, the accepted causes taken as one."""
    accepted = set(one.vignette.accepted.full)
    others = sum(p * p for cause, p in one.probabilities.items() if cause not in accepted)
    return (1.0 - one.probability) ** 2 + others


def log_score(one: Scored) -> float:
    """Minus log2 of the probability given to the accepted causes together."""
    return -log2(max(one.probability, LEAST_SHARE))


def first_stated(scored: Sequence[Scored]) -> tuple[Floats, NDArray[np.bool_]]:
    """The probability stated for the first cause of each case, and whether it was accepted in full."""
    named = np.array([s.probabilities[s.ranking[0]] if s.ranking else 0.0 for s in scored])
    right = np.array([bool(s.ranking) and s.ranking[0] in s.vignette.accepted.full for s in scored], dtype=bool)
    return named, right


def _short(one: Scored) -> int:
    """Levels below the least acceptable one."""
    return Level.of(one.vignette.urgency.least) - one.level


def by_source(vignettes: Sequence[Vignette]) -> tuple[Ints, int]:
    """The place of each case's source, (cases,), and how many sources there are: cases of one source are drawn together."""
    sources = [vignette.source.doi or vignette.source.url or vignette.id for vignette in vignettes]
    place = {source: i for i, source in enumerate(dict.fromkeys(sources))}
    return np.array([place[source] for source in sources], dtype=np.int64), len(place)


def _mean(scored: Sequence[Scored], measure: Callable[[Scored], float]) -> Mean:
    if not scored:
        return Mean(float("nan"), float("nan"), float("nan"), 0)
    values = np.array([measure(one) for one in scored])
    own, sources = by_source([one.vignette for one in scored])
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(sources, np.full(sources, 1 / sources), size=TIMES)[:, own].astype(float)
    low, high = np.quantile((drawn @ values) / drawn.sum(axis=1), [0.025, 0.975])
    return Mean(float(values.mean()), float(low), float(high), len(scored))
