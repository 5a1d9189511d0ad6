"""What people read and write on the pages: ages, breeds, amounts, a day to look again, sources by name, the print-out."""

from __future__ import annotations

import re
from datetime import date

import pytest
from starlette.testclient import TestClient

from fascicle import Level, load
from fascicle.knowledge.base import Knowledge
from fascicle.web.again import look_again
from fascicle.web.ages import read_age
from fascicle.web.sources import short_name
from tests.web.walk import at, press, to_check, to_movement, to_questions


@pytest.fixture(scope="module")
def dog() -> Knowledge:
    """The knowledge of dogs."""
    return load("dog")


@pytest.mark.parametrize(
    ("years", "months", "expected"),
    [
        ("7", "", 7.0),
        ("7 1/2", "", 7.5),
        ("7½", "", 7.5),
        ("7,5", "", 7.5),
        ("10 weeks", "", 70 / 365),
        ("", "10 weeks", 70 / 365),
        ("", "6", 0.5),
        ("1", "3", 1.25),
        ("1 year 3 months", "", 1.25),
        ("8 months old", "", 8 / 12),
        ("half a year", "", 0.5),
    ],
)
def test_an_age_is_read_as_people_write_it(years: str, months: str, expected: float) -> None:
    """Fractions, weeks and words are understood in either field."""
    assert read_age(years, months) == pytest.approx(expected)


@pytest.mark.parametrize("told", ["old", "7 apples", "-3", "7 / 0", "1e9", "nan"])
def test_what_is_no_age_is_refused(told: str) -> None:
    """Nothing is guessed from words that are no age."""
    with pytest.raises(ValueError, match=r".+"):
        read_age(told)


def who(client: TestClient, words: str = "") -> str:
    """The page of the subject."""
    html = press(client, client.get("/dog").text, "next", [("none", "1")]).text
    return str(
        press(client, html, "next", [("text", words)], ["text"]).text if words else press(client, html, "skip").text
    )


def test_an_unknown_breed_is_said_at_its_field_once(client: TestClient) -> None:
    """The first time the page says it at the field; sent again as it is the questions go on."""
    first = press(client, who(client), "next", [("breed", "Blorpdog")], ["breed"])
    again = press(client, first.text, "next")
    assert (first.status_code, at(first.text), 'id="breed-e"' in first.text) == (422, "who", True)
    assert (again.status_code, at(again.text)) == (200, "movement")


@pytest.mark.parametrize("name", ["mongrel", "Crossbreed", "mixed", "cross-breed"])
def test_a_dog_of_no_breed_is_understood(client: TestClient, name: str) -> None:
    """It goes on at once, and no note says that the breed was not used."""
    answer = press(client, who(client), "next", [("breed", name)], ["breed"])
    assert (answer.status_code, at(answer.text)) == (200, "movement")


@pytest.mark.parametrize("name", ["moggy", "DSH", "mixed"])
def test_a_cat_of_no_breed_is_understood(name: str) -> None:
    """A moggy settles nothing and is no unknown breed."""
    from fascicle.case_checks import known_breed

    assert known_breed(name, load("cat"))


def test_after_a_mistake_the_summary_has_the_focus_and_the_field_names_its_error(client: TestClient) -> None:
    """The summary is focused as the page opens, and the field is described by its error and its hint."""
    html = press(client, who(client), "next", [("weight", "abc")], ["weight"]).text
    assert re.search(r'<div class="errors"[^>]* autofocus>', html)
    assert 'aria-describedby="weight-e weight-h" aria-invalid="true"' in html


def test_the_place_can_be_left_open_again(client: TestClient) -> None:
    """A place once chosen can be taken back."""
    html = press(client, to_movement(client), "next", [("family", "twitches_and_jerks")]).text
    assert re.search(r'<input type="radio" name="place" value="" id="place-unknown"><span[^>]*>I cannot tell', html)


@pytest.mark.parametrize("species", ["dog", "cat", "person"])
def test_the_first_page_asks_once_whether_any_is_so(client: TestClient, species: str) -> None:
    """The headings name what the lines have in common."""
    html = client.get(f"/{species}").text
    headings = re.findall(r'<h2 class="kicker"[^>]*>(.*?)</h2>', html)
    assert headings != []
    assert [each for each in headings if "any of this so" in each.lower()] == []


def test_watching_at_home_has_a_day(dog: Knowledge) -> None:
    """The number of days stands in the knowledge, is said in words, and makes a date."""
    days = dog.triage.levels["watch"].look_again_days
    assert days is not None
    assert f"in {days} days" in dog.triage.levels["watch"].means
    assert look_again(Level.WATCH, dog, date(2026, 11, 30)).startswith("Look again on Monday 7 December, in 7 days")


@pytest.mark.parametrize("level", [Level.TODAY, Level.WITHIN_DAYS, Level.ROUTINE])
def test_who_is_to_be_seen_is_not_told_to_wait_and_look(dog: Knowledge, level: Level) -> None:
    """No date and no “if it has not gone by then” where a vet is to see it; nor is the case taken to have been saved."""
    words = look_again(level, dog, date(2026, 11, 30))
    assert "gone by then" not in words
    assert "open your saved case" not in words


