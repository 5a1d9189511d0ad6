"""Who may ask, how much, and what every answer carries."""

from __future__ import annotations

import json
import math
import socket
import subprocess
import sys
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlencode

import anyio
import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from fascicle.web.app import Settings, create_app, hosts_for, local
from fascicle.web.security import CSP, Buckets, Guard, Limits
from tests.web.walk import FORM, press, to_questions

BASE = "http://127.0.0.1:8765"
REFUSAL = {"ok", "status", "error", "errors"}


@pytest.mark.parametrize("path", ["/", "/dog", "/nope", "/api/v1/version", "/api/v1/nope", "/library/dog/causes"])
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    """The policy for content, no sniffing, no referrer, kept by nobody."""
    headers = client.get(path).headers
    assert headers["content-security-policy"] == CSP
    assert "unsafe" not in CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "private, max-age=0"
    assert "set-cookie" not in headers


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "",
        "[::1]evil.example",
        "localhost:8765@evil.example",
        "127.0.0.1:evil",
        "a@127.0.0.1",
        "localhost:",
        "localhost:999999",
        "[::1]:8765:1",
        "localhost\x00:80",
    ],
)
def test_another_host_name_is_refused(client: TestClient, host: str) -> None:
    """A name that was made to point here gets nothing."""
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:9", "127.0.0.1", "[::1]:8765"])
def test_this_computer_is_known_by_its_names(client: TestClient, host: str) -> None:
    """Any port."""
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://[x"}, 403),
        ({"origin": "http://]"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 422),
        ({"sec-fetch-site": "none"}, 422),
        ({"origin": BASE}, 422),
        ({}, 422),
    ],
)
def test_a_form_of_another_site_is_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    """422 is the answer to an empty form of our own."""
    answer = client.post("/dog/step", content="", headers={"content-type": FORM["content-type"], **headers})
    assert answer.status_code == status


@pytest.mark.parametrize("path", ["/dog/step", "/dog/save", "/dog/open"])
def test_pages_with_a_case_are_posted_only(client: TestClient, path: str) -> None:
    """An address alone shows nothing of a case."""
    assert client.get(path).status_code == 405
    assert client.get(f"{path}?story=x").status_code == 405


@pytest.mark.parametrize("path", ["/dog/step", "/api/v1/assess", "/dog/open"])
def test_ten_megabytes_are_refused_and_the_server_lives_on(client: TestClient, path: str) -> None:
    """413 before anything is read."""
    answer = client.post(path, content=b"x" * 10_000_000, headers=FORM)
    assert answer.status_code == 413
    assert client.get("/").status_code == 200


def test_a_body_without_a_length_is_cut_off_too(client: TestClient) -> None:
    """Sent piece by piece it is counted."""
    answer = client.post("/api/v1/assess", content=(b"x" * 1000 for _ in range(400)))
    assert answer.status_code == 413
    assert set(answer.json()) == REFUSAL


