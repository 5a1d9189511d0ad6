"""Joint draws of uncertain numbers, each from its own seed, so the same number always has the same draws.

A number's mean is its value; its spread is chosen so that 95 % of its distribution lies between low and high:
beta for probabilities, log-normal for positive quantities, Dirichlet for shares. Numbers with the same `tied` key
rise and fall together; all others are independent.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fascicle.engine.network import Floats, Ints

COVERED = 0.95
LEAST = 25
MAX_WORK = 1 << 19
METHOD = 2
"""Raised whenever the same number would be drawn differently, so that no kept draw outlives its method."""
_Z = 1.959963984540054  # half-width of 95 % of a normal distribution, in standard deviations
_SMALLEST = 1e-12
_RARE = 1e-5
"""Below this mean a beta distribution is a gamma distribution in all but the fifth digit, so its spread is worked out on a
larger scale, where nothing is lost to rounding."""


@dataclass(frozen=True)
class Number:
    """One uncertain number. group: numbers of one group are shares that add up to 1 (drawn as a Dirichlet)."""

    id: str
    kind: Literal["probability", "positive", "share"]
    mean: float
    low: float
    high: float
    tied: str | None = None
    group: str | None = None


def means(numbers: Sequence[Number]) -> Floats:
    """The numbers themselves as a single draw, (1, numbers)."""
    return np.array([[number.mean for number in numbers]])


def draw(numbers: Sequence[Number], count: int, block: int = 0) -> Floats:
    """Draw every number `count` times: (count, numbers). About a tenth of a millisecond a number.

    block: which stretch of `count` draws; the draws of different blocks are independent of one another.
    """
    suffix = f"#{block}" if block else ""
    result = np.empty((count, len(numbers)))
    probabilities = [i for i, n in enumerate(numbers) if n.kind != "positive" and 0 < n.mean < 1]
    concentration = dict(zip(probabilities, _concentrations([numbers[i] for i in probabilities]), strict=True))
    groups: dict[str, list[int]] = {}
    for i, number in enumerate(numbers):
        if number.kind == "share":
            groups.setdefault(number.group or number.id, []).append(i)
        elif number.kind == "positive":
            sigma = math.log(number.high / number.low) / (2 * _Z)
            normal = _generator(number.id + suffix).standard_normal(count)
            result[:, i] = number.mean * np.exp(sigma * normal - sigma * sigma / 2)
        elif i in concentration:
            size = concentration[i]
            sample = _generator(number.id + suffix).beta(number.mean * size, (1 - number.mean) * size, count)
            result[:, i] = np.clip(sample, _SMALLEST * min(1.0, number.mean / _RARE), 1 - _SMALLEST)
        else:
            result[:, i] = number.mean
    for members in groups.values():
        sizes = [concentration[i] for i in members if i in concentration and numbers[i].low < numbers[i].high]
        size = float(np.median(sizes)) if sizes else math.inf
        for i in members:
            mean = numbers[i].mean
            fixed = mean == 0 or math.isinf(size)
            result[:, i] = mean if fixed else _generator(numbers[i].id + suffix).gamma(mean * size, size=count)
        result[:, members] = np.maximum(
            result[:, members], np.array([numbers[i].mean > 0 for i in members]) * _SMALLEST
        )
        result[:, members] /= result[:, members].sum(axis=1, keepdims=True)
    return _tie(numbers, result, suffix)


def affordable(count: int, present: int) -> int:
    """How many of the draws to work through with so many present signs, so that the time stays bounded.

    All up to 11 signs, then fewer, never below LEAST: with many signs the interval is coarser, not missing.
    """
    return min(count, max(LEAST, MAX_WORK >> present))


def weighted_quantiles(values: Floats, weights: Floats, quantiles: Sequence[float]) -> Floats:
    """Quantiles of each column of (draws, columns) values under (draws,) weights: (quantiles, columns).

    The smallest value with at least that much of the weight at or below it, so it is always one of the draws.
    """
    order = np.argsort(values, axis=0)
    ranked = np.take_along_axis(values, order, axis=0)
    total = np.cumsum(weights[order], axis=0)
    total = total / total[-1]
    out = np.empty((len(quantiles), values.shape[1]))
    for row, quantile in enumerate(quantiles):
        index = np.minimum((total < quantile - 1e-12).sum(axis=0), len(values) - 1)
        out[row] = np.take_along_axis(ranked, index[None, :], axis=0)[0]
    return out


def effective(weights: Floats) -> float:
    """How many equally weighted draws these weights are worth (Kish)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _generator(identity: str) -> np.random.Generator:
    """A random generator that belongs to this number alone."""
    key = int.from_bytes(hashlib.blake2b(identity.encode(), digest_size=16).digest(), "little")
    return np.random.Generator(np.random.Philox(key=key))


