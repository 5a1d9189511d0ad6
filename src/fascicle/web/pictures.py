"""What other rooms draw for the pages, with plain words where a species has no picture."""

from __future__ import annotations

from fascicle.web import art


def portrait(species: str) -> str:
    """The picture of a species, or nothing."""
    try:
        return str(art.portrait(species))
    except KeyError:
        return ""


def movements(species: str) -> dict[str, str]:
    """Finding -> the picture of the movement; none for a species without pictures."""
    try:
        return dict(art.movements(species))
    except KeyError:
        return {}


def movement_parts(species: str) -> str:
    """The shapes the pictures share, once a page."""
    return str(art.movement_parts(species)) if movements(species) else ""


def place_map(species: str) -> tuple[str, dict[str, str]]:
    """The body map by places: its picture, and place -> its name beside the map."""
    try:
        found = art.body_map(species)
    except KeyError:
        return "", {}
    return str(found.svg), {zone.id: str(zone.label) for zone in found.zones}
