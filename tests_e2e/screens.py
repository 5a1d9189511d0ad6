"""Screenshots of every page type, phone and desk, light and dark: python -m tests_e2e.screens FOLDER"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page

from tests_e2e.serving import browser, served
from tests_e2e.stories import FLEA, SLUG, Told, at, begin, go_on, tell
from tests_e2e.test_people_and_cats import CALF, CHEST, CHILD, RIPPLE, SEROTONIN, SPOT_ON

WIDTHS = {"phone": 390, "desk": 1280}
PLAIN = {
    "home": "/",
    "about": "/about",
    "emergency": "/emergency/dog",
    "library": "/library",
    "causes": "/library/dog/causes",
    "cause": "/library/dog/causes/flea_allergy_dermatitis",
    "finding": "/library/dog/findings/itching",
    "toxins": "/library/dog/toxins",
    "toxin": "/library/dog/toxins/chocolate",
    "claims": "/library/dog/claims",
    "source": "/library/sources/bond2007",
    "search": "/library/search?q=flea",
    "missing": "/no-such-page",
    "person-emergency": "/emergency/person",
    "person-cause": "/library/person/causes/eyelid_myokymia",
    "person-toxins": "/library/person/toxins",
}
OTHERS: dict[str, tuple[str, Told]] = {
    "calf": ("person", CALF),
    "child": ("person", CHILD),
    "chest": ("person", CHEST),
    "serotonin": ("person", SEROTONIN),
    "ripple": ("cat", RIPPLE),
    "spot-on": ("cat", SPOT_ON),
}
"""Stories of which the answer and the print-out are taken."""


def main(folder: Path) -> None:
    """Write every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with served() as base, browser() as chromium:
        for scheme in ("light", "dark"):
            for name, width in WIDTHS.items():
                page = chromium.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
                _walk(page, base, folder, f"{name}-{scheme}")
                page.close()


def _walk(page: Page, base: str, folder: Path, kind: str) -> None:
    def take(name: str, *, whole: bool = True) -> None:
        page.screenshot(path=folder / f"{name}-{kind}.png", full_page=whole)

    for name, path in PLAIN.items():
        page.goto(base + path)
        take(name)
    begin(page, base)
    go_on(page)
    take("danger-error")
    begin(page, base)
    for number, name in enumerate(tell(page, FLEA)):
        take(f"story{number}-{name}")
    go_on(page, "See the answer")
    take("result-top", whole=False)
    take("result")
    go_on(page, "A page for the vet")
    take("print")
    begin(page, base)
    seen = set()
    for name in tell(page, SLUG):
        if name == "alarm":
            take("alarm", whole=False)
        if name in seen:
            break
        seen.add(name)
    go_on(page, "See the answer" if at(page) == "check" else "Show the answer now")
    take("emergency-result-top", whole=False)
    for name, (species, told) in OTHERS.items():
        begin(page, base, species)
        list(tell(page, told))
        go_on(page, "See the answer")
        take(f"{name}-result")
        page.locator("button[value='show:print']").click()
        page.wait_for_load_state()
        take(f"{name}-print")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screens"))
