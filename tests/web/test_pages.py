"""Every page answers, says what it must, and links lead somewhere."""

from __future__ import annotations

import re
from datetime import date

import pytest
from starlette.testclient import TestClient

from fascicle import Case, assess, load
from fascicle.web.answering import result_page
from fascicle.web.home_checks import home_checks
from fascicle.web.printing import print_page
from fascicle.web.story import Answer, Story, case_of
from tests.web.walk import at, press, to_movement, to_questions

PLAIN = [
    "/",
    "/about",
    "/emergency",
    "/emergency/dog",
    "/emergency/cat",
    "/emergency/person",
    "/dog",
    "/library",
    "/library/search",
    "/library/search?q=flea",
    "/library/sources",
    "/library/dog/causes",
    "/library/dog/findings",
    "/library/dog/toxins",
    "/library/dog/claims",
    "/person",
    "/cat",
    "/library/person/toxins",
    "/library/person/claims",
]


@pytest.mark.parametrize("path", PLAIN)
def test_every_plain_page_answers(client: TestClient, path: str) -> None:
    """Each is there, has one heading of the first rank and the way to the emergency page."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert len(re.findall(r"<h1[ >]", answer.text)) == 1
    assert "/emergency" in answer.text


@pytest.mark.slow
def test_every_entry_of_the_library_answers(client: TestClient) -> None:
    """Causes, signs, poisons and a sample of sources each have a page."""
    knowledge = load("dog")
    paths = [f"/library/dog/causes/{c}" for c in knowledge.causes]
    paths += [f"/library/dog/toxins/{t}" for t, entry in knowledge.toxins.items() if "dog" in entry.species]
    paths += [f"/library/dog/findings/{f}" for f in list(knowledge.findings)[::9]]
    paths += [f"/library/sources/{s}" for s in list(knowledge.sources)[::25]]
    assert [path for path in paths if client.get(path).status_code != 200] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/library/dog/causes/flea_allergy_dermatitis", "/library/dog/toxins/chocolate", "/library/dog/claims"]
)
def test_the_library_is_linked_both_ways(client: TestClient, path: str) -> None:
    """Every link of a page inside the site leads to a page."""
    links = set(re.findall(r'href="(/[^"#]*)', client.get(path).text))
    assert [link for link in links if client.get(link).status_code != 200] == []


def test_a_source_names_what_rests_on_it(client: TestClient) -> None:
    """From a source one gets back to the causes."""
    assert "/library/dog/causes/flea_allergy_dermatitis" in client.get("/library/sources/bond2007").text


def test_the_intended_use_stands_before_the_first_question(client: TestClient) -> None:
    """The first page of questions says what this is for, above them."""
    before, question, _ = client.get("/dog").text.partition("Is any of this happening now?</h1>")
    assert question
    assert "not</strong> diagnose" in before


def test_a_species_without_pages_still_has_its_emergency_page(client: TestClient) -> None:
    """For a cat there is no interview yet, and the strip leads to what to do now."""
    covered = client.get("/cat")
    assert covered.status_code in (200, 404)
    assert 'href="/emergency/cat"' in covered.text


def test_a_red_flag_is_shown_at_once_with_what_to_do(client: TestClient) -> None:
    """Trouble breathing shows the alarm, the actions, and lets the interview go on."""
    alarm = press(client, client.get("/dog").text, "next", [("f", "breathing_trouble")]).text
    assert at(alarm) == "alarm"
    assert alarm.index("urgency-emergency_now") < alarm.index("What to do now</h2>")
    assert at(press(client, alarm, "more").text) == "words"
    assert "urgency-emergency_now" in press(client, alarm, "answer").text


def test_the_urgency_stands_above_the_causes(result: str) -> None:
    """The order of the answer: how soon, do, do not, explanations, why not, what would change it, sources."""
    order = [
        'class="urgency ',
        "What to do now</h2>",
        "What not to do</h2>",
        'id="why"',
        'id="worse"',
        'id="change"',
        'id="film"',
        'id="sources"',
    ]
    places = [result.index(each) for each in order]
    assert places == sorted(places)


def test_no_probability_stands_without_its_range(result: str) -> None:
    """Each leading share is followed by what it could be."""
    shares = re.findall(r'<p class="cause-share">(.*?)</p>', result)
    assert shares
    assert all("could be" in share for share in shares)


def test_every_source_number_leads_to_a_source_on_the_page(result: str) -> None:
    """A citation is one tap from its source."""
    cited = set(re.findall(r'href="#(s-\w+)"', result))
    assert cited
    assert cited <= set(re.findall(r'id="(s-\w+)"', result))


def test_the_list_of_causes_is_closed_until_it_is_opened(client: TestClient) -> None:
    """While questions are asked the causes stand only in a closed part, and the urgency in the open."""
    html = to_questions(client)
    assert "So far:" in html
    assert re.search(r"<details class=\"more\"><summary>What it may be, as it looks now</summary>", html)


def test_families_are_asked_before_the_exact_movements(client: TestClient) -> None:
    """Ticking one plain line opens only its own lines."""
    families = to_movement(client)
    kinds = press(client, families, "next", [("family", "shaking")]).text
    shown = re.findall(r'name="f" value="(\w+)"', kinds)
    assert shown == ["tremor_rhythmic", "trembling_in_specific_situation", "trembling_with_pain"]


def test_the_page_for_the_vet_holds_the_whole_case(client: TestClient, checked: str) -> None:
    """Present, absent, looked for, explanations and the intended use stand on it."""
    html = press(client, press(client, checked, "answer").text, "show:print").text
    for words in (
        "Present",
        "Absent",
        "Urgent signs looked for and not seen",
        "What may explain it",
        "not</strong> diagnose",
    ):
        assert words in html


def test_the_answer_page_is_light(result: str) -> None:
    """At most 150 kB."""
    assert len(result.encode()) <= 150_000


def test_no_page_holds_a_style_or_a_script_of_its_own(client: TestClient, result: str) -> None:
    """What the policy for content would refuse is not there."""
    for html in (result, client.get("/").text, to_questions(client)):
        assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=", html)


def test_the_page_for_the_vet_begins_with_what_matters_most() -> None:
    """A danger sign, then what moved the likely causes most; a detail stands last, wherever the vocabulary has it."""
    dog = load("dog")
    told = ["breathing_trouble", "fleas_or_flea_dirt_seen", "itching"]
    story = Story("dog").answered(Answer("words", dict.fromkeys(told, "+")))
    result = assess(case_of(story, dog), dog)
    page = print_page(story, dog, result, date(2026, 12, 1))
    assert [f for f in dog.findings if f in told] == told[::-1]
    assert list(page.present) == [dog.findings[f].name for f in told]


def test_a_line_of_what_not_to_do_is_printed_as_it_stands(client: TestClient, checked: str) -> None:
    """“No hydrogen peroxide” never becomes “Not: No hydrogen peroxide”, and stands under its own heading."""
    html = press(client, press(client, checked, "answer").text, "show:print").text
    assert "What not to do, as it said" in html
    assert "Not: " not in html


def test_safe_checks_stand_only_where_nobody_has_to_ring_today() -> None:
    """Open signs with how to look for each, and none under an urgent answer."""
    dog, ripple = load("dog"), "back_skin_twitch_on_touch"
    calm = home_checks(assess(Case("dog", present=[ripple]), further=False), dog)
    assert 1 <= len(calm) <= 4
    assert [each.help for each in calm] == [dog.findings[each.id].check for each in calm]
    again = home_checks(assess(Case("dog", present=[ripple], absent=[calm[0].id]), further=False), dog)
    assert calm[0].id not in [each.id for each in again]
    assert home_checks(assess(Case("dog", present=["seizure_generalised"]), further=False), dog) == ()


def test_no_safe_check_is_for_a_danger_sign_or_tries_out_a_sore_place() -> None:
    """What can raise a red flag by itself needs a vet, not a check; what hurts is not pressed to find out."""
    dog = load("dog")
    checked = {f.id for f in dog.findings.values() if f.check}
    alone = {f for rule in dog.red_flags for f in (*rule.all, *rule.any) if len(rule.all) + bool(rule.any) == 1}
    sore = {
        "yelps_when_touched_or_lifted",
        "muscle_soreness",
        "neck_pain_or_head_low",
        "abdominal_pain",
        "avoids_touch",
    }
    assert checked & (alone | sore) == set()
    assert checked <= {f.id for f in dog.findings.values() if f.about == "sign"}


@pytest.mark.parametrize(
    "case",
    [
        Case("cat", age_years=2, present=["twitch_asleep_only"]),
        Case("person", age_years=30, sex="male", present=["jerk_when_falling_asleep"]),
        Case("dog", age_years=4, sex="male", present=["jaw_chatter"]),
    ],
)
def test_what_would_be_more_urgent_names_no_exposure_out_of_the_blue(case: Case) -> None:
    """A spider's bite stood under sleep starts, and slug bait under a sleeping cat."""
    knowledge = load(case.species)
    page = result_page(Story(case.species), knowledge, assess(case, knowledge), date(2026, 11, 30))
    exposures = {
        rule.why
        for rule in knowledge.red_flags
        if not rule.any and all(knowledge.findings[f].about == "context" for f in rule.all)
    }
    assert len(page.sooner) > 0
    assert exposures.intersection(page.sooner) == set()
