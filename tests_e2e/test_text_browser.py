"""The answer without a picture, a style or a script: in a browser of plain text."""

from __future__ import annotations

import shutil
import subprocess

from playwright.sync_api import Page

from tests_e2e.stories import FLEA, begin, go_on, tell


def test_a_text_browser_shows_the_answer(page: Page, base: str) -> None:
    """w3m prints the urgency, what to do and the explanations, in that order. `make e2e` installs it."""
    begin(page, base)
    list(tell(page, FLEA))
    go_on(page, "See the answer")
    w3m = shutil.which("w3m")
    assert w3m, "install w3m"
    html = page.content().encode()
    done = subprocess.run([w3m, "-dump", "-T", "text/html"], input=html, capture_output=True, check=True)
    text = done.stdout.decode()
    order = [text.index(words) for words in ("What to do now", "What may explain it", "What would change this answer")]
    assert order == sorted(order)
