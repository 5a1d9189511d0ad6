"""Stories told to the end in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests_e2e.conftest import new_context, strict
from tests_e2e.stories import ANSWERS, FLEA, SLUG, at, begin, go_on, tell

MOST_QUESTIONS = 10


def test_the_dog_that_flinches_is_answered_within_ten_questions(page: Page, base: str) -> None:
    """From home to the result; the first screenful says how soon and what to do first."""
    begin(page, base)
    asked = [name for name in tell(page, FLEA) if name != "check"]
    go_on(page, "See the answer")
    assert len(asked) <= MOST_QUESTIONS
    expect(page.locator(".urgency-name")).to_have_text(re.compile("vet|appointment|home", re.IGNORECASE))
    expect(page.get_by_role("heading", name="What to do now")).to_be_in_viewport()
    expect(page.locator(".card-do .steps li").first).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Flea allergy")).to_be_visible()


def test_slug_bait_is_an_emergency_after_the_first_page(page: Page, base: str) -> None:
    """The alarm comes at once, the interview goes on to prepare the call, and the answer stands by it."""
    begin(page, base)
    names = tell(page, SLUG)
    assert [next(names), next(names)] == ["danger", "alarm"]
    expect(page.locator(".urgency-emergency_now")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="What to do now")).to_be_in_viewport()
    list(names)
    go_on(page, "See the answer")
    expect(page.locator(".urgency-emergency_now")).to_be_in_viewport()


def test_the_strip_leads_to_the_emergency_page_from_everywhere(page: Page, base: str) -> None:
    """One tap, no question."""
    for path in ("/", "/dog", "/library", "/library/dog/claims", "/nothing-here"):
        page.goto(base + path)
        page.locator(".strip a").click()
        expect(page.locator("h1")).to_contain_text("Emergency")


def test_a_contradiction_is_settled(page: Page, base: str) -> None:
    """Two answers that cannot both be so are shown with the question that settles them."""
    told = b"species: dog\npresent: [itching, back_skin_twitch_on_touch]\nabsent: [itching]\n"
    page.goto(f"{base}/dog")
    page.locator("#file").set_input_files({"name": "mine.yaml", "mimeType": "application/yaml", "buffer": told})
    go_on(page, "Open it")
    expect(page.get_by_role("heading", name="Two answers that do not fit together")).to_be_in_viewport()
    page.locator(".card-warn .pill", has_text="Yes").click()
    go_on(page, "Settle this")
    expect(page.get_by_role("heading", name="Two answers that do not fit together")).to_have_count(0)
    go_on(page, "See the answer")
    expect(page.locator(".urgency-name")).to_be_visible()


def test_back_and_change_keep_what_was_told(page: Page, base: str) -> None:
    """Back from a question shows its page as it was answered; change leads back to the check page."""
    begin(page, base)
    for name in tell(page, FLEA):
        if name == "question":
            break
    with page.expect_navigation():
        page.locator("button.back").click()
    assert at(page) == "kinds"
    expect(page.locator("#f-flinch_pain_on_back_touch")).to_be_checked()
    go_on(page)
    list(tell(page, FLEA))
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Change Urgent")).click()
    expect(page.locator("#none")).to_be_checked()
    go_on(page)
    assert at(page) == "check"


def test_the_browsers_own_back_and_reload_work_on_every_step(page: Page, base: str) -> None:
    """No page is lost, asked for again, or an error; what was ticked stays ticked."""
    begin(page, base)
    seen: list[str] = []
    for name in tell(page, FLEA):
        heading = page.locator("h1").inner_text()
        if seen:
            page.reload()
            expect(page.locator("h1")).to_have_text(heading)
            page.go_back()
            expect(page.locator("h1")).to_have_text(seen[-1])
            page.go_forward()
            expect(page.locator("h1")).to_have_text(heading)
        seen.append(heading)
        assert at(page) == name
    go_on(page, "See the answer")
    page.reload()
    expect(page.locator(".urgency-name")).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).to_have_text("Check your answers")


def test_everything_works_without_javascript(chromium: Browser, base: str) -> None:
    """The same story with scripts switched off."""
    context = new_context(chromium, java_script_enabled=False)
    faults = strict(context, base)
    page = context.new_page()
    begin(page, base)
    list(tell(page, FLEA))
    go_on(page, "See the answer")
    expect(page.locator(".urgency-name")).to_be_visible()
    context.close()
    assert faults == []


def test_pictures_keep_still_under_reduced_motion(chromium: Browser, base: str) -> None:
    """No animation runs for who asked for none."""
    context = new_context(chromium, reduced_motion="reduce")
    page = context.new_page()
    begin(page, base)
    for name in tell(page, FLEA):
        if name == "kinds":
            running = page.evaluate("() => document.getAnimations().filter(a => a.playState === 'running').length")
            assert running == 0
            break
    context.close()


def test_the_page_for_the_vet_fits_two_sides(page: Page, base: str) -> None:
    """Printed on A4 it has at most two pages, with the strip and the buttons gone."""
    begin(page, base)
    list(tell(page, FLEA))
    go_on(page, "See the answer")
    go_on(page, "A page for the vet")
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2
    page.emulate_media(media="print")
    for part in (".strip", ".masthead-nav", ".foot", "form.back"):
        expect(page.locator(part)).to_be_hidden()


def test_the_keyboard_alone_goes_all_the_way(page: Page, base: str) -> None:
    """Tab, space, arrows and enter, from home to the answer."""

    def to(where: Callable[[], bool]) -> None:
        for _ in range(120):
            if where():
                return
            page.keyboard.press("Tab")
        raise AssertionError("the keyboard does not get there")

    def on(selector: str) -> Callable[[], bool]:
        return lambda: bool(page.evaluate("s => document.activeElement && document.activeElement.matches(s)", selector))

    def enter() -> None:
        with page.expect_navigation():
            page.keyboard.press("Enter")

    page.goto(base)
    to(on('a[href="/dog"]'))
    enter()
    for _ in range(20):
        name = at(page)
        if name == "check":
            break
        if name in ("danger", "question") and page.locator("#none").count():
            to(on("#none"))
            page.keyboard.press("Space")
        elif name == "movement":
            to(on("#family-skin_and_touch"))
            page.keyboard.press("Space")
        elif name == "kinds":
            to(on("#f-flinch_pain_on_back_touch"))
            page.keyboard.press("Space")
        elif name == "question":
            to(on("input[type=radio]"))
            page.keyboard.press("Space")
        to(on("button[value=next]"))
        enter()
    to(on("button[value=answer]"))
    enter()
    expect(page.locator(".urgency-name")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    ["/", "/dog", "/emergency/dog", "/library/dog/causes/flea_allergy_dermatitis", "/library/dog/toxins/chocolate"],
)
def test_plain_pages_reflow_at_320_pixels(page: Page, base: str, path: str) -> None:
    """Nothing has to be scrolled sideways."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(base + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_interview_reflows_at_320_pixels(page: Page, base: str) -> None:
    """Every step and the answer."""
    page.set_viewport_size({"width": 320, "height": 700})
    begin(page, base)
    wide = [name for name in tell(page, FLEA) if page.evaluate("document.documentElement.scrollWidth") > 320]
    go_on(page, "See the answer")
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_case_is_saved_and_opened_again(page: Page, base: str) -> None:
    """The file that is saved opens to the same answers."""
    begin(page, base)
    list(tell(page, FLEA))
    go_on(page, "See the answer")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save this case to a file").click()
    file = saving.value.path()
    page.goto(f"{base}/dog")
    page.locator("#file").set_input_files(
        {"name": "mine.yaml", "mimeType": "application/yaml", "buffer": file.read_bytes()}
    )
    go_on(page, "Open it")
    expect(page.locator("h1")).to_have_text("Check your answers")
    assert set(ANSWERS) >= {"danger", "question"}


SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), summary, select, textarea')].filter(e => {
  const inText = getComputedStyle(e).display === 'inline' && e.closest('p, li, dd, h1, h2, h3, td, blockquote, label');
  const held = e.closest('label') ? e.closest('label').getBoundingClientRect() : e.getBoundingClientRect();
  return e.checkVisibility() && !e.ariaHidden && !inText && (held.width < 24 || held.height < 24);
}).map(e => e.outerHTML.slice(0, 90))"""
"""What can be pressed and is smaller than 24 pixels either way; links within a text are as high as its lines. What only Enter
presses is hidden."""


@pytest.mark.parametrize(
    "path", ["/", "/about", "/emergency/dog", "/library/dog/causes", "/library/dog/toxins/chocolate"]
)
def test_what_is_pressed_on_plain_pages_is_large_enough(page: Page, base: str, path: str) -> None:
    """24 pixels each way at least."""
    page.goto(base + path)
    assert page.evaluate(SMALL) == []


def test_what_is_pressed_in_the_interview_is_large_enough(page: Page, base: str) -> None:
    """24 pixels each way at least, on every page to the answer."""
    begin(page, base)
    small = []
    for name in tell(page, FLEA):
        small += [f"{name}: {each}" for each in page.evaluate(SMALL)]
    go_on(page, "See the answer")
    assert [*small, *page.evaluate(SMALL)] == []


@pytest.mark.parametrize(
    "path", ["/", "/dog", "/library/dog/toxins/chocolate", "/emergency/dog", "/library/dog/causes/flea_infestation"]
)
def test_letters_twice_as_large_push_no_page_sideways(page: Page, base: str, path: str) -> None:
    """On a phone with text at 200 % nothing needs scrolling to the side."""
    page.goto(base + path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_letters_twice_as_large_leave_the_urgency_whole(page: Page, base: str) -> None:
    """The name of the urgency keeps inside its frame, and the page of the subject within the screen."""
    begin(page, base)
    for name in tell(page, FLEA):
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    go_on(page, "See the answer")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    frame, words = (page.locator(part).first.bounding_box() for part in (".urgency", ".urgency-name"))
    assert frame is not None
    assert words is not None
    assert words["x"] + words["width"] <= frame["x"] + frame["width"]
