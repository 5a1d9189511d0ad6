"""One answer after the other, however long each takes."""

from __future__ import annotations

import asyncio
import importlib
import threading
from typing import Any

import pytest
from starlette.testclient import TestClient

from fascicle.web.compute import Busy, compute


def test_an_answer_nobody_waits_for_keeps_its_turn_until_it_returns() -> None:
    """After a time-out no other function starts before the first one has returned; what was given up waiting never starts."""
    release, running, ran = threading.Event(), threading.Event(), list[str]()

    def slow() -> None:
        running.set()
        release.wait(10)
        ran.append("slow")

    async def story() -> list[str]:
        first = asyncio.ensure_future(compute(slow, seconds=0.2))
        while not running.is_set():
            await asyncio.sleep(0.01)
        with pytest.raises(Busy):
            await first
        with pytest.raises(Busy):
            await compute(ran.append, "given up", seconds=0.1)
        before = list(ran)
        release.set()
        await compute(ran.append, "next", seconds=10)
        return before

    assert asyncio.run(story()) == []
    assert ran == ["slow", "next"]


def test_what_a_function_raises_is_raised() -> None:
    """A refusal inside the thread reaches whoever asked."""
    with pytest.raises(ZeroDivisionError):
        asyncio.run(compute(lambda: 1 // 0, seconds=10))


@pytest.mark.parametrize(
    ("module", "reads", "path", "sent"),
    [
        (
            "routes_interview",
            "parse_case",
            "/dog/open",
            {"files": {"file": ("x.yaml", b"species: dog\npresent: [itching]")}},
        ),
        ("api", "read_json", "/api/v1/assess", {"json": {"species": "dog"}}),
        ("api", "read_json", "/api/v1/next-question", {"json": {"species": "dog"}}),
    ],
)
def test_a_case_is_read_in_the_thread(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, module: str, reads: str, path: str, sent: dict[str, Any]
) -> None:
    """A large case takes seconds to read; that holds up no page that only shows something."""
    where = importlib.import_module(f"fascicle.web.{module}")
    read, threads = getattr(where, reads), list[str]()

    def noted(*arguments: Any) -> Any:
        threads.append(threading.current_thread().name)
        return read(*arguments)

    monkeypatch.setattr(where, reads, noted)
    assert client.post(path, headers={"sec-fetch-site": "same-origin"}, **sent).status_code == 200
    assert [name.split("_")[0] for name in threads] == ["answer"]
