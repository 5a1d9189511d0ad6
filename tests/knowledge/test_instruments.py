"""Questionnaires and diaries: what the schema refuses, and what the shipped ones must hold."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from fascicle import load
from fascicle.knowledge.instruments import Instrument

WHY = {"text": "so"}
SHORT: dict[str, Any] = {
    "id": "short",
    "name": "Short",
    "species": ("person",),
    "measures": "x",
    "asks": "x",
    "items": ("a", "b"),
    "options": ({"text": "no", "score": 0}, {"text": "yes", "score": 2}),
    "finding": "itching",
    "bands": (
        {"low": 0, "high": 2, "name": "few", "means": "x"},
        {"low": 3, "high": 4, "name": "many", "means": "x", "says": "present", "why": WHY},
    ),
    "limit": {"text": "x"},
    "licence": {"text": "x"},
}


def bands(*spans: tuple[int, int]) -> tuple[dict[str, Any], ...]:
    """Bands of these scores that say nothing."""
    return tuple({"low": low, "high": high, "name": "x", "means": "x"} for low, high in spans)


def test_a_whole_questionnaire_passes() -> None:
    """Its lowest and highest scores follow from items and options."""
    entry = Instrument.model_validate(SHORT)
    assert (entry.lowest, entry.highest) == (0, 4)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"bands": bands((0, 3))}, "do not run from 0 to 4"),
        ({"bands": bands((1, 4))}, "do not run from 0 to 4"),
        ({"bands": bands((0, 1), (3, 4))}, "no gap, no overlap"),
        ({"bands": bands((0, 2), (2, 4))}, "no gap, no overlap"),
        ({"bands": bands((4, 0))}, "low is above high"),
        ({"bands": ({"low": 0, "high": 4, "name": "x", "means": "x", "says": "present"},)}, "needs why"),
        ({"options": ({"text": "no", "score": 0}, {"text": "yes", "score": 0})}, "two options have the same score"),
        ({"finding": None}, "none is named"),
        ({"items": ()}, "at least 1 item"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_a_questionnaire_that_cannot_be_scored_is_refused(change: dict[str, Any], says: str) -> None:
    """Gaps, overlaps, equal options, statements without a reason or a finding, unknown keys."""
    with pytest.raises(ValidationError, match=says):
        Instrument.model_validate(SHORT | change)


def test_every_shipped_questionnaire_says_what_it_does_not_say_and_may_be_copied() -> None:
    """A limit with a source, a licence with a source, and figures or none."""
    for entry in load("person").instruments.values():
        assert entry.limit.sources and entry.licence.sources, entry.id


def test_the_short_form_is_the_beginning_of_the_long_one() -> None:
    """GAD-2 is the first two items of the GAD-7, word for word."""
    held = load("person").instruments
    assert held["gad2"].items == held["gad7"].items[:2]
    assert held["gad2"].options == held["gad7"].options


def test_dogs_and_cats_have_none() -> None:
    """Questionnaires are asked of people."""
    assert [len(load(species).instruments) for species in ("dog", "cat")] == [0, 0]
