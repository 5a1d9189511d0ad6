"""What a question is worth: how much better the choice of urgency gets, and how much is learned about the cause.

Every answer is imagined as it would be given: with what it implies, the red flags it meets and the causes it makes more
urgent. The fall in loss is what the best choice under each answer saves against staying with the best choice of now; so a
red flag is a reason to ask, never one not to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fascicle.answers import NONE, Part, Situation, item_parts, option_part
from fascicle.engine.gain import hypotheticals, information
from fascicle.engine.imagine import Asked, answers_to, joint
from fascicle.knowledge.schema import InterviewRules
from fascicle.stakes import Stakes

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


def best(
    questions: Sequence[Inquiry], efforts: Sequence[float], case: Situation, stakes: Stakes, rules: InterviewRules
) -> Choice:
    """Return the question worth most for its effort, with the items worth reading; of equals the first.

    The worth of an answer is its fall in loss + bits_worth x bits, exact for the items weighed. A shorter list of a
    question is worth no more than its longest (where exposures hang together, or levels change, nearly so); its shorter
    ones are weighed only while it may still be the best.
    One pass of the engine over all answers to all questions, and one over those to the shorter lists of a few.
    """
    weighing = Weighing.of(questions, case, stakes, rules)
    longest = [weighing.longest(question) for question in questions]
    most, rates = weighing.worth(longest), list[float]()
    for question, effort, worth in zip(questions, efforts, most, strict=True):
        fewest = len(question.items) if question.group else min(len(question.kept), weighing.limit) or 1
        rates.append(worth / (effort + rules.item_effort * fewest))
    chosen = Choice(-1, (), -np.inf)
    for n in sorted(range(len(questions)), key=lambda n: -rates[n]):
        if rates[n] < chosen.rate:
            break
        items, worth = questions[n].items, most[n]
        if questions[n].group is None:
            items, worth = weighing.worth_reading(questions[n], most[n])
        rate = worth / (efforts[n] + rules.item_effort * len(items))
        if (rate, -n) > (chosen.rate, -chosen.place):
            chosen = Choice(n, items, rate)
    return chosen


@dataclass(frozen=True)
class Weighing:
    """Lists of items against one another. limit: items weighed together at most. alone: what each may bring by itself."""

    case: Situation
    stakes: Stakes
    rules: InterviewRules
    limit: int
    alone: Mapping[str, float]

    @classmethod
    def of(cls, questions: Sequence[Inquiry], case: Situation, stakes: Stakes, rules: InterviewRules) -> Weighing:
        """One pass of the engine over every single item."""
        limit = max(ALWAYS_WEIGHED, MOST_BITS - len(case.observation.present) - len(case.observation.ranges))
        items = [item for q in questions if q.group is None for item in q.items if case.knows(item)]
        return cls(case, stakes, rules, limit, _alone(items, case, stakes, rules))

    def worth(self, questions: Sequence[Inquiry]) -> list[float]:
        """Of each question, all its items answered."""
        found = gains(questions, self.case, self.stakes) if questions else []
        return [gain.fall + self.rules.bits_worth * gain.bits for gain in found]

    def ranked(self, question: Inquiry) -> list[str]:
        """The items the network knows: first those kept, then by what they may bring."""
        known = (item for item in question.items if item in self.alone)
        return sorted(known, key=lambda item: (item not in question.kept, -self.alone[item]))

    def longest(self, question: Inquiry) -> Inquiry:
        """The longest list of it that is weighed."""
        return question if question.group else question.only(self.ranked(question)[: self.limit])

    def worth_reading(self, question: Inquiry, most: float) -> tuple[tuple[str, ...], float]:
        """The items of a question worth reading, and the worth of the answer; most: that of its longest list.

        The lists compared hold the items kept and then as many as one likes of those that bring most by themselves. Read
        is the one whose worth less the price of its lines is greatest; a line costs item_effort at least_gain, the rate
        at which asking stops. Beyond the limit items are read if they are kept or may be worth their line by themselves,
        and count as if they told nothing: what they tell can only add to the bits.
        """
        ranked, price = self.ranked(question), self.rules.item_effort * self.rules.least_gain
        longest = min(self.limit, len(ranked))
        counts = range(min(len(question.kept), longest) or 1, longest)
        worth = [*self.worth([question.only(ranked[:count]) for count in counts]), most]
        net = [value - price * count for value, count in zip(worth, [*counts, longest], strict=True)]
        at = int(np.argmax(net))
        further = ranked[longest:] if at == len(counts) else []
        read = {*ranked[: [*counts, longest][at]], *(i for i in further if self.alone[i] >= price)} | question.kept
        return question.only(read).items, worth[at]


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
        + worst * (not case.ties.generals([item]).isdisjoint(stakes.by_finding)) * float(table[0].sum() / table.sum())
        for item, table in answers.items()
    }


def gains(questions: Sequence[Inquiry], case: Situation, stakes: Stakes) -> list[Gain]:
    """Return the gain of each question, exact over every answer to all its items; one pass of the engine for all.

    One more question is put first that asks nothing, so that its answer is how things stand.
    """
    asked = [list[Part](), *(question.parts(case) for question in questions)]
    index = [answers_to([len(part) for part in parts]) for parts in asked]
    under = [stakes.under(parts, chosen) for parts, chosen in zip(asked, index, strict=True)]
    least = np.concatenate([flagged for flagged, _ in under])
    levels = np.concatenate([np.broadcast_to(own, (len(flagged), own.shape[1])) for flagged, own in under])
    wanted = []
    for parts, (flagged, own) in zip(asked, under, strict=True):
        sets = stakes.sets(own)
        shape = (len(sets), len(flagged), sets.shape[2])
        wanted.append(Asked(tuple(tuple(a.told for a in part) for part in parts), np.broadcast_to(sets, shape)))
    tables = joint(case.network, case.observation, wanted, case.log_evidence)
    losses, best = stakes.losses(np.concatenate(tables, axis=1), least, levels)
    saved = losses[:, best[0]] - losses[np.arange(len(best)), best]
    end, found = 0, []
    for table in tables:
        mass = table[0].sum(axis=1)
        start, end = end, end + len(mass)
        found.append(Gain(float(mass @ saved[start:end] / mass.sum()), information(table[0])))
    return found[1:]
