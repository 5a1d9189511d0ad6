"""The page where the answers are looked over: everything told, and the contradictions with what settles them."""

from __future__ import annotations

from collections.abc import Mapping

from fascicle import scope
from fascicle.evidence import gather
from fascicle.knowledge.base import Knowledge
from fascicle.model import Assessment
from fascicle.web.ages import age_words
from fascicle.web.asking import frame
from fascicle.web.context import CheckPage, Choice, Settle, Told, Wrong
from fascicle.web.forms import Form
from fascicle.web.instruments import offers, scores
from fascicle.web.questions import checklist, entry_of, kind_question, place_question
from fascicle.web.story import ABSENT, FILE, PRESENT, UNSURE, WORDS, Story, case_of


def check_page(
    story: Story, knowledge: Knowledge, form: Form, result: Assessment, wrong: tuple[Wrong, ...] = ()
) -> CheckPage:
    """Check your answers, with the contradictions and what settles them."""
    conflicts = tuple(
        Settle(c.why, c.question, tuple(Choice(f, knowledge.findings[f].ask[knowledge.species]) for f in c.findings))
        for c in gather(case_of(story, knowledge), knowledge).conflicts
    )
    return CheckPage(
        title="Check your answers",
        at="check",
        told=tuple(_told(story, knowledge)),
        conflicts=conflicts,
        errors=wrong,
        more=scope.worth_asking(result) is not None,
        offers=offers(story, knowledge, result),
        **frame(story, knowledge, result),
    )


def _told(story: Story, knowledge: Knowledge) -> list[Told]:
    """Every page with what was answered on it."""
    danger = [story.answer(q.id) for q in checklist(knowledge)]
    so = [knowledge.findings[f].name for a in danger if a for f in a.marked(PRESENT)]
    unsure = any(a.marked(UNSURE) and not a.marked(PRESENT) and not a.marked(ABSENT) for a in danger if a)
    rows = [
        Told("danger", "Urgent signs", tuple(so) or ("Not answered" if unsure or not any(danger) else "None of these",))
    ]
    rows.append(Told("words", "In your own words", (story.text or "Nothing written",)))
    who = [
        *([age_words(story.age_years)] if story.age_years is not None else []),
        *([story.sex.replace("_", ", ").capitalize()] if story.sex else []),
        *([story.breed] if story.breed else []),
        *([f"{story.weight_kg:g} kg"] if story.weight_kg is not None else []),
    ]
    heard = story.answer(WORDS)
    rows.append(
        Told(
            "who",
            f"About {knowledge.profile.yours}",
            (*who, *(_said(heard.said, knowledge) if heard else ())) or ("Not answered",),
        )
    )
    kinds = story.answer(kind_question(knowledge).id)
    place = place_question(knowledge)
    at = story.answer(place.id) if place else None
    lines = [knowledge.findings[f].name for each in (kinds, at) if each for f in each.marked(PRESENT)]
    rows.append(Told("kinds" if lines else "movement", "The movement", tuple(lines) or ("Not answered",)))
    shown = (
        {q.id for q in checklist(knowledge)} | {WORDS, kind_question(knowledge).id} | ({place.id} if place else set())
    )
    for each in scores(story, knowledge):
        given = story.answer(each.id)
        counted = _said(given.said, knowledge) if given and given.said else ()
        rows.append(Told(f"instrument:{each.id}", each.name, (each.words, *counted)))
    for answer in story.answers:
        if answer.question in shown or answer.question in story.scores:
            continue
        entry = entry_of(answer.question, knowledge)
        name = (
            entry.text[knowledge.species]
            if entry
            else "From the file"
            if answer.question == FILE
            else "What you settled"
        )
        rows.append(Told(f"answer:{answer.question}" if entry else "", name, _said(answer.said, knowledge)))
    return rows


def _said(said: Mapping[str, str], knowledge: Knowledge) -> tuple[str, ...]:
    names = {
        mark: [knowledge.findings[f].name for f, each in said.items() if each == mark and f in knowledge.findings]
        for mark in "+-?"
    }
    lines = [f"Yes: {'; '.join(names[PRESENT])}"] if names[PRESENT] else []
    lines += [f"No: {'; '.join(names[ABSENT])}"] if names[ABSENT] else []
    lines += ["Not sure"] if names[UNSURE] and not lines else []
    return tuple(lines) or ("None of these",)
