"""One answer after the other, however long each takes."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from fascicle import Case, load
from fascicle.web.app import BUSY, Settings, create_app
from fascicle.web.compute import Busy, compute
from fascicle.web.forms import write_story
from fascicle.web.held import held
from fascicle.web.security import Limits
from fascicle.web.story import Answer, Story
from tests.web.conftest import BASE


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


def test_the_program_can_end_in_the_middle_of_an_answer() -> None:
    """Nothing waits for the thread, so that Ctrl and C stops the server at once."""
    asyncio.run(compute(int, seconds=10))
    (thread,) = (each for each in threading.enumerate() if each.name == "answer_0")
    assert thread.daemon


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server whose answers never come in time."""
    release = threading.Event()

    def wait(*_: object, **__: object) -> None:
        release.wait(20)

    monkeypatch.setattr("fascicle.web.flow.step", wait)
    monkeypatch.setattr("fascicle.web.flow.show", wait)
    monkeypatch.setattr("fascicle.web.api.assess_case", wait)
    monkeypatch.setattr("fascicle.web.api.ask_next", wait)
    app = create_app(Settings(limits=Limits(seconds=1)))
    yield TestClient(app, base_url=BASE, raise_server_exceptions=False)
    release.set()
    asyncio.run(compute(int, seconds=20))


@pytest.mark.parametrize("path", ["assess", "next-question"])
def test_a_time_out_still_tells_the_danger_signs_to_programs(slow: TestClient, path: str) -> None:
    """The one shape of an error, and in it how soon to act, why and what to do."""
    told = {"species": "dog", "present": ["breathing_trouble", "tremor_rhythmic"]}
    answer = slow.post(f"/api/v1/{path}", json=told)
    rule = next(rule for rule in load("dog").red_flags if rule.id == "breathing")
    assert answer.status_code == 503
    assert set(answer.json()) == {"ok", "status", "error", "errors"}
    assert answer.json()["error"].startswith("Emergency: go or call now. ")
    assert rule.act in answer.json()["error"]


def test_a_time_out_tells_only_what_the_highest_danger_asks_for() -> None:
    """Weakness that climbs is an emergency and also a matter of days: the days are not told beside it."""
    knowledge = load("person")
    told = held(Case("person", age_years=40, present=["ascending_weakness_days"]), knowledge)
    rules = {rule.id: rule for rule in knowledge.red_flags}
    assert rules["climbing_weakness_person"].act in told
    assert rules["weakness_slow_person"].act not in told


def test_a_time_out_without_danger_signs_asks_to_wait(slow: TestClient) -> None:
    """Nothing is made up."""
    answer = slow.post("/api/v1/assess", json={"species": "dog", "present": ["itching"]})
    assert (answer.status_code, answer.json()["error"]) == (503, BUSY)


def test_a_time_out_still_tells_the_danger_signs_on_the_pages(slow: TestClient) -> None:
    """Those told before and those ticked on the page that was sent; the answers are kept."""
    story = write_story(Story("dog").answered(Answer("words", {"breathing_trouble": "+"})))
    fields = {"story": story, "at": "check", "go": "answer"}
    answer = slow.post("/dog/step", data=fields, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 503
    assert "Emergency: go or call now." in answer.text
    file = {"file": ("x.yaml", b"species: dog\npresent: [breathing_trouble]")}
    opened = slow.post("/dog/open", files=file, headers={"sec-fetch-site": "same-origin"})
    assert opened.status_code == 503
    assert "Emergency: go or call now." in opened.text
