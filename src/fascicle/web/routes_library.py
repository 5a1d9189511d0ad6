"""The library over HTTP. Searches are words of the knowledge; doses are worked out in a form that is posted."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.loader import species_covered
from fascicle.pipeline import load
from fascicle.web import library, library_instruments, library_sources, library_toxins
from fascicle.web.forms import read_form
from fascicle.web.routes_site import GET, page

router = APIRouter(prefix="/library")
LONGEST_QUERY = 60
LISTS = {
    "causes": library.causes,
    "findings": library.findings,
    "toxins": library_toxins.toxins,
    "instruments": library_instruments.instruments,
}


def _all() -> dict[str, Knowledge]:
    return {species: load(species) for species in species_covered()}


def _known(species: str) -> Knowledge:
    if species not in species_covered():
        raise HTTPException(404)
    return load(species)


@router.api_route("", methods=GET)
async def index() -> Response:
    """What there is."""
    return page("list.html", library.index(_all()))


@router.api_route("/search", methods=GET)
async def search(q: str = "") -> Response:
    """What the library holds on a word."""
    return page("list.html", library.search(_all(), " ".join(q[:LONGEST_QUERY].split())))


@router.api_route("/sources", methods=GET)
async def sources() -> Response:
    """Everything that was read."""
    return page("list.html", library_sources.sources(_all()))


@router.api_route("/sources/{identity}", methods=GET)
async def source(identity: str) -> Response:
    """One source."""
    found = library_sources.source(_all(), identity)
    if found is None:
        raise HTTPException(404)
    return page("entry.html", found)


@router.api_route("/{species}/claims", methods=GET)
async def claims(species: str) -> Response:
    """What articles say."""
    return page("claims.html", library.claims(_known(species)))


@router.api_route("/{species}/{kind}", methods=GET)
async def listed(species: str, kind: str) -> Response:
    """Causes, signs, poisons or questionnaires of a species."""
    if kind not in LISTS:
        raise HTTPException(404)
    return page("list.html", LISTS[kind](_known(species)))


@router.api_route("/{species}/causes/{identity}", methods=GET)
async def cause(species: str, identity: str) -> Response:
    """One cause."""
    knowledge = _known(species)
    if identity not in knowledge.causes:
        raise HTTPException(404)
    return page("entry.html", library.cause(knowledge, identity))


@router.api_route("/{species}/findings/{identity}", methods=GET)
async def finding(species: str, identity: str) -> Response:
    """One sign."""
    knowledge = _known(species)
    if identity not in knowledge.findings:
        raise HTTPException(404)
    return page("entry.html", library.finding(knowledge, identity))


@router.api_route("/{species}/toxins/{identity}", methods=GET)
async def toxin(species: str, identity: str) -> Response:
    """One poison."""
    knowledge = _known(species)
    if identity not in knowledge.toxins or species not in knowledge.toxins[identity].species:
        raise HTTPException(404)
    return page("toxin.html", library_toxins.toxin(knowledge, identity))


@router.api_route("/{species}/instruments/{identity}", methods=GET)
async def instrument(species: str, identity: str) -> Response:
    """One questionnaire, or one diary to print."""
    knowledge = _known(species)
    if identity in knowledge.diaries:
        return page("diary.html", library_instruments.diary(knowledge, identity))
    if identity not in knowledge.instruments:
        raise HTTPException(404)
    return page("entry.html", library_instruments.instrument(knowledge, identity))


@router.post("/{species}/toxins/{identity}")
async def dose(species: str, identity: str, request: Request) -> Response:
    """The dose, from a form; weight and amount stand in no address."""
    knowledge = _known(species)
    if identity not in knowledge.toxins or species not in knowledge.toxins[identity].species:
        raise HTTPException(404)
    form = read_form(await request.body())
    told = {name: form.one(name)[:LONGEST_QUERY] for name in ("weight", "amount", "form")}
    found = library_toxins.toxin(knowledge, identity, told)
    return page("toxin.html", found, 422 if found.errors else 200)
