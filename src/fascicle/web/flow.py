"""From one page of the interview to the next: reads what was answered, decides what is shown. Pure, and computes in a thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from fascicle.knowledge.base import Knowledge
from fascicle.model import Level
from fascicle.web import asking, questions
from fascicle.web.answering import alarm_page, result_page, why_not_page
from fascicle.web.checking import check_page
from fascicle.web.context import StepPage
from fascicle.web.forms import BadForm, Form
from fascicle.web.instruments import instrument_page, read_instrument
from fascicle.web.printing import print_page
from fascicle.web.steps import (
    Mend,
    read_danger,
    read_families,
    read_kinds,
    read_question,
    read_settled,
    read_who,
    read_words,
    without_movement,
)
from fascicle.web.story import WORDS, Story

AFTER = {
    "danger": "words",
    "words": "who",
    "who": "movement",
    "movement": "kinds",
    "kinds": "question",
    "question": "question",
    "instrument": "result",
}
ASKING = ("who", "movement", "kinds", "question")
"""Pages from which the answer may be asked for at once; what was filled in there counts first, as with “Go on”."""
BEFORE = {"words": "danger", "who": "words", "movement": "who", "kinds": "movement"}
READERS = {
    "danger": read_danger,
    "words": read_words,
    "who": read_who,
    "kinds": read_kinds,
    "question": read_question,
    "check": read_settled,
    "instrument": read_instrument,
}
CARRIED = frozenset({"story", "at", "then", "go", "question", "why", "item", "opened", "heard"})
"""Fields that a page sends along whatever is answered."""
PAGES = ("danger", "words", "who", "movement", "kinds", "question", "check", "result", "print")


@dataclass(frozen=True)
class Shown:
    """A page to show. status: 200, or 422 when something has to be mended."""

    template: str
    page: StepPage
    status: int = 200


def step(story: Story, form: Form, knowledge: Knowledge, today: date) -> Shown:
    """Return the page after this form. Raises BadForm for one of no page of ours; other errors keep the answers."""
    at, go = form.one("at"), form.one("go") or "next"
    if go == "back":
        return _back(with_page(story, at, form, knowledge), at, form, knowledge, today)
    if go.startswith("show:"):
        return show(go.removeprefix("show:"), story, form, knowledge, today)
    if go == "why_not":
        feared = form.one("cause")
        if feared and feared not in knowledge.causes:
            raise BadForm("There is no such cause. Go back and choose one of the list.")
        return show(f"why_not:{feared}" if feared else "result", story, Form(), knowledge, today)
    if go == "check" or (go == "answer" and (at not in ASKING or not filled(form))):
        return show("result" if go == "answer" else "check", story, form, knowledge, today)
    if go == "more":
        wanted = form.one("then") or "question"
        more = replace(story, patience=story.patience + 1) if at in ("check", "result") else story
        return show(wanted if wanted in PAGES and at == "alarm" else "question", more, form, knowledge, today)
    if at == "movement":
        return _families(story, form, knowledge, today)
    if at not in READERS:
        raise BadForm("This page was not expected here. Start again, or open a saved case.")
    try:
        told = READERS[at](story, form, knowledge)
        met = questions.flags(told, knowledge)
    except Mend as mend:
        return _again(at, story, form, knowledge, today, mend)
    then = "check" if at == "check" or form.one("then") == "check" else AFTER[at]
    if go == "answer":
        then = "result"
    elif at == "who" and then == "movement" and _kinds_heard(told, knowledge):
        then = "kinds"
    level = max((flag.level for flag in met), default=Level.NORMAL)
    if level > story.shown:
        told = replace(told, shown=level)
        if level >= Level.TODAY and then != "result":  # the answer itself says it, and more
            return Shown(
                "alarm.html", alarm_page(told, knowledge, questions.assessed(told, knowledge, further=False), met, then)
            )
    return show(then, told, Form(), knowledge, today)


def filled(form: Form) -> bool:
    """Whether anything was filled in or ticked on a page, beside what it carries along."""
    return any(value.strip() for name, values in form.fields.items() if name not in CARRIED for value in values)


def show(name: str, story: Story, form: Form, knowledge: Knowledge, today: date) -> Shown:
    """Return a page by its name; `answer:<question>` opens one question again, `instrument:<id>` a questionnaire, and
    `why_not:<cause>` asks about a cause."""
    then = Form({"then": form.all("then")}) if form.one("then") else Form()
    if name == "danger":
        return Shown("danger.html", asking.danger_page(story, knowledge, then))
    if name == "words":
        return Shown("words.html", asking.words_page(story, knowledge, then))
    if name == "who":
        return Shown("who.html", asking.who_page(story, knowledge, then))
    if name == "movement":
        return Shown("movement.html", asking.movement_page(story, knowledge, then))
    if name == "kinds":
        return Shown("kinds.html", asking.kinds_page(story, knowledge, then, _opened(story, knowledge)))
    if name.startswith("answer:"):
        again = asking.reopened(name.removeprefix("answer:"), story, knowledge)
        if again is None:
            raise BadForm("That question was not put. Go back and choose another.")
        return Shown("question.html", asking.question_page(story, knowledge, again, then, None))
    if name.startswith("instrument:"):
        return Shown("instrument.html", instrument_page(story, knowledge, name.removeprefix("instrument:"), then))
    if name.startswith("why_not:"):
        return Shown("why_not.html", why_not_page(story, knowledge, name.removeprefix("why_not:")))
    if name not in PAGES:
        raise BadForm("There is no such page. Go back and choose another.")
    if name == "result":
        result = questions.assessed(story, knowledge, reasons=True, further=False)
        return Shown("result.html", result_page(story, knowledge, result, today))
    if name == "print":
        result = questions.assessed(story, knowledge, reasons=True, further=False)
        return Shown("print.html", print_page(story, knowledge, result, today))
    result = questions.assessed(story, knowledge)
    question = questions.following(result, story, knowledge) if name == "question" else None
    if question is None:
        return Shown("check.html", check_page(story, knowledge, Form(), result))
    return Shown("question.html", asking.question_page(story, knowledge, question, then, result))


def _families(story: Story, form: Form, knowledge: Knowledge, today: date) -> Shown:
    """The first step of the movement: a few plain lines. None or not sure ends it here."""
    try:
        opened = read_families(form, knowledge)
    except Mend as mend:
        return Shown("movement.html", asking.movement_page(story, knowledge, form, mend.wrong), 422)
    if opened:
        then = Form({"then": form.all("then")})
        return Shown("kinds.html", asking.kinds_page(story, knowledge, then, opened))
    told = without_movement(story, knowledge, unsure=opened is None)
    return show("check" if form.one("then") == "check" else "question", told, Form(), knowledge, today)


def with_page(story: Story, at: str, form: Form, knowledge: Knowledge) -> Story:
    """The story with what stands on a page that is left by its Back; as it was where that cannot be read yet."""
    if at not in READERS or not filled(form):
        return story
    try:
        return READERS[at](story, form, knowledge)
    except (Mend, BadForm):
        return story


def _back(story: Story, at: str, form: Form, knowledge: Knowledge, today: date) -> Shown:
    """The page before this one, with what was answered there."""
    if form.one("then") == "check":
        return show("check", story, Form(), knowledge, today)
    if at in BEFORE:
        return show(BEFORE[at], story, Form(), knowledge, today)
    put = questions.asked(story, knowledge)
    reopened = form.one("question")
    if reopened in put:
        put = put[: put.index(reopened)]
    if at in ("question", "check") and put:
        return show(f"answer:{put[-1]}", story, Form(), knowledge, today)
    if at in ("why_not", "print", "instrument"):
        return show("result", story, Form(), knowledge, today)
    return show("check" if at == "result" else "kinds", story, Form(), knowledge, today)


def _again(at: str, story: Story, form: Form, knowledge: Knowledge, today: date, mend: Mend) -> Shown:
    """The same page with what has to be mended, and everything that was filled in."""
    if at == "question":
        return Shown("question.html", _asked_again(story, form, knowledge, mend), 422)
    if at == "check":
        page = check_page(story, knowledge, form, questions.assessed(story, knowledge), mend.wrong)
        return Shown("check.html", page, 422)
    if at == "instrument":
        again = instrument_page(story, knowledge, form.one("instrument"), form, mend.wrong)
        return Shown("instrument.html", again, 422)
    if at == "kinds":
        return Shown("kinds.html", asking.kinds_page(story, knowledge, form, form.all("opened"), mend.wrong), 422)
    pages = {"danger": asking.danger_page, "words": asking.words_page, "who": asking.who_page}
    return Shown(f"{at}.html", pages[at](story, knowledge, form, mend.wrong), 422)


def _asked_again(story: Story, form: Form, knowledge: Knowledge, mend: Mend) -> StepPage:
    """The same question once more, as it was put."""
    entry = questions.entry_of(form.one("question"), knowledge)
    assert entry is not None  # it was read before
    items = tuple(f for f in questions.items_of(entry, knowledge) if f in form.all("item"))
    put = questions.as_put(entry, items, form.one("why"), knowledge)
    return asking.question_page(story, knowledge, put, form, None, mend.wrong)


def _opened(story: Story, knowledge: Knowledge) -> tuple[str, ...]:
    """The families that hold what is known of the movement."""
    entry = questions.kind_question(knowledge)
    known = {f for answer in story.answers if answer.question in (entry.id, WORDS) for f in answer.marked("+")}
    return tuple(family.id for family in entry.families if known.intersection(family.items))


def _kinds_heard(story: Story, knowledge: Knowledge) -> bool:
    """Whether the text told what the movement looks like, so that only the exact lines need looking over."""
    return bool(_opened(story, knowledge))
