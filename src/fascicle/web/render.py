"""Templates to pages. Everything is escaped but the drawings and charts of our own."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from fascicle.report import charts
from fascicle.web import art
from fascicle.web.context import Page

FOLDER = Path(__file__).parent
SERVED = (".css", ".js", ".svg", ".png", ".ico", ".txt")


@dataclass(frozen=True)
class Asset:
    """A file of the site, held whole. version: a hash of it, which stands in its address."""

    content: bytes
    kind: str
    version: str


@cache
def assets() -> dict[str, Asset]:
    """Every file in `static`, by its name below it. Read once."""
    folder = FOLDER / "static"
    found = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and path.suffix in SERVED:
            content = path.read_bytes()
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            version = hashlib.sha256(content).hexdigest()[:10]
            found[path.relative_to(folder).as_posix()] = Asset(content, kind, version)
    return found


def asset(name: str) -> str:
    """The address of a file of the site, empty when it is not there."""
    held = assets().get(name)
    return f"/static/{name}?v={held.version}" if held else ""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        asset=asset,
        icon=lambda name: Markup(art.icon(name)),
        wordmark=lambda: Markup(art.wordmark()),
        mark=lambda level: Markup(charts.level_mark(level, decorative=True)),
    )
    environment.filters["drawn"] = Markup
    return environment


def render(template: str, page: Page, **more: Any) -> str:
    """The page as HTML."""
    return _environment().get_template(template).render(page=page, **more)
