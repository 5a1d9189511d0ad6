"""What a question is worth: how much better the choice of urgency gets, and how much is learned about the cause.

Every answer is imagined as it would be given: with what it implies, the red flags it meets and the causes it makes more
urgent. The level needed under an answer is at least what its red flags say. The fall in loss is what the best choice under
each answer saves against staying with the best choice of now; so a red flag is a reason to ask, never one not to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fascicle.answers import NONE, Part, Situation, item_parts, option_part
from fascicle.engine.gain import entropy, hypotheticals, information
from fascicle.engine.imagine import Asked, answers_to, joint
from fascicle.engine.network import Floats, Ints, Network
from fascicle.knowledge.base import Knowledge
from fascicle.model import Evidence, Level
from fascicle.triage import SET_LEVELS, asked_again, cause_levels, loss_table, needed, red_flags

ALWAYS_EXACT = 3
"""So many items of a question are weighed together exactly, however many signs are present."""
MOST_BITS = 13
"""More items are weighed exactly as long as items and present signs together are no more than this."""


@dataclass(frozen=True)
class Inquiry:
    """Items asked together, each present or absent; or the options of a group, one of which holds."""

    items: tuple[str, ...]
    group: str | None = None

    def foremost(self, count: int, worth: Mapping[str, float]) -> Inquiry:
        """Only so many of its items, those worth most."""
        kept = sorted((item for item in self.items if item in worth), key=lambda i: worth[i], reverse=True)[:count]
        return Inquiry(tuple(item for item in self.items if item in kept))

    def parts(self, case: Situation) -> list[Part]:
        """Its parts with their alternatives."""
        return item_parts(self.items, case) if self.group is None else [option_part(self.group, self.items, case)]


@dataclass(frozen=True)
class Gain:
    """What the answer to a question brings on average: fall in expected loss, and bits about the cause.

    Both are exact for the items weighed. most_fall and most_bits bound what all items of the question could bring.
    """

    fall: float
    bits: float
    most_fall: float
    most_bits: float


@dataclass(frozen=True)
class Rule:
    """A red flag (cause None) or a cause's modifier that is not met yet, and the findings it still wants."""

    every: frozenset[str]
    one_of: frozenset[str]
    level: Level
    cause: int | None


