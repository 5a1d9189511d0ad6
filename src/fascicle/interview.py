"""Which question to ask next: red flags first, then the best expected value for the effort."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fascicle.engine.gain import Hypotheticals, hypotheticals, information
from fascicle.engine.network import Floats, Network, Observation
from fascicle.engine.posterior import posterior
from fascicle.knowledge import schema
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.properties import kind_group
from fascicle.model import Case, Evidence, Level, Question
from fascicle.triage import asked_again, cause_levels, flags_in, loss_table, needed, red_flags, sets

MOST_PRESENT = 14
"""With more present signs than this, weighing every further question would take minutes; the answer stands."""


def next_question(
    evidence: Evidence,
    knowledge: Knowledge,
    network: Network,
    observation: Observation,
    skip: Iterable[str] = (),
) -> Question | None:
    """Return the question most worth asking, or None when none is.

    The kind of movement comes first, then questions that can raise a red flag above what already stands, the
    likeliest to do so first; then the best sum of expected fall in triage loss and information about the cause, for
    its effort. skip: ids of questions already put. network: one draw. One pass over all unasked findings.
    """
    rules = knowledge.interview
    put = set(skip)
    open_questions = [q for q in knowledge.questions if q.id not in put and _unknown(q, evidence, knowledge)]
    put_count = len(put | {q.id for q in knowledge.questions if _touched(q, evidence, knowledge)})
    if not open_questions or put_count >= rules.most_questions or len(observation.present) > MOST_PRESENT:
        return None
    kinds = kind_group(knowledge)
    for question in open_questions:
        if question.group == kinds:
            return _question(question, evidence, knowledge, "Everything else depends on what the movement is like.")
    worth = _Worth.of(evidence, knowledge, network, observation, open_questions)
    standing = max((flag.level for flag in red_flags(evidence, knowledge)), default=Level.NORMAL)
    if standing < Level.EMERGENCY_NOW:
        first = [(worth.flag_chance(q, standing), -i, q) for i, q in enumerate(open_questions) if q.first]
        raising = [entry for entry in first if entry[0] > 0]
        if raising:
            question = max(raising)[2]
            return _question(question, evidence, knowledge, "One of these would mean acting sooner.", red_flags=True)
    scored = [(worth.value(q), -i, q) for i, q in enumerate(open_questions)]
    best, _, question = max(scored)
    if best < rules.least_gain:
        return None
    return _question(question, evidence, knowledge, worth.reason(question))


def answered(case: Case, question: Question, ticked: Iterable[str], knowledge: Knowledge) -> Case:
    """Return the case with one question answered: what was ticked is so, and in a closed list the rest is not.

    What a ticked finding implies is not called absent because its own box stayed empty (slug bait is a possible
    poison). One option of a choice group becomes the choice; kinds of movement leave the others open.
    """
    picked = [f for f in question.findings if f in set(ticked)]
    if question.group is not None:
        if knowledge.groups[question.group].several:
            return replace(case, present=[*case.present, *picked])
        return replace(case, choices={**case.choices, question.group: picked[0]}) if picked else case
    implied = {name for f in picked for name in knowledge.findings[f].implies}
    rest = [f for f in question.findings if f not in picked and f not in implied]
    return replace(case, present=[*case.present, *picked], absent=[*case.absent, *rest])


def _question(
    entry: schema.QuestionEntry, evidence: Evidence, knowledge: Knowledge, why: str, *, red_flags: bool = False
) -> Question:
    findings = tuple(_unknown(entry, evidence, knowledge))
    return Question(entry.id, entry.text[knowledge.species], findings, why, entry.group, red_flags)


def _unknown(question: schema.QuestionEntry, evidence: Evidence, knowledge: Knowledge) -> list[str]:
    """Items not yet known; the options of a group that nothing narrows."""
    if question.group is not None:
        return [] if question.group in evidence.options else list(knowledge.options[question.group])
    known = evidence.present | evidence.absent
    return [item for item in question.items if item not in known]


def _touched(question: schema.QuestionEntry, evidence: Evidence, knowledge: Knowledge) -> bool:
    """Whether every item of the question is already known."""
    return not _unknown(question, evidence, knowledge)


@dataclass(frozen=True)
class _Worth:
    """Everything needed to value any question, from one pass of the engine."""

    evidence: Evidence
    knowledge: Knowledge
    network: Network
    levels: tuple[Level, ...]
    tables: tuple[Hypotheticals, Hypotheticals, Hypotheticals]
    losses: Floats
    floor: Level
    now_loss: float

    @classmethod
    def of(
        cls,
        evidence: Evidence,
        knowledge: Knowledge,
        network: Network,
        observation: Observation,
        questions: Sequence[schema.QuestionEntry],
    ) -> _Worth:
        place = {sign: i for i, sign in enumerate(network.signs)}
        items = [item for q in questions for item in _unknown(q, evidence, knowledge) if q.group is None]
        signs = [place[item] for item in items if item in place]
        attributes = [item for item in items if item in network.attributes]
        attributes += [q.group for q in questions if q.group is not None]
        by_cause = cause_levels(evidence, knowledge)
        levels = tuple(by_cause[cause] for cause in network.causes)
        scale = float(posterior(network, observation).log_evidence[0])
        nobody = np.zeros(len(network.causes), dtype=bool)
        rows = [nobody, *(row[0] for row in sets(levels, network))]
        plain, calm, no_emergency = (hypotheticals(network, observation, signs, attributes, row, scale) for row in rows)
        flags = [flag.level for flag in red_flags(evidence, knowledge)]
        floor = asked_again(max(flags, default=Level.NORMAL), evidence, knowledge)
        worth = cls(
            evidence, knowledge, network, levels, (plain, calm, no_emergency), loss_table(knowledge), floor, 0.0
        )
        now = worth._loss(*(table.now for table in worth.tables))
        return cls(evidence, knowledge, network, levels, worth.tables, worth.losses, floor, now)

    def _loss(self, joint: Floats, calm: Floats, no_emergency: Floats) -> float:
        """Expected loss of the best choice under a hypothetical answer, times the chance of that answer."""
        mass = float(joint.sum())
        if mass <= 0:
            return 0.0
        rows = needed(self.levels, joint[None, :] / mass, [calm[None, :] / mass, no_emergency[None, :] / mass])
        return mass * float(rows.losses(self.losses)[0, self.floor :].min())

    def answers(self, item: str) -> list[list[Floats]]:
        """Joint tables for each answer to an item (present, absent) or a group (its options), one table a set."""
        place = {sign: i for i, sign in enumerate(self.network.signs)}
        if item in place:
            absent = [table.absent[place[item]] for table in self.tables]
            return [[np.maximum(t.now - a, 0.0) for t, a in zip(self.tables, absent, strict=True)], absent]
        count = self.tables[0].options[item].shape[0]
        return [[table.options[item][option] for table in self.tables] for option in range(count)]

    def chance(self, item: str) -> float:
        """P(item present | evidence)."""
        joint = [answer[0] for answer in self.answers(item)]
        return float(joint[0].sum() / sum(j.sum() for j in joint))

    def flag_chance(self, question: schema.QuestionEntry, standing: Level) -> float:
        """Expected number of levels by which a red flag would rise, if any item of the question can raise one."""
        known = self.evidence.present | self.evidence.disputed
        total = 0.0
        for item in _unknown(question, self.evidence, self.knowledge):
            implied = {item, *self.knowledge.findings[item].implies}
            met = flags_in(frozenset(known | implied), self.knowledge.red_flags)
            highest = max((flag.level for flag in met), default=Level.NORMAL)
            if highest > standing:
                total += self.chance(item) * (highest - standing)
        return total

    def gains(self, item: str) -> tuple[float, float]:
        """Expected fall in triage loss and bits about the cause from one item or group."""
        answers = self.answers(item)
        fall = self.now_loss - sum(self._loss(*answer) for answer in answers)
        return max(0.0, fall), information(np.array([answer[0] for answer in answers]))

    def value(self, question: schema.QuestionEntry) -> float:
        """Worth per effort. Of items asked together the single gains are added up, at most what there is to gain."""
        rules = self.knowledge.interview
        items = _unknown(question, self.evidence, self.knowledge)
        parts = (
            [self.gains(question.group)]
            if question.group is not None
            else [self.gains(item) for item in items if self._asked_about(item)]
        )
        share = self.tables[0].now / self.tables[0].now.sum()
        entropy = -float((share[share > 0] * np.log2(share[share > 0])).sum())
        fall = min(sum(part[0] for part in parts), self.now_loss)
        bits = min(sum(part[1] for part in parts), entropy)
        return (fall + rules.bits_worth * bits) / (question.effort + rules.item_effort * len(items))

    def _asked_about(self, item: str) -> bool:
        """Whether the network knows anything about this item."""
        return item in self.network.signs or item in self.network.attributes

    def reason(self, question: schema.QuestionEntry) -> str:
        """Between which causes the answer helps to tell."""
        share = self.tables[0].now / self.tables[0].now.sum()
        order = np.argsort(-share)
        names = [self.knowledge.causes[self.network.causes[x]].name for x in order[:2]]
        return f"The answer helps to tell “{names[0]}” from “{names[1]}” and other causes."
