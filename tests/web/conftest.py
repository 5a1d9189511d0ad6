"""One app for all tests of the pages, driven in process: no socket, no server."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from fascicle.web.app import create_app

BASE = "http://127.0.0.1:8765"


@pytest.fixture(scope="session")
def client() -> TestClient:
    """A browser of sorts, at the address the server prints."""
    return TestClient(create_app(), base_url=BASE, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def checked(client: TestClient) -> str:
    """The page where a whole interview is checked; the forms hold the story."""
    from tests.web.walk import to_check

    return to_check(client, {"itching", "overgrooming_or_self_biting", "fleas_or_flea_dirt_seen"})


@pytest.fixture(scope="session")
def result(client: TestClient, checked: str) -> str:
    """The answer of that interview."""
    from tests.web.walk import press

    return str(press(client, checked, "answer").text)
