"""pages_say.yaml: how many public web pages name which cause of a movement, counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from fascicle.knowledge.figures import Id, Strict, Text
from fascicle.knowledge.schema import SpeciesId

Count = Annotated[int, Field(ge=0)]
Some = Annotated[int, Field(ge=1)]


class Topic(Strict):
    """What pages about one movement name.

    kinds: it fits a case with any of these kinds of movement; needs: and, where there are some, any of these findings.
    pages: how many were read. give_likelihood: of these, how many gave any number of how likely a cause is.
    named: cause -> how many pages name it. not_for: cause -> a finding with which it makes no sense to show it.
    """

    id: Id
    species: SpeciesId
    about: Text
    kinds: Annotated[tuple[Id, ...], Field(min_length=1)]
    needs: tuple[Id, ...] = ()
    pages: Some
    give_likelihood: Count
    named: Annotated[dict[Id, Some], Field(min_length=1)]
    not_for: dict[Id, Id] = {}
    read_on: date
    why: Text


class PagesSayFile(Strict):
    """pages_say.yaml. most_rows, least_pages: how many causes are shown, and named by how many pages at least."""

    most_rows: Some
    least_pages: Some
    why: Text
    topics: tuple[Topic, ...]

    def of(self, species: str) -> PagesSayFile:
        """The same with the topics of one species."""
        return self.model_copy(update={"topics": tuple(t for t in self.topics if t.species == species)})
