"""How far stated probabilities go wrong in worlds that differ from the one the model believes in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fascicle.evaluation.calibration import (
    brier_scores,
    calibration_error,
    error_by_chance,
    first_named,
    log_scores,
    stated,
)
from fascicle.evaluation.coverage import intervals_hold
from fascicle.evaluation.score import Count
from fascicle.evaluation.simulation import Cases
from fascicle.evaluation.workers import Shown, Workers, unshown
from fascicle.evaluation.worlds import WORLDS, Part, World
from fascicle.knowledge.base import Knowledge
from fascicle.networks import compiled

EDGES: list[float] = np.linspace(0, 1, 11).tolist()
FORECASTERS = 200
"""Simulated forecasters as good as they claim, for what chance alone makes."""


@dataclass(frozen=True)
class Degraded:
    """One world, over all its cases; means over its parts.

    bits: log score; bits_knowing: that of one who knew the world, None where nobody could compute it. stated, right: of the
    first cause. error: its calibration error; chance, most: mean and 95 % point of what perfect statements would show.
    gaps: lowest and highest of stated less right over the parts. inside: 90 % intervals that hold the truth, where there is one.
    """

    cases: int
    bits: float
    bits_knowing: float | None
    brier: float
    stated: float
    right: float
    error: float
    chance: float
    most: float
    gaps: tuple[float, float]
    inside: Count | None


def degraded(
    workers: Workers, cases: int, intervals: int, worlds: Mapping[str, World] = WORLDS, shown: Shown = unshown
) -> dict[str, Degraded]:
    """Draw so many cases from every world and answer them; intervals are checked in so many of them.

    With 145 causes half a millisecond a case and ten an interval; a world a worker.
    """
    done = workers.each(_in_world, worlds.values(), [cases] * len(worlds), [intervals] * len(worlds))
    return dict(zip(worlds, shown("Worlds", done, len(worlds)), strict=True))


def _in_world(knowledge: Knowledge, world: World, count: int, intervals: int) -> Degraded:
    parts = world(knowledge, count)
    rows = np.array(list(_measured(knowledge, parts)))
    bits, knowing, brier, named, right, error, chance, most = rows.mean(axis=0).tolist()
    gaps = rows[:, 3] - rows[:, 4]
    inside = None
    # where the world is the network at its values the range holds the truth by construction; see `coverage` instead
    if all(part.network is not None and part.network is not compiled(knowledge).point for part in parts):
        held = [_held(knowledge, part, intervals // len(parts)) for part in parts]
        inside = Count(sum(c.hits for c in held), sum(c.of for c in held))
    known = None if np.isnan(knowing) else knowing
    total = sum(len(part.cases) for part in parts)
    span = (float(gaps.min()), float(gaps.max()))
    return Degraded(total, bits, known, brier, named, right, error, chance, most, span, inside)


def _measured(knowledge: Knowledge, parts: Sequence[Part]) -> Iterator[tuple[float, ...]]:
    """Log score, that of one who knew, Brier score, stated, right, calibration error, its mean and 95 % point by chance."""
    point = compiled(knowledge).point
    for part in parts:
        who, share = part.cases.responsible, stated(point, part.cases)
        named, so = first_named(share, who)
        knew = np.nan if part.network is None else log_scores(stated(part.network, part.cases), who).mean()
        chance = error_by_chance(named, EDGES, np.random.default_rng(3), FORECASTERS)
        error = calibration_error(named, so, EDGES)
        scores = log_scores(share, who).mean(), knew, brier_scores(share, who).mean()
        yield *scores, named.mean(), so.mean(), error, chance.mean(), float(np.quantile(chance, 0.95))


def _held(knowledge: Knowledge, part: Part, count: int) -> Count:
    """Intervals of the first cases of a part against the answers of its own network."""
    assert part.network is not None
    few = first_cases(part.cases, count)
    return intervals_hold(knowledge, few, stated(part.network, few))


def first_cases(cases: Cases, count: int) -> Cases:
    """The first so many cases."""
    return Cases(
        cases.responsible[:count],
        cases.there[:count],
        {name: option[:count] for name, option in cases.options.items()},
        {name: told[:count] for name, told in cases.signs.items()},
    )
