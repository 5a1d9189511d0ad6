"""Questionnaires in the pages: offered where they help, carried in the form, taken out again, and shown on paper."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from fascicle import load
from fascicle.case_file import parse_case
from fascicle.web.forms import BadForm, Form, read_story, write_story
from fascicle.web.story import Answer, Story, case_of, story_of
from tests.web.walk import FORM, at, forms, press

GAD7 = [(f"q{number}", score) for number, score in enumerate("1121111")]
CALF = "present: [twitch_limb]\nchoices: {place: place_calf_or_foot}"


def opened(client: TestClient, told: str, species: str = "person") -> str:
    """The page where the answers of a case are checked."""
    raw = f"species: {species}\n{told}\n".encode()
    answer = client.post(
        f"/{species}/open", files={"file": ("case.yaml", raw)}, headers={"sec-fetch-site": "same-origin"}
    )
    return str(answer.text)


def offered(html: str) -> list[str]:
    """The questionnaires a page leads to."""
    return re.findall(r'value="show:instrument:(\w+)"', html)


def story_in(html: str) -> Story:
    """The story in the forms of a page."""
    value = re.search(r'name="story" value="([^"]*)"', html)
    assert value
    return read_story(Form({"story": (unescape(value[1]),)}), "person")


@pytest.fixture(scope="module")
def answer(client: TestClient) -> str:
    """The answer to an adult's twitching calf."""
    return str(press(client, opened(client, f"age_years: 40\n{CALF}"), "answer").text)


@pytest.fixture(scope="module")
def scored(client: TestClient, answer: str) -> str:
    """The same answer after the seven questions about worry."""
    return str(press(client, press(client, answer, "show:instrument:gad7").text, "next", GAD7).text)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (CALF, ["gad7", "restless_legs_four"]),
        ("present: [twitch_limb]\nchoices: {place: place_arm_or_hand}", ["gad7"]),
        ("present: [urge_to_move_legs_evening]", ["gad7", "restless_legs_four"]),
        (f"age_years: 9\n{CALF}", []),
        ("present: [twitch_limb, collapse]", []),
    ],
)
def test_a_questionnaire_is_offered_where_it_helps(client: TestClient, told: str, expected: list[str]) -> None:
    """Restless legs where legs are the place or it is ticked; none for a child the pages are not for, none in an emergency."""
    checked = opened(client, told)
    assert (offered(checked), offered(press(client, checked, "answer").text)) == (expected, expected)


def test_no_questionnaire_is_offered_for_a_dog(client: TestClient, result: str) -> None:
    """They are about people."""
    assert offered(result) == []


def test_the_score_stands_on_the_result_and_its_finding_in_the_story(scored: str) -> None:
    """8 of 21 is mild, and “tense or anxious” is so."""
    assert (at(scored), offered(scored)) == ("result", ["gad7", "restless_legs_four"])
    assert "GAD-7: 8 of 21, mild" in scored
    assert "says nothing about whether an illness is there" in scored
    told = story_in(scored)
    assert dict(told.scores) == {"gad7": (1, 1, 2, 1, 1, 1, 1)}
    assert "stress_or_anxiety_high" in case_of(told, load("person")).present


def test_the_score_stands_on_paper_and_in_the_file_that_is_kept(client: TestClient, scored: str) -> None:
    """The file opens again with what the score said."""
    assert "GAD-7: 8 of 21, mild" in press(client, scored, "show:print").text
    action, fields = next((action, fields) for action, fields, _ in forms(scored) if action.endswith("/save"))
    kept = client.post(action, content=urlencode(fields), headers=FORM).text
    assert "# GAD-7: 8 of 21, mild" in kept
    assert "stress_or_anxiety_high" in parse_case("kept.yaml", kept.encode()).present


def test_an_unanswered_row_is_named_and_what_was_chosen_stays(client: TestClient, answer: str) -> None:
    """Six of seven: the page comes back with one thing to mend, and six rows ticked."""
    again = press(client, press(client, answer, "show:instrument:gad7").text, "next", GAD7[:6])
    assert (again.status_code, at(again.text)) == (422, "instrument")
    assert re.findall(r'href="#(q\d)"', again.text) == ["q6"]
    assert again.text.count(" checked") == 6
    assert press(client, again.text, "next", GAD7[6:]).status_code == 200


def test_the_answers_can_be_changed_and_taken_out(client: TestClient, scored: str) -> None:
    """They stand filled in; taken out, nothing of them is left."""
    form = press(client, scored, "show:instrument:gad7").text
    assert form.count(" checked") == 7
    without = press(client, form, "skip").text
    told = story_in(without)
    assert (dict(told.scores), told.answer("gad7")) == ({}, None)
    assert "GAD-7: " not in without


def test_a_score_replaces_what_was_said_before(client: TestClient) -> None:
    """No contradiction is left between an earlier yes and a score of 0."""
    told = opened(client, f"{CALF.replace('[', '[stress_or_anxiety_high, ')}")
    form = press(client, press(client, told, "answer").text, "show:instrument:gad7").text
    after = press(client, form, "next", [(f"q{number}", "0") for number in range(7)]).text
    case = case_of(story_in(after), load("person"))
    assert ("stress_or_anxiety_high" in case.present, "stress_or_anxiety_high" in case.absent) == (False, True)
    assert "do not fit together" not in after


