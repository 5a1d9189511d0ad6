"""What reports/<species>.yaml may hold: how far an answer can be trusted, by finding and by who gave it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fascicle.knowledge.figures import Chance, Id, Share, Strict, Text
from fascicle.knowledge.schema import SpeciesId

REPORTERS = ("lay", "examination", "recording")
"""Somebody at home, somebody trained who examined it, a recording or a measurement."""


class Reliability(Strict):
    """P(reported | there) and P(reported | not there)."""

    sensitivity: Share
    false_report: Share


class OwnReliability(Strict):
    """What differs for one finding from its manner."""

    sensitivity: Share | None = None
    false_report: Share | None = None


class Manner(Strict):
    """A way in which things come to be known, such as by touch or at a glance."""

    name: Text
    lay: Reliability
    examination: Reliability
    recording: Reliability


class Observed(Strict):
    """How one finding comes to be known."""

    manner: Id
    lay: OwnReliability = OwnReliability()
    examination: OwnReliability = OwnReliability()
    recording: OwnReliability = OwnReliability()


class Confusion(Strict):
    """called[a][b]: how often option a of a choice group is told as b."""

    why: Text
    called: dict[Id, dict[Id, Chance]]


class ReportsFile(Strict):
    """reports/<species>.yaml. Findings that are measured (age, weight, sex, breed) are not reported."""

    species: SpeciesId
    manners: Annotated[dict[Id, Manner], Field(min_length=1)]
    findings: dict[Id, Observed]
    choices: dict[Id, Confusion] = {}
