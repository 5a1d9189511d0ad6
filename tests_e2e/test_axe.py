"""axe finds nothing on any page, in its normal, error and emergency state, light and dark, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests_e2e.conftest import new_context
from tests_e2e.stories import FLEA, RIPPLE, SLUG, at, begin, go_on, tell

PLAIN = [
    "/",
    "/about",
    "/emergency",
    "/emergency/dog",
    "/emergency/person",
    "/library",
    "/library/dog/causes",
    "/library/dog/findings",
    "/library/dog/causes/flea_allergy_dermatitis",
    "/library/dog/findings/itching",
    "/library/dog/toxins",
    "/library/dog/toxins/chocolate",
    "/library/dog/claims",
    "/library/person/instruments",
    "/library/person/instruments/gad7",
    "/library/person/instruments/twitch_diary",
    "/library/sources/bond2007",
    "/library/search?q=flea",
    "/no-such-page",
]


VIEWS = [("light", 390), ("dark", 390), ("light", 1280), ("dark", 1280)]


@pytest.fixture(scope="module", params=VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def viewed(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A page in one of the two colour schemes, on a phone or on a desk."""
    scheme, width = request.param
    context = new_context(chromium, width=width, color_scheme=scheme)
    yield context.new_page()
    context.close()


def found(page: Page) -> list[str]:
    """What axe complains of, with the first element of each."""
    results = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]} {each['nodes'][0]['failureSummary'][:160]}" for each in results
    ]


@pytest.mark.parametrize("path", PLAIN)
def test_plain_pages(viewed: Page, base: str, path: str) -> None:
    """Pages without a case."""
    viewed.goto(base + path)
    assert found(viewed) == []


def test_the_interview_the_answer_and_the_print_view(viewed: Page, base: str) -> None:
    """Every step of a story, with all parts opened on the answer; the page for the vet."""
    faults = []
    begin(viewed, base)
    for name in tell(viewed, FLEA):
        faults += [f"{name}: {each}" for each in found(viewed)]
    go_on(viewed, "See the answer")
    viewed.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true })")
    faults += [f"result: {each}" for each in found(viewed)]
    go_on(viewed, "A page for the vet")
    faults += [f"print: {each}" for each in found(viewed)]
    assert faults == []


def test_why_it_is_not_the_frightening_one(viewed: Page, base: str) -> None:
    """The page behind the answer of a harmless story."""
    begin(viewed, base)
    for _ in tell(viewed, RIPPLE):
        pass
    go_on(viewed, "See the answer")
    go_on(viewed, "What would make it the answer?")
    assert viewed.locator("h1").inner_text().startswith("Why not")
    assert found(viewed) == []


def test_pages_that_ask_for_something_to_be_mended(viewed: Page, base: str) -> None:
    """Every page in its error state."""
    faults = []
    begin(viewed, base)
    go_on(viewed)
    faults += found(viewed)
    for name in tell(viewed, FLEA):
        if name in ("movement", "kinds", "question"):
            viewed.evaluate("() => document.querySelectorAll('main input:checked').forEach(i => { i.checked = false })")
            go_on(viewed)
            assert at(viewed) == name
            faults += [f"{name}: {each}" for each in found(viewed)]
        if name == "who":
            viewed.locator("#years").fill("300")
            viewed.locator("#weight").fill("x")
            go_on(viewed)
            faults += [f"{name}: {each}" for each in found(viewed)]
            viewed.locator("#years").fill("9")
            viewed.locator("#weight").fill("")
    viewed.goto(f"{base}/library/dog/toxins/chocolate")
    viewed.locator("#weight").fill("x")
    go_on(viewed, "Work it out")
    faults += found(viewed)
    assert faults == []


def test_a_questionnaire(viewed: Page, base: str) -> None:
    """Empty, with rows left open, filled in by keyboard alone, and its score on the answer."""
    told = b"species: person\npresent: [twitch_limb]\nchoices: {place: place_calf_or_foot}\n"
    viewed.goto(f"{base}/person")
    viewed.locator("#file").set_input_files({"name": "mine.yaml", "mimeType": "application/yaml", "buffer": told})
    go_on(viewed, "Open it")
    faults = found(viewed)
    go_on(viewed, "See the answer")
    go_on(viewed, "Seven questions about worry (GAD\u20117)")
    faults += found(viewed)
    go_on(viewed, "See the score")
    assert viewed.locator(".errors li").count() == 7
    faults += found(viewed)
    viewed.locator("#q0").focus()
    for _ in range(7):
        viewed.keyboard.press("ArrowRight")
        viewed.keyboard.press("Tab")
    with viewed.expect_navigation():
        viewed.keyboard.press("Enter")
    assert "GAD-7: 7 of 21, mild" in viewed.inner_text("main")
    faults += found(viewed)
    assert faults == []


def test_the_emergency_state(viewed: Page, base: str) -> None:
    """The alarm, and the answer of an emergency."""
    faults = []
    begin(viewed, base)
    for name in tell(viewed, SLUG):
        if name == "alarm":
            faults += found(viewed)
    go_on(viewed, "See the answer")
    faults += found(viewed)
    assert faults == []
