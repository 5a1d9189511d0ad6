"""Pictures of the movements, one for each kind of the vocabulary, put together from a few figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from fascicle.web.art.drawing import SPECIES, parts, table


def movements(species: str) -> tuple[tuple[str, str], ...]:
    """Return (finding id, picture) for every kind of movement of a species, in the order of the vocabulary.

    The pictures need `movement_parts(species)` once on the same page.
    """
    return tuple(
        (kind, movement(species, kind)) for kind, entry in table("movements")["kinds"].items() if species in entry["in"]
    )


@cache
def movement_parts(species: str) -> str:
    """Return the hidden shapes that the pictures of a species are made of."""
    _known(species)
    shapes = parts("common") + parts(species)
    return f'<svg class="parts" aria-hidden="true" focusable="false"><defs>{shapes}</defs></svg>'


@cache
def words(species: str, kind: str) -> str:
    """Return the one line that says what the picture shows."""
    return str(_entry(species, kind)["words"])


@cache
def movement(species: str, kind: str) -> str:
    """Return the picture of one kind of movement; KeyError for a kind the species does not have."""
    entry = _entry(species, kind)
    everything = table("movements")
    scene = entry["in"][species]
    frame = _of(entry.get("frame"), species) or scene
    pose = everything["poses"].get(_of(entry.get("pose"), species), {})
    hidden = _of(entry.get("hide"), species) or ()
    lifted = _of(entry.get("lift"), species) or ()
    moving = entry.get("move", {})
    body = "".join(
        _layer(layer, pose, moving, (*hidden, *lifted), closed=entry.get("shut", False))
        for layer in everything["scenes"][scene]
    )
    body += "".join(
        _layer(
            {**layer, "groups": [group for group in layer["groups"] if group["id"] in lifted]},
            pose,
            moving,
            (),
            closed=False,
        )
        for layer in everything["scenes"][scene]
    )
    whole = f'<g class="mv-{moving["whole"]}">{body}</g>' if "whole" in moving else body
    marks = _marks(entry.get("marks", ()), species)
    at = everything["frames"].get(frame)
    drawn = f'<g transform="{at}">{whole}{marks}</g>' if at else whole + marks
    under = everything["marks"][entry["under"]] if "under" in entry else ""
    over = _marks(entry.get("over", {}), species)
    opening = f'<svg class="moving moving-{scene}" viewBox="0 0 360 240" aria-hidden="true" focusable="false">'
    return f"{opening}{under}{drawn}{over}</svg>"


def _layer(
    layer: Mapping[str, Any], pose: Mapping[str, str], moving: Mapping[str, str], hidden: Iterable[str], *, closed: bool
) -> str:
    """Every part of a layer as line, then every part as filling, so that the layer has one outline."""
    shade = layer.get("shade", "coat")
    groups = [group for group in layer["groups"] if group["id"] not in hidden]
    drawn = "".join(_group(group, pose, moving, closed) for group in groups)
    if not drawn:
        return ""
    if shade == "ink-fill":
        return f'<g class="{shade}">{drawn}</g>'
    return f'<g class="ink">{drawn}</g><g class="{shade}">{drawn}</g>'


def _group(group: Mapping[str, Any], pose: Mapping[str, str], moving: Mapping[str, str], closed: bool) -> str:
    named = (part.replace("-face", "-shut") if closed else part for part in group["parts"])
    drawn = "".join(f'<use href="#{part}"/>' for part in named)
    if "at" in group:
        drawn = f'<g transform="{group["at"]}">{drawn}</g>'
    for name in (group["id"], group.get("of", "")):
        if name in moving:
            drawn = f'<g class="mv-{moving[name]} at-{name}">{drawn}</g>'
        if name in pose:
            drawn = f'<g transform="{pose[name]}">{drawn}</g>'
    return drawn


def _marks(named: Any, species: str) -> str:
    marks = table("movements")["marks"]
    chosen = named.get(species, ()) if isinstance(named, Mapping) else named
    return "".join(marks[name] for name in chosen)


def _of(choice: Any, species: str) -> Any:
    return None if choice is None else choice.get(species)


def _entry(species: str, kind: str) -> Mapping[str, Any]:
    _known(species)
    entry: Mapping[str, Any] = table("movements")["kinds"][kind]
    if species not in entry["in"]:
        raise KeyError(f"no picture of {kind} for a {species}")
    return entry


def _known(species: str) -> None:
    if species not in SPECIES:
        raise KeyError(f"no drawings of the species {species}; there are {', '.join(SPECIES)}")
