"""The pages for people: a doctor and an ambulance, never a vet; and what is not made for a case says so first."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from fascicle import load
from fascicle.web.questions import kind_question
from tests.web.walk import at, press

ANIMALS = re.compile(r"\b(vets?|pets?|owners?|paws?)\b", re.IGNORECASE)


def words(html: str) -> str:
    """What is to be read of a page about a person; the choice of others aside."""
    main = html.partition("<main")[2].partition("</main>")[0] or html
    return re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", " ", main, flags=re.DOTALL))


def told(client: TestClient, kinds: tuple[str, ...], **who: str) -> str:
    """A person's story up to the page where answers are checked: no danger, who it is, the movement."""
    page = press(client, client.get("/person").text, "next", [("none", "1")]).text
    page = press(client, page, "next", [("text", "")], drop=["text"]).text
    page = press(client, page, "next", list(who.items()), drop=[*who]).text
    assert at(page) == "movement"
    opened = [f.id for f in kind_question(load("person")).families if not set(kinds).isdisjoint(f.items)]
    page = press(client, page, "next", [("family", each) for each in opened] if kinds else [("none", "1")]).text
    if kinds:
        assert at(page) == "kinds"
        page = press(client, page, "next", [("f", kind) for kind in kinds]).text
    return str(page)


def answered(client: TestClient, page: str) -> str:
    """The answer from here."""
    return str(press(client, page, "answer").text)


