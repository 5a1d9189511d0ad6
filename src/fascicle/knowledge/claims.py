"""claims.yaml: what popular articles say, and what holds."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from fascicle.knowledge.figures import Id, Strict, Text
from fascicle.knowledge.schema import SpeciesId

Verdict = Literal["supported", "partly", "contested", "refuted", "unverified"]


class Claim(Strict):
    """One claim of one article, in our words, and what reliable sources say of it.

    danger: it can do harm if followed. causes, findings: what it touches; a claim that touches neither is listed but never
    brought up for a case.
    """

    id: Id
    species: Annotated[tuple[SpeciesId, ...], Field(min_length=1)]
    article: Id
    claim: Text
    verdict: Verdict
    danger: bool = False
    why: Text
    sources: tuple[Id, ...] = ()
    causes: tuple[Id, ...] = ()
    findings: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _backed(self) -> Self:
        if self.verdict in ("supported", "refuted") and not self.sources:
            raise ValueError(f"a claim called {self.verdict} needs a source; add one or call it unverified")
        return self


class Article(Strict):
    """A popular article, named by what it is about. It is not reproduced."""

    id: Id
    name: Text
    species: SpeciesId


class ClaimsFile(Strict):
    """claims.yaml."""

    articles: tuple[Article, ...]
    claims: tuple[Claim, ...]
