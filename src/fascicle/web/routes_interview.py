"""The interview over HTTP: every step is one POST with the whole story in its form; nothing is kept here."""

from __future__ import annotations

import re
from datetime import date

from fastapi import APIRouter, Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.responses import HTMLResponse, Response

from fascicle.case_file import parse_case
from fascicle.errors import CaseError
from fascicle.evidence import gather
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.loader import species_covered
from fascicle.pipeline import load
from fascicle.web import asking, flow
from fascicle.web.compute import compute
from fascicle.web.context_site import ErrorPage
from fascicle.web.forms import FIELD, BadForm, Form, read_form, read_story
from fascicle.web.held import held
from fascicle.web.render import render
from fascicle.web.routes_site import GET, SPECIES, page
from fascicle.web.saving import case_yaml
from fascicle.web.story import Story, case_of, story_of

router = APIRouter()
URLENCODED = "application/x-www-form-urlencoded"
NOT_YET = "There are no pages for this species yet. The emergency page holds for it all the same."


def _knowledge(species: str) -> Knowledge:
    if species not in SPECIES:
        raise HTTPException(404)
    if species not in species_covered():
        raise HTTPException(404, NOT_YET)
    return load(species)


@router.api_route("/{species}", methods=GET)
async def start(species: str) -> Response:
    """The first question, under what this is for."""
    if species in SPECIES and species not in species_covered():
        words = f"There are no pages for a {species} yet. The emergency page, on top, holds all the same."
        return page("error.html", ErrorPage(title="Not yet", status=404, message=words, species=species), 404)
    knowledge = _knowledge(species)
    return page("danger.html", asking.danger_page(Story(species), knowledge, Form()))


@router.post("/{species}/step")
async def step(species: str, request: Request) -> Response:
    """One step of the interview."""
    knowledge, form, story = await _told(species, request)
    shown = await compute(
        _shown,
        story,
        form,
        knowledge,
        seconds=request.app.state.limits.seconds,
        held=lambda: _held(story, form, knowledge),
    )
    return HTMLResponse(*shown)


@router.post("/{species}/save")
async def save(species: str, request: Request) -> Response:
    """The case as a file for the reader to keep."""
    knowledge, _, story = await _told(species, request)
    name = f"fascicle-{species}.yaml"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(case_yaml(story, knowledge), media_type="application/yaml", headers=headers)


@router.post("/{species}/open")
async def open_file(species: str, request: Request) -> Response:
    """A saved case, opened again."""
    knowledge = _knowledge(species)
    try:
        async with request.form(max_files=1, max_fields=4, max_part_size=request.app.state.limits.upload) as form:
            file = form.get("file")
            raw = await file.read() if isinstance(file, UploadFile) else b""
            name = file.filename if isinstance(file, UploadFile) and file.filename else "the file"
    except (MultiPartException, FormParserError, HTTPException, UnicodeDecodeError, KeyError):
        raise BadForm("The file could not be read. Choose it again.") from None
    if not raw:
        raise BadForm("No file was chosen, or it is empty. Choose the file that you saved.")
    called = re.sub(r"[^\w .-]", "", name)[-60:] or "the file"
    return HTMLResponse(
        *await compute(
            _opened, called, raw, knowledge, seconds=request.app.state.limits.seconds,
            held=lambda: held(parse_case(called, raw), knowledge),
        )
    )  # fmt: skip


async def _told(species: str, request: Request) -> tuple[Knowledge, Form, Story]:
    """The knowledge, the form and the story of a posted page."""
    knowledge = _knowledge(species)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != URLENCODED:
        raise BadForm("This page takes a form and nothing else.")
    form = read_form(await request.body())
    story = read_story(form, species)
    request.state.story = form.one(FIELD)
    return knowledge, form, story


def _shown(story: Story, form: Form, knowledge: Knowledge) -> tuple[str, int]:
    found = flow.step(story, form, knowledge, date.today())
    return render(found.template, found.page), found.status


def _held(story: Story, form: Form, knowledge: Knowledge) -> str:
    """The red flags of all answers, those of the page that was sent among them."""
    return held(case_of(flow.with_page(story, form.one("at"), form, knowledge), knowledge), knowledge)


def _opened(name: str, raw: bytes, knowledge: Knowledge) -> tuple[str, int]:
    """The page for a saved case. A large file takes seconds to read, so this belongs into `compute` as a whole."""
    case = parse_case(name, raw)
    if case.species != knowledge.species:
        raise CaseError(
            f"this file is about a {case.species[:20]}, not a {knowledge.species}. "
            "Open it from the page for that species."
        )
    gather(case, knowledge)  # refuses what cannot be
    found = flow.show("check", story_of(case, knowledge), Form(), knowledge, date.today())
    return render(found.template, found.page), found.status