def test_back_leads_to_where_it_was_opened(client: TestClient, answer: str) -> None:
    """From the answer and from the check."""
    checked = press(client, answer, "check").text
    for page, name in ((answer, "result"), (checked, "check")):
        assert at(press(client, press(client, page, "show:instrument:gad7").text, "back").text) == name


def test_the_check_names_the_score_and_asking_goes_on(client: TestClient, scored: str) -> None:
    """A questionnaire counts as no question of the interview; back from the check leads to a question or the movement."""
    checked = press(client, scored, "check").text
    assert "GAD-7: 8 of 21, mild" in checked
    assert at(press(client, checked, "back").text) in ("question", "kinds")
    assert at(press(client, checked, "more").text) in ("question", "check")


def test_a_severe_score_names_a_doctor_and_a_crisis_line(client: TestClient, answer: str) -> None:
    """On the result, with 15 or more."""
    form = press(client, answer, "show:instrument:gad7").text
    severe = press(client, form, "next", [(f"q{number}", "3") for number in range(7)]).text
    assert "GAD-7: 21 of 21, severe" in severe
    assert "See a doctor soon" in severe
    assert "crisis line" in severe


@pytest.mark.parametrize("field", [("instrument", "nothing"), ("q0", "9"), ("q0", "x")])
def test_what_no_page_of_ours_sends_is_refused(client: TestClient, answer: str, field: tuple[str, str]) -> None:
    """An unknown questionnaire, an answer that is no choice."""
    form = press(client, answer, "show:instrument:gad7").text
    sent = press(client, form, "next", [*GAD7[1:], field], drop=[field[0]])
    assert sent.status_code == 422


@pytest.mark.parametrize(
    "scores",
    ['{"gad7":"1"}', '{"gad7":[true]}', '{"gad7":[1.5]}', '{"GAD 7":[1]}', "[1]", '{"gad7":[' + "0," * 99 + "0]}"],
)
def test_a_story_with_damaged_scores_is_refused(scores: str) -> None:
    """Only short lists of whole numbers come back from the form."""
    raw = f'{{"species":"person","scores":{scores},"answers":[]}}'
    with pytest.raises(BadForm):
        read_story(Form({"story": (raw,)}), "person")


def test_scores_come_back_from_the_form_as_they_were() -> None:
    """Nothing is lost on the way through the hidden field."""
    story = Story("person", answers=(Answer("gad7", {"itching": "+"}),), scores={"gad7": (0, 1), "gad2": (2, 3)})
    assert read_story(Form({"story": (write_story(story),)}), "person") == story


def test_a_story_with_too_few_answers_to_a_questionnaire_keeps_the_rest(client: TestClient) -> None:
    """A page that was tampered with is refused, not broken."""
    story = story_of(parse_case("x.yaml", b"species: person\npresent: [twitch_limb]\n"), load("person"))
    from dataclasses import replace

    fields = {"story": write_story(replace(story, scores={"gad7": (1,)})), "at": "check", "go": "answer"}
    sent = client.post("/person/step", content=urlencode(fields), headers=FORM)
    assert (sent.status_code, "7 questions, and 1 answers" in sent.text) == (422, True)


def test_the_library_holds_questionnaires_and_diaries(client: TestClient) -> None:
    """Each with a page; unknown ones are missing."""
    assert "/library/person/instruments" in client.get("/library").text
    listed = client.get("/library/person/instruments").text
    for name in ("gad7", "gad2", "restless_legs_four", "cramp_diary", "twitch_diary"):
        assert f"/library/person/instruments/{name}" in listed
        assert client.get(f"/library/person/instruments/{name}").status_code == 200
    assert client.get("/library/person/instruments/whiteley").status_code == 404
    assert client.get("/library/dog/instruments/gad7").status_code == 404


def test_the_answer_about_a_person_leads_to_the_diaries(answer: str, result: str) -> None:
    """The dog's does not."""
    address = "/library/person/instruments/twitch_diary"
    assert (address in answer, address in result) == (True, False)


def test_a_diary_has_its_rows(client: TestClient) -> None:
    """Twenty-eight days and four weeks, each with a number."""
    html = client.get("/library/person/instruments/twitch_diary").text
    assert html.count('<th scope="row">') == 32


def test_four_times_yes_adds_the_urge_to_the_movement_and_less_takes_nothing_away(client: TestClient) -> None:
    """The only movement that was told does not vanish because one of the four is not so."""
    told = press(client, opened(client, "present: [urge_to_move_legs_evening]"), "answer").text
    form = press(client, told, "show:instrument:restless_legs_four").text
    for score in ("0", "1"):
        after = press(client, form, "next", [(f"q{number}", score) for number in range(4)]).text
        assert case_of(story_in(after), load("person")).present == ("urge_to_move_legs_evening",)
    calf = press(client, press(client, opened(client, CALF), "answer").text, "show:instrument:restless_legs_four").text
    after = press(client, calf, "next", [(f"q{number}", "1") for number in range(4)]).text
    assert set(case_of(story_in(after), load("person")).present) == {"twitch_limb", "urge_to_move_legs_evening"}
