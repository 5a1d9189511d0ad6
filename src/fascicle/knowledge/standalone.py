"""Knowledge files that stand alone: they serve every species and need no page, so they are read one at a time.

Read strictly, checked, frozen and kept for the life of the program; every fault is told with file and line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import AfterValidator, BaseModel, ValidationError

from fascicle.errors import Issue, KnowledgeError
from fascicle.knowledge.loader import DATA, explained
from fascicle.knowledge.schema import Source, SourcesFile
from fascicle.knowledge.strict_yaml import Document, read_yaml

Kind = TypeVar("Kind", bound=BaseModel)
Item = TypeVar("Item")
Lint = Callable[[Kind, Document, Mapping[str, Source]], Iterator[Issue]]
"""Takes the file's content, its document (for lines) and the shared sources; yields what the schema cannot see."""

SOURCES = "sources.yaml"


def _some(values: tuple[Item, ...]) -> tuple[Item, ...]:
    if not values:
        raise ValueError("nothing stands here; write at least one")
    return values


FILLED = AfterValidator(_some)
"""At least one. Unlike a least length it says nothing more when an entry is itself at fault."""


def examine(
    file: str, kind: type[Kind], lints: tuple[Lint[Kind], ...], data: Path = DATA
) -> tuple[Kind | None, list[Issue]]:
    """The content of one file if it can be put together, and everything that is wrong with it; never raises."""
    content, document, issues = _read(file, kind, data)
    if content is None:
        return None, issues
    shared, _, unread = _read(SOURCES, SourcesFile, data)
    issues += unread
    known = {source.id: source for source in shared.sources} if shared is not None else {}
    return content, issues + [issue for lint in lints for issue in lint(content, document, known)]


def whole(found: tuple[Kind | None, list[Issue]]) -> Kind:
    """The content of a file without a fault. Raises KnowledgeError with all of them."""
    content, issues = found
    errors = [issue for issue in issues if issue.severity == "error"]
    if content is None or errors:
        raise KnowledgeError(errors)
    return content


@cache
def shared_sources(data: Path = DATA) -> Mapping[str, Source]:
    """The sources every file may name, by id."""
    content, _, issues = _read(SOURCES, SourcesFile, data)
    return MappingProxyType({source.id: source for source in whole((content, issues)).sources})


def _read(file: str, kind: type[Kind], data: Path) -> tuple[Kind | None, Document, list[Issue]]:
    """One file, read and held against its schema."""
    document = Document(file)
    try:
        raw = (data / file).read_bytes()
    except OSError as error:
        return None, document, [Issue(file, 1, f"cannot be read ({error.strerror}).", "put the file in place.")]
    document = read_yaml(file, raw)
    if document.issues or document.data is None:
        empty = Issue(file, 1, "this file is empty.", "fill it in or remove it.")
        return None, document, document.issues or [empty]
    try:
        return kind.model_validate_json(json.dumps(document.data)), document, []
    except ValidationError as error:
        return None, document, explained(document, error)
