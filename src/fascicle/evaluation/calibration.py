"""What the program states for many simulated cases at once, and whether it comes true as often as stated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from fascicle.engine.many import posteriors
from fascicle.engine.network import Floats, Ints, Network
from fascicle.engine.posterior import posterior_within
from fascicle.evaluation.score import Count
from fascicle.evaluation.simulation import Bools, Cases

_TINY = 1e-300


def stated(network: Network, cases: Cases) -> Floats:
    """Return P(R = cause | told) of every case, (cases, causes), on a network of one draw. About 0.04 ms a case.

    Too large a case, one in thousands, is stated as the program would: from certified bounds, in seconds. Raises
    TooManyFindings where there are none.
    """
    stages, told = np.zeros((len(cases), len(network.causes)), dtype=np.int64), cases.observations(network)
    found = posteriors(network, told, stages, 1)
    for i in found.refused:
        found.responsible[i] = posterior_within(network, told[i]).found[0]
    return found.responsible


def log_scores(share: Floats, responsible: Ints) -> Floats:
    """Minus log2 of the probability given to the cause that was responsible, in bits: (cases,). 0 is perfect."""
    scores: Floats = -np.log2(np.maximum(share[np.arange(len(share)), responsible], _TINY))
    return scores


def brier_scores(share: Floats, responsible: Ints) -> Floats:
    """Sum over causes of (stated - what was so)^2: (cases,), 0 perfect, 2 certain and wrong."""
    so = np.arange(share.shape[1]) == responsible[:, None]
    scores: Floats = ((share - so) ** 2).sum(axis=1)
    return scores


def first_named(share: Floats, responsible: Ints) -> tuple[Floats, Bools]:
    """Probability stated for the likeliest cause, and whether it was the one."""
    best = share.argmax(axis=1)
    return share[np.arange(len(share)), best], best == responsible


@dataclass(frozen=True)
class Bin:
    """Statements between two probabilities: the mean stated, and how often it came true with a Wilson interval."""

    low: float
    high: float
    mean: float
    came_true: Count


def reliability(share: Floats, so: Bools, edges: Sequence[float]) -> list[Bin]:
    """Statements sorted into bins by their probability; empty bins are left out."""
    place = _places(share, edges)
    return [
        Bin(edges[i], edges[i + 1], float(share[place == i].mean()), Count(int(so[place == i].sum()), int(n)))
        for i, n in enumerate(np.bincount(place, minlength=len(edges) - 1))
        if n
    ]


def calibration_error(share: Floats, so: Bools, edges: Sequence[float], weight: Floats | None = None) -> float:
    """Expected calibration error: mean over statements of |stated - came true| of the bin they are in.

    Never below 0, so chance alone makes it positive: see `error_by_chance`.
    """
    weight = np.ones(len(share)) if weight is None else weight
    place, bins = _places(share, edges), len(edges) - 1
    gap = np.bincount(place, weight * (share - so), minlength=bins)
    return float(np.abs(gap).sum() / weight.sum())


def error_by_chance(share: Floats, edges: Sequence[float], rng: np.random.Generator, times: int) -> Floats:
    """Calibration errors, (times,), that statements as good as they claim would get by chance on as many cases."""
    return np.array([calibration_error(share, rng.random(len(share)) < share, edges) for _ in range(times)])


def bootstrap(
    statistic: Callable[[Floats], Floats], cases: int, rng: np.random.Generator, times: int
) -> tuple[Floats, Floats]:
    """95 % intervals of statistics of case weights, cases drawn again with replacement (percentile bootstrap).

    statistic: (cases,) weights -> (statistics,). Differences between two answers to the same cases stay paired.
    """
    found = [statistic(_again(cases, rng)) for _ in range(times)]
    low, high = np.quantile(found, [0.025, 0.975], axis=0)
    return low, high


@dataclass(frozen=True)
class Compared:
    """Two answers to the same cases of one group.

    values: (scores, 2) of the first and the second answer, scores in the order LOG .. OVERSTATED. low, high: (scores,)
    95 % interval of second less first: how much the first is better. by_chance: (scores,) what the first would show if
    its statements were perfect, for the two calibration errors, else 0.
    """

    cases: int
    values: Floats
    low: Floats
    high: Floats
    by_chance: Floats


LOG, BRIER, FIRST, CAUSES, OVERSTATED = range(5)
"""Log score, Brier score, calibration error of the first cause and of “one of these causes”, and how far that is too high."""


def compared(
    shares: tuple[Floats, Floats],
    responsible: Ints,
    groups: Mapping[str, Bools],
    causes: Sequence[int],
    edges: Sequence[float],
    rng: np.random.Generator,
    times: int,
) -> dict[str, Compared]:
    """Score two answers (cases, causes) to the same cases, group by group, with paired bootstrap intervals.

    causes: columns whose sum is the statement “one of these causes”. No group may be so small that a bootstrap sample
    misses it. Linear in times x cases x groups.
    """
    masked = [
        (chosen, [_judged(share[chosen], responsible[chosen], causes) for share in shares])
        for chosen in groups.values()
    ]

    def every(weight: Floats) -> Floats:
        """(groups, scores, answers)."""
        return np.array(
            [[one.scores(weight[chosen], edges) for one in answers] for chosen, answers in masked]
        ).transpose(0, 2, 1)

    value = every(np.ones(len(responsible)))
    low, high = bootstrap(lambda weight: np.diff(every(weight))[..., 0], len(responsible), rng, times)
    found = {}
    for i, (name, (chosen, (first, _))) in enumerate(zip(groups, masked, strict=True)):
        by_chance = np.zeros(5)
        by_chance[FIRST] = error_by_chance(first.named, edges, rng, times).mean()
        by_chance[CAUSES] = error_by_chance(first.sum, edges, rng, times).mean()
        found[name] = Compared(int(chosen.sum()), value[i], low[i], high[i], by_chance)
    return found


@dataclass(frozen=True)
class _Judged:
    """One answer to some cases: its scores, first cause and whether right, “one of these causes” and whether so."""

    logs: Floats
    briers: Floats
    named: Floats
    right: Bools
    sum: Floats
    so: Bools

    def scores(self, weight: Floats, edges: Sequence[float]) -> list[float]:
        """The five scores under (cases,) weights."""
        w = weight / weight.sum()
        return [
            float(w @ self.logs),
            float(w @ self.briers),
            calibration_error(self.named, self.right, edges, w),
            calibration_error(self.sum, self.so, edges, w),
            float(w @ (self.sum - self.so)),
        ]


def _judged(share: Floats, responsible: Ints, causes: Sequence[int]) -> _Judged:
    named, right = first_named(share, responsible)
    logs, briers = log_scores(share, responsible), brier_scores(share, responsible)
    return _Judged(logs, briers, named, right, share[:, causes].sum(axis=1), np.isin(responsible, causes))


def rank(values: Floats, weights: Floats, truth: Floats, own: float = 0.0, uniform: float = 0.5) -> Floats:
    """Share of the weighted draws below the truth, (columns,) for (draws, columns) values: uniform if all is right.

    own: weight of the true draw when it is counted among the others; it and ties are split at `uniform`. With it
    the rank is exactly uniform for any number of draws (the true draw is one of them by these very weights).
    """
    below = (weights[:, None] * (values < truth)).sum(axis=0)
    tied = (weights[:, None] * (values == truth)).sum(axis=0) + own
    found: Floats = (below + uniform * tied) / (weights.sum() + own)
    return found


def uniformity(ranks: Floats, bins: int) -> tuple[Ints, float]:
    """Counts of ranks in equal bins, and the chance of so uneven a histogram were they uniform.

    Chi-square with bins - 1 degrees of freedom by Wilson and Hilferty's cube root, good to about 0.002.
    """
    counts = np.bincount(np.minimum((ranks * bins).astype(np.int64), bins - 1), minlength=bins)
    expected, freedom = len(ranks) / bins, bins - 1
    square = float(((counts - expected) ** 2).sum() / expected)
    spread = 2 / (9 * freedom)
    return counts, 1 - NormalDist().cdf(((square / freedom) ** (1 / 3) - (1 - spread)) / spread**0.5)


def _again(cases: int, rng: np.random.Generator) -> Floats:
    """How often each case comes up when as many are drawn with replacement."""
    return np.bincount(rng.integers(cases, size=cases), minlength=cases).astype(np.float64)


def _places(share: Floats, edges: Sequence[float]) -> Ints:
    """The bin of every statement; a bin holds its lower edge, the last one both."""
    place: Ints = np.clip(np.searchsorted(edges, share, side="right") - 1, 0, len(edges) - 2)
    return place
