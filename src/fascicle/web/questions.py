"""Which questions stand on which page, and what the interview asks next. Pure functions of story and knowledge."""

from __future__ import annotations

import re
from dataclasses import replace

from fascicle import scope, triage
from fascicle.evidence import gather
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.properties import kind_group
from fascicle.knowledge.questions import QuestionEntry
from fascicle.model import Assessment, Case, Family, Question, RedFlag
from fascicle.pipeline import assess
from fascicle.web.story import FILE, SETTLED, WORDS, Story, case_of

PLACE = "place"
AT_A_TIME = 5
"""After so many questions beyond the fixed pages the answer is offered; who wants more goes on. A matter of patience."""

_ASKING: dict[tuple[str, int], tuple[Knowledge, Knowledge]] = {}


def checklist(knowledge: Knowledge) -> tuple[QuestionEntry, ...]:
    """The safety questions that stand together on the first page."""
    return tuple(q for q in knowledge.questions if q.first and q.group is None)


def topic(question: str) -> str:
    """What the lines of a safety question have in common; the page asks once for all of them whether any is so."""
    return re.sub(r"[:.] is any of this so\b.*$", "", question, flags=re.IGNORECASE)


def kind_question(knowledge: Knowledge) -> QuestionEntry:
    """The question of what the movement looks like."""
    kinds = kind_group(knowledge)
    return next(q for q in knowledge.questions if q.group == kinds)


def place_question(knowledge: Knowledge) -> QuestionEntry | None:
    """The question of where it is, asked beside the kind of movement."""
    return next((q for q in knowledge.questions if q.group == PLACE), None)


def about_who(knowledge: Knowledge) -> tuple[str, ...]:
    """The questions that age, sex, breed and weight answer."""
    profile = knowledge.profile
    measured = {band.finding for band in (*profile.age_bands, *profile.weight_bands)} | set(profile.sex_findings)
    measured |= set(knowledge.breeds.decides.get(knowledge.species, ()))
    return tuple(q.id for q in knowledge.questions if measured.issuperset(items_of(q, knowledge)))


def fixed(knowledge: Knowledge) -> frozenset[str]:
    """The questions that have a page of their own, and the answers that belong to no question."""
    place = place_question(knowledge)
    pages = [q.id for q in checklist(knowledge)] + [kind_question(knowledge).id] + ([place.id] if place else [])
    return frozenset([*pages, *about_who(knowledge), *knowledge.instruments, WORDS, FILE, SETTLED])


def items_of(entry: QuestionEntry, knowledge: Knowledge) -> tuple[str, ...]:
    """The findings a question asks for."""
    return knowledge.options[entry.group] if entry.group is not None else entry.items


def entry_of(question: str, knowledge: Knowledge) -> QuestionEntry | None:
    """The question with this id."""
    further = [] if knowledge.overview is None else [knowledge.overview]
    return next((q for q in (*knowledge.questions, *further) if q.id == question), None)


def as_put(entry: QuestionEntry, items: tuple[str, ...], why: str, knowledge: Knowledge) -> Question:
    """A question with these of its items, as the interview puts it; the overview with its lines."""
    species = knowledge.species
    shown = ((f, tuple(i for i in f.items if i in items)) for f in entry.families if entry.group is None)
    families = tuple(Family(f.id, f.text[species], own) for f, own in shown if own)
    return Question(entry.id, entry.text[species], items, why, entry.group, families=families)


def asked(story: Story, knowledge: Knowledge) -> tuple[str, ...]:
    """The questions put beyond the fixed pages, in their order."""
    own = fixed(knowledge)
    return tuple(q for q in story.put if q not in own)


def left(story: Story, knowledge: Knowledge) -> int:
    """How many questions may still come before the answer is offered."""
    return max(0, AT_A_TIME * (1 + story.patience) - len(asked(story, knowledge)))


def assessed(story: Story, knowledge: Knowledge, *, reasons: bool = False, further: bool = True) -> Assessment:
    """The assessment as the interview stands. The page of the subject counts as put, filled in or not.

    reasons, further: see `pipeline.assess`; a step of the interview shows no reasons, the answer no further question.

    The limits on questions count those that age, sex, breed and weight answer, and every safety question; here these are
    one page each, so they are added.
    """
    case = replace(case_of(story, knowledge), text=None)
    asking, put = _asking(knowledge, _open(case, knowledge)), (*story.put, *about_who(knowledge))
    return assess(case, asking, skip=put, reasons=reasons, further=further)


def _open(case: Case, knowledge: Knowledge) -> int:
    """How many of the questions about the subject its page left open."""
    known = gather(case, knowledge)
    told = known.present | known.absent
    own = [entry_of(q, knowledge) for q in about_who(knowledge)]
    return sum(told.isdisjoint(items_of(entry, knowledge)) for entry in own if entry is not None)


def following(result: Assessment, story: Story, knowledge: Knowledge) -> Question | None:
    """The next question to put, None when the answer should be offered. Safety questions are always put."""
    question = scope.worth_asking(result)
    if question is None or question.red_flags:
        return question
    return question if left(story, knowledge) else None


def flags(story: Story, knowledge: Knowledge) -> tuple[RedFlag, ...]:
    """The red flags met so far; needs no inference."""
    return triage.red_flags(gather(case_of(story, knowledge), knowledge), knowledge)


def _asking(knowledge: Knowledge, left_open: int) -> Knowledge:
    """The knowledge with the limits on questions made up for the page of the subject."""
    key = (knowledge.species, left_open)
    if key not in _ASKING or _ASKING[key][0] is not knowledge:
        rules = knowledge.interview
        limits = {
            "most_questions": rules.most_questions + len(about_who(knowledge)) + len(checklist(knowledge)),
            "most_unanswered": rules.most_unanswered + left_open,
        }
        _ASKING[key] = (knowledge, replace(knowledge, interview=rules.model_copy(update=limits)))
    return _ASKING[key][1]
