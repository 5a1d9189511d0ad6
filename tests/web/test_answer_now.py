"""“Show the answer now” counts what stands on the page it is pressed on."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.walk import at, press

CALM = "She scratches and bites at the base of her tail, it itches all the time."


def told(client: TestClient, text: str, species: str = "dog") -> str:
    """The page where what was read from these words is looked over; the plain ones stand at “yes”."""
    words = press(client, str(client.get(f"/{species}").text), "next", [("none", "1")]).text
    found = str(press(client, str(words), "next", [("text", text)], drop=["text"]).text)
    assert at(found) == "who"
    return found


@pytest.mark.parametrize(
    ("species", "text", "says", "level"),
    [
        ("dog", "Tonight he had a fit for a minute.", "had a fit", "emergency_now"),
        ("cat", "She cannot stand and is shaking all over.", "cannot stand", "emergency_now"),
        (
            "person",
            "I take apixaban, fell on my head last week and have a headache.",
            "fell on my head",
            "emergency_now",
        ),
    ],
)
def test_danger_read_from_the_words_counts(client: TestClient, species: str, text: str, says: str, level: str) -> None:
    """Lines confirmed on the page are not thrown away: what is dangerous is in the answer."""
    page = told(client, text, species)
    assert says in page
    answer = press(client, page, "answer").text
    assert at(answer) == "result"
    assert f'class="urgency urgency-{level}"' in answer


def test_a_calm_story_leads_to_its_answer(client: TestClient) -> None:
    """What was confirmed is in the answer, which is about it."""
    answer = press(client, told(client, CALM), "answer").text
    assert at(answer) == "result"
    assert "itch" in answer.lower()


@pytest.mark.slow
def test_what_was_read_and_left_open_holds_up_no_answer(client: TestClient) -> None:
    """A guess from the words that nobody has settled counts as not sure; “Go on” asks for it still."""
    page = told(client, "My eyelid twitches. I sleep badly. My brother has epilepsy.", "person")
    assert "My brother has epilepsy" in page
    assert at(press(client, page, "answer").text) == "result"
    again = press(client, page, "next")
    assert (again.status_code, at(again.text)) == (422, "who")
    assert "Known epilepsy: say yes, no or not sure." in again.text


def test_a_mistake_is_mended_before_the_answer(client: TestClient) -> None:
    """An age nobody has is said on the page, with the lines kept."""
    again = press(client, told(client, CALM), "answer", [("years", "400")], drop=["years"])
    assert (again.status_code, at(again.text)) == (422, "who")


@pytest.mark.parametrize(("family", "shown"), [("fit_or_absent", "kinds"), ("", "result")])
def test_a_group_of_movements_is_opened_and_an_empty_page_passed_over(
    client: TestClient, family: str, shown: str
) -> None:
    """“A fit or a faint” alone names no movement yet; with nothing ticked nothing is asked back."""
    movement = press(client, told(client, "He is five."), "next").text
    assert at(movement) == "movement"
    assert at(press(client, movement, "answer", [("family", family)] if family else []).text) == shown


def test_a_question_left_empty_is_passed_over(client: TestClient) -> None:
    """The answer comes from what was told before it."""
    kinds = press(client, press(client, told(client, "He is five."), "next").text, "next", [("family", "shaking")]).text
    question = press(client, kinds, "next", [("f", "tremor_rhythmic")]).text
    assert at(question) == "question"
    assert at(press(client, question, "answer").text) == "result"
