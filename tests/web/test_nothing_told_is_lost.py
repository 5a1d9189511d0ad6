"""What was ticked or typed counts, whichever button is pressed, and one page does not say less than the one before it."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.testclient import TestClient

from fascicle import Level, load
from fascicle.evidence import gather
from fascicle.web import flow
from fascicle.web.context_answers import AlarmPage, ResultPage
from fascicle.web.forms import Form, write_story
from fascicle.web.questions import checklist, flags, kind_question
from fascicle.web.story import ABSENT, PRESENT, UNSURE, Story, case_of
from tests.web.walk import at, form_with, press

TODAY = date(2026, 11, 30)
"""Only the print-out shows the date."""
ASKED = "how soon"
"""Of the line that stands where an answer does not say itself how soon to act."""


def read(name: str, story: Story, **fields: tuple[str, ...]) -> Story:
    """The story after one page was sent."""
    return flow.READERS[name](story, Form(fields), load(story.species))


def marks(story: Story) -> dict[str, str]:
    """Every finding with what was said of it last."""
    return {finding: mark for answer in story.answers for finding, mark in answer.said.items()}


@pytest.mark.parametrize(
    ("species", "sign"), [("dog", "collapse"), ("cat", "collapse"), ("person", "breathing_trouble")]
)
def test_not_sure_of_the_rest_takes_no_danger_sign_back(client: TestClient, species: str, sign: str) -> None:
    """“I cannot tell” under a ticked line leaves the other lines open, and the alarm comes."""
    found = marks(read("danger", Story(species), f=(sign,), go=("skip",)))
    lines = [f for q in checklist(load(species)) for f in q.items]
    assert found == dict.fromkeys(lines, UNSURE) | {sign: PRESENT}
    page = client.get(f"/{species}").text
    assert at(press(client, page, "skip", [("f", sign)]).text) == "alarm"


def test_not_sure_of_the_rest_keeps_the_ticks_of_every_later_page() -> None:
    """A ticked family opens its lines, a ticked line of a question is so, and typed words are read."""
    knowledge = load("dog")
    family = kind_question(knowledge).families[0].id
    shown = flow.step(Story("dog"), Form({"at": ("movement",), "go": ("skip",), "family": (family,)}), knowledge, TODAY)
    assert shown.template == "kinds.html"
    question = next(q for q in knowledge.questions if not q.group and not q.first and len(q.items) > 2)
    ticked, *rest = question.items
    story = read("question", Story("dog"), question=(question.id,), item=question.items, f=(ticked,), go=("skip",))
    assert marks(story) == {ticked: PRESENT, **dict.fromkeys(rest, UNSURE)}
    assert read("words", Story("dog"), text=("He shakes.",), go=("skip",)).text == "He shakes."


def test_a_confirmed_line_of_the_words_outweighs_none_of_these() -> None:
    """Who ticks “none of these” and then says yes to mouldy food has eaten it: no contradiction, and the red flag stands."""
    none = read("danger", Story("dog"), none=("1",))
    assert marks(none)["toxin_access_known"] == ABSENT
    heard = ("tremor_rhythmic", "mouldy_food_or_compost_access")
    story = read("who", none, heard=heard, **{f"s_{finding}": ("present",) for finding in heard})
    evidence = gather(case_of(story, load("dog")), load("dog"))
    assert evidence.conflicts == ()
    assert {*heard, "toxin_access_known"} <= evidence.present


def test_a_denied_line_of_the_words_does_not_outweigh_a_ticked_danger_sign() -> None:
    """The other way round it is a contradiction, and the worse reading counts."""
    ticked = read("danger", Story("dog"), f=("collapse",))
    story = read("who", ticked, heard=("collapse",), s_collapse=("absent",))
    assert [c.findings for c in gather(case_of(story, load("dog")), load("dog")).conflicts] == [("collapse",)]


@pytest.mark.slow
@pytest.mark.parametrize("species", ["dog", "cat", "person"])
def test_the_alarm_says_what_the_answer_says_right_after_it(species: str) -> None:
    """For every danger sign told alone: the same level, a reason for it, and no “ask how soon” where that is said."""
    knowledge = load(species)
    for sign in (f for q in checklist(knowledge) for f in q.items):
        form = Form({"at": ("danger",), "go": ("next",), "f": (sign,)})
        alarm = flow.step(Story(species), form, knowledge, TODAY).page
        if not isinstance(alarm, AlarmPage):
            continue
        story = read("danger", Story(species), f=(sign,))
        result = flow.show("result", story, Form(), knowledge, TODAY).page
        assert isinstance(result, ResultPage)
        assert (sign, alarm.urgency.level) == (sign, result.urgency.level)
        assert alarm.reasons
        assert set(alarm.reasons) <= set(result.reasons)
        assert [line.words for line in alarm.now if ASKED in line.words] == []
        if alarm.urgency.level is Level.EMERGENCY_NOW and result.not_for is not None:
            assert result.not_for.now == ()


@pytest.mark.parametrize(
    ("species", "sign"), [("dog", "pale_gums"), ("cat", "dragging_limb_or_knuckling"), ("person", "dark_urine")]
)
def test_no_page_after_an_alarm_says_less_than_the_alarm(species: str, sign: str) -> None:
    """“So far” stood at “today” on the page after an emergency: the rule alone asks for less than the whole answer."""
    knowledge = load(species)
    rules = max(flag.level for flag in flags(read("danger", Story(species), f=(sign,)), knowledge))
    alarm = flow.step(Story(species), Form({"at": ("danger",), "go": ("next",), "f": (sign,)}), knowledge, TODAY).page
    assert isinstance(alarm, AlarmPage)
    assert alarm.urgency.level > rules
    assert alarm.likely == ()
    told = read("danger", Story(species), f=(sign,))
    for name in ("words", "who", "movement", "danger"):
        page = flow.show(name, told, Form(), knowledge, TODAY).page
        assert (name, page.so_far, page.likely) == (name, alarm.urgency, ())


def test_an_alarm_before_the_movement_was_asked_for_tells_only_what_the_danger_asks_for() -> None:
    """Who is short of breath was told what to do after a hit on the head, “for nothing moves”."""
    knowledge = load("person")
    alarm = flow.step(
        Story("person", 45),
        Form({"at": ("danger",), "go": ("next",), "f": ("breathing_trouble",)}),
        knowledge,
        TODAY,
    )
    assert isinstance(alarm.page, AlarmPage)
    wanted = {rule.act for rule in knowledge.red_flags} | {level.means for level in knowledge.triage.levels.values()}
    assert [line.words for line in alarm.page.now if line.words not in wanted] == []


def test_an_answer_wanted_before_the_movement_was_asked_for_says_so() -> None:
    """Nobody is told that this is not made for what they told, when they were not asked; the way to the question is there."""
    story = read("who", read("danger", Story("dog"), none=("1",)), years=("3",))
    result = flow.show("result", story, Form(), load("dog"), TODAY).page
    assert isinstance(result, ResultPage)
    assert result.not_for is not None
    assert (result.not_for.name, result.not_for.mend) == ("You have not said yet what it looks like", "show:movement")
    assert write_story(story) == result.story


def test_back_keeps_what_stands_on_the_page_it_leaves(client: TestClient) -> None:
    """An age changed and a line of the words answered are there again when the page is come back to; what is open stays open."""
    words = press(client, client.get("/dog").text, "next", [("none", "1")]).text
    who = press(client, words, "next", [("text", "He shakes. Is it itching?")], drop=["text"]).text
    changed = [("years", "7"), ("s_tremor_rhythmic", "absent")]
    back = press(client, who, "back", changed, drop=["years", "s_tremor_rhythmic", "s_itching"]).text
    assert at(back) == "words"
    again = press(client, back, "next").text
    fields = dict(form_with(again, "next")[1])
    assert (fields["years"], fields["s_tremor_rhythmic"], fields.get("s_itching")) == ("7", "absent", None)


def test_back_from_a_page_that_cannot_be_read_yet_keeps_the_rest() -> None:
    """A page left half filled in, or with a wrong age, is left as it was; nothing earlier is lost."""
    before = read("danger", Story("dog"), f=("collapse",))
    form = Form({"at": ("who",), "go": ("back",), "years": ("no number",)})
    shown = flow.step(before, form, load("dog"), TODAY)
    assert (shown.template, shown.status) == ("words.html", 200)
    assert shown.page.story == write_story(before)
