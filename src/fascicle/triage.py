"""How soon to act: red flags from the evidence alone, then the level with the least expected loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fascicle.engine.draws import weighted_quantiles
from fascicle.engine.network import Floats, Network
from fascicle.engine.posterior import Posterior, none_of
from fascicle.evidence import warning
from fascicle.knowledge import schema
from fascicle.knowledge.base import Knowledge
from fascicle.model import Evidence, Explanation, Level, RedFlag, Urgency
from fascicle.scope import outside

WEIGHED = "Going by how likely each cause is and what harm waiting could do"
UNWEIGHED = "The probabilities could not be computed; red flags and caution decide."
NO_FLAG = (
    "No danger sign was told, but what causes this could not be looked at: if it looks bad or gets worse, do not wait."
)
UNTOLD = "What was told can come from something that cannot wait, and these pages cannot rule that out."
"""Why it is urgent where no cause can be named, for nothing moves."""
AS_GROWN_UP = "In a grown-up these signs ask for “{}”, and a child is not treated as less urgent."
"""{}: the name of the level. Why a child's danger sign asks for more than its rule, which says the least to do."""
SET_LEVELS = (Level.TODAY, Level.EMERGENCY_NOW)
"""Bystanders count for the urgency from this level up; each level costs one more table."""


def red_flags(evidence: Evidence, knowledge: Knowledge) -> tuple[RedFlag, ...]:
    """Return every red flag that is met, most urgent first. Needs no inference and cannot fail because of it.

    Disputed findings are read in their worse meaning, as present.
    """
    return flags_in(warning(evidence, knowledge), knowledge.red_flags)


def flags_in(present: frozenset[str], rules: Sequence[schema.RedFlagRule]) -> tuple[RedFlag, ...]:
    """The rules met by these findings: the most urgent first, of equals those that name the danger before general ones."""
    met = []
    for rule in rules:
        if not set(rule.all) <= present or (rule.any and not present & set(rule.any)):
            continue
        found = tuple(f for f in (*rule.all, *rule.any) if f in present)
        met.append((rule.general, RedFlag(rule.id, Level.of(rule.to), rule.why, found, rule.sources)))
    return tuple(flag for _, flag in sorted(met, key=lambda pair: (-pair[1].level, pair[0])))


def cause_levels(evidence: Evidence, knowledge: Knowledge, *, beside: bool = False) -> dict[str, Level]:
    """The urgency of each cause, raised by its own modifiers where their findings are present; beside: as a bystander."""
    present = warning(evidence, knowledge)
    levels = {page.id: page.level for page in knowledge.causes.values()}
    for modifier in knowledge.modifiers:
        if modifier.when <= present and (modifier.beside or not beside):
            levels[modifier.cause] = max(levels[modifier.cause], modifier.level)
    return levels


def asked_again(level: Level, evidence: Evidence, knowledge: Knowledge) -> Level:
    """One level up when the same unresolved problem was asked about before, but not beyond the rule's bound.

    Not so for an old one that does not get worse: there asking again is the rule.
    """
    rule, present = knowledge.triage.asked_before, evidence.present
    old = not present.isdisjoint(rule.unless) and present.isdisjoint(rule.but)
    if evidence.asked_before < rule.at_least or old:
        return level
    return max(level, min(Level(min(level + rule.levels_up, Level.EMERGENCY_NOW)), Level.of(rule.at_most)))


@dataclass(frozen=True)
class Needed:
    """(rows, levels) probability that each level is the one needed, lowest level first."""

    probability: Floats

    def losses(self, table: Floats) -> Floats:
        """Expected loss of choosing each level: (rows, levels)."""
        return self.probability @ table.T


def loss_table(knowledge: Knowledge) -> Floats:
    """loss[chosen, needed] as an array."""
    table: Floats = np.array([[knowledge.triage.loss[c.id][n.id] for n in Level] for c in Level])  # type: ignore[index]
    return table


