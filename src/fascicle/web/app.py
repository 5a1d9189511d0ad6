"""The app: pages and the interface for programs over the same functions, behind one guard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fascicle import __version__
from fascicle.errors import FascicleError, SpeciesNotCovered
from fascicle.web import api, routes_interview, routes_library, routes_site
from fascicle.web.compute import Busy
from fascicle.web.problems import Problem, respond
from fascicle.web.security import LOCAL, Buckets, Guard, Limits

BUSY = "This took too long to work out, or too many people asked at once. Wait a moment and send it again; your answers are kept."
STILL_BUSY = (
    "Do not wait for the rest: with everything else that was told it took too long to work out, or too many people asked at "
    "once. Your answers are kept."
)
BROKEN = "Something went wrong here, and it is not your fault. Your answers are not lost: go back one page."


@dataclass(frozen=True)
class Settings:
    """How the app is served. hosts: names it answers to. limited: whether each client has a rate limit."""

    hosts: tuple[str, ...] = LOCAL
    limited: bool = False
    limits: Limits = field(default_factory=Limits)


class App:
    """The guarded app. `inner` is the FastAPI app, for its description."""

    def __init__(self, inner: FastAPI, guarded: ASGIApp) -> None:
        self.inner = inner
        self._guarded = guarded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._guarded(scope, receive, send)


def create_app(settings: Settings = Settings()) -> App:
    """Return the app. It opens no socket, keeps nothing and writes nothing but the knowledge's own cache."""
    inner = FastAPI(
        title="fascicle",
        version=__version__,
        summary="How soon to act on a twitch, spasm, tremor or touch-flinch, and what explains it. Not a diagnosis.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    inner.state.limits = settings.limits
    inner.include_router(api.router)
    inner.include_router(routes_site.router, include_in_schema=False)
    inner.include_router(routes_library.router, include_in_schema=False)
    inner.include_router(routes_interview.router, include_in_schema=False)
    _answer_errors(inner)
    buckets = Buckets(settings.limits) if settings.limited else None
    return App(inner, Guard(inner, settings.hosts, limits=settings.limits, buckets=buckets))


def local(host: str) -> bool:
    """Whether a server at this address is reached from this computer only."""
    return host in ("localhost", "::1") or host.startswith("127.")


def hosts_for(host: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names a server at this address answers to."""
    shown = f"[{host}]" if ":" in host else host
    return tuple(dict.fromkeys([*LOCAL, shown, *names]))


def _answer_errors(inner: FastAPI) -> None:
    """Every error in one shape."""

    def told(request: Request, status: int, words: str) -> Response:
        held = getattr(request.state, "story", None)
        species = request.path_params.get("species")
        return respond(
            Problem(status, words, held, species if species in routes_site.SPECIES else None), request.url.path
        )

    @inner.exception_handler(FascicleError)
    async def refused(request: Request, error: FascicleError) -> Response:
        status = 404 if isinstance(error, SpeciesNotCovered) and request.method in ("GET", "HEAD") else 422
        return told(request, status, _sentence(str(error)))

    @inner.exception_handler(Busy)
    async def busy(request: Request, error: Busy) -> Response:
        return told(request, 503, f"{error.held} {STILL_BUSY}" if error.held else BUSY)

    @inner.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(each) for each in first["loc"][1:])
        return told(request, 422, f"{where}: {first['msg']}."[:200])

    @inner.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        words = {
            404: "There is no page at this address.",
            405: "This page is reached by its form, not by its address. Start at the first page.",
        }
        response = told(request, error.status_code, words.get(error.status_code, str(error.detail)))
        response.headers.update(error.headers or {})
        return response

    @inner.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        return told(request, 500, BROKEN)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