@pytest.mark.parametrize(
    ("hosts", "status"), [([b"localhost"], None), ([b"evil.example", b"localhost"], 421), ([], 421)]
)
def test_two_host_names_are_none(hosts: list[bytes], status: int | None) -> None:
    """Which of the two was meant is not guessed."""
    seen: list[int] = []

    async def inside(*_: object) -> None:
        """A request that came through."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            seen.append(message["status"])

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", each) for each in hosts]}
    anyio.run(Guard(inside, limits=Limits(), buckets=None), scope, receive, send)
    assert seen == ([] if status is None else [status])


HOSTILE = [
    b"",
    b"null",
    b"[]",
    b"{",
    b'{"species": 1}',
    b'{"species": "dog", "present": 3}',
    b'{"species": "unicorn"}',
    b"\xff\xfe\x00",
    b'{"species": "dog", "age_years": NaN}',
    b'{"species": "dog", "age_years": 1e999}',
    b'{"species": "dog", "species": "dog"}',
    b'{"species": "dog", "present": ["itching"], "skip": [], "skip": []}',
    b'{"species": "dog", "present": [], "present": ["itching"], "skip": ["kind"]}',
    b'{"species": "dog", "age_years": NaN, "skip": []}',
    b'{"species": "dog", "age_years": 1' + b"0" * 400 + b"}",
    b'{"species": "dog", "text": "\\ud800"}',
    b'{"species": "dog", "breed": "\\udfff"}',
    b'{"species": "dog", "choices": {"\\ud800": "x"}, "skip": ["\\ud800"]}',
    b"species=dog&present=itching",
    b'{"species": "dog", "age_years": -3}',
    b'{"species": "dog", "weight_kg": 4000}',
    b'{"species": "dog", "present": ["itchyness"]}',
    b"[" * 100_000,
    b'{"a":' * 40_000,
    b'{"species": "dog", "nonsense": 1}',
    b'{"species": "dog", "asked_before": ' + b"9" * 5000 + b"}",
    b'{"species": "dog", "present": [' + b",".join(b'"x%d"' % i for i in range(10_000)) + b"]}",
]


@pytest.mark.parametrize("path", ["/api/v1/assess", "/api/v1/next-question"])
@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_cases_get_the_one_error_shape(client: TestClient, path: str, body: bytes) -> None:
    """4xx with what is wrong, whatever was sent."""
    answer = client.post(path, content=body)
    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == REFUSAL
    assert answer.json()["error"]


HOSTILE_DOSES = [
    b"",
    b"null",
    b"[]",
    b"name=chocolate",
    b"\xff",
    b"[" * 100_000,
    b'{"name": "chocolate", "name": "xylitol"}',
    b'{"name": "chocolate", "weight": "9kg", "amount": "50g of \\ud800", "form": "milk"}',
    b'{"name": "\\ud800"}',
    b'{"name": 3}',
    b'{"name": "chocolate", "nonsense": 1}',
    b'{"weight": "9kg"}',
]


@pytest.mark.parametrize("body", HOSTILE_DOSES, ids=range(len(HOSTILE_DOSES)))
def test_hostile_poisons_get_the_one_error_shape(client: TestClient, body: bytes) -> None:
    """4xx with what is wrong, whatever was sent, as for a case."""
    answer = client.post("/api/v1/toxin", content=body)
    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == REFUSAL


DAMAGED = [
    *({name: half} for name in ("text", "breed", "region", "sex") for half in ("\ud800", "a\udfff")),
    {"levels": {"itching": "\ud800"}},
    *({name: number} for name in ("age_years", "weight_kg") for number in (math.inf, -math.inf, math.nan, 10**400)),
]


@pytest.mark.parametrize("told", DAMAGED, ids=range(len(DAMAGED)))
@pytest.mark.parametrize("go", ["show:who", "show:result"])
def test_a_story_that_no_page_can_hold_is_refused(client: TestClient, told: dict[str, object], go: str) -> None:
    """Half a character or an endless number in the hidden field was not written by a page of ours."""
    sent = urlencode({"story": json.dumps({"species": "dog", "answers": [], **told}), "go": go})
    for page in ("step", "save"):
        answer = client.post(f"/dog/{page}", content=sent, headers=FORM)
        assert answer.status_code == 422
        assert "damaged on the way" in answer.text


def test_a_saved_file_with_half_a_character_is_refused(client: TestClient) -> None:
    """It says which fault, on a page of its own."""
    for name, raw in (
        ("x.json", b'{"species": "dog", "text": "\\ud800"}'),
        ("x.json", b'{"species": "dog", "age_years": 1' + b"0" * 400 + b"}"),
    ):
        answer = client.post("/dog/open", files={"file": (name, raw)})
        assert answer.status_code == 422
        assert "<h1" in answer.text


@pytest.mark.parametrize(
    "body", [b"\xff=1", b"story=%FF%FE", b"&&&=", b"a=1&" * 5000, b"story=" + b"[" * 100_000, b"go=next&at=question"]
)
def test_hostile_forms_get_a_page_and_a_4xx(client: TestClient, body: bytes) -> None:
    """Never an error of the server."""
    answer = client.post("/dog/step", content=body, headers=FORM)
    assert 400 <= answer.status_code < 500
    assert "<h1" in answer.text


def test_a_flood_of_headers_is_refused(client: TestClient) -> None:
    """431 in the same shape."""
    answer = client.get("/api/v1/version", headers={f"x-{i}": "y" * 100 for i in range(200)})
    assert answer.status_code == 431
    assert set(answer.json()) == REFUSAL


def test_what_is_typed_is_escaped(client: TestClient) -> None:
    """Words of the reader are words, not markup."""
    html = press(client, client.get("/dog").text, "next", [("none", "1")]).text
    again = press(client, html, "next", [("text", "<script>alert(1)</script>")], ["text"]).text
    assert "<script>alert" not in again


def test_nothing_opens_a_connection(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages, a whole answer and the interface for programs work with connecting forbidden."""

    def refuse(*arguments: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    html = to_questions(client)
    assert press(client, html, "answer").status_code == 200
    assert client.post("/api/v1/assess", json={"species": "dog", "present": ["itching"]}).status_code == 200


def test_importing_and_making_the_app_opens_no_connection() -> None:
    """Checked in a process of its own, where nothing was imported before."""
    code = (
        "import socket\n"
        "def refuse(*a): raise SystemExit('a connection was opened')\n"
        "socket.socket.connect = socket.socket.connect_ex = refuse\n"
        "from fascicle.web.app import create_app\ncreate_app()\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_line_does_not_import_the_web() -> None:
    """`fascicle assess` stays as quick as it was."""
    code = "import sys, fascicle.cli; print([m for m in ('fastapi', 'uvicorn', 'jinja2', 'starlette') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_client_that_asks_too_often_waits() -> None:
    """Tokens run out and come back with time."""
    now = [0.0]
    buckets = Buckets(Limits(burst=3, per_minute=60), clock=lambda: now[0])
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b")
    now[0] = 1.0
    assert buckets.take("a")


def test_the_rate_is_limited_only_away_from_this_computer() -> None:
    """With the limit on, too many pages get 429 in the one shape."""
    app = create_app(Settings(hosts=("example.org",), limited=True, limits=Limits(burst=2, per_minute=0)))
    other = TestClient(app, base_url="https://example.org")
    assert [other.get("/api/v1/version").status_code for _ in range(3)] == [200, 200, 429]
    assert local("127.0.0.1") and local("::1") and not local("0.0.0.0")
    assert hosts_for("0.0.0.0", ["example.org"])[-1] == "example.org"


def test_a_form_that_never_arrives_is_not_waited_for() -> None:
    """408, which says to send it again, and not one word of it is given to the pages behind."""
    sent: list[Message] = []

    async def receive() -> Message:
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    async def behind(*_: object) -> None:
        raise AssertionError

    headers = [(b"host", b"localhost"), (b"content-length", b"9")]
    scope = {"type": "http", "method": "POST", "path": "/dog/step", "headers": headers, "query_string": b""}
    anyio.run(Guard(behind, limits=Limits(seconds=0), buckets=None), scope, receive, send)
    assert sent[0]["status"] == 408
    assert b"Send it again" in b"".join(message.get("body", b"") for message in sent)


def test_an_answer_that_takes_too_long_keeps_the_story() -> None:
    """503 with the answers on the page."""
    app = create_app(Settings(limits=Limits(seconds=0)))
    slow = TestClient(app, base_url=BASE, raise_server_exceptions=False)
    answer = slow.post(
        "/dog/step",
        content=urlencode({"story": '{"species":"dog","answers":[]}', "at": "check", "go": "answer"}),
        headers=FORM,
    )
    assert (answer.status_code, "Go on with your answers" in answer.text) == (503, True)


def test_a_fault_is_told_without_what_was_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """500 on a calm page with the answers; in the terminal only the kind of fault and its place."""

    def fail(*arguments: object) -> None:
        raise ValueError("he bites himself")

    monkeypatch.setattr("fascicle.web.flow.step", fail)
    app = TestClient(create_app(), base_url=BASE)
    sent = urlencode({"story": '{"species":"dog","answers":[]}', "at": "check", "go": "answer"})
    answer = app.post("/dog/step", content=sent, headers=FORM)
    assert answer.status_code == 500
    assert "Go on with your answers" in answer.text
    told = capsys.readouterr()
    assert "ValueError at test_security.py" in told.err
    assert "bites" not in told.out + told.err + answer.text
