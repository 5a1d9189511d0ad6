"""From evidence to causes with intervals, likely bystanders and the level of least loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from fascicle import triage
from fascicle.engine.network import Floats, Network, Observation
from fascicle.engine.posterior import MOST_EFFORT, Posterior, bystander, bystanders, effort, log_shares, posterior
from fascicle.errors import NotForThis, TooManyFindings
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import observe
from fascicle.model import AlsoPresent, Evidence, Explanation, Level, Status
from fascicle.networks import Compiled, Sample, sample

LONG = 1 << 22
"""States for one row (`engine.posterior.effort`) beyond which bystanders and reasons, a hundred rows and more, take too long."""
DRAWN = 1 << 28
"""States worked through over all draws: some three seconds, with the two tables that the urgency adds to each draw."""
FEWEST = 8
"""Draws worked through at least: with more signs than anybody tells the interval is their whole spread."""


@dataclass(frozen=True)
class Answer:
    """explanations: likeliest first. level, losses: of least loss. fits: see `fitting`. every: all causes, the unlikely ones too.

    whole: whether bystanders were looked for, and reasons and a next question can be worked out as well.
    """

    observation: Observation
    explanations: tuple[Explanation, ...]
    also_present: tuple[AlsoPresent, ...]
    level: Level
    losses: dict[str, float]
    loss_ranges: Mapping[str, tuple[float, float]]
    fits: tuple[Explanation, ...]
    every: tuple[Explanation, ...]
    whole: bool


def infer(known: Evidence, knowledge: Knowledge, networks: Compiled, least: float | None = None) -> Answer:
    """Return the exact answer. least: the smallest probability listed, by default what the knowledge asks for.

    With very many present signs fewer draws stand behind the ranges, and bystanders are not looked for (`Answer.whole`).
    At most about ten seconds.

    Raises NotForThis for a subject the pages are not about, TooManyFindings where it would take too long, and
    ImpossibleEvidence where nothing explains what is known.
    """
    if known.stop is not None:
        raise NotForThis(known.stop.why)
    observation, states = told(known, knowledge, networks, MOST_EFFORT)
    whole = posterior(networks.point, observation)
    drawn = sample(networks, observation, max(FEWEST, DRAWN // states))
    low, high = drawn.interval(drawn.each(lambda _, found: found.responsible), knowledge.triage.interval)
    losses, level, bounds = _weighed(known, knowledge, drawn)
    ranges = _by_level(*drawn.interval(losses, knowledge.triage.interval))
    every = _explanations(known, knowledge, networks.point, (whole.responsible[0], low, high))
    explanations = _listed(every, knowledge, least)
    also = _also(knowledge, networks.point, drawn, whole) if states <= LONG else ()
    fits = fitting(every, networks.point, knowledge)
    return Answer(observation, explanations, also, level, bounds, ranges, fits, every, states <= LONG)


def least_loss(known: Evidence, knowledge: Knowledge, networks: Compiled, share: int = 1) -> Level:
    """Return the level of `infer` and nothing else, in a third of the time or less.

    share: of how many such questions about one case this is one; all of them together take no longer than `infer` may.
    Raises as `infer` does.
    """
    if known.stop is not None:
        raise NotForThis(known.stop.why)
    observation, states = told(known, knowledge, networks, MOST_EFFORT // share)
    drawn = sample(networks, observation, max(FEWEST, DRAWN // (states * share)))
    return _weighed(known, knowledge, drawn)[1]


def least_loss_of_some(known: Evidence, knowledge: Knowledge, networks: Compiled, first: Set[str]) -> Level:
    """Return the level for as many present signs as can be weighed in a second or two, `first` before others.

    For a case too large for `infer`: more signs must not make it less urgent than some of them, or than what nobody knows.
    Raises ImpossibleEvidence where nothing explains these signs.
    """
    present = sorted((f for f, s in known.scored.items() if s is Status.PRESENT), key=lambda f: f not in first)
    fewer = replace(known, scored={f: s for f, s in known.scored.items() if s is not Status.PRESENT})
    for finding in present:
        more = replace(fewer, scored={**fewer.scored, finding: Status.PRESENT})
        try:
            told(more, knowledge, networks, LONG)
        except TooManyFindings:
            continue
        fewer = more
    unknown = knowledge.causes[knowledge.profile.other.cause].level
    return max(unknown, least_loss(fewer, knowledge, networks))


def told(known: Evidence, knowledge: Knowledge, networks: Compiled, most: int) -> tuple[Observation, int]:
    """Return what the network is told, and how many states one row of it has.

    Raises TooManyFindings where these are more than `most`, in milliseconds and before anything is worked out.
    """
    observation = observe(knowledge, known, networks.point)
    states = max(1, effort(networks.point, observation))
    if states > most:
        raise TooManyFindings(
            f"No causes are named: {len(observation.present)} present signs hang together so closely that weighing them all "
            "would take too long. How soon to act goes by the danger signs and as many others as can be weighed. To see causes, "
            "leave out what says the same."
        )
    return observation, states


def _weighed(known: Evidence, knowledge: Knowledge, drawn: Sample) -> tuple[Floats, Level, dict[str, float]]:
    """The loss of each level on every draw, the level with the least, and by what bounds."""
    losses = drawn.each(lambda network, found: triage.losses_in(network, known, knowledge, found))
    return losses, *triage.choose(losses, drawn.weights, knowledge.triage.quantile)


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