@dataclass(frozen=True)
class Stakes:
    """What the answers may change about the urgency.

    levels: (causes,) urgency of each cause as things stand. standing: what the red flags already set. again: least
    level for each level the red flags set, raised where the problem was asked about before. loss: [chosen, needed].
    can_be: (causes,) whether a cause can be a bystander.
    """

    levels: Ints
    standing: Level
    again: Ints
    rules: tuple[Rule, ...]
    loss: Floats
    can_be: NDArray[np.bool_]

    @classmethod
    def of(cls, evidence: Evidence, knowledge: Knowledge, network: Network) -> Stakes:
        """Read off the knowledge what is not met yet."""
        by_cause = cause_levels(evidence, knowledge)
        wanted = [Rule(frozenset(r.all), frozenset(r.any), Level.of(r.to), None) for r in knowledge.red_flags]
        for x, cause in enumerate(network.causes):
            wanted += [Rule(frozenset(r.when), NONE, Level.of(r.to), x) for r in knowledge.causes[cause].urgency.raise_]
        known = evidence.present | evidence.disputed
        rules = [replace(r, every=r.every - known, one_of=NONE if r.one_of & known else r.one_of) for r in wanted]
        return cls(
            np.array([by_cause[cause] for cause in network.causes]),
            max((flag.level for flag in red_flags(evidence, knowledge)), default=Level.NORMAL),
            np.array([asked_again(level, evidence, knowledge) for level in Level]),
            tuple(rule for rule in rules if rule.every or rule.one_of),
            loss_table(knowledge),
            np.any(network.prevalence > 0, axis=0),
        )

    def under(self, parts: Sequence[Part], index: Ints) -> tuple[Ints, Ints]:
        """Least level by red flags, (answers,), and urgency of each cause, (answers, causes), under every answer."""
        answers = index.shape[1]
        gained = {
            finding: np.array([finding in alternative.gained for alternative in part])[chosen]
            for part, chosen in zip(parts, index, strict=True)
            for finding in frozenset[str]().union(*(alternative.gained for alternative in part))
        }
        least, levels = np.full(answers, int(self.standing)), np.tile(self.levels, (answers, 1))
        for rule in self.rules:
            if not rule.every <= gained.keys() or (rule.one_of and rule.one_of.isdisjoint(gained)):
                continue
            met = np.all([gained[f] for f in rule.every], axis=0) if rule.every else np.ones(answers, dtype=bool)
            if rule.one_of:
                met = met & np.any([gained[f] for f in rule.one_of & gained.keys()], axis=0)
            target = least if rule.cause is None else levels[:, rule.cause]
            target[met] = np.maximum(target[met], int(rule.level))
        return self.again[least], levels

    def sets(self, levels: Ints) -> NDArray[np.bool_]:
        """For each answer the causes that would need SET_LEVELS as bystanders, and first nobody: (3, answers, causes)."""
        nobody = np.zeros(levels.shape, dtype=bool)
        return np.stack([nobody, *(self.can_be & (levels >= level) for level in SET_LEVELS)])

    def losses(self, tables: Floats, least: Ints, levels: Ints) -> tuple[Floats, Ints]:
        """Expected loss of choosing each level under each answer, (answers, levels), and the best choice, (answers,).

        tables: (3, answers, causes) joint of R and the answer, with no bystander of `sets`. As in `triage.needed`, with
        the urgency of each cause as it is under the answer; where less than the least level is needed, that is needed.
        """
        mass = tables[0].sum(axis=1)
        share = tables / np.where(mass > 0, mass, 1.0)[:, None]
        by_level = np.stack([np.where(levels == level, share, 0.0).sum(axis=2) for level in Level], axis=2)
        probability = needed(tuple(Level), by_level[0], [by_level[1], by_level[2]]).probability
        below = np.arange(len(Level)) < least[:, None]
        raised = np.where(below, 0.0, probability)
        raised[np.arange(len(least)), least] += np.where(below, probability, 0.0).sum(axis=1)
        expected: Floats = raised @ self.loss.T
        allowed = np.where(below, np.inf, expected)
        return expected, len(Level) - 1 - allowed[:, ::-1].argmin(axis=1)  # of equals the more urgent, as in triage

    def can_raise(self, finding: str, case: Situation) -> bool:
        """Whether a finding takes part in a rule that is not met yet."""
        gained = case.ties.generals([finding])
        return any(not gained.isdisjoint(rule.every | rule.one_of) for rule in self.rules)


def chances(items: Sequence[str], case: Situation) -> dict[str, float]:
    """P(item present | evidence) for each item alone; items the network knows nothing about are left out."""
    asked = {item: item_parts([item], case) for item in items if case.knows(item)}
    nobody = len(case.likely)
    questions = [
        Asked((tuple(a.told for a in part),), np.zeros((1, len(part), nobody), dtype=bool)) for [part] in asked.values()
    ]
    tables = joint(case.network, case.observation, questions, case.log_evidence)
    return {
        item: float(table[0, [item in a.gained for a in part]].sum() / table.sum())
        for (item, [part]), table in zip(asked.items(), tables, strict=True)
    }


