"""wording.yaml: what pages, terminal and print-out say of each species in words of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from fascicle.knowledge.figures import Strict, Text
from fascicle.knowledge.schema import LevelId, Line, SpeciesId

ALL = ("dog", "cat", "person")


class Instead(Strict):
    """What to say, and what to do, where the pages do not hold. why: where it is the same for everybody.

    level: the least urgency, where the pages know of none. ask: what to do besides, unless the answer already says how soon.
    """

    name: Text
    why: Text | None = None
    level: LevelId | None = None
    now: Annotated[tuple[Line, ...], Field(min_length=1)]
    ask: Line | None = None
    avoid: tuple[Line, ...] = ()


class Wording(Strict):
    """One species in words.

    about: for the home page. asks: whom the pages are for. told_by: whose story the print-out tells. first_aid: said before
    the first question. ring: said on the emergency page. sheet: what the print-out is about. tell, tell_hint: the page for
    own words. place_hint: beside the body map. drive: over what to do until help comes. on_the_way: what to do in an
    emergency for which no page and no red flag says it. poisons: over the list of poisons.
    film: what to film and note. no_movement, too_young, no_doses: what to do where the pages do not hold, or there is no
    table of doses. low_dose: what to do at home after a dose that asks for no more.
    """

    about: Text
    asks: Text
    told_by: Text
    first_aid: Text
    ring: Text
    sheet: Text
    tell: Text
    tell_hint: Text
    place_hint: Text
    drive: Text
    on_the_way: Annotated[tuple[Line, ...], Field(min_length=1)]
    poisons: Text
    film: Annotated[tuple[Text, ...], Field(min_length=1)]
    no_movement: Instead
    too_young: Instead | None = None
    no_doses: Instead | None = None
    low_dose: Instead | None = None

    @property
    def insteads(self) -> Iterator[tuple[str, Instead]]:
        """What is said where the pages do not hold, each under its key."""
        for key in ("no_movement", "too_young", "no_doses", "low_dose"):
            found = getattr(self, key)
            if found is not None:
                yield key, found


class WordingFile(Strict):
    """wording.yaml."""

    species: dict[SpeciesId, Wording]

    @model_validator(mode="after")
    def _all(self) -> Self:
        missing = [species for species in ALL if species not in self.species]
        if missing:
            raise ValueError(f"species lacks {', '.join(missing)}; write what is said of each")
        return self