@pytest.mark.parametrize(
    ("source", "name"),
    [("cb_bruet", "Clinicians Brief"), ("bruet2012", "Bruet and others, 2012"), ("curious_choc", "Curious Animals")],
)
def test_a_source_has_a_short_name(dog: Knowledge, source: str, name: str) -> None:
    """The first author or the body that wrote it, and the year."""
    assert short_name(dog.sources[source]) == name


@pytest.mark.parametrize("path", ["toxins/chocolate", "causes/flea_infestation", "findings/itching"])
def test_figures_name_their_sources_in_words(client: TestClient, path: str) -> None:
    """No id is the text of a link, and no dog is an ordinary subject."""
    html = client.get(f"/library/dog/{path}").text
    links = re.findall(r'href="/library/sources/(\w+)">([^<]*)</a>', html)
    assert links != []
    assert [words for identity, words in links if identity == words] == []
    assert "ordinary subjects" not in html


def dose(client: TestClient, poison: str, **told: str) -> str:
    """The page of a poison with what was told."""
    from urllib.parse import urlencode

    from tests.web.walk import FORM

    return str(client.post(f"/library/dog/toxins/{poison}", content=urlencode(told), headers=FORM).text)


def test_a_dose_that_asks_for_no_more_gets_steps_for_home(client: TestClient) -> None:
    """The first step is not to ring, the steps for home are there, and the usual ones stand under what makes it worse."""
    html = dose(client, "chocolate", weight="20", amount="10 g", form="milk")
    steps = re.findall(r"<h2[^>]*>(?:<svg.*?</svg>)? *([^<]*)</h2>\s*<ol class=\"steps\"><li>([^<]*)", html, re.DOTALL)
    assert steps[0][0] == "What to do now"
    assert not steps[0][1].startswith("Ring")
    assert (steps[1][0], steps[1][1].startswith("Ring")) == (
        "If a sign comes, or more was eaten than you thought",
        True,
    )


def test_a_high_dose_keeps_its_steps(client: TestClient) -> None:
    """Ringing stays the first step, and nothing speaks of watching at home."""
    html = dose(client, "chocolate", weight="5", amount="200 g", form="baking")
    first = re.search(r'<ol class="steps"><li>([^<]*)', html)
    assert first is not None
    assert first[1].startswith("Ring your vet")
    assert "Watch at home" not in html


def test_an_amount_that_makes_no_dose_says_so(client: TestClient) -> None:
    """Squares weigh different things: the answer is the cautious one and the page says why."""
    html = dose(client, "chocolate", weight="20", amount="2 squares")
    assert "could not be turned into a dose" in html
    assert "urgency-emergency_now" in html


@pytest.mark.parametrize("amount", ["1 bar", "half a bar", "50", "a lot", "-1 g"])
def test_a_mistaken_amount_is_explained_in_plain_words(client: TestClient, amount: str) -> None:
    """What to write is said; no list of units as a programmer keeps it."""
    html = dose(client, "chocolate", weight="20", amount=amount)
    assert 'id="amount-e"' in html
    assert "mcg" not in html


def paper(client: TestClient, checked: str) -> str:
    """The page for the vet."""
    return str(press(client, press(client, checked, "answer").text, "show:print").text)


def part(html: str, name: str) -> str:
    """One part of the print-out."""
    found = re.search(rf"<h2>{name}[^<]*</h2>(.*?)</section>", html, re.DOTALL)
    return found[1] if found else ""


def test_the_print_out_gives_reasons_and_sources(client: TestClient, checked: str) -> None:
    """The first three causes stand with answers for or against them; every number cited stands in the list."""
    html = paper(client, checked)
    causes = part(html, "What may explain it")
    assert len(re.findall(r"<br>For: |<br>Against: ", causes)) >= 3
    cited = {int(n) for each in re.findall(r"\[([\d, ]+)\]", causes) for n in each.split(",")}
    assert cited != set()
    assert cited <= {int(n) for n in re.findall(r'<li value="(\d+)">', part(html, "What it rests on"))}


def test_none_of_these_counts_as_asked(client: TestClient) -> None:
    """“Is there anything else?” with nothing ticked is no question left open; lists nobody was asked are."""
    html = paper(client, to_check(client))
    assert "Anything else: asked, nothing ticked." in html
    questions = to_questions(client)
    early = str(press(client, press(client, questions, "answer").text, "show:print").text)
    assert "How did it start?" in part(early, "Not asked")
    assert "How long does one episode last?" in part(early, "Not asked")
    assert re.search(r"and \d+ further questions", part(early, "Not asked"))


def test_a_breed_that_was_not_used_is_marked(client: TestClient) -> None:
    """The vet sees that the breed did not count; who it is stands on one line."""
    first = press(client, who(client), "next", [("breed", "Blorpdog")], ["breed"]).text
    html = press(client, first, "next").text
    html = press(client, press(client, html, "answer").text, "show:print").text
    assert "Blorpdog (not in the list, so not used)" in html
    assert 'class="facts' not in html
