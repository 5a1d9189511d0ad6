"""Which question to ask next: red flags first, then the best expected value for the effort."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from fascicle.answers import Situation
from fascicle.engine.network import Network, Observation
from fascicle.knowledge import schema
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.properties import kind_group
from fascicle.model import Case, Evidence, Family, Level, Question
from fascicle.triage import flags_in
from fascicle.worth import Inquiry, Stakes, chances, gains

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
    its effort. Who could not answer several questions is not asked more. skip: ids of questions put. network: one draw.
    About one pass of the engine over all answers to all open questions; raises ImpossibleEvidence or TooManyFindings as
    `posterior` does.
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
    case, stakes = Situation.of(evidence, knowledge, network, observation), Stakes.of(evidence, knowledge, network)
    urgent = _raising([q for q in open_questions if q.first], evidence, knowledge, case, stakes.standing)
    if urgent is not None:
        return _question(urgent, evidence, knowledge, "One of these would mean acting sooner.", red_flags=True)
    unanswered = sum(1 for q in knowledge.questions if q.id in put and not q.first and _silent(q, evidence, knowledge))
    if unanswered >= rules.most_unanswered:
        return None
    asked = [Inquiry(tuple(_unknown(q, evidence, knowledge)), q.group) for q in open_questions]
    scored = []
    for i, gain in enumerate(gains(asked, case, stakes, rules.bits_worth)):
        question = open_questions[i]
        effort = question.effort + rules.item_effort * len(asked[i].items)
        scored.append(((gain.fall + rules.bits_worth * gain.bits) / effort, -i, question))
    best, _, question = max(scored)
    if best < rules.least_gain:
        return None
    return _question(question, evidence, knowledge, _reason(case, knowledge))


def _raising(
    questions: Sequence[schema.QuestionEntry],
    evidence: Evidence,
    knowledge: Knowledge,
    case: Situation,
    standing: Level,
) -> schema.QuestionEntry | None:
    """The question expected to raise the red flags by most levels, adding up its items; None when none can."""
    known = evidence.present | evidence.disputed
    rise: dict[str, int] = {}
    for item in (item for q in questions for item in _unknown(q, evidence, knowledge)):
        met = flags_in(known | case.ties.generals([item]), knowledge.red_flags)
        rise[item] = max((flag.level for flag in met), default=standing) - standing
    chance = chances([item for item, levels in rise.items() if levels > 0], case)
    expected = [
        (sum(chance[i] * rise[i] for i in _unknown(q, evidence, knowledge) if i in chance), -n, q)
        for n, q in enumerate(questions)
    ]
    most, _, question = max(expected, default=(0.0, 0, None))
    return question if most > 0 else None


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
    findings, species = tuple(_unknown(entry, evidence, knowledge)), knowledge.species
    families = tuple(Family(f.id, f.text[species], f.items) for f in entry.families if species in f.text)
    return Question(entry.id, entry.text[species], findings, why, entry.group, red_flags, families)


def _unknown(question: schema.QuestionEntry, evidence: Evidence, knowledge: Knowledge) -> list[str]:
    """Items not yet known; the options of a group that nothing narrows."""
    if question.group is not None:
        return [] if question.group in evidence.options else list(knowledge.options[question.group])
    known = evidence.present | evidence.absent
    return [item for item in question.items if item not in known]


def _silent(question: schema.QuestionEntry, evidence: Evidence, knowledge: Knowledge) -> bool:
    """Whether nothing at all is known of what a question asks for."""
    whole = knowledge.options[question.group] if question.group is not None else question.items
    return len(_unknown(question, evidence, knowledge)) == len(whole)


def _touched(question: schema.QuestionEntry, evidence: Evidence, knowledge: Knowledge) -> bool:
    """Whether every item of the question is already known."""
    return not _unknown(question, evidence, knowledge)


def _reason(case: Situation, knowledge: Knowledge) -> str:
    """Between which causes the answer helps to tell."""
    names = [knowledge.causes[case.network.causes[x]].name for x in np.argsort(-case.likely)[:2]]
    return f"The answer helps to tell “{names[0]}” from “{names[1]}” and other causes."