def _tie(numbers: Sequence[Number], result: Floats, suffix: str) -> Floats:
    """Give numbers with one `tied` key the same order of draws, so they rise and fall together."""
    keys = {n.tied for n in numbers if n.tied and n.kind != "share"}
    for key in sorted(keys):
        rank = np.argsort(np.argsort(_generator(f"tied/{key}{suffix}").random(result.shape[0])))
        for i, number in enumerate(numbers):
            if number.tied == key and number.kind != "share":
                result[:, i] = np.sort(result[:, i])[rank]
    return result


def _concentrations(numbers: Sequence[Number]) -> list[float]:
    """a + b of the beta distribution with this mean that has 95 % between low and high; bisection on its log."""
    if not numbers:
        return []
    # many numbers have the same figures: each set of figures is worked out once
    (mean, low, high), same = _distinct(numbers)
    scale = np.minimum(1.0, mean / _RARE)
    mean, low, high = mean / scale, low / scale, high / scale
    below = np.full(len(mean), math.log(1e-2))
    above = np.full(len(mean), math.log(1e7))
    for _ in range(36):
        middle = (below + above) / 2
        size = np.exp(middle)
        inside = _beta_cdf(high, mean * size, (1 - mean) * size) - _beta_cdf(low, mean * size, (1 - mean) * size)
        wide = inside < COVERED
        below, above = np.where(wide, middle, below), np.where(wide, above, middle)
    return [float(s) for s in (np.exp((below + above) / 2) / scale)[same]]


def _distinct(numbers: Sequence[Number]) -> tuple[Floats, Ints]:
    """The different (mean, low, high), as three rows, and which of them each number has."""
    rows, same = np.unique([(n.mean, n.low, n.high) for n in numbers], axis=0, return_inverse=True)
    return rows.T, same


def _beta_cdf(x: Floats, a: Floats, b: Floats) -> Floats:
    """Regularised incomplete beta function by its continued fraction (Abramowitz and Stegun 26.5.8)."""
    swap = x > (a + 1) / (a + b + 2)
    x1, a1, b1 = np.where(swap, 1 - x, x), np.where(swap, b, a), np.where(swap, a, b)
    edge = (x1 <= 0) | (x1 >= 1)
    x1 = np.where(edge, 0.5, x1)
    front = np.array([math.lgamma(p + q) - math.lgamma(p) - math.lgamma(q) for p, q in zip(a1, b1, strict=True)])
    front = np.exp(front + a1 * np.log(x1) + b1 * np.log1p(-x1)) / a1
    value = front * _fraction(x1, a1, b1)
    value = np.where(swap, 1 - value, value)
    return np.where(x <= 0, 0.0, np.where(x >= 1, 1.0, value))


def _fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    """The continued fraction by Lentz's method; what has settled is worked on no further."""
    tiny = 1e-300
    value, left = np.empty_like(x), np.arange(len(x))
    c, d = np.ones_like(x), 1 - (a + b) * x / (a + 1)
    d = 1 / np.where(np.abs(d) < tiny, tiny, d)
    total = d.copy()
    for m in range(1, 400):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 + step * d
            c = 1 + step / c
            d = 1 / np.where(np.abs(d) < tiny, tiny, d)
            c = np.where(np.abs(c) < tiny, tiny, c)
            change = c * d
            total = total * change
        going = np.abs(change - 1) >= 1e-13
        value[left[~going]] = total[~going]
        left = left[going]
        x, a, b, c, d, total = (each[going] for each in (x, a, b, c, d, total))
        if not len(left):
            break
    value[left] = total
    return value
