"""What a question is worth: how much better the choice of urgency gets, and how much is learned about the cause.

Every answer is imagined as it would be given: with what it implies, the red flags it meets and the causes it makes more
urgent. The fall in loss is what the best choice under each answer saves against staying with the best choice of now; so a
red flag is a reason to ask, never one not to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fascicle.answers import Part, Situation, item_parts, option_part
from fascicle.engine.gain import hypotheticals, information
from fascicle.engine.imagine import Asked, answers_to, joint
from fascicle.knowledge.questions import InterviewRules
from fascicle.knowledge.ties import NONE
from fascicle.stakes import Stakes

ALWAYS_WEIGHED = 3
"""So many items of a question are weighed together, however many signs are present."""
SLACK = 2.0
"""Items of a question together are taken to lower the loss by no more than so many times what they do one by one."""
WEIGHED_TOGETHER = 6
"""So many questions go through the engine in one pass."""
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
class Single:
    """What one item or group brings by itself: at most, were a rule it can help to meet met by it; bits and fall as they are."""

    most: float
    bits: float
    fall: float


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

    The worth of an answer is its fall in loss + bits_worth x bits, exact for the items weighed. What the items bring one by
    one adds up to no less than the bits of all (given R they are all but independent), and as a rule to no less than the
    fall; so questions are weighed in the order of that sum for their effort, while one may still be the best. A shorter list
    of a question is worth no more than its longest (where exposures hang together, or levels change, nearly so).
    One pass of the engine over every single item, then a pass for each few questions over all answers to them.
    """
    weighing = Weighing.of(questions, case, stakes, rules)
    lists = [weighing.lists(question) for question in questions]
    hopes = [own.rate(effort, rules.item_effort) for own, effort in zip(lists, efforts, strict=True)]
    order, chosen = sorted(range(len(questions)), key=lambda n: -hopes[n]), Choice(-1, (), -np.inf)
    for start in range(0, len(order), WEIGHED_TOGETHER):
        some = [n for n in order[start : start + WEIGHED_TOGETHER] if hopes[n] >= chosen.rate]
        most = dict(zip(some, weighing.worth([weighing.longest(questions[n]) for n in some]), strict=True))
        known = {n: lists[n].known(most[n]) for n in some}
        rates = {n: known[n].rate(efforts[n], rules.item_effort) for n in some}
        for n in sorted(some, key=lambda n: -rates[n]):
            if rates[n] < chosen.rate:
                break
            items, worth = questions[n].items, most[n]
            if questions[n].group is None:
                items, worth = weighing.worth_reading(questions[n], known[n])
            rate = worth / (efforts[n] + rules.item_effort * len(items))
            if (rate, -n) > (chosen.rate, -chosen.place):
                chosen = Choice(n, items, rate)
    return chosen


@dataclass(frozen=True)
class Lists:
    """The lists of a question that are compared: so many of its items each, and the most such a list can be worth.

    The last is the longest; once it is weighed, its bound is its worth.
    """

    counts: tuple[int, ...]
    bounds: tuple[float, ...]

    def rate(self, effort: float, item_effort: float) -> float:
        """The most that any of them is worth for its effort."""
        pairs = zip(self.counts, self.bounds, strict=True)
        return max(bound / (effort + item_effort * count) for count, bound in pairs)

    def known(self, most: float) -> Lists:
        """The same once the longest is weighed: a shorter one is worth no more."""
        return Lists(self.counts, (*(min(bound, most) for bound in self.bounds[:-1]), most))


