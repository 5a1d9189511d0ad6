"""Do stated probabilities and intervals hold what they say? Simulation-based calibration in the world the model believes in.

The true figures are drawn from their ranges, a case from these, and the program answers as ever. Then stated
probabilities must come true as often as stated, and the truth, P(cause | told) under the true figures, must rank evenly
among the program's weighted draws (Cook, Gelman and Rubin 2006; Talts et al. 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np

from fascicle.engine import draws
from fascicle.engine.network import Floats, Ints, Observation, some_draws
from fascicle.engine.posterior import posterior
from fascicle.evaluation.calibration import first_named, rank, stated, uniformity
from fascicle.evaluation.score import Count
from fascicle.evaluation.simulation import Bools, Cases, draw_cases
from fascicle.evaluation.workers import Shown, Workers, unshown
from fascicle.evaluation.worlds import asked, unused_block
from fascicle.knowledge.base import Knowledge
from fascicle.model import Level
from fascicle.networks import Compiled, compiled, sample

BINS = 10
"""Bars of a rank histogram."""


@dataclass(frozen=True)
class Statements:
    """What was stated of simulated cases and whether it was so: (cases,) each.

    first: of the likeliest cause. urgent: that a cause needing a vet today or now is behind it.
    """

    first: Floats
    first_so: Bools
    urgent: Floats
    urgent_so: Bools


@dataclass(frozen=True)
class Ranks:
    """The truth about the first cause named among the program's draws, (cases,) each; one case a set of true figures.

    stated: its probability. inside: the truth within the interval. weighed: rank of the truth among the draws as weighed.
    counted: the true draw counted among them (exactly even for any number of draws: unevenness would be a fault).
    unweighed: draws not weighed (wrong on purpose, to show that the check can fail). worth: effective draws.
    listed, listed_inside: causes that are shown with a warning or more, and how many of them have the truth inside.
    bits, bits_knowing: log score of the program, and of one who knew the true figures.
    """

    stated: Floats
    inside: Bools
    weighed: Floats
    counted: Floats
    unweighed: Floats
    worth: Floats
    listed: Ints
    listed_inside: Ints
    bits: Floats
    bits_knowing: Floats


@dataclass(frozen=True)
class Covered:
    """Both, over all blocks."""

    statements: Statements
    ranks: Ranks

    def inside(self) -> dict[str, Count]:
        """How often the interval of the first cause holds the truth: all cases, and by the probability stated."""
        p = self.ranks.stated
        groups = {
            "all cases": p >= 0,
            "stated below 50 %": p < 0.5,
            "stated 50 to 80 %": (p >= 0.5) & (p < 0.8),
            "stated 80 % or more": p >= 0.8,
            "draws worth fewer than 100": self.ranks.worth < 100,
        }
        return {name: Count(int(self.ranks.inside[g].sum()), int(g.sum())) for name, g in groups.items()}

    def listed(self) -> Count:
        """How often the interval holds the truth, over every cause that is shown with a warning or more."""
        return Count(int(self.ranks.listed_inside.sum()), int(self.ranks.listed.sum()))

    def histograms(self) -> dict[str, tuple[Ints, float]]:
        """Counts of ranks in BINS equal bins, and the chance of so uneven ones if all is right, for the three ranks."""
        kinds = {
            "as the program weighs its draws": self.ranks.weighed,
            "the true draw counted among them": self.ranks.counted,
            "draws not weighed": self.ranks.unweighed,
        }
        return {name: uniformity(ranks, BINS) for name, ranks in kinds.items()}


def covered(workers: Workers, blocks: int, cases: int, ranked: int, shown: Shown = unshown) -> Covered:
    """Draw so many cases, and rank the truth in so many (at most one a draw), from each of so many blocks of true figures.

    With 145 causes a block costs half a second, a case half a millisecond and a ranked one ten; shared by the workers.
    """
    done = workers.each(_block, range(blocks), [cases] * blocks, [ranked] * blocks)
    parts = list(shown("Simulated cases", done, blocks))
    return Covered(_joined([s for s, _ in parts]), _joined([r for _, r in parts]))


def _block(knowledge: Knowledge, index: int, cases: int, ranked: int) -> tuple[Statements, Ranks]:
    network, networks = unused_block(knowledge, index), compiled(knowledge)
    rng = np.random.default_rng([1, index])
    told = asked(knowledge, network, cases, rng)
    many = draw_cases(network, rng.integers(network.draws, size=cases), told, rng)
    share = stated(networks.point, many)
    urgent = [x for x, page in enumerate(knowledge.causes.values()) if page.level >= Level.TODAY]
    first, so = first_named(share, many.responsible)
    statements = Statements(first, so, share[:, urgent].sum(axis=1), np.isin(many.responsible, urgent))
    ranked = min(ranked, network.draws)
    few = draw_cases(network, np.arange(ranked), asked(knowledge, network, ranked, rng), rng)
    point, rows = stated(networks.point, few), list[tuple[Any, ...]]()
    for i, observation in enumerate(few.observations(networks.point)):
        exact = posterior(some_draws(network, i, i + 1), observation)
        true = float(exact.log_evidence[0])
        rows.append(_row(networks, observation, point[i], exact.responsible[0], true, int(few.responsible[i]), rng))
    return statements, Ranks(*(np.array(column) for column in zip(*rows, strict=True)))


def _row(
    networks: Compiled,
    told: Observation,
    point: Floats,
    truth: Floats,
    log_evidence: float,
    who: int,
    rng: np.random.Generator,
) -> tuple[Any, ...]:
    """One case in the order of the fields of `Ranks`."""
    rules, x = networks.knowledge.triage, int(point.argmax())
    used = sample(networks, told)
    values = used.each(lambda _, whole: whole.responsible)
    inside = _inside(used.interval(values, rules.interval), point, truth)
    some = point >= rules.warn_above
    log_weight = np.concatenate([whole.log_evidence for _, whole in used.parts])
    weight, own = np.exp(log_weight - log_weight.max()), np.exp(log_evidence - log_weight.max())
    ranks = (
        rank(values, used.weights, truth),
        rank(values, weight, truth, float(own), rng.random()),
        rank(values, np.ones(len(weight)), truth),
    )
    bits = (float(-np.log2(max(share[who], 1e-300))) for share in (point, truth))
    worth = draws.effective(used.weights)
    return point[x], inside[x], *(r[x] for r in ranks), worth, some.sum(), inside[some].sum(), *bits


def intervals_hold(knowledge: Knowledge, cases: Cases, truth: Floats) -> Count:
    """How often the 90 % interval of the first cause named holds the (cases, causes) truth. About ten milliseconds a case."""
    networks = compiled(knowledge)
    point, hits = stated(networks.point, cases), 0
    for i, told in enumerate(cases.observations(networks.point)):
        used = sample(networks, told)
        values = used.each(lambda _, whole: whole.responsible)
        inside = _inside(used.interval(values, knowledge.triage.interval), point[i], truth[i])
        hits += int(inside[point[i].argmax()])
    return Count(hits, len(cases))


def _inside(interval: tuple[Floats, Floats], point: Floats, truth: Floats) -> Bools:
    """Whether each truth is within the interval as shown, which always holds the probability stated."""
    low, high = interval
    held: Bools = (np.minimum(low, point) <= truth) & (truth <= np.maximum(high, point))
    return held


_Part = TypeVar("_Part", Statements, Ranks)


def _joined(parts: Sequence[_Part]) -> _Part:
    kind = type(parts[0])
    return kind(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(kind)))