@pytest.mark.parametrize(
    "path",
    [
        "/person",
        "/emergency/person",
        "/library/person/causes",
        "/library/person/findings",
        "/library/person/toxins",
        "/library/person/claims",
        "/library/person/causes/als_mnd",
    ],
)
def test_no_page_about_people_speaks_of_vets_or_pets(client: TestClient, path: str) -> None:
    """Nor of owners and paws."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert ANIMALS.findall(words(answer.text)) == []


def test_the_answer_and_the_print_out_speak_of_a_doctor(client: TestClient) -> None:
    """From the first question to the paper."""
    page = answered(client, told(client, ("twitch_face_or_eyelid",), years="30"))
    paper = press(client, page, "show:print").text
    for shown in (page, paper):
        assert ANIMALS.findall(words(shown)) == []
        assert "doctor" in words(shown)
    assert "Breed" not in words(paper)
    assert "Weight" not in words(paper)


def test_a_person_is_asked_for_neither_breed_nor_weight_nor_months(client: TestClient) -> None:
    """A dog is asked for all three."""
    asked = {}
    for species in ("person", "dog"):
        page = press(client, client.get(f"/{species}").text, "next", [("none", "1")]).text
        page = press(client, page, "next", [("text", "")], drop=["text"]).text
        asked[species] = {name for name in ("years", "months", "breed", "weight", "sex") if f'name="{name}"' in page}
    assert asked == {"person": {"years", "sex"}, "dog": {"years", "months", "breed", "weight", "sex"}}


def test_a_child_is_told_so_before_anything_else(client: TestClient) -> None:
    """The card stands on top with what to do, the urgent part follows; no causes, no “not recognised”, no empty part."""
    page = answered(client, told(client, ("twitch_face_or_eyelid",), years="8"))
    text = words(page)
    assert text.index("This is not for a child") < text.index("See a doctor within days")
    for absent in (
        "Not recognised",
        "What may explain it",
        "Why not something worse",
        "Safe checks",
        "When to look again",
    ):
        assert absent not in text
    assert "It would be more urgent with any of this" in text
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert at(press(client, page, "show:who").text) == "who"


def test_nothing_that_moves_is_told_so_and_can_be_mended(client: TestClient) -> None:
    """“None of these” to every movement: not for this, and the way back to the movements."""
    page = answered(client, told(client, (), years="50"))
    text = words(page)
    assert "This is not made for what you told" in text
    assert "What may explain it" not in text
    assert "What to film" not in text
    assert at(press(client, page, "show:movement").text) == "movement"


def test_who_cannot_tell_the_movement_still_gets_an_answer(client: TestClient) -> None:
    """With a warning that it is a rough guess."""
    page = press(client, client.get("/person").text, "next", [("none", "1")]).text
    page = press(client, page, "next", [("text", "")], drop=["text"]).text
    page = press(client, page, "next", [("years", "50")], drop=["years"]).text
    page = press(client, page, "skip").text
    text = words(answered(client, page))
    assert "rough guess" in text
    assert "What may explain it" in text


def test_any_cause_that_is_feared_can_be_asked_about(client: TestClient) -> None:
    """Also one too unlikely to be listed; nothing chosen shows the answer again."""
    page = answered(client, told(client, ("twitch_face_or_eyelid",), years="30"))
    assert "Why not “Motor neurone disease (ALS)”" in press(client, page, "why_not", [("cause", "als_mnd")]).text
    assert at(press(client, page, "why_not", [("cause", "")]).text) == "result"
    assert press(client, page, "why_not", [("cause", "no_such")]).status_code == 422


def test_the_likeliest_cause_is_said_to_be_the_likeliest(client: TestClient) -> None:
    """Whoever asks why not the leading cause is told that it leads, not that nothing would put it first."""
    page = answered(client, told(client, ("twitch_face_or_eyelid",), years="30"))
    leading = re.search(r'class="cause-name"><a href="/library/person/causes/(\w+)"', page)
    assert leading
    text = words(press(client, page, "why_not", [("cause", leading[1])]).text)
    assert "It is the likeliest already." in text
    assert "Why not “" not in text and "would put it first" not in text


def test_thoughts_of_ending_life_lead_to_a_line_to_talk_to(client: TestClient) -> None:
    """The alarm names whom to talk to, with numbers."""
    page = press(client, client.get("/person").text, "next", [("f", "suicidal_thoughts")]).text
    assert at(page) == "alarm"
    assert "Samaritans" in page
    assert 'href="tel:116123"' in page


def test_poisons_of_people_are_advice_without_doses(client: TestClient) -> None:
    """The library and the interface for programs say to ring, and give no dose."""
    page = words(client.get("/library/person/toxins").text)
    assert load("person").wording.no_doses is not None
    assert "ring a poison line" in page
    answer = client.post("/api/v1/toxin", json={"species": "person", "name": "caffeine", "weight": "70kg"})
    assert answer.status_code == 200
    assert "poison line" in answer.json()["name"]


def test_what_pages_talk_about_stands_beside_how_likely_it_is(client: TestClient) -> None:
    """A flicker under the skin: ALS with how many pages name it and a small figure, in a table with headings."""
    page = answered(client, told(client, ("fasciculation_wormlike",), years="34"))
    section = page.partition('<h2 id="pages">')[2].partition("</section>")[0]
    row = next(row for row in section.split("<tr>") if "als_mnd" in row)
    assert re.search(r"9 of 20</td><td><strong>(?:under\s)?[\d,]+\sin\s100,000</strong>", row)
    assert len(re.findall(r'<th scope="col">', section)) == 3
    assert 'href="#pages"' in page


@pytest.mark.parametrize(
    ("signs", "there"),
    [
        ("", True),
        (", progressive_weakness, muscle_wasting", False),
        (", breathing_trouble", False),
        (", loss_of_awareness, seizure_generalised", False),
    ],
)
def test_what_pages_talk_about_never_stands_beside_a_danger(client: TestClient, signs: str, there: bool) -> None:
    """The same twitch with weakness and thin muscles, short of breath or with a fit: nothing there may soothe."""
    case = f"species: person\nage_years: 34\npresent: [twitch_limb, place_calf_or_foot{signs}]\n"
    page = client.post(
        "/person/open", files={"file": ("case.yaml", case)}, headers={"sec-fetch-site": "same-origin"}
    ).text
    page = answered(client, page)
    assert at(page) == "result"
    assert ("What pages talk about" in page) is there
