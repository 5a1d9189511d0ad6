"""What other rooms give to the pages. A room that is not there yet is done without: the page then shows plain words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fascicle.knowledge.base import Knowledge
from fascicle.model import Contribution, Level


@cache
def room(name: str) -> Any:
    """A module of the program, None where it is missing."""
    return import_module(name) if find_spec(name) else None


def art() -> Any:
    """The drawings."""
    return room("fascicle.web.art")


def reading(text: str, knowledge: Knowledge) -> Any:
    """What a text may say, None without the reader of free text."""
    intake = room("fascicle.intake")
    return None if intake is None else intake.read(text, knowledge)


def reads_text() -> bool:
    """Whether there is a reader of free text."""
    return room("fascicle.intake") is not None


def icon(name: str) -> str:
    """A small icon, or nothing."""
    return str(art().icon(name)) if art() else ""


def wordmark() -> str:
    """The name with its mark, or the name."""
    return str(art().wordmark()) if art() else "fascicle"


def portrait(species: str) -> str:
    """The picture of a species, or nothing."""
    try:
        return str(art().portrait(species)) if art() else ""
    except KeyError:
        return ""


def movements(species: str) -> dict[str, str]:
    """Finding -> the picture of the movement."""
    try:
        return dict(art().movements(species)) if art() else {}
    except KeyError:
        return {}


def movement_parts(species: str) -> str:
    """The shapes the pictures share, once a page."""
    return str(art().movement_parts(species)) if art() and movements(species) else ""


def place_map(species: str) -> tuple[str, dict[str, str]]:
    """The body map by places: its picture, and place -> its name beside the map."""
    try:
        found = art().body_map(species, by="place") if art() else None
    except KeyError:
        found = None
    return ("", {}) if found is None else (str(found.svg), {zone.id: str(zone.label) for zone in found.zones})


def level_mark(level: Level) -> str:
    """The mark of an urgency beside its words, or a letter in its place."""
    charts = room("fascicle.report.charts")
    return str(charts.level_mark(level, True)) if charts else '<span aria-hidden="true">●</span>'


def icon_key() -> str:
    """The key to the icon arrays."""
    charts = room("fascicle.report.charts")
    return str(charts.icon_key()) if charts else ""


def icon_array(share: float, low: float, high: float) -> str:
    """So many squares of a hundred, or a sentence."""
    charts = room("fascicle.report.charts")
    low = min(low, high)
    if charts:
        return str(charts.icon_array(share, low, high))
    return f"<p>About {share * 100:.0f} in 100, perhaps {low * 100:.0f} to {high * 100:.0f}.</p>"


def range_bar(share: float, low: float, high: float) -> str:
    """A range as a line, or nothing."""
    charts = room("fascicle.report.charts")
    return str(charts.range_bar(share, low, high)) if charts else ""


def waterfall(steps: Sequence[Contribution]) -> str:
    """What each answer did, as a chart or a list."""
    charts = room("fascicle.report.charts")
    if charts:
        return str(charts.waterfall(steps))
    told = "".join(f"<li>{escape(step.text)}</li>" for step in steps[1:])
    return f"<ul>{told}</ul>" if told else ""