def both_levels(evidence: Evidence, knowledge: Knowledge, network: Network) -> tuple[list[Level], list[Level]]:
    """The urgency of each cause of the network as the responsible one, and as a bystander."""
    own, beside = (cause_levels(evidence, knowledge, beside=beside) for beside in (False, True))
    return [own[cause] for cause in network.causes], [beside[cause] for cause in network.causes]


def sets(levels: Sequence[Level], network: Network) -> tuple[NDArray[np.bool_], ...]:
    """For each of SET_LEVELS, a row marking the causes that would need at least that level as bystanders."""
    can_be = np.any(network.prevalence > 0, axis=0)
    return tuple((can_be & (np.array(levels) >= level))[None, :] for level in SET_LEVELS)


def beyond_usual(without: Floats, responsible: Floats, members: NDArray[np.bool_], prevalence: Floats) -> Floats:
    """P(R = cause, no urgent bystander beyond those that anybody has): (..., causes), no more than `responsible`.

    without: P(R = cause, no other member a bystander | evidence), divided here by the chance of no such bystander in a body
    nobody has asked about. As relative survival does with deaths, only what the evidence adds counts: a hidden illness that
    is no likelier than in anyone is no reason to be seen for a twitch. The ratio is P(evidence | none of them) / P(evidence).
    members, prevalence: (..., causes), the latter before any evidence.
    """
    log_absent = np.where(members, np.log1p(-prevalence), 0.0)
    usual = np.exp(log_absent.sum(axis=-1, keepdims=True) - log_absent)
    beyond: Floats = np.minimum(without / usual, responsible)
    return beyond


def needed(levels: Sequence[Level], responsible: Floats, without: Sequence[Floats]) -> Needed:
    """P(level needed): the higher of R's level and of urgent bystanders' levels.

    without[i]: (rows, causes) P(R = cause, no bystander needing SET_LEVELS[i] or more), from `beyond_usual`.
    """
    level = np.array(levels)
    rows = responsible.shape[0]
    calm, no_emergency = without
    probability = np.zeros((rows, len(Level)))
    for step in Level:
        if step < Level.TODAY:
            probability[:, step] = calm[:, level == step].sum(axis=1)
    below_today = probability.sum(axis=1)
    below_emergency = no_emergency[:, level < Level.EMERGENCY_NOW].sum(axis=1)
    probability[:, Level.TODAY] = np.maximum(below_emergency - below_today, 0.0)
    probability[:, Level.EMERGENCY_NOW] = np.maximum(1.0 - below_emergency, 0.0)
    return Needed(probability / probability.sum(axis=1, keepdims=True))


def losses_in(network: Network, evidence: Evidence, knowledge: Knowledge, whole: Posterior) -> Floats:
    """Expected loss of choosing each level, (draws, levels), on every draw of a network; two more tables."""
    levels, beside = both_levels(evidence, knowledge, network)
    without = [
        beyond_usual(none_of(network, whole, row), whole.responsible, row, network.prevalence)
        for row in sets(beside, network)
    ]
    return needed(levels, whole.responsible, without).losses(loss_table(knowledge))


def choose(losses: Floats, weights: Floats, quantile: float) -> tuple[Level, dict[str, float]]:
    """The level with the least loss at this quantile over the draws; of equals the more urgent one."""
    bound = weighted_quantiles(losses, weights, [quantile])[0]
    least = float(bound.min())
    best = max(level for level in Level if bound[level] <= least * (1 + 1e-12))
    return best, {level.id: float(bound[level]) for level in Level}


