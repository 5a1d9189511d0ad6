"""Reads what was answered on each page of the interview into the story. Pure; what cannot be is said at its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from fascicle import doses
from fascicle.case_checks import known_breed
from fascicle.errors import CaseError
from fascicle.interview import answered
from fascicle.knowledge.base import Knowledge
from fascicle.model import Case, Question
from fascicle.web.ages import read_age
from fascicle.web.context import Wrong
from fascicle.web.forms import LONGEST_TEXT, BadForm, Form
from fascicle.web.questions import (
    PLACE,
    as_put,
    checklist,
    entry_of,
    items_of,
    kind_question,
    place_question,
)
from fascicle.web.story import ABSENT, PRESENT, UNSURE, WORDS, Answer, Story, settle

WITHOUT_BREED = (
    "Choose one from the list, or write “mixed”. To go on without it leave it as it is: it is kept, but not used."
)
STATUS = {"present": PRESENT, "absent": ABSENT, "unknown": UNSURE}
LONGEST_NAME = 80


class Mend(Exception):
    """Something on the page has to be mended first; nothing is lost."""

    def __init__(self, *wrong: Wrong) -> None:
        super().__init__("; ".join(each.words for each in wrong))
        self.wrong = wrong


def read_danger(story: Story, form: Form, knowledge: Knowledge) -> Story:
    """Is any of this happening now? What is not ticked is not so, once anything or “none” is; not sure of the rest, it is
    open and what is ticked still counts."""
    ticked, none = set(form.all("f")), bool(form.one("none"))
    skipped = form.one("go") == "skip"
    if not ticked and not none and not skipped:
        raise Mend(
            Wrong("none", "Tick every line that is so, or “None of these”. If you cannot tell, choose “I cannot tell”.")
        )
    if ticked and none:
        raise Mend(Wrong("none", "“None of these” is ticked, and a line as well. Untick one of the two."))
    given = []
    for entry in checklist(knowledge):
        if skipped:
            given.append(Answer(entry.id, unsure_but(entry.items, ticked)))
        else:
            given.append(Answer(entry.id, marks(as_put(entry, entry.items, "", knowledge), ticked, knowledge)))
    return story.answered(*given)


def read_words(story: Story, form: Form, knowledge: Knowledge) -> Story:
    """The text; nothing is taken from it before it is confirmed."""
    text = form.one("text")
    if form.one("go") == "skip" and not text:
        return replace(story.without([WORDS]), text=None)
    if len(text) > LONGEST_TEXT:
        raise Mend(Wrong("text", f"This is longer than {LONGEST_TEXT:,} letters. Shorten it to what matters most."))
    return replace(story, text=text or None)


def read_who(story: Story, form: Form, knowledge: Knowledge) -> Story:
    """Age, sex, breed and weight, and what was confirmed of the text."""
    wrong: list[Wrong] = []
    age = _age(form, knowledge, wrong)
    kg = _weight(form.one("weight"), knowledge, wrong)
    sex = form.one("sex") or None
    if sex is not None and sex not in knowledge.profile.sexes:
        raise BadForm("That is not one of the choices. Go back and choose again.")
    breed = form.one("breed") or None
    if breed is not None and len(breed) > LONGEST_NAME:
        wrong.append(Wrong("breed", "That is too long for a breed. Give its name."))
    elif (
        breed not in (None, form.one("breed_seen"))
        and form.one("go") == "next"
        and not known_breed(str(breed), knowledge)
    ):
        wrong.append(Wrong("breed", f"The breed “{breed}” is not in the list. {WITHOUT_BREED}"))
    heard = form.all("heard")
    said = {}
    for finding in heard:
        if finding not in knowledge.findings:
            raise BadForm("There is no such line. Go back and send the page again.")
        told = form.one(f"s_{finding}")
        if not told and form.one("go") == "back":  # it is asked again when they come forward
            continue
        if not told and form.one("go") != "answer":  # the answer wanted at once: what is left open is not sure
            name = knowledge.findings[finding].name
            wrong.append(Wrong(f"s_{finding}", f"{name}: say yes, no or not sure."))
        said[finding] = STATUS.get(told, UNSURE)
    if wrong:
        raise Mend(*wrong)
    story = replace(story, age_years=age, weight_kg=kg, sex=sex, breed=breed)
    return _undenied(story, said, knowledge).answered(Answer(WORDS, said)) if said else story.without([WORDS])


def read_families(form: Form, knowledge: Knowledge) -> tuple[str, ...] | None:
    """The lines ticked of what the movement looks like, None when it cannot be told, empty for none."""
    known = {family.id for family in kind_question(knowledge).families}
    ticked = tuple(each for each in form.all("family") if each in known)
    if form.one("go") == "skip":
        return ticked or None
    if not ticked and not form.one("none"):
        raise Mend(
            Wrong("none", "Tick the lines that fit, or “None of these”. If you cannot tell, choose “I cannot tell”.")
        )
    if ticked and form.one("none"):
        raise Mend(Wrong("none", "“None of these” is ticked, and a line as well. Untick one of the two."))
    return ticked


def without_movement(story: Story, knowledge: Knowledge, *, unsure: bool) -> Story:
    """The story when no kind of movement is known: none fits, or it cannot be told."""
    kinds = kind_question(knowledge)
    return story.answered(Answer(kinds.id, dict.fromkeys(items_of(kinds, knowledge), UNSURE) if unsure else {}))


def read_kinds(story: Story, form: Form, knowledge: Knowledge) -> Story:
    """The exact movements, and the place."""
    kinds, place = kind_question(knowledge), place_question(knowledge)
    options = items_of(kinds, knowledge)
    ticked = [f for f in options if f in form.all("f")]
    skipped = form.one("go") == "skip"
    if not ticked and not skipped and not form.one("none"):
        raise Mend(
            Wrong(
                "none",
                "Tick the pictures or lines that fit, or “None of these”. If you cannot tell, choose “I cannot tell”.",
            )
        )
    if ticked and form.one("none"):
        raise Mend(Wrong("none", "“None of these” is ticked, and a line as well. Untick one of the two."))
    marked = dict.fromkeys(options, UNSURE) if skipped and not ticked else dict.fromkeys(ticked, PRESENT)
    story = _unheard(story, options).answered(Answer(kinds.id, marked))
    if place is None or skipped:
        return story
    where = form.one(PLACE)
    if where and where not in items_of(place, knowledge):
        raise BadForm("There is no such place. Go back and choose again.")
    return story.answered(Answer(place.id, {where: PRESENT} if where else {}))


def read_question(story: Story, form: Form, knowledge: Knowledge) -> Story:
    """The answer to one question of the interview."""
    entry = entry_of(form.one("question"), knowledge)
    if entry is None:
        raise BadForm("There is no such question. Go back and send the page again.")
    items = tuple(f for f in items_of(entry, knowledge) if f in form.all("item"))
    if not items:
        raise BadForm("The question came back without its lines. Go back and send it again.")
    if form.one("go") == "skip":
        return story.answered(Answer(entry.id, unsure_but(items, form.all("f"))))
    if entry.group is None and len(items) == 1:
        told = form.one("answer")
        if told not in STATUS:
            raise Mend(Wrong("answer-present", "Choose yes, no or not sure."))
        return story.answered(Answer(entry.id, {items[0]: STATUS[told]}))
    ticked = [f for f in items if f in form.all("f")]
    none = bool(form.one("none"))
    alone = entry.group is not None and not knowledge.groups[entry.group].several
    if not ticked and not none:
        words = "Choose the line that fits best" if alone else "Tick every line that is so, or “None of these”"
        raise Mend(Wrong(f"f-{items[0]}" if alone else "none", f"{words}. If you cannot tell, choose “I cannot tell”."))
    if ticked and none:
        raise Mend(Wrong("none", "“None of these” is ticked, and a line as well. Untick one of the two."))
    return story.answered(Answer(entry.id, marks(as_put(entry, items, "", knowledge), ticked, knowledge)))


def read_settled(story: Story, form: Form, knowledge: Knowledge) -> Story:
    """The answers that settle a contradiction."""
    said = {}
    for finding in form.all("settle"):
        told = form.one(f"s_{finding}")
        if finding not in knowledge.findings:
            raise BadForm("There is no such line. Go back and send the page again.")
        if told in STATUS:
            said[finding] = STATUS[told]
    if not said:
        raise Mend(Wrong("settle", "Say for each line whether it is so."))
    return settle(story, said)


def unsure_but(items: Iterable[str], ticked: Iterable[str]) -> dict[str, str]:
    """Not sure of these lines, but for those that were ticked: “I cannot tell” takes nothing back."""
    told = set(ticked)
    return {f: PRESENT if f in told else UNSURE for f in items}


def marks(question: Question, ticked: Iterable[str], knowledge: Knowledge) -> dict[str, str]:
    """What ticking these lines of a question says of each that was read, as the interview in the terminal reads it."""
    ticked = tuple(ticked)
    told = answered(Case(species=knowledge.species), question, ticked, knowledge)
    present, absent = {*told.present, *told.choices.values()}, set(told.absent)
    read = question.opened_by(ticked)
    said = {f: PRESENT if f in present else ABSENT if f in absent else UNSURE for f in read}
    return {f: mark for f, mark in said.items() if question.group is None or mark == PRESENT}


def _undenied(story: Story, said: Mapping[str, str], knowledge: Knowledge) -> Story:
    """The story without the blanket “none of these” of what is said to be so since: a yes to one line outweighs it."""
    so = knowledge.ties.generals([finding for finding, mark in said.items() if mark == PRESENT])
    lists = {entry.id for entry in checklist(knowledge)}
    kept = (
        replace(a, said={f: mark for f, mark in a.said.items() if mark != ABSENT or f not in so})
        if a.question in lists
        else a
        for a in story.answers
    )
    return replace(story, answers=tuple(kept))


def _unheard(story: Story, options: Iterable[str]) -> Story:
    """The story without what the text said of these findings, for the pictures have been asked since."""
    heard = story.answer(WORDS)
    if heard is None:
        return story
    kept = {f: mark for f, mark in heard.said.items() if f not in set(options)}
    return story.answered(Answer(WORDS, kept)) if kept else story.without([WORDS])


def _age(form: Form, knowledge: Knowledge, wrong: list[Wrong]) -> float | None:
    """Years and months as years."""
    told = [form.one(name) for name in ("years", "months")]
    if not any(told):
        return None
    limit = knowledge.profile.limits.age_years
    try:
        age = read_age(*told)
    except ValueError:
        wrong.append(Wrong("years", "The age is not understood. Write it in figures, such as 9, 7 1/2 or 10 weeks."))
        return None
    if not limit.low <= age <= limit.high:
        wrong.append(Wrong("years", f"That age is not possible. Give {limit.low:g} to {limit.high:g} {limit.unit}."))
        return None
    return round(age, 4)


def _weight(text: str, knowledge: Knowledge, wrong: list[Wrong]) -> float | None:
    """Kilograms; pounds where they are named."""
    if not text:
        return None
    try:
        return round(doses.weight(text if text[-1].isalpha() else f"{text} kg", knowledge), 2)
    except CaseError as error:
        wrong.append(Wrong("weight", f"{str(error)[:1].upper()}{str(error)[1:]}"))
        return None
