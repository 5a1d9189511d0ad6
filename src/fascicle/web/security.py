"""What stands before every page: who may ask, how much, how often, and the headers of every answer. Pure ASGI.

Nothing here looks into a body, and nothing is written down.
"""

from __future__ import annotations

import re
import sys
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fascicle.web.problems import Problem, respond

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
LOCAL = ("localhost", "127.0.0.1", "[::1]")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")
SAFE = ("GET", "HEAD", "OPTIONS")
FIXED = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
PERSONAL = (b"cache-control", b"private, max-age=0")
"""Not no-store: after a form was sent, Chromium's own Back button would then fail."""


@dataclass(frozen=True)
class Limits:
    """How much one client may ask for. upload: of a case file. seconds: to send a body, and to be answered."""

    body: int = 262_144
    upload: int = 1_100_000
    header: int = 16_384
    seconds: int = 20
    burst: int = 60
    per_minute: int = 120
    clients: int = 10_000


@dataclass
class Buckets:
    """A token bucket for each client, the oldest forgotten first. Held in memory only."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    _held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, client: str) -> bool:
        """Take one token; False when there is none."""
        now = self.clock()
        tokens, since = self._held.pop(client, (float(self.limits.burst), now))
        tokens = min(self.limits.burst, tokens + (now - since) * self.limits.per_minute / 60)
        allowed = tokens >= 1
        self._held[client] = (tokens - 1 if allowed else tokens, now)
        if len(self._held) > self.limits.clients:
            self._held.popitem(last=False)
        return allowed


class Guard:
    """Refuses what may not be asked, reads the body within its limits, and sets the headers."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = LOCAL, *, limits: Limits, buckets: Buckets | None) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.limits = limits
        self.buckets = buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        guarded = _with_headers(send, scope["path"])
        problem = self._refused(scope)
        if problem is None:
            try:
                with anyio.fail_after(self.limits.seconds):
                    body = await self._body(scope, receive)
            except TimeoutError:
                problem = Problem(408, "The request took too long to arrive. Send it again.")
            else:
                if body is None:
                    problem = Problem(413, "That is larger than this page can take. A case is a page of text.")
                else:
                    await self._answer(scope, _once(body, receive), guarded)
                    return
        await respond(problem, scope["path"])(scope, receive, guarded)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer. Of a fault only its kind and place are told, for its words may repeat what was typed."""
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            print(f"fascicle: {type(error).__name__} at {Path(place.filename).name}:{place.lineno}", file=sys.stderr)

    def _refused(self, scope: Scope) -> Problem | None:
        """Why a request is not answered, None when it is."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if sum(len(name) + len(value) for name, value in scope["headers"]) > self.limits.header:
            return Problem(431, "The request has too many or too long headers.")
        host = headers.get("host", "").lower()
        told = [name for name, _ in scope["headers"] if name == b"host"]
        if len(told) != 1 or _name(host) not in self.hosts:
            return Problem(
                421, "This server does not answer to that name. Open it under the address it printed at the start."
            )
        if scope["method"] not in SAFE and not _same_origin(headers, host):
            return Problem(
                403, "This form came from another site, so it was not read. Open the page here and try again."
            )
        if self.buckets is not None and not self.buckets.take(scope["client"][0] if scope.get("client") else ""):
            return Problem(429, "That was a great many pages in a short time. Wait a minute and try again.")
        return None

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body, None when it is too large."""
        most = self.limits.upload if scope["path"].endswith("/open") else self.limits.body
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or int(told[:12]) > most:
            return None
        parts, size, more = [], 0, scope["method"] not in ("GET", "HEAD")
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > most:
                return None
            more = message.get("more_body", False)
        return b"".join(parts)


def _once(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body that was read, then what the server says."""
    given = False

    async def give() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give


def _name(host: str) -> str:
    """A Host header without its port; empty for anything but a name, or an address in brackets, and a port."""
    found = _HOST.fullmatch(host)
    return found[1] if found else ""


def _same_origin(headers: dict[str, str], host: str) -> bool:
    """Whether a form was sent by one of our own pages, or by no browser at all.

    Browsers say so in Sec-Fetch-Site; older ones in Origin, which must then name this very host.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc.lower() == host
    except ValueError:  # no address at all, such as one with half a bracket
        return False


def _with_headers(send: Send, path: str) -> Send:
    """A send that adds the headers of every answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), *FIXED]
            if not any(name.lower() == b"cache-control" for name, _ in headers):
                headers.append(PERSONAL)
            message = {**message, "headers": headers}
        await send(message)

    return sending
