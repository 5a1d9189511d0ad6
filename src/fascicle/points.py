"""Many cases at once, at the values: urgency, causes and red flags without the draws behind the intervals.

Evidence, red flags, readings of contradictions and earlier questions are those of `pipeline.assess`, and so are the
probabilities. What differs is the level the probabilities ask for: the one with the least expected loss at the values,
not at the 65 % point over the draws, which is the more careful of the two where the figures are uncertain.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fascicle import evidence as evidences
from fascicle import triage
from fascicle.engine.many import posteriors
from fascicle.engine.network import Floats, Ints, Network, Observation
from fascicle.engine.variants import seen_by, side_by_side
from fascicle.errors import CaseError
from fascicle.inference import Answer
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import observe
from fascicle.knowledge.reports import REPORTERS
from fascicle.model import Case, Evidence, Explanation, Level, RedFlag, Urgency
from fascicle.networks import compiled
from fascicle.remarks import notes_on, recognised

SAME = 1e-12
"""Losses nearer than this share are equal, as in `triage.choose`; of equals the more urgent level wins."""
USUAL = "usual"
"""The variant of the network in which every finding was reported by whoever usually does."""


@dataclass(frozen=True)
class Point:
    """What one case says at the values. explanations: as in an Assessment, but low and high are NaN: not computed."""

    urgency: Urgency
    explanations: tuple[Explanation, ...]
    recognised: bool
    notes: tuple[str, ...]

    @property
    def margin(self) -> float:
        """Expected loss of the best more urgent level over the least there is: near 1 the draws may well raise the level.

        Infinite where nothing is more urgent.
        """
        losses = self.urgency.losses
        above = [losses[level.id] for level in Level if level > self.urgency.level]
        least = min(losses.values())
        return min(above) / least if above and least > 0 else math.inf


def assess_points(cases: Sequence[Case], knowledge: Knowledge) -> list[Point | CaseError | None]:
    """Return the answer to each case, in their order, or the error that `evidence.gather` has for it.

    None: this case has no exact numbers (the pages are not about its subject, too many findings hang together, nothing
    explains them, or the numbers failed), and has to go through `pipeline.assess`, which knows what still holds. One case
    never changes the answer to another, not even its last bit. Some 0.3 ms a case with few present signs; grows as 2^k
    with k (docs/batch.md).
    """
    known = [_known(case, knowledge) for case in cases]
    asked = [
        (evidence, told.evidence.observed_by)
        for told in known
        if isinstance(told, _Known)
        for evidence, _ in (told.itself, *told.readings)
    ]
    answers = iter(_answers(asked, knowledge))
    return [told if isinstance(told, CaseError) else _point(told, answers, knowledge) for told in known]


@dataclass(frozen=True)
class _Known:
    """A case with its checked evidence and the readings of its contradictions, the red flags of each beside it."""

    itself: tuple[Evidence, tuple[RedFlag, ...]]
    readings: tuple[tuple[Evidence, tuple[RedFlag, ...]], ...]

    @property
    def evidence(self) -> Evidence:
        """The evidence without what is disputed."""
        return self.itself[0]


def _known(case: Case, knowledge: Knowledge) -> _Known | CaseError:
    """Everything about a case that needs no probabilities."""
    try:
        evidence = evidences.gather(case, knowledge)
    except CaseError as error:
        return error
    readings = evidences.readings(case, knowledge) if evidence.conflicts else []
    return _Known(
        (evidence, triage.red_flags(evidence, knowledge)),
        tuple((reading, triage.red_flags(reading, knowledge)) for reading in readings),
    )


def _point(told: _Known, answers: Iterator[Answer | None], knowledge: Knowledge) -> Point | None:
    """Put red flags and probabilities together; takes as many answers as the case has evidences."""
    answer, *others = [next(answers) for _ in (told.itself, *told.readings)]
    if answer is None or told.evidence.stop is not None:
        return None
    readings = []
    for (reading, flags), other in zip(told.readings, others, strict=True):
        if other is None:
            return None
        readings.append(triage.decide(reading, knowledge, flags, other.level).level)
    evidence, flags = told.itself
    return Point(
        triage.decide(evidence, knowledge, flags, answer.level, answer.losses, readings, answer.explanations),
        answer.explanations,
        recognised(evidence, knowledge, answer.explanations),
        evidence.notes + notes_on(evidence, knowledge, answer),
    )


def _answers(asked: Sequence[tuple[Evidence, Mapping[str, str]]], knowledge: Knowledge) -> list[Answer | None]:
    """The answer to each evidence, with who reported what; None where there are no exact numbers."""
    variants, network = _networks(knowledge)
    observations = []
    for evidence, observed_by in asked:
        told = observe(knowledge, evidence, variants[USUAL])
        who = {finding: by for finding, by in observed_by.items() if finding in knowledge.reports.findings}
        observations.append(seen_by(told, who, variants) if who else told)
    return _on(network, observations, [evidence for evidence, _ in asked], knowledge)


_NETWORKS: dict[tuple[str, str], tuple[Mapping[str, Network], Network]] = {}


def _networks(knowledge: Knowledge) -> tuple[Mapping[str, Network], Network]:
    """The networks at the values by reporter, and all of them side by side; made once for each knowledge."""
    key, usual = (knowledge.species, knowledge.version), compiled(knowledge).point
    if key not in _NETWORKS or _NETWORKS[key][0][USUAL] is not usual:
        variants = {USUAL: usual}
        for reporter in REPORTERS:
            variants[reporter] = compiled(knowledge, dict.fromkeys(knowledge.reports.findings, reporter)).point
        _NETWORKS[key] = variants, side_by_side(variants)
    return _NETWORKS[key]


def _on(
    network: Network, observations: Sequence[Observation], known: Sequence[Evidence], knowledge: Knowledge
) -> list[Answer | None]:
    """The answers in one go. What fails is tried again alone, so that one odd case costs no other its answer."""
    try:
        return _together(network, observations, known, knowledge)
    except Exception:  # the one-case path says what went wrong, and that the red flags still hold
        if len(known) == 1:
            return [None]
        pairs = zip(observations, known, strict=True)
        return [answer for told, one in pairs for answer in _on(network, [told], [one], knowledge)]


def _together(
    network: Network, observations: Sequence[Observation], known: Sequence[Evidence], knowledge: Knowledge
) -> list[Answer | None]:
    """The answers in one go, or whatever error the numbers give."""
    levels, beside = _levels(known, network, knowledge)
    urgent = np.array([int(level) for level in triage.SET_LEVELS])
    joins = (beside[:, :, None] >= urgent).sum(axis=2)
    whole = posteriors(network, observations, joins, len(urgent) + 1)
    rows_of: dict[bytes, list[int]] = {}
    for i in np.flatnonzero(np.isfinite(whole.log_evidence)).tolist():
        rows_of.setdefault(levels[i].tobytes(), []).append(i)
    table, found = triage.loss_table(knowledge), list[Answer | None]([None] * len(known))
    for rows in rows_of.values():
        own = [Level(level) for level in levels[rows[0]].tolist()]
        alike = rows * 2 if len(rows) == 1 else rows  # NumPy adds up a single row in another order
        members = [joins[alike] > stage for stage in range(len(urgent))]
        without = [
            triage.beyond_usual(without[alike], whole.responsible[alike], row, network.prevalence)
            for without, row in zip(whole.without, members, strict=False)
        ]
        needed = triage.needed(own, whole.responsible[alike], without).probability
        # not a matrix product, whose last bit depends on how many rows there are
        for i, losses in zip(rows, (needed[: len(rows), None, :] * table).sum(axis=2), strict=True):
            explanations = _explanations(whole.responsible[i], own, network, knowledge)
            answer = (observations[i], explanations, (), _least(losses), _by_id(losses))
            found[i] = Answer(*answer, loss_ranges={}, fits=(), every=(), whole=True)
    return found


def _levels(known: Sequence[Evidence], network: Network, knowledge: Knowledge) -> Ints:
    """The urgency of each cause in each case, as the responsible one and as a bystander: (2, cases, causes).

    Worked out once for each set of modifiers met.
    """
    modifiers = {f for page in knowledge.causes.values() for r in page.urgency.raise_ for f in r.when}
    by_met: dict[frozenset[str], tuple[list[Level], list[Level]]] = {}
    rows = []
    for evidence in known:
        met = evidences.warning(evidence, knowledge) & modifiers
        if met not in by_met:
            by_met[met] = triage.both_levels(evidence, knowledge, network)
        rows.append(by_met[met])
    return np.array(rows, dtype=np.int64).reshape(len(known), 2, len(network.causes)).swapaxes(0, 1).copy()


def _explanations(
    share: Floats, levels: Sequence[Level], network: Network, knowledge: Knowledge
) -> tuple[Explanation, ...]:
    """The causes that are listed, likeliest first."""
    return tuple(
        Explanation(cause, knowledge.causes[cause].name, float(share[x]), math.nan, math.nan, levels[x])
        for x in np.argsort(-share, kind="stable").tolist()
        if share[x] >= knowledge.triage.listed_above
        for cause in [network.causes[x]]
    )


def _least(losses: Floats) -> Level:
    """The level of least loss, of equals the more urgent: `triage.choose` on a single draw."""
    return Level(int(np.flatnonzero(losses <= losses.min() * (1 + SAME))[-1]))


def _by_id(losses: Floats) -> dict[str, float]:
    return {level.id: loss for level, loss in zip(Level, losses.tolist(), strict=True)}
