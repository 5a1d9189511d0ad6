"""YAML without its traps, for knowledge pages and case files.

Built from parser events, so every value keeps its line, nesting is bounded, and what YAML 1.1 would quietly turn
into something else (`no`, 1e-3, 012, 1:30, duplicate keys, anchors, tags) is refused with the way to write it.
Dates stay text; the schema decides whether a date is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import yaml

from fascicle.errors import SHOWN, Issue, bare, shown

MAX_DEPTH = 40
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+][0-9]+)?$")
_LONGEST_NUMBER = 40
_WORDS = {"yes", "no", "on", "off", "y", "n"}
_NULLS = {"", "~", "null"}

Path = tuple[str | int, ...]


@dataclass
class Document:
    """One file's data, the line of every value by its path, and the faults found while reading it."""

    file: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest parent that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _StopReadingError(Exception):
    """The rest of this file cannot be read."""


def read_yaml(file: str, raw: bytes) -> Document:
    """Read one document; never raises for what the file holds, faults are in `issues`."""
    document = Document(file)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        document.issues.append(Issue(file, line, "this is not UTF-8 text.", "save the file as UTF-8."))
        return document
    if "\0" in text:
        document.issues.append(Issue(file, 1, "this is a binary file, not text.", "give a YAML or JSON text file."))
        return document
    try:
        events = iter(yaml.parse(text, Loader=_PARSER))
        builder = _Builder(document, events)
        document.data = builder.read_all()
    except _StopReadingError:
        document.data = None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark is not None else _line_of_character(text, error)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable"
        document.issues.append(
            Issue(
                file, line, f"this is not valid YAML ({problem}).", "check indentation, colons, quotes and tabs here."
            )
        )
        document.data = None
    return document


def _line_of_character(text: str, error: Exception) -> int:
    """Line of a character the reader refused; the position counts from the start of the text."""
    position = getattr(error, "position", None)
    return text[:position].count("\n") + 1 if isinstance(position, int) else 1


class _Builder:
    """Turns events into plain data."""

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self.document = document
        self.events = events

    def fault(self, event: Any, wrong: str, fix: str, *, stop: bool = False) -> None:
        self.document.issues.append(Issue(self.document.file, event.start_mark.line + 1, wrong, fix))
        if stop:
            raise _StopReadingError

    def read_all(self) -> Any:
        documents: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if documents:
                    self.fault(event, "there is a second document.", "keep one document in a file.", stop=True)
                documents.append(self.value(next(self.events), (), 0))
        return documents[0] if documents else None

    def value(self, event: Any, path: Path, depth: int) -> Any:
        self.document.lines[path] = event.start_mark.line + 1
        if depth > MAX_DEPTH:
            self.fault(event, f"nested more than {MAX_DEPTH} deep.", "flatten the file.", stop=True)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.fault(event, "anchors and aliases are not used here.", "write the value out.", stop=True)
        if getattr(event, "tag", None) and not (isinstance(event, yaml.ScalarEvent) and event.tag == "!"):
            self.fault(event, f"the tag {bare(event.tag)} is not used here.", "take the tag out.", stop=True)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path, depth)
        return self.scalar(event)

    def mapping(self, path: Path, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self.fault(event, "a key must be plain text.", "put the list or mapping after a key.", stop=True)
            key = event.value
            if not event.style and key.lower() in (_WORDS - {"y", "n"}) | _NULLS | {"<<"}:
                self.fault(event, f"the key {shown(key)} is not text in YAML.", f'write "{key}" in quotes.')
            if getattr(event, "anchor", None) or event.tag not in (None, "!"):
                self.fault(event, "a key carries an anchor or a tag.", "write the plain key.", stop=True)
            if key in result:
                first = self.document.lines[(*path, key)]
                self.fault(event, f"the key {shown(key)} stands twice (first on line {first}).", "keep one of the two.")
                self.value(next(self.events), (*path, f"{key} again"), depth + 1)
                continue
            line = event.start_mark.line + 1
            result[key] = self.value(next(self.events), (*path, key), depth + 1)
            self.document.lines[(*path, key)] = line
        return result

    def sequence(self, path: Path, depth: int) -> list[Any]:
        result: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            result.append(self.value(event, (*path, len(result)), depth + 1))
        return result

    def scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.style or event.tag == "!":
            return text
        if text.lower() in _NULLS:
            return None
        if text in ("true", "false"):
            return text == "true"
        if len(text) <= _LONGEST_NUMBER:
            if _INTEGER.match(text):
                return int(text)
            if _DECIMAL.match(text) and isfinite(float(text)):
                return float(text)
        low = text.lower()
        if _INTEGER.match(text) or _DECIMAL.match(text):
            self.fault(event, f"{shown(text)} is too large to be a number here.", "write a plain decimal such as 0.5.")
            return text
        if low in _WORDS or low in ("true", "false"):
            self.fault(
                event, f"{bare(text)} is a true/false value in YAML.", f'write true or false, or "{text}" for the word.'
            )
        elif re.match(r"[-+]?0([0-9_]+|x[0-9a-f_]+|o[0-7_]+|b[01_]+)$", low):
            self.fault(
                event, f"{bare(text)} is an octal, hex or binary number in YAML.", "write a plain decimal number."
            )
        elif re.match(r"[-+]?[0-9][0-9_]*(\.[0-9_]*)?$|[-+]?\.[0-9]|[-+]?[0-9.]+e[-+]?[0-9]+$", low):
            self.fault(
                event, f"{bare(text)} is not read as a number by every YAML.", "write a plain decimal such as 0.001."
            )
        elif re.match(r"[-+]?\.(inf|nan)$", low):
            self.fault(event, f"{bare(text)} is not a usable number.", "write a plain decimal number.")
        elif re.match(r"[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?$", low):
            self.fault(event, f"{bare(text)} is a base-60 number in YAML.", f'write "{text[:SHOWN]}" in quotes.')
        return text
