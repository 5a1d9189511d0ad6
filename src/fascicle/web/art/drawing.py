"""Reads the drawings of this package: the parts of each figure, and whole small pictures."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

from fascicle.knowledge.strict_yaml import read_yaml

SPECIES = ("dog", "cat", "person")


@cache
def drawing(name: str) -> str:
    """Return one drawing as SVG text."""
    return files(__package__).joinpath(f"{name}.svg").read_text(encoding="utf-8").strip()


@cache
def table(name: str) -> Any:
    """Return one of the YAML tables beside the drawings."""
    return read_yaml(f"{name}.yaml", files(__package__).joinpath(f"{name}.yaml").read_bytes()).data


@cache
def parts(name: str) -> str:
    """Return the shapes of a figure, without the frame around them."""
    found = re.search(r"<defs>(.*)</defs>", drawing(name), re.DOTALL)
    assert found, name
    return re.sub(r">\s+<", "><", found[1].strip())


def inline(name: str, kind: str) -> str:
    """Return a small picture for use inside a page, hidden from screen readers: the words beside it say the same."""
    body = re.sub(r">\s+<", "><", drawing(name))
    return re.sub(r'^<svg xmlns="[^"]+"', f'<svg class="{kind}" aria-hidden="true" focusable="false"', body)
