"""What questions.yaml may hold: what is asked together, the overview of everything else, and when asking stops."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from fascicle.knowledge.figures import Id, Strict, Text
from fascicle.knowledge.schema import SpeciesId


class Family(Strict):
    """Options of a large choice group under one plain line, which is asked before them."""

    id: Id
    text: dict[SpeciesId, Text]
    items: Annotated[tuple[Id, ...], Field(min_length=1)]


class QuestionEntry(Strict):
    """Findings looked at together, or the options of one group; many options are asked in two steps, by families."""

    id: Id
    text: dict[SpeciesId, Text]
    items: Annotated[tuple[Id, ...], Field(max_length=7)] = ()
    group: Id | None = None
    families: Annotated[tuple[Family, ...], Field(max_length=7)] = ()
    effort: Annotated[int, Field(ge=1, le=3)]
    first: bool = False
    theme: Id | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.items) == bool(self.group):
            raise ValueError("give items or group, one of the two")
        return self


class Theme(Strict):
    """A plain line under which the findings of some questions are told unasked."""

    id: Id
    text: dict[SpeciesId, Text]


class Overview(Strict):
    """The question of everything else: its lines, each opening the findings of the questions of its theme."""

    id: Id
    text: dict[SpeciesId, Text]
    lines: Annotated[tuple[Theme, ...], Field(min_length=1)]


class InterviewRules(Strict):
    """When the interview stops and how it weighs its two aims."""

    why: Text
    most_questions: Annotated[int, Field(ge=1)]
    most_unanswered: Annotated[int, Field(ge=1)]
    bits_worth: Annotated[float, Field(gt=0)]
    least_gain: Annotated[float, Field(gt=0)]
    item_effort: Annotated[float, Field(gt=0)]


class QuestionsFile(Strict):
    """questions.yaml."""

    rules: InterviewRules
    overview: Overview | None = None
    questions: tuple[QuestionEntry, ...]

    def everything_else(self, species: str) -> QuestionEntry | None:
        """The overview as one question of a species, with a family for each theme that has findings."""
        if self.overview is None or species not in self.overview.text:
            return None
        own = [q for q in self.questions if species in q.text]
        held = {line.id: tuple(f for q in own if q.theme == line.id for f in q.items) for line in self.overview.lines}
        families = tuple(
            Family(id=line.id, text=line.text, items=held[line.id]) for line in self.overview.lines if held[line.id]
        )
        return QuestionEntry.model_construct(  # longer than a question that is read through may be
            id=self.overview.id, text=self.overview.text, items=tuple(f for each in families for f in each.items),
            families=families, effort=1,
        )  # fmt: skip
