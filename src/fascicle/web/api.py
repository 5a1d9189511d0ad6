"""/api/v1: the same functions for programs. One object per answer, one shape for every error."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fascicle import __version__, doses, units
from fascicle.case_file import case_from, read_json
from fascicle.errors import CaseError
from fascicle.knowledge.loader import species_covered
from fascicle.model import Case
from fascicle.pipeline import assess as assess_case
from fascicle.pipeline import load
from fascicle.pipeline import next_question as ask_next
from fascicle.report import plain, poison
from fascicle.web.compute import compute
from fascicle.web.held import held


class Refusal(BaseModel):
    """Why something was not done, in plain words."""

    ok: bool = Field(default=False, description="Always false.")
    status: int = Field(description="The HTTP status.")
    error: str = Field(description="What is wrong and what to do.")
    errors: list[str] = Field(description="Every fault; the first is `error`.")


class CaseIn(BaseModel):
    """A case: the keys of a case file."""

    model_config = ConfigDict(extra="forbid")
    species: str = Field(description="dog, cat or person; see /api/v1/version for what is covered.")
    age_years: float | None = None
    sex: str | None = None
    breed: str | None = None
    weight_kg: float | None = None
    present: list[str] | None = Field(default=None, description="Findings that are so.")
    absent: list[str] | None = Field(default=None, description="Findings that are not so.")
    choices: dict[str, str] | None = Field(default=None, description="Group -> option.")
    levels: dict[str, str] | None = Field(default=None, description="Graded finding -> level.")
    observed_by: dict[str, str] | None = Field(default=None, description="Finding -> lay, clinician or recording.")
    region: str | None = None
    text: str | None = Field(default=None, description="Kept, not read.")
    asked_before: int | None = None
    unclear: bool | None = Field(default=None, description="Something moves, but nobody can tell how.")


class Asked(CaseIn):
    """A case, and the questions already put."""

    skip: list[str] | None = Field(default=None, description="Ids of questions put, not asked again.")


_NO = {"model": Refusal}
_ERRORS: dict[int | str, dict[str, Any]] = dict.fromkeys(
    (400, 403, 404, 405, 408, 413, 415, 421, 422, 429, 431, 503), _NO
)
BODY = "the body"
CASE, POISON = '{"species": "dog", "present": ["itching"]}', '{"name": "chocolate", "weight": "9kg"}'
router = APIRouter(prefix="/api/v1", responses=_ERRORS)


def _body(model: type[BaseModel]) -> dict[str, Any]:
    """The description of a body that is read as a case file is, with the same refusals."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": model.model_json_schema()}}}}


@router.post("/assess", openapi_extra=_body(CaseIn))
async def assess(request: Request) -> dict[str, Any]:
    """Assess a case: the object that `fascicle assess --json` prints."""
    raw = await request.body()

    def answer() -> dict[str, Any]:
        case = _case(raw)
        return plain.assessment(assess_case(case), load(case.species))

    return await compute(answer, seconds=request.app.state.limits.seconds, held=lambda: _held(_case(raw)))


@router.post("/next-question", openapi_extra=_body(Asked))
async def next_question(request: Request) -> dict[str, Any] | None:
    """The question most worth asking next, null when the interview is over."""
    raw = await request.body()

    def answer() -> dict[str, Any] | None:
        case, skip = _asked(raw)
        question = ask_next(case, skip=skip)
        return None if question is None else plain.question(question)

    return await compute(answer, seconds=request.app.state.limits.seconds, held=lambda: _held(_asked(raw)[0]))


SpeciesName = Query(default="dog", max_length=20, description="Which species.")


@router.get("/causes")
async def causes(species: str = SpeciesName) -> list[dict[str, Any]]:
    """The causes with a page."""
    return [
        {"id": c.id, "name": c.name, "level": c.urgency.level, "category": c.category, "summary": c.summary}
        for c in load(species).causes.values()
    ]


@router.get("/causes/{cause}")
async def cause(cause: str, species: str = SpeciesName) -> dict[str, Any]:
    """One page whole, figures and sources included."""
    knowledge = load(species)
    if cause not in knowledge.causes:
        raise CaseError(f"no cause has the id {cause[:60]!r}. List them: /api/v1/causes?species={species}")
    return knowledge.causes[cause].model_dump(mode="json", exclude_none=True, by_alias=True)


@router.get("/findings")
async def findings(species: str = SpeciesName) -> list[dict[str, Any]]:
    """The findings a case can name."""
    return [
        {
            "id": f.id,
            "about": f.about,
            "group": f.group,
            "name": f.name,
            "ask": f.ask.get(species),
            "help": f.help,
            "levels": list(f.levels),
        }
        for f in load(species).findings.values()
    ]


class ToxinIn(BaseModel):
    """Which poison, and as far as known how much and for what weight."""

    model_config = ConfigDict(extra="forbid")
    species: str = "dog"
    name: str = Field(max_length=80)
    weight: str | None = Field(default=None, max_length=20, description="Such as 12kg.")
    amount: str | None = Field(default=None, max_length=20, description="Such as 50g or 2 tablets.")
    form: str | None = Field(default=None, max_length=60)
    concentration: str | None = Field(default=None, max_length=20, description="Such as 200mg/tablet.")


@router.post("/toxin", openapi_extra=_body(ToxinIn))
async def toxin(request: Request) -> dict[str, Any]:
    """The dose of a poison and how soon to act: the object that `fascicle toxin --json` prints.

    For a species without doses, such as a person: what to do instead.
    """
    try:
        asked = ToxinIn.model_validate(_json(await request.body(), POISON))
    except ValidationError as error:
        first = error.errors()[0]
        raise CaseError(f"{'.'.join(map(str, first['loc'])) or BODY}: {first['msg']}.") from None
    knowledge = load(asked.species)
    if not knowledge.toxins:
        return poison.instead_data(knowledge)
    found = doses.dose(
        doses.find(asked.name, knowledge),
        knowledge,
        doses.weight(asked.weight, knowledge) if asked.weight is not None else None,
        units.amount(asked.amount) if asked.amount is not None else None,
        asked.form,
        units.concentration(asked.concentration) if asked.concentration is not None else None,
    )
    return poison.data(found, knowledge)


@router.get("/version")
async def version() -> dict[str, Any]:
    """The version of the program, and of the knowledge of each species."""
    knowledge = {species: load(species).version for species in species_covered()}
    return {"version": __version__, "contract": plain.CONTRACT, "knowledge": knowledge}


def _asked(raw: bytes) -> tuple[Case, list[str]]:
    """The case of a body, and the questions put that stand beside it."""
    data = _json(raw)
    told = (data.pop("skip", None) if isinstance(data, dict) else None) or []
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        raise CaseError("skip: give a list of question ids.")
    return case_from(BODY, data), told


def _held(case: Case) -> str:
    """The red flags of a case that took too long."""
    return held(case, load(case.species))


def _case(raw: bytes) -> Case:
    return case_from(BODY, _json(raw))


def _json(raw: bytes, such_as: str = CASE) -> Any:
    """What a body holds, whatever kind it says it is."""
    if not raw.strip():
        raise CaseError(f"{BODY} is empty. Send JSON, such as {such_as}")
    try:
        return read_json(BODY, raw)
    except CaseError as error:
        raise CaseError(f"{error} Send JSON, such as {such_as}") from None
