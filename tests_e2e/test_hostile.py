"""Hostile input to a real server over real sockets: a 4xx or a closed door, and the next visitor is served as before."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests_e2e.serving import served

MEGABYTE = 1_000_000
REFUSAL = {"ok", "status", "error", "errors"}


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    """A server of its own, so that nothing sent here meets another test."""
    with served() as address:
        yield address


def sent(target: str, raw: bytes, *, whole: bool = True) -> tuple[int, bytes]:
    """Send bytes as they are; return the status and the body. 0: the server closed the connection without a word."""
    where = urlsplit(target)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=30) as connection:
        try:
            connection.sendall(raw)
        except (BrokenPipeError, ConnectionResetError):
            assert not whole, "cut off before all was sent"
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split()[1]) if head else 0), body


def posted(path: str, body: bytes, kind: str = "application/json", length: int | None = None) -> bytes:
    """A POST as bytes."""
    told = len(body) if length is None else length
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {kind}", f"Content-Length: {told}"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def lives_on(target: str) -> None:
    """The next visitor gets the first page."""
    status, body = sent(target, b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert (status, b"<h1" in body) == (200, True)


DEEP = b'{"species": "dog", "present": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
MANY = json.dumps({"species": "dog", "present": [f"finding_{i}" for i in range(10_000)]}).encode()
CASES = {"deep JSON": DEEP, "10,000 findings": MANY, "bad UTF-8": b'{"species": "\xff\xfe"}', "nothing": b""}


@pytest.mark.parametrize("path", ["/api/v1/assess", "/api/v1/next-question"])
@pytest.mark.parametrize("name", CASES)
def test_hostile_cases_are_refused_in_the_one_shape(target: str, path: str, name: str) -> None:
    """A 4xx that says what is wrong."""
    status, body = sent(target, posted(path, CASES[name]), whole=False)
    assert 400 <= status < 500
    assert set(json.loads(body)) == REFUSAL
    lives_on(target)


@pytest.mark.parametrize("path", ["/dog/step", "/dog/open", "/api/v1/assess"])
def test_a_form_of_ten_megabytes_is_refused(target: str, path: str) -> None:
    """It is turned away by its length, and what still comes is not kept."""
    form = posted(path, b"story=" + b"x" * 10 * MEGABYTE, "application/x-www-form-urlencoded")
    assert sent(target, form, whole=False)[0] in (0, 413)
    lives_on(target)


def test_a_body_without_a_length_is_counted(target: str) -> None:
    """Sent in pieces, it is cut off at the same size."""
    head = b"POST /api/v1/assess HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    pieces = b"".join(b"%x\r\n%s\r\n" % (10_000, b"x" * 10_000) for _ in range(200)) + b"0\r\n\r\n"
    assert sent(target, head + pieces, whole=False)[0] in (0, 413)
    lives_on(target)


def test_bad_utf_8_in_a_form_keeps_a_page(target: str) -> None:
    """A page that says what to do, not a fault."""
    status, body = sent(target, posted("/dog/step", b"story=%FF%FE&at=\xff", "application/x-www-form-urlencoded"))
    assert (status, b"<h1" in body) == (422, True)
    lives_on(target)


@pytest.mark.parametrize("count", [200, 5000])
def test_a_flood_of_headers_is_refused(target: str, count: int) -> None:
    """Too many to read, or too many to take."""
    flood = b"".join(b"X-%d: %s\r\n" % (i, b"y" * 100) for i in range(count))
    status, _ = sent(target, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + flood + b"\r\n", whole=False)
    assert status == 0 or 400 <= status < 500
    lives_on(target)


@pytest.mark.parametrize(
    "raw", [b"\x00" * 5000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"]
)
def test_what_is_no_request_is_turned_away(target: str, raw: bytes) -> None:
    """Bytes that are no HTTP get a 4xx or a closed door."""
    status, _ = sent(target, raw, whole=False)
    assert status == 0 or 400 <= status < 500
    lives_on(target)


def test_a_form_that_never_ends_does_not_hold_up_others(target: str) -> None:
    """While one client has sent half a form, the next is served."""
    where = urlsplit(target)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=30) as waiting:
        waiting.sendall(posted("/dog/step", b"story=", "application/x-www-form-urlencoded", length=5000))
        lives_on(target)
