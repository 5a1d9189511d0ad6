"""Body maps: a figure with zones to tap, each beside a box in text that it ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from fascicle.web.art.drawing import SPECIES, parts, table

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Zone:
    """A zone of a map. id: an option of the group `place`, and of the box it ticks."""

    id: str
    label: str


@dataclass(frozen=True)
class BodyMap:
    """The picture, hidden from screen readers, and its zones in the order of the list beside it."""

    svg: str
    zones: tuple[Zone, ...]


@cache
def body_map(species: str) -> BodyMap:
    """Return the body map of a species, by the options of “where on the body is it?”."""
    if species not in SPECIES:
        raise KeyError(f"no body map of the species {species}; there are {', '.join(SPECIES)}")
    plan = table("maps")[species]
    signs = [sign for sign in table("maps")["signs"]["place"] if sign.get("only", species) == species]
    shapes = sorted(plan["place"], key=_reading)
    zones = tuple(Zone(entry["id"], entry["label"]) for entry in [*shapes, *signs])
    return BodyMap(_picture(species, plan, plan["place"], signs), zones)


_ORDER = (
    "head",
    "eyelid",
    "mouth",
    "neck",
    "arm",
    "breathing",
    "back",
    "belly",
    "limbs",
    "leg",
    "calf",
    "tail",
    "toilet",
)


def _reading(entry: Mapping[str, Any]) -> int:
    """From the head downwards, as one reads a body."""
    return next((i for i, word in enumerate(_ORDER) if word in entry["id"]), len(_ORDER))


def _picture(
    species: str,
    plan: Mapping[str, Any],
    shapes: Sequence[Mapping[str, Any]],
    signs: Sequence[Mapping[str, Any]],
) -> str:
    wide, tall = plan["size"]
    shapes_of = parts(species).replace(f'id="{species}-', f'id="map-{species}-')
    uses = [_uses(figure, species) for figure in plan["figures"]]
    drawn = "".join(
        f'<g class="ink">{use}</g><g class="{figure.get("shade", "coat")}">{use}</g>'
        for figure, use in zip(plan["figures"], uses, strict=True)
    )
    above = plan["above"].replace("FACE", f'<use href="#map-{plan["face"]}"/>')
    legs = "".join(f'<use class="leg-line" href="#map-{name}"/>' for name in plan.get("lines", ()))
    words = "".join(
        f'<text class="map-words" x="{x}" y="468" text-anchor="middle">{word}</text>'
        for word, x in plan.get("words", ())
    )
    areas = "".join(_area(entry["area"], entry["id"]) for entry in shapes)
    hits = "".join(
        f'<path class="zone-hit" data-for="{entry["id"]}" d="{entry["hit"]}"/>' for entry in shapes if "hit" in entry
    )
    chips = "".join(_chip(sign, i, len(signs), wide, tall, sign["id"]) for i, sign in enumerate(signs))
    return (
        f'<svg class="map map-{species}" viewBox="0 0 {wide} {tall}" aria-hidden="true" focusable="false"><defs>{shapes_of}'
        '<pattern id="map-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="hatch-line" d="M0 0V8"/></pattern>'
        f'<clipPath id="map-clip">{"".join(uses)}</clipPath></defs>{drawn}{hits}'
        f'<g clip-path="url(#map-clip)">{areas}</g><g class="above">{legs}{above}{words}</g>{chips}</svg>'
    )


def _uses(figure: Mapping[str, Any], species: str) -> str:
    names = figure["parts"]
    at = figure.get("at") or [figure.get("all", "")] * len(names)
    placed = ((name, f' transform="{place}"' if place else "") for name, place in zip(names, at, strict=True))
    return "".join(f'<use href="#map-{name}"{place}/>' for name, place in placed)


def _area(area: str, box: str) -> str:
    return (
        f'<g class="zone" data-for="{box}"><path class="zone-area" d="{area}"/>'
        f'<path class="zone-hatch" fill="url(#map-hatch)" d="{area}"/></g>'
    )


def _chip(sign: Mapping[str, Any], i: int, of: int, wide: int, tall: int, box: str) -> str:
    """A zone beside the figure: a frame with a sign and a word in it."""
    pitch = wide / of
    x, y, w, h = round(pitch * i + 4), tall - 44, round(pitch - 8), 40
    frame = (
        f"M{x + 8} {y}h{w - 16}a8 8 0 0 1 8 8v{h - 16}a8 8 0 0 1-8 8h-{w - 16}a8 8 0 0 1-8-8v-{h - 16}a8 8 0 0 1 8-8z"
    )
    drawn = _area(frame, box).removesuffix("</g>").replace('class="zone"', 'class="zone zone-chip"')
    return (
        f'{drawn}<path class="zone-sign" transform="translate({x + 17} {y + 20}) scale(.9)" d="{sign["sign"]}"/>'
        f'<text class="map-words" x="{x + 31}" y="{y + 24}">{escape(sign["words"])}</text></g>'
    )
