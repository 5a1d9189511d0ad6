"""What a question is worth: how much better the choice of urgency gets, and how much is learned about the cause.

Every answer is imagined as it would be given: with what it implies, the red flags it meets and the causes it makes more
urgent. The level needed under an answer is at least what its red flags say. The fall in loss is what the best choice under
each answer saves against staying with the best choice of now; so a red flag is a reason to ask, never one not to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fascicle.answers import NONE, Part, Situation, item_parts, option_part
from fascicle.engine.gain import hypotheticals, information
from fascicle.engine.imagine import Asked, answers_to, joint
from fascicle.engine.network import Floats, Ints, Network
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.schema import InterviewRules
from fascicle.model import Evidence, Level
from fascicle.triage import SET_LEVELS, asked_again, cause_levels, loss_table, needed, red_flags

ALWAYS_WEIGHED = 3
"""So many items of a question are weighed together, however many signs are present."""
MOST_BITS = 13
"""More items are weighed as long as items and present signs together are no more than this."""


@dataclass(frozen=True)
class Inquiry:
    """Items asked together, each present or absent; or the options of a group, one of which holds.

    kept: items that every shorter list of them must hold.
    """

    items: tuple[str, ...]
    group: str | None = None
    kept: frozenset[str] = NONE

    def only(self, items: Collection[str]) -> Inquiry:
        """Just these of its items, in its own order."""
        return replace(self, items=tuple(item for item in self.items if item in items))

    def ranked(self, worth: Mapping[str, float]) -> list[str]:
        """Those of its items that have a worth: first the ones kept, then by worth."""
        return sorted((i for i in self.items if i in worth), key=lambda i: (i not in self.kept, -worth[i]))

    def parts(self, case: Situation) -> list[Part]:
        """Its parts with their alternatives."""
        return item_parts(self.items, case) if self.group is None else [option_part(self.group, self.items, case)]


@dataclass(frozen=True)
class Gain:
    """What the answer to a question brings on average: fall in expected loss, and bits about the cause. Both are exact."""

    fall: float
    bits: float


@dataclass(frozen=True)
class Choice:
    """A question, by its place, with the items worth reading; rate: what the answer is worth for the effort of it."""

    place: int
    items: tuple[str, ...]
    rate: float


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
    level for each level the red flags set, raised where the problem was asked about before. rules: those that some
    answer can still meet. loss: [chosen, needed]. can_be: (causes,) whether a cause can be a bystander.
    """

    levels: Ints
    standing: Level
    again: Ints
    rules: tuple[Rule, ...]
    loss: Floats
    can_be: NDArray[np.bool_]

    @classmethod
    def of(cls, evidence: Evidence, knowledge: Knowledge, network: Network) -> Stakes:
        """Read off the knowledge what is not met yet, may still be, and would change a level."""
        by_cause = cause_levels(evidence, knowledge)
        levels = np.array([by_cause[cause] for cause in network.causes])
        standing = max((flag.level for flag in red_flags(evidence, knowledge)), default=Level.NORMAL)
        wanted = [Rule(frozenset(r.all), frozenset(r.any), Level.of(r.to), None) for r in knowledge.red_flags]
        for x, cause in enumerate(network.causes):
            wanted += [Rule(frozenset(r.when), NONE, Level.of(r.to), x) for r in knowledge.causes[cause].urgency.raise_]
        known = evidence.present | evidence.disputed
        rules = [replace(r, every=r.every - known, one_of=NONE if r.one_of & known else r.one_of) for r in wanted]
        return cls(
            levels,
            standing,
            np.array([asked_again(level, evidence, knowledge) for level in Level]),
            tuple(
                rule
                for rule in rules
                if (rule.every or rule.one_of)
                and rule.every.isdisjoint(evidence.absent)
                and not (rule.one_of and rule.one_of <= evidence.absent)
                and rule.level > (standing if rule.cause is None else levels[rule.cause])
            ),
            loss_table(knowledge),
            np.any(network.prevalence > 0, axis=0),
        )

    @cached_property
    def wanted(self) -> frozenset[str]:
        """What takes part in any rule."""
        return NONE.union(*(rule.every | rule.one_of for rule in self.rules))

    @cached_property
    def flagged(self) -> frozenset[str]:
        """What takes part in a red flag that would raise what stands."""
        return NONE.union(*(rule.every | rule.one_of for rule in self.rules if rule.cause is None))

    def raised_by(self, gained: frozenset[str]) -> bool:
        """Whether these findings alone meet a red flag that would raise what stands."""
        flags = (rule for rule in self.rules if rule.cause is None)
        return any(r.every <= gained and not (r.one_of and r.one_of.isdisjoint(gained)) for r in flags)

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


