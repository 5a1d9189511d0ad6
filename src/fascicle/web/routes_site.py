"""The pages without a case: home, about, what to do in an emergency, and the files of the site."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from fascicle.knowledge.loader import species_covered
from fascicle.pipeline import load
from fascicle.web import pictures
from fascicle.web.calls import call_groups, emergency_page
from fascicle.web.context_site import AboutPage, EmergencyPage, HomePage, SpeciesLink
from fascicle.web.render import assets, render
from fascicle.web.subject import named

router = APIRouter()
GET = ["GET", "HEAD"]
SPECIES = {"dog": "Dog", "cat": "Cat", "person": "Person"}
YEAR = "public, max-age=31536000, immutable"


def page(template: str, context: object, status: int = 200) -> HTMLResponse:
    """A page as an answer."""
    return HTMLResponse(render(template, context), status)  # type: ignore[arg-type]


@router.api_route("/", methods=GET)
async def home() -> Response:
    """Dog, cat or person."""
    covered = species_covered()
    choices = tuple(
        SpeciesLink(
            s,
            name,
            s in covered,
            pictures.portrait(s),
            load(s).wording.about if s in covered else "Not yet. What to do in an emergency is there.",
        )
        for s, name in SPECIES.items()
    )
    poisons = tuple((s, load(s).profile.many) for s in SPECIES if s in covered)
    return page("home.html", HomePage(title="Why does it twitch?", choices=choices, poisons=poisons))


@router.api_route("/about", methods=GET)
async def about() -> Response:
    """What this is for and what not."""
    versions = tuple((SPECIES.get(s, s), load(s).version) for s in species_covered())
    return page("about.html", AboutPage(title="What this is for", versions=versions, here="about"))


@router.api_route("/emergency", methods=GET)
async def whose_emergency() -> Response:
    """Whose emergency: three large links."""
    choices = tuple(SpeciesLink(s, name, False, pictures.portrait(s), "What to do now") for s, name in SPECIES.items())
    return page("emergency_whose.html", HomePage(title="Emergency: who is it?", choices=choices, here="emergency"))


@router.api_route("/emergency/{species}", methods=GET)
async def emergency(species: str) -> Response:
    """What to do now, without a question."""
    if species not in SPECIES:
        raise HTTPException(404)
    first, sections, sources = emergency_page(species)
    known = load(species)
    return page(
        "emergency.html",
        EmergencyPage(
            title=f"Emergency: what to do now for a {species}",
            **named(known),
            ring=known.wording.ring,
            here="emergency",
            first=first,
            sections=sections,
            calls=call_groups(species),
            sources=sources,
            others=tuple((s, name) for s, name in SPECIES.items() if s != species),
        ),
    )


@router.api_route("/static/{name:path}", methods=GET)
async def static(name: str, request: Request) -> Response:
    """A file of the site, from memory."""
    held = assets().get(name)
    if held is None:
        raise HTTPException(404)
    cached = YEAR if request.query_params.get("v") == held.version else "public, max-age=0"
    return Response(held.content, media_type=held.kind, headers={"cache-control": cached})


@router.api_route("/favicon.ico", methods=GET)
async def favicon() -> Response:
    """The icon under the address that browsers guess."""
    held = assets().get("favicon.svg")
    return Response(status_code=204) if held is None else Response(held.content, media_type=held.kind)