@dataclass(frozen=True)
class Weighing:
    """Lists of items against one another. limit: items weighed together at most.

    singles: what each item, and each group, brings by itself.
    """

    case: Situation
    stakes: Stakes
    rules: InterviewRules
    limit: int
    singles: Mapping[str, Single]

    @classmethod
    def of(cls, questions: Sequence[Inquiry], case: Situation, stakes: Stakes, rules: InterviewRules) -> Weighing:
        """One pass of the engine over every single item and group."""
        limit = max(ALWAYS_WEIGHED, MOST_BITS - len(case.observation.present) - len(case.observation.ranges))
        items = [item for q in questions if q.group is None for item in q.items if case.knows(item)]
        groups = {q.group: q.items for q in questions if q.group is not None}
        return cls(case, stakes, rules, limit, _singles(items, groups, case, stakes, rules))

    def lists(self, question: Inquiry) -> Lists:
        """Of a choice group one list, else the items kept and then one more at a time. A bound is what they bring one by one."""
        if question.group:
            return Lists((len(question.items),), (self._hope([question.group]),))
        ranked = self.ranked(question)[: self.limit]
        counts = range(min(len(question.kept), len(ranked)) or 1, len(ranked) + 1)
        return Lists(tuple(counts) or (1,), tuple(self._hope(ranked[:count]) for count in counts) or (0.0,))

    def _hope(self, parts: Sequence[str]) -> float:
        singles = [self.singles[part] for part in parts if part in self.singles]
        return sum(s.bits for s in singles) + SLACK * sum(s.fall for s in singles)

    def worth(self, questions: Sequence[Inquiry]) -> list[float]:
        """Of each question, all its items answered."""
        found = gains(questions, self.case, self.stakes) if questions else []
        return [gain.fall + self.rules.bits_worth * gain.bits for gain in found]

    def ranked(self, question: Inquiry) -> list[str]:
        """The items the network knows: first those kept, then by what they may bring."""
        known = (item for item in question.items if item in self.singles)
        return sorted(known, key=lambda item: (item not in question.kept, -self.singles[item].most))

    def longest(self, question: Inquiry) -> Inquiry:
        """The longest list of it that is weighed."""
        return question if question.group else question.only(self.ranked(question)[: self.limit])

    def worth_reading(self, question: Inquiry, lists: Lists) -> tuple[tuple[str, ...], float]:
        """The items of a question worth reading, and the worth of the answer. lists: with the longest weighed.

        The lists compared hold the items kept and then as many as one likes of those that bring most by themselves. Read
        is the one whose worth less the price of its lines is greatest; a line costs item_effort at least_gain, the rate
        at which asking stops. Lists that can not come up to the longest are not weighed. Beyond the limit items are read
        if they are kept or may be worth their line by themselves, and count as if they told nothing: what they tell can
        only add to the bits.
        """
        ranked, price = self.ranked(question), self.rules.item_effort * self.rules.least_gain
        longest, most = lists.counts[-1], lists.bounds[-1]
        pairs = zip(lists.counts[:-1], lists.bounds[:-1], strict=True)
        counts = [count for count, bound in pairs if bound - price * count >= most - price * longest]
        worth = [*self.worth([question.only(ranked[:count]) for count in counts]), most]
        counts.append(longest)
        net = [value - price * count for value, count in zip(worth, counts, strict=True)]
        at = int(np.argmax(net))
        further = ranked[self.limit :] if counts[at] == longest else []
        read = {*ranked[: counts[at]], *(i for i in further if self.singles[i].most >= price)} | question.kept
        return question.only(read).items, worth[at]


def _singles(
    items: Sequence[str], groups: Mapping[str, tuple[str, ...]], case: Situation, stakes: Stakes, rules: InterviewRules
) -> dict[str, Single]:
    """What each item or group may bring by itself."""
    if not items and not groups:
        return {}
    signs = [case.place[item] for item in items if item in case.place]
    attributes = [name for name in (*items, *groups) if name in case.network.attributes]
    nobody = np.zeros(len(case.likely), dtype=bool)
    single = hypotheticals(case.network, case.observation, signs, attributes, nobody, case.log_evidence)
    tables = dict(single.options)
    for item in items:
        if item in case.place:
            absent = single.absent[case.place[item]]
            tables[item] = np.stack([np.maximum(single.now - absent, 0.0), absent])
    worst, found = float(stakes.loss.max()), {}
    gained = {n: [case.ties.generals([item]) - case.evidence.present for item in groups.get(n, (n,))] for n in tables}
    falls = stakes.falls([(table, gained[name]) for name, table in tables.items()])
    for (name, table), fall in zip(tables.items(), falls, strict=True):
        bits, meets = rules.bits_worth * information(table), [not g.isdisjoint(stakes.by_finding) for g in gained[name]]
        most = worst * float(table[: len(meets)][meets].sum() / table.sum())
        found[name] = Single(bits + most, bits, fall)
    return found


def gains(questions: Sequence[Inquiry], case: Situation, stakes: Stakes) -> list[Gain]:
    """Return the gain of each question, exact over every answer to all its items; one pass of the engine for all.

    One more question is put first that asks nothing, so that its answer is how things stand.
    """
    asked = [list[Part](), *(question.parts(case) for question in questions)]
    index = [answers_to([len(part) for part in parts]) for parts in asked]
    under = [stakes.under(parts, chosen) for parts, chosen in zip(asked, index, strict=True)]
    least = np.concatenate([flagged for flagged, _ in under])
    levels = np.concatenate([np.broadcast_to(own[0], (len(flagged), own.shape[2])) for flagged, own in under])
    wanted = []
    for parts, (flagged, own) in zip(asked, under, strict=True):
        sets = stakes.sets(own[1])
        shape = (len(sets), len(flagged), sets.shape[2])
        wanted.append(Asked(tuple(tuple(a.told for a in part) for part in parts), np.broadcast_to(sets, shape)))
    told = joint(case.network, case.observation, wanted, case.log_evidence)
    tables = [stakes.beyond_usual(table, each.sets) for table, each in zip(told, wanted, strict=True)]
    losses, best = stakes.losses(np.concatenate(tables, axis=1), least, levels)
    saved = losses[:, best[0]] - losses[np.arange(len(best)), best]
    end, found = 0, []
    for table in tables:
        mass = table[0].sum(axis=1)
        start, end = end, end + len(mass)
        found.append(Gain(float(mass @ saved[start:end] / mass.sum()), information(table[0])))
    return found[1:]
