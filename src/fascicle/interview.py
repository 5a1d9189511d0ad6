"""Which question to ask next: red flags first, then the best expected value for the effort."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from fascicle.answers import Situation
from fascicle.engine.network import Network, Observation
from fascicle.evidence import warning
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.properties import kind_group
from fascicle.knowledge.questions import QuestionEntry
from fascicle.knowledge.ties import NONE
from fascicle.model import Case, Evidence, Family, Level, Question
from fascicle.stakes import Rule, Stakes
from fascicle.triage import red_flags
from fascicle.worth import Inquiry, best

MOST_PRESENT = 14
"""With more present signs than this, weighing every further question would take minutes; the answer stands."""
FIRST = "Everything else depends on what the movement is like."
URGENT = "One of these would mean acting sooner."
UNASKED = "What is told here need not be asked for line by line."


def next_question(
    evidence: Evidence,
    knowledge: Knowledge,
    network: Network,
    observation: Observation,
    skip: Iterable[str] = (),
) -> Question | None:
    """Return the question most worth asking, with the items worth reading, or None when none is.

    The kind of movement comes first, then safety questions that can raise a red flag above what already stands, then what
    people tell unasked, in one overview of all other findings, then any; of these the one with the best sum of expected
    fall in triage loss and information about the cause, for its effort.
    Who could not answer several questions is not asked more. skip: ids of questions put. network: one draw.
    About two passes of the engine over all answers to all open questions; raises ImpossibleEvidence or TooManyFindings as
    `posterior` does.
    """
    rules, put = knowledge.interview, set(skip)
    left = _left(evidence, knowledge)
    open_questions = [q for q in knowledge.questions if q.id not in put and left[q.id]]
    if not open_questions or len(put) >= rules.most_questions or len(observation.present) > MOST_PRESENT:
        return None
    kinds = kind_group(knowledge)
    for question in open_questions:
        if question.group == kinds:
            return _question(question, left[question.id], knowledge, FIRST)
    case, stakes = Situation.of(evidence, knowledge, network, observation), Stakes.of(evidence, knowledge, network)
    safety = [q for q in open_questions if q.first]
    urgent = [q for q in safety if any(stakes.raised_by(case.ties.generals([item])) for item in left[q.id])]
    unanswered = sum(q.id in put and _silent(q, evidence, knowledge) for q in knowledge.questions)
    if not urgent and unanswered >= rules.most_unanswered:
        return None
    if not urgent and put and knowledge.overview is not None and knowledge.overview.id not in put:
        return everything_else(knowledge.overview, evidence, knowledge)
    asked = urgent or open_questions
    inquiries = []
    for question in asked:
        kept = (i for i in left[question.id] if not case.ties.generals([i]).isdisjoint(stakes.flagged))
        inquiries.append(Inquiry(left[question.id], question.group, frozenset(kept) if question.first else NONE))
    choice = best(inquiries, [question.effort for question in asked], case, stakes, rules)
    if not urgent and choice.rate < rules.least_gain:
        return None
    why = URGENT if urgent else _reason(case, knowledge)
    return _question(asked[choice.place], choice.items, knowledge, why, red_flags=bool(urgent))


def safety_question(evidence: Evidence, knowledge: Knowledge, skip: Iterable[str] = ()) -> Question | None:
    """Return the next question that can still raise a red flag above what stands, None when there is none. Needs no numbers.

    For when nothing can be weighed: the kind of movement, then the safety questions, then any other, in the order they have;
    of a question all items that are open, for which of them tells most is not known. Only the others count as too many.
    """
    rules, put, left = knowledge.interview, set(skip), _left(evidence, knowledge)
    standing = max((flag.level for flag in red_flags(evidence, knowledge)), default=Level.NORMAL)
    known = warning(evidence, knowledge)
    flags = (Rule(frozenset(r.all), frozenset(r.any), Level.of(r.to), None) for r in knowledge.red_flags)
    wanted = NONE.union(
        *((f.every | f.one_of) - known for f in flags if f.level > standing and f.open(known, evidence.absent))
    )
    kinds = kind_group(knowledge)
    for question in sorted(knowledge.questions, key=lambda q: (q.group != kinds, not q.first)):
        items = left[question.id]
        if question.id in put or not items or (not question.first and len(put) >= rules.most_questions):
            continue
        if question.group == kinds:
            return _question(question, items, knowledge, FIRST)
        if not wanted.isdisjoint(knowledge.ties.generals(items)):
            return _question(question, items, knowledge, URGENT, red_flags=True)
    return None


def answered(case: Case, question: Question, ticked: Iterable[str], knowledge: Knowledge) -> Case:
    """Return the case with one question answered: what was ticked is so, and in a closed list the rest is not.

    Of an overview only the lines that hold a tick have been read; what stands under the others stays open.

    What a ticked finding implies is not called absent because its own box stayed empty (slug bait is a possible
    poison). One option of a choice group becomes the choice; kinds of movement leave the others open.
    """
    picked = [f for f in question.findings if f in set(ticked)]
    if question.group is not None:
        if knowledge.groups[question.group].several:
            return replace(case, present=[*case.present, *picked])
        return replace(case, choices={**case.choices, question.group: picked[0]}) if picked else case
    implied = knowledge.ties.generals(picked)
    rest = [f for f in question.opened_by(picked) if f not in implied]
    return replace(case, present=[*case.present, *picked], absent=[*case.absent, *rest])


def everything_else(entry: QuestionEntry, evidence: Evidence, knowledge: Knowledge) -> Question:
    """The overview with what is still open: a line whose findings are all known is left out."""
    open_items = {name for items in _left(evidence, knowledge).values() for name in items}
    items = tuple(name for name in entry.items if name in open_items)
    question = _question(entry, items, knowledge, UNASKED)
    families = (replace(f, findings=tuple(i for i in f.findings if i in open_items)) for f in question.families)
    return replace(question, families=tuple(f for f in families if f.findings))


def _question(
    entry: QuestionEntry, items: tuple[str, ...], knowledge: Knowledge, why: str, *, red_flags: bool = False
) -> Question:
    species = knowledge.species
    families = tuple(Family(f.id, f.text[species], f.items) for f in entry.families if species in f.text)
    return Question(entry.id, entry.text[species], items, why, entry.group, red_flags, families)


def _left(evidence: Evidence, knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    """Of each question the items that may be so or not: neither known nor ruled out; a group none of which is told."""
    settled = evidence.present | evidence.absent | knowledge.ties.ruled_out(evidence.present)
    found = {}
    for question in knowledge.questions:
        if question.group is not None:
            options = knowledge.options[question.group]
            left = (
                () if evidence.present.intersection(options) else tuple(o for o in options if o not in evidence.absent)
            )
            found[question.id] = left if len(left) > 1 else ()
        else:
            found[question.id] = tuple(item for item in question.items if item not in settled)
    return found


def _silent(question: QuestionEntry, evidence: Evidence, knowledge: Knowledge) -> bool:
    """Whether nothing at all is known of what an ordinary question asks for."""
    if question.first:
        return False
    if question.group is not None:
        return question.group not in evidence.options
    return evidence.present.union(evidence.absent).isdisjoint(question.items)


def _reason(case: Situation, knowledge: Knowledge) -> str:
    """Between which causes the answer helps to tell."""
    names = [knowledge.causes[case.network.causes[x]].name for x in np.argsort(-case.likely)[:2]]
    return f"The answer helps to tell “{names[0]}” from “{names[1]}” and other causes."
