"""Icons, the wordmark and the portraits of the three species."""

from __future__ import annotations

import re
from functools import cache

from fascicle.web.art.drawing import SPECIES, drawing, inline, parts, table

ICONS = ("do", "dont", "film", "sources", "print", "emergency", "save", "note", "call")


@cache
def icon(name: str) -> str:
    """Return a small line icon in the colour of the text around it; KeyError for a name that is not in `ICONS`."""
    found = re.search(rf'<symbol id="icon-{re.escape(name)}">(.*?)</symbol>', drawing("icons"), re.DOTALL)
    if not found:
        raise KeyError(f"no icon {name}; there are {', '.join(ICONS)}")
    return (
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{found[1].strip()}</svg>'
    )


@cache
def wordmark() -> str:
    """Return the mark, a bundle of fibres of which one is at work, and the name, in the colour of the text."""
    return f'{inline("mark", "wordmark-mark")}<span class="wordmark-name">fascicle</span>'


@cache
def portrait(species: str) -> str:
    """Return the picture of a species for the first page; it needs nothing else on the page."""
    if species not in SPECIES:
        raise KeyError(f"no portrait of the species {species}; there are {', '.join(SPECIES)}")
    plan = table("portraits")[species]
    body = parts(species).replace(f'id="{species}-', f'id="portrait-{species}-')
    shapes = re.findall(r"<g id=.*?</g>|<path id=[^>]*/>", body)
    kept = "".join(shape for shape in shapes if _identity(shape) in plan["parts"])
    layers = "".join(_layer(shade, names) for shade, names in plan["layers"])
    return (
        f'<svg class="portrait portrait-{species}" viewBox="{plan["view"]}" aria-hidden="true" focusable="false">'
        f"<defs>{kept}</defs>{layers}</svg>"
    )


def _identity(shape: str) -> str:
    return shape.split('id="portrait-', 1)[1].split('"', 1)[0]


def _layer(shade: str, names: list[str]) -> str:
    drawn = "".join(f'<use href="#portrait-{name}"/>' for name in names)
    line = "" if shade == "ink-fill" else f'<g class="ink">{drawn}</g>'
    return f'{line}<g class="{shade}">{drawn}</g>'
