"""The way through: answers travel in the form, nothing is lost, going back and changing works."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from fascicle import load
from fascicle.case_file import parse_case
from fascicle.interview import answered as told
from fascicle.model import Case
from fascicle.pipeline import assess
from fascicle.web.ages import read_age, years_and_months
from fascicle.web.forms import read_form, read_story, write_story
from fascicle.web.saving import case_yaml
from fascicle.web.steps import without_movement
from fascicle.web.story import Answer, Story, case_of, settle, story_of
from tests.web.walk import FORM, answered, at, form_with, forms, items, press, to_movement, to_questions


def story_in(html: str) -> Story:
    """The story in the forms of a page."""
    value = re.search(r'name="story" value="([^"]*)"', html)
    assert value
    return read_story(read_form(urlencode({"story": unescape(value[1])}).encode()), "dog")


def test_a_story_comes_back_from_its_form_as_it_was() -> None:
    """Nothing is lost on the way through the hidden field."""
    story = Story(
        "dog",
        9.5,
        "male",
        "Lab “cross”",
        31.2,
        "he flinches & <b>bites</b>",
        (Answer("danger_now", {"collapse": "-", "pale_gums": "?"}), Answer("kind", {"tremor_rhythmic": "+"})),
        levels={"itching": "mild"},
        observed_by={"itching": "clinician"},
        region="GB",
        asked_before=2,
        patience=1,
    )
    assert read_story(read_form(urlencode({"story": write_story(story)}).encode()), "dog") == story


@pytest.mark.parametrize("age", [0.0, 0.0027, 0.0384, 0.5, 7.0])
def test_every_age_comes_back_from_its_form(age: float) -> None:
    """A newborn is told of with an age of 0; left out, it was answered as a grown-up."""
    story = Story("person", age)
    assert read_story(read_form(urlencode({"story": write_story(story)}).encode()), "person") == story


@pytest.mark.parametrize(
    ("age", "fields"), [(0.0, ("0", "")), (14 / 365, ("", "14 days")), (0.5, ("", "6")), (7.5, ("7.5", ""))]
)
def test_an_age_is_shown_so_that_it_is_read_again_as_it_was(age: float, fields: tuple[str, str]) -> None:
    """Two weeks were shown as 0 months when the page was opened again."""
    assert years_and_months(age) == fields
    assert read_age(*fields) == pytest.approx(age)


def test_what_yaml_cannot_hold_is_saved_by_number() -> None:
    """An apostrophe from a wrong encoding made a file that the program refused."""
    words = "he won\x92t jump\x7f \u2028 \ufeff \U0001f436 “so”"
    told = Story("dog", text=words)
    assert parse_case("saved.yaml", case_yaml(told, load("dog")).encode()).text == words


def test_a_question_is_read_as_the_terminal_reads_it(client: TestClient) -> None:
    """Ticking lines on a page gives the very case that `fascicle ask` makes of them."""
    html = to_questions(client)
    knowledge = load("dog")
    question = assess(case_of(story_in(html), knowledge), knowledge, skip=story_in(html).put).next_question
    assert question is not None
    asked = items(html)
    after = answered(client, html, asked[:1]).text
    from dataclasses import replace

    same = replace(question, id="x", findings=tuple(asked), group=None)
    expected = told(case_of(story_in(html), knowledge), same, asked[:1], knowledge)
    got = case_of(story_in(after), knowledge)
    assert (set(got.present), set(got.absent)) == (set(expected.present), set(expected.absent))


@pytest.mark.parametrize("name", ["danger", "movement", "kinds", "question"])
def test_a_page_with_nothing_ticked_says_so_and_keeps_the_answers(client: TestClient, name: str) -> None:
    """422, the same page, the message at its place, the story unchanged."""
    html = {
        "danger": lambda: client.get("/dog").text,
        "movement": lambda: to_movement(client),
        "kinds": lambda: press(client, to_movement(client), "next", [("family", "shaking")]).text,
        "question": lambda: to_questions(client),
    }[name]()
    again = press(client, html, "next", drop=["f", "none"])
    assert again.status_code == 422
    assert at(again.text) == name
    assert 'role="alert"' in again.text
    assert story_in(again.text) == story_in(html)


def test_an_impossible_age_is_told_at_its_field_and_the_rest_is_kept(client: TestClient) -> None:
    """The breed typed beside it stands there still."""
    html = press(client, client.get("/dog").text, "next", [("none", "1")]).text
    html = press(client, html, "skip").text
    again = press(
        client, html, "next", [("years", "200"), ("breed", "Beagle"), ("weight", "x")], ["years", "breed", "weight"]
    )
    assert again.status_code == 422
    assert 'id="years-e"' in again.text
    assert 'id="weight-e"' in again.text
    assert 'value="Beagle"' in again.text


def test_months_and_pounds_are_understood(client: TestClient) -> None:
    """Eight months and 26 lb."""
    html = press(client, client.get("/dog").text, "next", [("none", "1")]).text
    html = press(
        client,
        press(client, html, "skip").text,
        "next",
        [("months", "8"), ("weight", "26 lb")],
        ["years", "months", "weight"],
    ).text
    assert (story_in(html).age_years, story_in(html).weight_kg) == (0.6667, 11.79)


def test_back_leads_to_the_page_before_with_its_answer(client: TestClient) -> None:
    """From the second question to the first, as it was answered."""
    first = to_questions(client)
    second = answered(client, first).text
    again = press(client, second, "back").text
    assert items(again) == items(first)
    assert "checked" in again
    assert at(press(client, again, "back").text) == "kinds"


def test_an_answer_can_be_changed_from_the_check_page(client: TestClient, checked: str) -> None:
    """Change opens the question, and the answer leads back to the check page."""
    change = next(go for go in re.findall(r'value="(show:answer:\w+)"', checked))
    again = press(client, checked, change).text
    flagged = {f for rule in load("dog").red_flags for f in (*rule.all, *rule.any)}
    after = answered(client, again, [next(f for f in items(again) if f not in flagged)]).text
    assert at(after) == "check"
    assert story_in(after) != story_in(checked)


def test_a_contradiction_is_shown_with_its_question_and_can_be_settled(client: TestClient, checked: str) -> None:
    """Itching yes and no: the question stands on the check page; answering it settles it."""
    knowledge = load("dog")
    story = settle(story_in(checked), {})
    both = story.answered(Answer("case_file", {"lameness": "+"}), Answer("settled", {"lameness": "-"}))
    assert "lameness" in case_of(both, knowledge).present
    fields = [("story", write_story(both)), ("at", "question"), ("go", "check")]
    html = client.post("/dog/step", content=urlencode(fields), headers=FORM).text
    assert "do not fit together" in html
    assert knowledge.findings["lameness"].ask["dog"] in unescape(html)
    action, sent = next((a, f) for a, f, _ in forms(html) if ("settle", "lameness") in f)
    after = client.post(action, content=urlencode([*sent, ("s_lameness", "absent"), ("go", "next")]), headers=FORM).text
    assert "do not fit together" not in after
    assert "lameness" in case_of(story_in(after), knowledge).absent


def test_the_saved_file_is_what_assess_reads_and_opens_again(client: TestClient, checked: str) -> None:
    """Save, read as a case, open: the same evidence."""
    _, fields = form_with(checked, "answer")
    saved = client.post("/dog/save", content=urlencode(fields), headers=FORM)
    assert "attachment" in saved.headers["content-disposition"]
    case = parse_case("x.yaml", saved.content)
    assert case == case_of(story_in(checked), load("dog"))
    opened = client.post(
        "/dog/open", files={"file": ("mine.yaml", saved.content)}, headers={"sec-fetch-site": "same-origin"}
    )
    assert opened.status_code == 200
    assert at(opened.text) == "check"
    again = case_of(story_in(opened.text), load("dog"))
    assert (set(again.present), set(again.absent), again.choices) == (set(case.present), set(case.absent), case.choices)


@pytest.mark.parametrize(
    "content", [b"", b"species: [", b"species: dog\npresent: [nonsense]", b"\xff\xfe", b"species: cat"]
)
def test_a_file_that_is_no_case_is_refused_in_plain_words(client: TestClient, content: bytes) -> None:
    """4xx and a page, never an error of the server."""
    answer = client.post("/dog/open", files={"file": ("x.yaml", content)}, headers={"sec-fetch-site": "same-origin"})
    assert 400 <= answer.status_code < 500
    assert "<h1" in answer.text


def test_a_file_with_contradictions_keeps_both_sides() -> None:
    """What is present and absent in a file is a contradiction here too."""
    knowledge = load("dog")
    case = Case("dog", present=["itching"], absent=["itching"])
    again = case_of(story_of(case, knowledge), knowledge)
    assert ("itching" in again.present, "itching" in again.absent) == (True, True)


@pytest.mark.parametrize("species", ["dog", "cat", "person"])
def test_who_cannot_tell_how_it_moves_is_saved_and_opened_as_that(species: str) -> None:
    """“I cannot tell” stands in the file and comes back from it, alone or beside other answers; “none” does not."""
    knowledge = load(species)
    for story in (Story(species), Story(species, answers=(Answer("own_words", {"itching": "+"}),))):
        unsure = without_movement(story, knowledge, unsure=True)
        saved = parse_case("x.yaml", case_yaml(unsure, knowledge).encode())
        assert saved.unclear
        assert case_of(story_of(saved, knowledge), knowledge) == saved
        none = without_movement(story, knowledge, unsure=False)
        assert "unclear" not in case_yaml(none, knowledge)


def test_the_answer_is_that_of_the_engine(client: TestClient, checked: str, result: str) -> None:
    """The page shows the urgency and the leading cause that `assess` gives for the saved case."""
    knowledge = load("dog")
    expected = assess(case_of(story_in(checked), knowledge), knowledge)
    assert f"urgency-{expected.urgency.level.id}" in result
    first = re.search(r'class="cause-name"><a href="/library/dog/causes/(\w+)"', result)
    assert first and first[1] == expected.explanations[0].cause


def test_the_story_stands_in_no_address(client: TestClient, result: str) -> None:
    """Links carry nothing of the case; only posted forms do."""
    links = re.findall(r'(?:href|action)="([^"]*)"', result)
    assert [link for link in links if "?" in link and not link.startswith(("/static/", "http"))] == []
    assert not re.search(r'<form[^>]*method="get"', result)


@pytest.mark.parametrize(
    "value",
    [
        "{",
        '{"species":"dog"}',
        '{"species":"cat","answers":[]}',
        '{"species":"dog","answers":[["x","!y"]]}',
        '{"species":"dog","answers":[["X y","+a"]]}',
        json.dumps({"species": "dog", "answers": [], "age_years": "9"}),
    ],
)
def test_a_damaged_story_is_refused(client: TestClient, value: str) -> None:
    """422 in plain words."""
    answer = client.post("/dog/step", content=urlencode({"story": value, "at": "check", "go": "answer"}), headers=FORM)
    assert answer.status_code == 422
    assert "damaged" in answer.text


def test_an_unknown_finding_keeps_the_answers(client: TestClient) -> None:
    """The error page has the story and a way on."""
    story = '{"species":"dog","answers":[["case_file","+no_such_thing"]]}'
    answer = client.post("/dog/step", content=urlencode({"story": story, "at": "check", "go": "answer"}), headers=FORM)
    assert answer.status_code == 422
    assert "Go on with your answers" in answer.text
    assert "no_such_thing" in answer.text


@pytest.mark.parametrize(("sign", "level"), [("toxin_access_known", "today"), ("paralysis", "emergency_now")])
def test_a_red_flag_shows_at_once_how_soon_to_act_and_the_interview_can_go_on(
    client: TestClient, sign: str, level: str
) -> None:
    """A line of the first page that wants a vet today or now is answered with the urgency and what to do; then it goes on."""
    html = press(client, client.get("/dog").text, "next", [("f", sign)]).text
    assert at(html) == "alarm"
    assert f"urgency-{level}" in html
    assert "What to do now" in html
    assert at(press(client, html, "more").text) == "words"