def decide(
    evidence: Evidence,
    knowledge: Knowledge,
    flags: tuple[RedFlag, ...],
    probabilistic: Level | None,
    losses: dict[str, float] | None = None,
    readings: Sequence[Level] = (),
    explanations: Sequence[Explanation] = (),
    loss_ranges: Mapping[str, tuple[float, float]] | None = None,
) -> Urgency:
    """Put red flags, probabilities, contradictory readings and earlier questions together; each only raises.

    explanations: the causes, to name those that weigh most for the level the probabilities ask for.
    """
    reasons = [flag.why for flag in flags]
    level = max([flag.level for flag in flags], default=Level.NORMAL)
    without = outside(evidence, knowledge)
    if without is not None:
        reasons.append(without.why)
        by_caution = (
            Level.NORMAL if evidence.stop is not None else knowledge.causes[knowledge.profile.other.cause].level
        )
        least, level = level, max(level, without.level, by_caution if probabilistic is None else probabilistic)
        if level > max(least, without.level) and level >= Level.TODAY:
            reasons.append(UNTOLD)
    else:
        level, why = _weighed(level, probabilistic, explanations, knowledge, bool(flags))
        reasons += why
    worst = max(readings, default=Level.NORMAL)
    if worst > level:
        reasons.append("Two answers contradict each other; the more urgent reading counts until that is settled.")
        level = worst
    again = asked_again(level, evidence, knowledge)
    if again > level:
        reasons.append(knowledge.triage.asked_before.why)
        level = again
    return Urgency(level, tuple(dict.fromkeys(reasons)), flags, probabilistic, losses or {}, loss_ranges or {})


def _weighed(
    level: Level, probabilistic: Level | None, explanations: Sequence[Explanation], knowledge: Knowledge, flagged: bool
) -> tuple[Level, list[str]]:
    """The level when the probabilities join the red flags, or caution does where there are none, and why."""
    if probabilistic is None:  # nothing was weighed, so nothing may sound as if it were
        caution = knowledge.causes[knowledge.profile.other.cause].level
        least = max(level, caution)
        reasons = [UNWEIGHED] if flagged else [UNWEIGHED, NO_FLAG]
        return least, [*reasons, f"“{_name(least, knowledge)}” is the least to do."] if caution > level else reasons
    if probabilistic > level:
        weighs = _weighing_most(probabilistic, explanations, knowledge) if explanations else ""
        return probabilistic, [f"{WEIGHED}, “{_name(probabilistic, knowledge)}” is the best choice.{weighs}"]
    if not flagged:
        return level, [f"No danger sign is met. {WEIGHED}, “{_name(level, knowledge)}” is the best choice."]
    return level, []


def _weighing_most(level: Level, explanations: Sequence[Explanation], knowledge: Knowledge) -> str:
    """Name the one or two causes whose harm weighs most at the next lower level, if they are half of what speaks for this one.

    Else many rare causes add up, and to name one of them would frighten with what is hardly likely, so the kind of trouble is
    said; where nobody need be seen within days even to speak of them would.
    """
    loss = knowledge.triage.loss[Level(level - 1).id]  # type: ignore[index]
    weights = {e.cause: e.probability * loss[e.level.id] for e in explanations if e.level >= level}  # type: ignore[index]
    other, least = knowledge.profile.other.cause, knowledge.triage.warn_above
    worth = sorted(
        (e for e in explanations if e.cause in weights and e.cause != other), key=lambda e: -weights[e.cause]
    )
    named = [e for e in worth[:2] if e.probability >= least and weights[e.cause] > weights[worth[0].cause] / 2]
    if not named or sum(weights[e.cause] for e in named) < sum(weights.values()) / 2:
        kinds = _trouble(worth, weights, knowledge)
        several = f" No single cause stands behind that; several rarer ones together do{kinds}."
        return several if level >= Level.WITHIN_DAYS else ""
    return f" What weighs most is that it may be {' or '.join(f'“{e.name}”' for e in named)}."


def _trouble(worth: Sequence[Explanation], weights: Mapping[str, float], knowledge: Knowledge) -> str:
    """The one or two kinds of trouble that weigh most among these causes, as the end of a sentence; empty for none known."""
    kinds: dict[str, float] = {}
    for e in worth:
        words = knowledge.triage.trouble.get(knowledge.causes[e.cause].category)
        if words is not None:
            kinds[words] = kinds.get(words, 0.0) + weights[e.cause]
    most = sorted(kinds, key=lambda words: -kinds[words])[:2]
    said = [words for words in most if kinds[words] > kinds[most[0]] / 2]
    return f", above all {', and '.join(said)}" if said else ""


def _name(level: Level, knowledge: Knowledge) -> str:
    return knowledge.triage.levels[level.id].name  # type: ignore[index]