def best(
    questions: Sequence[Inquiry], efforts: Sequence[float], case: Situation, stakes: Stakes, rules: InterviewRules
) -> Choice:
    """Return the question worth most for its effort, with the items worth reading; of equals the first.

    The worth of an answer is its fall in loss + bits_worth x bits, exact for the items weighed. Of a question those lists
    are compared that hold the items kept and then as many as one likes of those that bring most by themselves: the one is
    read whose worth less the price of its lines is greatest. A line costs item_effort at least_gain, the rate at which
    asking stops. Each question is weighed with its longest list first; a shorter one is worth no more, so the shorter
    lists of a question are weighed only while it may still be the best.
    """
    limit = max(ALWAYS_WEIGHED, MOST_BITS - len(case.observation.present) - len(case.observation.ranges))
    alone = _alone([i for q in questions if q.group is None for i in q.items if case.knows(i)], case, stakes, rules)
    ranked = [q.ranked(alone) for q in questions]
    longest = [q if q.group else q.only(order[:limit]) for q, order in zip(questions, ranked, strict=True)]
    most = [gain.fall + rules.bits_worth * gain.bits for gain in gains(longest, case, stakes)]
    shortest = [len(q.items) if q.group else min(len(q.kept), limit) or 1 for q in questions]
    least = [effort + rules.item_effort * count for effort, count in zip(efforts, shortest, strict=True)]
    chosen = Choice(-1, (), -np.inf)
    for n in sorted(range(len(questions)), key=lambda n: -most[n] / least[n]):
        if most[n] / least[n] < chosen.rate:
            break
        items, worth = longest[n].items, most[n]
        if questions[n].group is None:
            items, worth = _worth_reading(questions[n], ranked[n], limit, alone, worth, case, stakes, rules)
        rate = worth / (efforts[n] + rules.item_effort * len(items))
        if (rate, -n) > (chosen.rate, -chosen.place):
            chosen = Choice(n, items, rate)
    return chosen


def _worth_reading(
    question: Inquiry,
    ranked: Sequence[str],
    limit: int,
    alone: Mapping[str, float],
    most: float,
    case: Situation,
    stakes: Stakes,
    rules: InterviewRules,
) -> tuple[tuple[str, ...], float]:
    """The items of a question worth reading, and the worth of the answer; most: that of the longest list weighed.

    Items beyond that are read if they are kept or may be worth their line by themselves, and count as if they told
    nothing: what they tell can only add to the bits.
    """
    price, longest = rules.item_effort * rules.least_gain, min(limit, len(ranked))
    counts = range(min(len(question.kept), longest) or 1, longest)
    shorter = gains([question.only(ranked[:count]) for count in counts], case, stakes)
    worth = [gain.fall + rules.bits_worth * gain.bits for gain in shorter] + [most]
    net = [value - price * count for value, count in zip(worth, [*counts, longest], strict=True)]
    at = int(np.argmax(net))
    further = ranked[limit:] if at == len(counts) else ()
    read = {*ranked[: [*counts, longest][at]], *(i for i in further if i in question.kept or alone[i] >= price)}
    return question.only(read | question.kept).items, worth[at]


def _alone(items: Sequence[str], case: Situation, stakes: Stakes, rules: InterviewRules) -> dict[str, float]:
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
        item: rules.bits_worth * information(table)
        + worst * (not case.ties.generals([item]).isdisjoint(stakes.wanted)) * float(table[0].sum() / table.sum())
        for item, table in answers.items()
    }


def gains(questions: Sequence[Inquiry], case: Situation, stakes: Stakes) -> list[Gain]:
    """Return the gain of each question, exact over every answer to all its items; one pass of the engine for all.

    One more question is put first that asks nothing, so that its answer is how things stand.
    """
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
    saved = losses[:, best[0]] - losses[np.arange(len(best)), best]
    end, found = 0, []
    for table in tables:
        mass = table[0].sum(axis=1)
        own, end = slice(end, end + len(mass)), end + len(mass)
        found.append(Gain(float(mass @ saved[own] / mass.sum()), information(table[0])))
    return found[1:]
