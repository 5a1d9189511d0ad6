"""What is said when something cannot be done: one shape for programs, one calm page for people."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from fascicle.web.context_site import ErrorPage
from fascicle.web.render import render

API = "/api/"


@dataclass(frozen=True)
class Problem:
    """A refusal in plain words. story: the answers so far, as the hidden field holds them, so that none is lost."""

    status: int
    message: str
    story: str | None = None
    species: str | None = None


def shape(problem: Problem) -> dict[str, Any]:
    """The one shape of an error for programs."""
    return {"ok": False, "status": problem.status, "error": problem.message, "errors": [problem.message]}


def respond(problem: Problem, path: str) -> Response:
    """The answer to a request that could not be met: JSON below /api/, a page elsewhere."""
    if path.startswith(API):
        return JSONResponse(shape(problem), problem.status)
    page = ErrorPage(
        title=_title(problem.status),
        status=problem.status,
        message=problem.message,
        species=problem.species,
        story=problem.story or "",
    )
    return HTMLResponse(render("error.html", page), problem.status)


def _title(status: int) -> str:
    """A heading for people."""
    if status == HTTPStatus.NOT_FOUND:
        return "There is no such page"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "Something went wrong here"
    return "That could not be read"
