"""A person and a cat, told to the end in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests_e2e.stories import Told, at, begin, go_on, tell

CALF = Told(
    text="I am 34, my calf twitches at night and I am scared of ALS",
    yes=frozenset({"health_anxiety", "poor_sleep", "feels_weak_but_strength_normal"}),
    kinds=("twitch_limb",),
)
CHILD = Told(text="twitches one eyelid", kinds=("twitch_face_or_eyelid",), years="8")
CHEST = Told(text="chest pain since this morning", yes=frozenset({"chest_pain"}), years="50")
SEROTONIN = Told(
    text="started tramadol with sertraline, now shaking and sweating",
    yes=frozenset({"two_serotonergic_drugs", "sweating", "fever_or_hot", "ssri_use", "new_drug_or_dose_change"}),
    danger=("fever_or_hot", "two_serotonergic_drugs"),
    years="40",
)
RIPPLE = Told(
    text="The skin of her back ripples when I stroke her, she is 4",
    families=("skin_and_touch",),
    kinds=("back_skin_twitch_on_touch",),
)
SPOT_ON = Told(
    text="put a dog flea spot-on on her, now she twitches all over", kinds=("twitch_generalised",), years="3"
)
ANIMALS = re.compile(r"\b(vets?|pets?|owners?|paws?)\b", re.IGNORECASE)


def complaints(page: Page) -> list[str]:
    """What axe finds wrong."""
    return [each["id"] for each in Axe().run(page).response["violations"]]


def test_a_worried_person_is_led_to_a_calm_answer_in_words_for_people(page: Page, base: str) -> None:
    """Age and movement are read from the words; no page speaks of vets; the feared cause can be asked about."""
    begin(page, base, "person")
    for name in tell(page, CALF):
        assert ANIMALS.findall(page.locator("body").inner_text()) == [], name
        if name == "who":
            expect(page.locator("#years")).to_have_value("34")
            expect(page.locator("#weight, #breed, #months")).to_have_count(0)
    go_on(page, "See the answer")
    expect(page.locator(".urgency-watch, .urgency-normal, .urgency-routine")).to_be_in_viewport()
    assert ANIMALS.findall(page.locator("body").inner_text()) == []
    assert complaints(page) == []
    page.get_by_label("Choose it, and see what speaks for it and against it").select_option("als_mnd")
    go_on(page, "Why not this?")
    expect(page.locator("h1")).to_contain_text("Motor neurone disease")
    go_on(page, "Back to the answer")
    go_on(page, "A page for the doctor")
    expect(page.locator("h1")).to_contain_text("For the doctor")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))) <= 2


def test_a_child_sees_first_that_this_is_not_for_it(page: Page, base: str) -> None:
    """The card and what to do are in the first screenful, and no cause is named."""
    begin(page, base, "person")
    list(tell(page, CHILD))
    go_on(page, "See the answer")
    expect(page.get_by_role("heading", name="This is not for a child")).to_be_in_viewport()
    expect(page.locator(".card-warn .steps li").first).to_be_in_viewport()
    expect(page.locator("#why, #worse, #checks")).to_have_count(0)
    assert complaints(page) == []


def test_pain_without_a_movement_is_not_explained_away(page: Page, base: str) -> None:
    """It says that it is not made for this, and when to call an ambulance."""
    begin(page, base, "person")
    list(tell(page, CHEST))
    go_on(page, "See the answer")
    expect(page.get_by_role("heading", name="This is not made for what you told")).to_be_in_viewport()
    expect(page.get_by_text("Call an ambulance now for chest pain")).to_be_in_viewport()
    expect(page.locator("#why")).to_have_count(0)
    assert complaints(page) == []


def test_a_medicine_emergency_of_a_person_calls_an_ambulance(page: Page, base: str) -> None:
    """The alarm comes after the first page, and the answer stands by it."""
    begin(page, base, "person")
    names = tell(page, SEROTONIN)
    assert [next(names), next(names)] == ["danger", "alarm"]
    expect(page.locator(".urgency-emergency_now")).to_contain_text("Call an ambulance")
    list(names)
    go_on(page, "See the answer")
    expect(page.locator(".urgency-emergency_now")).to_be_in_viewport()


def test_an_age_that_is_no_number_is_told_at_its_field(page: Page, base: str) -> None:
    """By keyboard, and the page is named in its title; the rest stays."""
    begin(page, base, "person")
    for name in tell(page, replace(CHILD, years="")):
        if name == "who":
            break
    page.locator("#years").focus()
    page.keyboard.type("abc")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert at(page) == "who"
    expect(page).to_have_title(re.compile("^To mend"))
    expect(page.locator("#years-e")).to_contain_text("The age is not understood")
    expect(page.locator("#years")).to_have_value("abc")


def test_poisons_of_people_are_reached_from_home(page: Page, base: str) -> None:
    """No dose, but whom to ring."""
    page.goto(base)
    page.get_by_role("link", name="adults", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("ring a poison line"))).to_be_in_viewport()
    assert complaints(page) == []


@pytest.mark.parametrize(("told", "calm"), [(RIPPLE, True), (SPOT_ON, False)], ids=["ripple", "spot-on"])
def test_a_cat_is_answered_as_a_cat(page: Page, base: str, told: Told, calm: bool) -> None:
    """Rippling when stroked is calm; a dog's spot-on with twitches is an emergency. No page speaks of a dog's tail or breed."""
    begin(page, base, "cat")
    list(tell(page, told))
    go_on(page, "See the answer")
    expect(page.locator(".urgency-emergency_now")).to_have_count(0 if calm else 1)
    expect(page.locator("h1")).to_be_in_viewport()
    assert "your dog" not in page.locator("main").inner_text()
    assert complaints(page) == []