def gains(questions: Sequence[Inquiry], case: Situation, stakes: Stakes, bits_worth: float) -> list[Gain]:
    """Return the gain of each question; one pass of the engine for all of them.

    Exact when the items and the present signs are at most MOST_BITS or the items at most ALWAYS_EXACT. Of a longer
    question only so many items are weighed, those that may bring most by themselves. Then
    - what is learned lies between their bits and the least of H(R) and their bits + sum of H(item) over the rest;
    - the fall is at most theirs + the loss that is left after them + P(any of the rest that can meet a rule) x the
      greatest loss of the choice of now. Theirs is the exact fall from asking them alone.
    These bounds hold as far as answers add up to 1: covariates that move prevalence, and findings that imply or exclude
    one another, do so nearly.
    """
    known = case.observation
    limit = max(ALWAYS_EXACT, MOST_BITS - len(known.present) - len(known.ranges))
    long = [q.group is None and len(q.items) > limit for q in questions]
    items = [item for q, too in zip(questions, long, strict=True) if too for item in q.items if case.knows(item)]
    most = _alone(items, case, stakes, bits_worth)
    chosen = [q.foremost(limit, most) if too else q for q, too in zip(questions, long, strict=True)]
    chance = chances([item for item in items if not any(item in q.items for q in chosen)], case)
    found = []
    for question, exact in zip(questions, _exact(chosen, case, stakes), strict=True):
        rest = [item for item in question.items if item in chance]
        further = sum(entropy(np.array([chance[item], 1.0 - chance[item]])) for item in rest)
        flagged = min(1.0, sum(chance[item] for item in rest if stakes.can_raise(item, case)))
        most_fall = exact.fall + (exact.left + flagged * exact.worst if rest else 0.0)
        most_bits = min(entropy(case.likely), exact.bits + further) if rest else exact.bits
        found.append(Gain(exact.fall, exact.bits, most_fall, most_bits))
    return found


def _alone(items: Sequence[str], case: Situation, stakes: Stakes, bits_worth: float) -> dict[str, float]:
    """The most each item may bring by itself: what it tells, and a red flag or modifier if it can meet one."""
    if not items:
        return {}
    signs = [case.place[item] for item in items if item in case.place]
    attributes = [item for item in items if item in case.network.attributes]
    nobody = np.zeros(len(case.likely), dtype=bool)
    single = hypotheticals(case.network, case.observation, signs, attributes, nobody, case.log_evidence)
    answers = dict(single.options)
    for item in items:
        if item in case.place:
            absent = single.absent[case.place[item]]
            answers[item] = np.stack([np.maximum(single.now - absent, 0.0), absent])
    worst = float(stakes.loss.max())
    return {
        item: bits_worth * information(table)
        + worst * stakes.can_raise(item, case) * float(table[0].sum() / table.sum())
        for item, table in answers.items()
    }


@dataclass(frozen=True)
class _Exact:
    """One question worked out in full. left: expected loss after it. worst: the greatest loss the choice of now can bring."""

    fall: float
    bits: float
    left: float
    worst: float


def _exact(questions: Sequence[Inquiry], case: Situation, stakes: Stakes) -> list[_Exact]:
    """Every answer to every question, weighed; the first question asks nothing, so that its answer is how things stand."""
    asked = [list[Part](), *(question.parts(case) for question in questions)]
    index = [answers_to([len(part) for part in parts]) for parts in asked]
    under = [stakes.under(parts, chosen) for parts, chosen in zip(asked, index, strict=True)]
    least, levels = (np.concatenate(each) for each in zip(*under, strict=True))
    wanted = [
        Asked(tuple(tuple(a.told for a in part) for part in parts), stakes.sets(own))
        for parts, (_, own) in zip(asked, under, strict=True)
    ]
    tables = joint(case.network, case.observation, wanted, case.log_evidence)
    losses, best = stakes.losses(np.concatenate(tables, axis=1), least, levels)
    stay, after = losses[:, best[0]], losses[np.arange(len(best)), best]
    worst, end, found = float(stakes.loss[best[0]].max()), 0, []
    for table in tables:
        mass = table[0].sum(axis=1)
        own, end = slice(end, end + len(mass)), end + len(mass)
        share = mass / mass.sum()
        fall = float(share @ (stay[own] - after[own]))
        found.append(_Exact(fall, information(table[0]), float(share @ after[own]), worst))
    return found[1:]
