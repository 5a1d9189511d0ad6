"""What a general chat assistant said to the same cases: the strongest rival, and a measure of what the facts can tell.

Its answers were taken down once and are kept in data/assistant.yaml; nothing is asked of it here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from fascicle.evaluation.baselines import DATA, read
from fascicle.evaluation.score import Scored
from fascicle.evaluation.vignettes import Vignette
from fascicle.knowledge.figures import Chance, Id, Strict, Text
from fascicle.knowledge.schema import LevelId
from fascicle.model import Level


class Said(Strict):
    """Its likeliest causes with the probability it gave each, and how soon it said to act."""

    causes: dict[Id, Chance]
    urgency: LevelId


class Assistant(Strict):
    """Who answered, when, from what, and what it said: case -> answer."""

    name: Text
    answered_on: date
    given: Text
    answers: dict[Id, Said]

    def answer(self, vignettes: Sequence[Vignette]) -> list[Scored]:
        """Its answers to those of these cases that it was given."""
        return [self._scored(vignette) for vignette in vignettes if vignette.id in self.answers]

    def _scored(self, vignette: Vignette) -> Scored:
        said = self.answers[vignette.id]
        ranking = sorted(said.causes, key=lambda cause: -said.causes[cause])
        return Scored(vignette, tuple(ranking), said.causes, Level.of(said.urgency), ranking[:1] != ["other"])


@lru_cache(maxsize=4)
def assistant(data: Path = DATA) -> Assistant:
    """The answers of assistant.yaml. Raises KnowledgeError with file and line for what it may not hold."""
    return read(data / "assistant.yaml", Assistant)
