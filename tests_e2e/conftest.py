"""One server and one browser for all these tests; a fresh page for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests_e2e.serving import browser, served

SECONDS = 8


def new_context(chromium: Browser, width: int = 390, **more: Any) -> BrowserContext:
    """A window of its own, the size of a phone."""
    context = chromium.new_context(viewport={"width": width, "height": 844}, **more)
    context.set_default_timeout(SECONDS * 1000)
    return context


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """The address of the server."""
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with browser() as found:
        yield found


def strict(context: BrowserContext, base: str) -> list[str]:
    """Note every request that leaves the site, and every complaint of the page."""
    faults: list[str] = []
    context.on("request", lambda r: faults.append(f"asked {r.url}") if not r.url.startswith(base) else None)
    context.on(
        "console", lambda m: faults.append(m.text) if m.type == "error" and "status of 4" not in m.text else None
    )
    return faults


@pytest.fixture
def page(chromium: Browser, base: str) -> Iterator[Page]:
    """A page the size of a phone. It may ask nobody else, and break no rule of the policy for content."""
    context = new_context(chromium)
    faults = strict(context, base)
    yield context.new_page()
    context.close()
    assert faults == []
