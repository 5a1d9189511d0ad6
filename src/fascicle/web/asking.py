"""The pages that ask, as contexts: what stands on each, what was already answered, how urgent it is so far."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from fascicle import intake
from fascicle.evidence import gather
from fascicle.interview import everything_else
from fascicle.knowledge.base import Knowledge
from fascicle.model import AlsoPresent, Assessment, Explanation, Level, Question, Status
from fascicle.report.shares import between, percent
from fascicle.web import pictures as drawn_by_species
from fascicle.web.ages import years_and_months
from fascicle.web.context import (
    Checklist,
    Choice,
    DangerPage,
    KindsPage,
    LevelWords,
    Mention,
    MovementPage,
    QuestionPage,
    Theme,
    WhoPage,
    WordsPage,
    Wrong,
)
from fascicle.web.forms import LONGEST_TEXT, Form, write_story
from fascicle.web.hearing import heard_in
from fascicle.web.questions import (
    as_put,
    asked,
    assessed,
    checklist,
    entry_of,
    flags,
    items_of,
    kind_question,
    left,
    place_question,
    topic,
)
from fascicle.web.story import ABSENT, PRESENT, UNSURE, WORDS, Story, case_of
from fascicle.web.subject import asks_weight, breeds_of, named

LIKELY = 5
STEPS = 5
"""Pages before the questions; for the bar of progress."""
AGAIN = "You asked to change this answer."


def level_words(level: Level, knowledge: Knowledge) -> LevelWords:
    """An urgency in the words of the knowledge."""
    text = knowledge.triage.levels[level.id]  # type: ignore[index]
    return LevelWords(level, text.name, text.means)


def frame(
    story: Story, knowledge: Knowledge, result: Assessment | None = None, *, causes: bool = True
) -> dict[str, Any]:
    """What every page of the interview has. Without a result the urgency stands there only once a red flag is met, and then it is
    that of the whole answer, as on the alarm before: a page that says less would take the alarm back. causes: name the likeliest.
    """
    if result is None and flags(story, knowledge):
        result, causes = assessed(story, knowledge, further=False), False
    so_far = None if result is None else level_words(result.urgency.level, knowledge)
    likely = result.explanations[:LIKELY] if result is not None and result.outside is None and causes else ()
    return {
        **named(knowledge),
        "story": write_story(story),
        "so_far": so_far,
        "likely": tuple(
            Mention(
                e.name,
                percent(e.probability, knowledge.triage.telling),
                between(e.low, e.high, knowledge.triage.telling),
            )
            for e in likely
        ),
    }


def mention(e: Explanation | AlsoPresent, knowledge: Knowledge) -> Mention:
    """One line of a list of causes."""
    telling = knowledge.triage.telling
    return Mention(e.name, percent(e.probability, telling), between(e.low, e.high, telling))


def danger_page(story: Story, knowledge: Knowledge, form: Form, wrong: tuple[Wrong, ...] = ()) -> DangerPage:
    """Is any of this happening now?"""
    ticked = set(form.all("f")) if wrong else _present(story, [q.id for q in checklist(knowledge)])
    lists = tuple(
        Checklist(q.id, topic(q.text[knowledge.species]), _choices(q.items, knowledge, ticked))
        for q in checklist(knowledge)
    )
    none = bool(form.one("none")) if wrong else not ticked and story.answer(checklist(knowledge)[0].id) is not None
    return DangerPage(
        title="Is any of this happening now?",
        at="danger",
        back=False,
        lists=lists,
        none=none,
        errors=wrong,
        then=form.one("then"),
        **frame(story, knowledge),
    )


def words_page(story: Story, knowledge: Knowledge, form: Form, wrong: tuple[Wrong, ...] = ()) -> WordsPage:
    """In your own words."""
    return WordsPage(
        title="In your own words",
        question=knowledge.wording.tell,
        hint=knowledge.wording.tell_hint,
        at="words",
        text=form.one("text") if wrong else story.text or "",
        longest=LONGEST_TEXT,
        errors=wrong,
        then=form.one("then"),
        **frame(story, knowledge),
    )


def who_page(story: Story, knowledge: Knowledge, form: Form, wrong: tuple[Wrong, ...] = ()) -> WhoPage:
    """Who it is about; what the text told is filled in, to be looked over."""
    reading = intake.read(story.text, knowledge) if story.text else None
    details = {d.field: d.value for d in getattr(reading, "details", ())}
    age = story.age_years if story.age_years is not None else details.get("age_years")
    kg = story.weight_kg if story.weight_kg is not None else details.get("weight_kg")
    years, months = years_and_months(age)
    filled = bool(details) and story.age_years is None and story.breed is None
    heard = heard_in(story, knowledge, reading, form if wrong else None)
    return WhoPage(
        title=f"About {knowledge.profile.yours}" if not heard else "Is this right?",
        at="who",
        sexes=tuple((sex, sex.replace("_", ", ").capitalize()) for sex in knowledge.profile.sexes),
        breeds=breeds_of(knowledge),
        asks_weight=asks_weight(knowledge),
        asks_months=bool(months) or knowledge.profile.age_bands[0].at_least < 1,
        heard=heard,
        text=story.text or "",
        filled=filled and not wrong,
        unread=bool(story.text) and not heard and not details,
        errors=wrong,
        then=form.one("then"),
        years=form.one("years") if wrong else years,
        months=form.one("months") if wrong else months,
        weight=form.one("weight") if wrong else "" if kg is None else f"{kg:g}",
        breed=form.one("breed") if wrong else story.breed or str(details.get("breed", "")),
        sex=form.one("sex") if wrong else story.sex or str(details.get("sex", "")),
        **frame(story, knowledge),
    )


def movement_page(story: Story, knowledge: Knowledge, form: Form, wrong: tuple[Wrong, ...] = ()) -> MovementPage:
    """What the movement looks like, first in a few plain lines."""
    entry, species = kind_question(knowledge), knowledge.species
    known = _present(story, [entry.id, WORDS])
    ticked = set(form.all("family")) if wrong else {f.id for f in entry.families if known.intersection(f.items)}
    pictures = drawn_by_species.movements(species)
    choices = tuple(
        Choice(f.id, f.text[species], "", f.id in ticked, next((pictures[i] for i in f.items if i in pictures), ""))
        for f in entry.families
        if species in f.text
    )
    return MovementPage(
        title=entry.text[species],
        at="movement",
        question=entry.text[species],
        hint=knowledge.groups[str(entry.group)].help,
        choices=choices,
        none=_none(story, entry.id, form, wrong),
        errors=wrong,
        then=form.one("then"),
        **frame(story, knowledge),
    )


def kinds_page(
    story: Story, knowledge: Knowledge, form: Form, opened: Collection[str], wrong: tuple[Wrong, ...] = ()
) -> KindsPage:
    """The exact movement in pictures and words, and the place on the body."""
    entry, species = kind_question(knowledge), knowledge.species
    known = _present(story, [entry.id, WORDS])
    ticked = set(form.all("f")) if wrong else known
    held = {i for family in entry.families if family.id in opened for i in family.items} or set(
        items_of(entry, knowledge)
    )
    items = [i for i in items_of(entry, knowledge) if i in held or i in known]
    pictures = drawn_by_species.movements(species)
    place = place_question(knowledge)
    at = form.one("place") if wrong else _place(story, knowledge)
    drawn, names = drawn_by_species.place_map(species)
    places = () if place is None else items_of(place, knowledge)
    return KindsPage(
        title="Which of these is it like?",
        at="kinds",
        question="Which of these is it like? Tick every one that fits.",
        choices=_choices(items, knowledge, ticked, pictures, full=True),
        opened=tuple(opened),
        shapes=drawn_by_species.movement_parts(species) if pictures else "",
        place_question="" if place is None else place.text[species],
        place_hint=knowledge.wording.place_hint,
        places=tuple(Choice(p, names.get(p, knowledge.findings[p].name), ticked=p == at) for p in places),
        map=drawn,
        none=_none(story, entry.id, form, wrong),
        errors=wrong,
        then=form.one("then"),
        **frame(story, knowledge),
    )


def question_page(
    story: Story,
    knowledge: Knowledge,
    question: Question,
    form: Form,
    result: Assessment | None,
    wrong: tuple[Wrong, ...] = (),
) -> QuestionPage:
    """One question, with what was answered to it before."""
    several = question.group is None or knowledge.groups[question.group].several
    alone = question.group is None and len(question.findings) == 1
    known = story.answer(question.id)
    ticked = set(form.all("f")) if wrong else set(known.marked(PRESENT)) if known else set()
    first = knowledge.findings[question.findings[0]]
    chosen = ""
    if alone and known is not None:
        chosen = {PRESENT: "present", ABSENT: "absent", UNSURE: "unknown"}.get(known.said.get(first.id, ""), "")
    return QuestionPage(
        title=first.ask[knowledge.species] if alone else question.text,
        at="question",
        question_id=question.id,
        question=first.ask[knowledge.species] if alone else question.text,
        kind="yes_no" if alone else "themes" if question.families else "all" if several else "one",
        choices=_choices(question.findings, knowledge, ticked, full=question.group is not None),
        themes=tuple(
            Theme(f.id, f.text, _choices(f.findings, knowledge, ticked), not ticked.isdisjoint(f.findings))
            for f in question.families
        ),
        hint=first.help if alone else "" if question.group is None else knowledge.groups[question.group].help,
        why=question.why,
        chosen=chosen,
        none=_none(story, question.id, form, wrong),
        errors=wrong,
        then=form.one("then"),
        most_left=left(story, knowledge),
        in_all=STEPS + left(story, knowledge) + len(asked(story, knowledge)),
        **frame(story, knowledge, result),
    )


def reopened(question: str, story: Story, knowledge: Knowledge) -> Question | None:
    """A question that was put, to be answered afresh: with the lines it had; the overview with all not told elsewhere."""
    entry, answer = entry_of(question, knowledge), story.answer(question)
    if entry is None or answer is None:
        return None
    items = items_of(entry, knowledge)
    if entry == knowledge.overview:
        before = gather(case_of(story.without([question]), knowledge), knowledge)
        return replace(everything_else(entry, before, knowledge), why=AGAIN)
    shown = tuple(i for i in items if i in answer.said) if entry.group is None else items
    return as_put(entry, shown or items, AGAIN, knowledge)


def _choices(
    items: Collection[str],
    knowledge: Knowledge,
    ticked: Collection[str],
    pictures: dict[str, str] | None = None,
    *,
    full: bool = False,
) -> tuple[Choice, ...]:
    """Findings as lines to tick: by name with their help, or the options of a list in their full words."""
    found = [knowledge.findings[i] for i in items]
    return tuple(
        Choice(
            f.id, f.ask[knowledge.species] if full else f.name, f.help, f.id in ticked, (pictures or {}).get(f.id, "")
        )
        for f in found
    )


def _none(story: Story, question: str, form: Form, wrong: tuple[Wrong, ...]) -> bool:
    """Whether “none of these” was the answer."""
    known = story.answer(question)
    if wrong or known is None:
        return bool(form.one("none"))
    return not known.marked(PRESENT) and not known.marked(UNSURE)


def _place(story: Story, knowledge: Knowledge) -> str:
    """The place that was chosen, or that the text plainly tells."""
    place = place_question(knowledge)
    if place is None:
        return ""
    known = story.answer(place.id)
    if known is not None:
        return next(iter(known.marked(PRESENT)), "")
    reading = intake.read(story.text, knowledge) if story.text else None
    told = [s.finding for s in getattr(reading, "suggestions", ()) if s.status is Status.PRESENT and s.sure]
    return next((p for p in items_of(place, knowledge) if p in told), "")


def _present(story: Story, questions: Collection[str]) -> set[str]:
    return {f for each in story.answers if each.question in questions for f in each.marked(PRESENT)}
