"""Stories told in a real browser: what a person types and ticks, page by page. No page is reached but by its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Page

Look = Callable[[str], None]


@dataclass(frozen=True)
class Told:
    """One story. yes: findings that are so; families: lines to tick where the text gave no movement."""

    text: str
    yes: frozenset[str] = frozenset()
    families: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    place: str = ""
    years: str = ""
    breed: str = ""
    danger: tuple[str, ...] = ()
    more: dict[str, str] = field(default_factory=dict)


FLEA = Told(
    text="my 9-year-old lab flinches when I stroke near the tail and keeps chewing himself, no fleas that I can see",
    yes=frozenset(
        {
            "itching",
            "hair_loss_back_or_tail_base",
            "red_or_scabby_skin",
            "flea_prevention_lapsed",
            "normal_between_episodes",
        }
    ),
    families=("skin_and_touch",),
    kinds=("flinch_pain_on_back_touch",),
    place="place_tail_or_rear",
    years="9",
    breed="Labrador Retriever",
)
SLUG = Told(
    text="After the garden this morning he twitches all over and shakes",
    yes=frozenset({"slug_bait_access"}),
    families=("twitches_and_jerks", "shaking"),
    kinds=("twitch_generalised", "tremor_rhythmic"),
    danger=("slug_bait_access",),
)

RIPPLE = Told(
    text="The skin of her back ripples when I touch it",
    families=("skin_and_touch",),
    kinds=("back_skin_twitch_on_touch",),
    years="3",
)


def begin(page: Page, base: str, species: str = "dog") -> None:
    """From home to the first question."""
    page.goto(base)
    with page.expect_navigation():
        page.locator(f'a[href="/{species}"]').click()


def go_on(page: Page, words: str = "Go on") -> None:
    """Press a button of the page."""
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).first.click()


def at(page: Page) -> str:
    """The name of the page, as its form has it; empty outside the interview."""
    held = page.locator("input[name=at]")
    return held.first.input_value() if held.count() else ""


def tell(page: Page, told: Told) -> Iterator[str]:
    """Answer page after page until the answers are to be checked; yields the name of each page before it is answered."""
    for _ in range(40):
        name = at(page)
        yield name
        if name == "check":
            return
        ANSWERS[name](page, told)


def _danger(page: Page, told: Told) -> None:
    for finding in told.danger:
        page.locator(f"#f-{finding}").check()
    if not told.danger:
        page.locator("#none").check()
    go_on(page)


def _words(page: Page, told: Told) -> None:
    page.locator("#text").fill(told.text)
    go_on(page)


def _who(page: Page, told: Told) -> None:
    for name, value in (("years", told.years), ("breed", told.breed)):
        if value and not page.locator(f"#{name}").input_value():
            page.locator(f"#{name}").fill(value)
    for row in page.locator(".answer-heard").all():
        if row.locator("input:checked").count() == 0:
            row.get_by_text("Not sure", exact=True).click()
    go_on(page)


def _movement(page: Page, told: Told) -> None:
    for family in told.families:
        page.locator(f"#family-{family}").check()
    if not told.families:
        page.locator("#none").check()
    go_on(page)


def _kinds(page: Page, told: Told) -> None:
    for kind in told.kinds:
        page.locator(f"#f-{kind}").check()
    if told.place:
        page.locator(f"#{told.place}").check()
    go_on(page)


def _alarm(page: Page, told: Told) -> None:
    go_on(page, "Go on, to prepare the call")


def _question(page: Page, told: Told) -> None:
    items = [each.input_value() for each in page.locator("input[name=item]").all()]
    so = [item for item in items if item in told.yes]
    if page.locator(".three-wide").count():
        page.locator(f"#answer-{'present' if so else 'absent'}").check()
    elif page.locator("#none").count():
        for item in so:
            theme = page.locator(f"details:not([open]):has(#f-{item}) > summary")
            if theme.count():
                theme.click()
            page.locator(f"#f-{item}").check()
        if not so:
            page.locator("#none").check()
    else:
        page.locator(f"#f-{so[0] if so else items[0]}").check()
    go_on(page)


ANSWERS: dict[str, Callable[[Page, Told], None]] = {
    "danger": _danger,
    "words": _words,
    "who": _who,
    "movement": _movement,
    "kinds": _kinds,
    "alarm": _alarm,
    "question": _question,
}
