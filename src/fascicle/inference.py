"""From evidence to causes with intervals, likely bystanders and the level of least loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fascicle import triage
from fascicle.engine.draws import LEAST, weighted_quantiles
from fascicle.engine.network import Floats, Network, Observation, some_draws
from fascicle.engine.posterior import (
    MOST_EFFORT,
    Posterior,
    bystander,
    bystanders,
    effort,
    log_shares,
    posterior,
    posterior_within,
)
from fascicle.errors import NotForThis, TooManyFindings
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import observe
from fascicle.model import AlsoPresent, Evidence, Explanation, Level
from fascicle.networks import Compiled, Sample, sample, weights_of

MOST_EXACT = 20
"""With more present signs the whole answer, with intervals, bystanders and reasons, would take many seconds."""


@dataclass(frozen=True)
class Answer:
    """explanations: likeliest first. level, losses: of least loss. missing: share of the probability not looked at.

    fits: see `fitting`. every: all causes, the unlikely ones too; empty where the answer is not exact.

    exact: whether reasons and a next question can be worked out as well.
    """

    observation: Observation
    explanations: tuple[Explanation, ...]
    also_present: tuple[AlsoPresent, ...]
    level: Level
    losses: dict[str, float]
    loss_ranges: Mapping[str, tuple[float, float]]
    missing: float = 0.0
    exact: bool = True
    fits: tuple[Explanation, ...] = ()
    every: tuple[Explanation, ...] = ()


def refuse_long(known: Evidence, knowledge: Knowledge, networks: Compiled) -> None:
    """Raise TooManyFindings where the answer, exact or bounded, would take from ten seconds to minutes."""
    observation = observe(knowledge, known, networks.point)
    if effort(networks.point, observation) > MOST_EFFORT:
        raise TooManyFindings(
            f"{len(observation.present)} present signs hang together so closely that it would take too long. How soon to act "
            "does not wait for it, for a danger sign is met; to see causes, leave out signs that say the same thing."
        )


def infer(known: Evidence, knowledge: Knowledge, networks: Compiled, least: float | None = None) -> Answer:
    """Return the exact answer. least: the smallest probability listed, by default what the knowledge asks for.

    Raises NotForThis for a subject the pages are not about, TooManyFindings where it would take too long, and
    ImpossibleEvidence where nothing explains what is known.
    """
    if known.stop is not None:
        raise NotForThis(known.stop.why)
    observation = observe(knowledge, known, networks.point)
    if len(observation.present) > MOST_EXACT:
        raise TooManyFindings(
            f"{len(observation.present)} present signs; up to {MOST_EXACT} are worked through exactly."
        )
    whole = posterior(networks.point, observation)
    drawn = sample(networks, observation)
    low, high = drawn.interval(drawn.each(lambda _, found: found.responsible), knowledge.triage.interval)
    losses = drawn.each(lambda network, found: triage.losses_in(network, known, knowledge, found))
    level, bounds = triage.choose(losses, drawn.weights, knowledge.triage.quantile)
    ranges = _by_level(*drawn.interval(losses, knowledge.triage.interval))
    every = _explanations(known, knowledge, networks.point, (whole.responsible[0], low, high))
    explanations = _listed(every, knowledge, least)
    also = _also(knowledge, networks.point, drawn, whole)
    return Answer(
        observation,
        explanations,
        also,
        level,
        bounds,
        ranges,
        fits=fitting(every, networks.point, knowledge),
        every=every,
    )


def infer_within(known: Evidence, knowledge: Knowledge, networks: Compiled) -> Answer:
    """Return what is certain where there are too many findings for `infer`.

    Ranges hold the quantiles over the draws of the certified bounds; what was not looked at counts as an emergency. Bystanders
    are not listed. A few seconds.
    """
    observation = observe(knowledge, known, networks.point)
    point = posterior_within(networks.point, observation)
    part = some_draws(networks.block(0), 0, LEAST)
    within = posterior_within(part, observation)
    weights = weights_of(within.most.log_evidence)
    tail = (1 - knowledge.triage.interval) / 2
    low = np.minimum(weighted_quantiles(within.low, weights, [tail])[0], point.low[0])
    high = np.maximum(weighted_quantiles(within.high, weights, [1 - tail])[0], point.high[0])
    losses = triage.losses_at_least(part, known, knowledge, within.most)
    level, bounds = triage.choose(losses, weights, knowledge.triage.quantile)
    ranges = _by_level(*weighted_quantiles(losses, weights, [tail, 1 - tail]))
    explanations = _listed(
        _explanations(known, knowledge, networks.point, (point.found[0], low, high)), knowledge, None
    )
    return Answer(observation, explanations, (), level, bounds, ranges, float(point.missing[0]), exact=False)


def _by_level(low: Floats, high: Floats) -> dict[str, tuple[float, float]]:
    """Ranges by the id of their level."""
    return {level.id: (float(low[level]), float(high[level])) for level in Level}


def fitting(every: Sequence[Explanation], point: Network, knowledge: Knowledge) -> tuple[Explanation, ...]:
    """Return the causes that make what was told at least as likely as the likeliest cause does, best first, however rare.

    P(evidence | R = x) is the probability over the share of the complaint rate: what a reader goes by who meets other
    patients than those the rates count. The unknown cause fits everything a little and is left out.
    """
    share = dict(zip(point.causes, np.exp(log_shares(point.log_rate))[0].tolist(), strict=True))
    fit = {e.cause: e.probability / share[e.cause] for e in every}
    better = [e for e in every[1:] if fit[e.cause] >= fit[every[0].cause]]
    named = [e for e in better if e.cause != knowledge.profile.other.cause]
    return tuple(sorted(named, key=lambda e: -fit[e.cause])[: knowledge.triage.fits_most])


def _listed(every: Sequence[Explanation], knowledge: Knowledge, least: float | None) -> tuple[Explanation, ...]:
    """Those from a least probability up."""
    least = knowledge.triage.listed_above if least is None else least
    return tuple(e for e in every if e.probability >= least)


def _explanations(
    known: Evidence, knowledge: Knowledge, point: Network, shares: tuple[Floats, Floats, Floats]
) -> tuple[Explanation, ...]:
    """Every cause, likeliest first; a range always holds its probability."""
    share, low, high = shares
    levels = triage.cause_levels(known, knowledge)
    return tuple(
        Explanation(
            cause, knowledge.causes[cause].name, float(share[x]), float(min(low[x], share[x])),
            float(max(high[x], share[x])), levels[cause],
        )
        for x in np.argsort(-share, kind="stable")
        for cause in [point.causes[x]]
    )  # fmt: skip


def _also(knowledge: Knowledge, point: Network, drawn: Sample, whole: Posterior) -> tuple[AlsoPresent, ...]:
    """Causes likely present as well: at least so probable, above their base rate, and not only as the answer."""
    share = whole.responsible[0]
    present = bystanders(point, whole)
    base, found = point.prevalence[0], list[AlsoPresent]()
    threshold = knowledge.triage.also_present_above
    for x in np.argsort(-present, kind="stable"):
        beside = present[x] - share[x]
        if beside < threshold or present[x] <= base[x] or base[x] == 0:
            continue
        if len(found) == knowledge.triage.also_present_most:
            break
        values = drawn.each(_chance_of(int(x)))
        low, high = drawn.interval(values, knowledge.triage.interval)
        cause = point.causes[x]
        p = float(present[x])
        found.append(AlsoPresent(cause, knowledge.causes[cause].name, p, min(float(low[0]), p), max(float(high[0]), p)))
    return tuple(found)


def _chance_of(cause: int) -> Callable[[Network, Posterior], Floats]:
    """P(this cause is there), draw by draw, as one column."""
    return lambda network, found: bystander(network, found, cause)[:, None]
