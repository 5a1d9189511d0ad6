"""Reads a case file (YAML or JSON) into a Case, with one clear error for anything that is not one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fascicle.case_keys import KEYS
from fascicle.errors import CaseError, Issue, shown
from fascicle.knowledge.strict_yaml import read_yaml
from fascicle.model import Case

MAX_BYTES = 1_000_000
"""A case is a page of text; anything larger is a mistake."""


def read_case(path: Path) -> Case:
    """Return the case in a file. Raises CaseError naming file, line where known, and the fix; reads at most 1 MB."""
    name = shown(path.name).strip("'\"")
    try:
        if path.is_dir():
            raise CaseError(f"{name} is a folder; give the case file in it.")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CaseError(f"{name} cannot be read ({error.strerror}). Check the path.") from None
    if len(raw) > MAX_BYTES:
        raise CaseError(f"{name} is larger than {MAX_BYTES:,} bytes, more than any case file. Is it the right file?")
    return parse_case(name, raw)


def parse_case(name: str, raw: bytes) -> Case:
    """Return the case in these bytes; see `read_case`."""
    if not raw.strip():
        raise CaseError(f"{name} is empty. A case needs at least one line: species: dog")
    return case_from(name, read_json(name, raw) if name.lower().endswith(".json") else _yaml(name, raw))


def case_from(name: str, data: Any) -> Case:
    """Return the case in data that were read; see `read_case`."""
    if not isinstance(data, dict):
        raise CaseError(f"{name} holds {_kind(data)}; a case is a list of keys such as species: dog")
    return _case(name, data)


def _yaml(name: str, raw: bytes) -> Any:
    document = read_yaml(name, raw)
    if document.issues:
        raise CaseError("\n".join(str(issue) for issue in document.issues[:5]))
    _whole(name, document.data)
    return document.data


def read_json(name: str, raw: bytes) -> Any:
    """Return what JSON holds. Raises CaseError for anything else: also for a key that stands twice, NaN and half characters."""

    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise CaseError(f"{name}: the key {shown(key)} stands twice. Keep one of the two.")
            found[key] = value
        return found

    def no_constants(text: str) -> Any:
        raise CaseError(f"{name}: {text} is not a usable number.")

    try:
        data = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=no_duplicates, parse_constant=no_constants)
        _whole(name, data)
        return data
    except UnicodeDecodeError as error:
        raise CaseError(f"{name}: this is not UTF-8 text (byte {error.start}). Save the file as UTF-8.") from None
    except json.JSONDecodeError as error:
        issue = Issue(
            name, error.lineno, f"this is not valid JSON ({error.msg}).", "check commas, quotes and brackets."
        )
        raise CaseError(str(issue)) from None
    except ValueError:
        raise CaseError(f"{name}: a number in it is too long to be one. Correct it.") from None
    except RecursionError:
        raise CaseError(f"{name} is nested too deep to be a case. Flatten it.") from None


def _whole(name: str, data: Any) -> None:
    """Refuse half a character, which escapes can write and which no page or file can hold."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise CaseError(
            f"{name}: a text holds half a character (\\ud800 to \\udfff alone). Type that text again."
        ) from None


def _case(name: str, data: dict[str, Any]) -> Case:
    unknown = [key for key in data if key not in KEYS]
    if unknown:
        raise CaseError(f"{name}: unknown key {shown(unknown[0])}. Keys of a case: {', '.join(KEYS)}.")
    if data.get("species") is None:
        raise CaseError(f"{name}: species is missing. Add a line such as species: dog")
    values = {}
    for key, value in data.items():
        if value is None:
            continue
        kind, words = KEYS[key]
        if not kind(value):
            raise CaseError(f"{name}: {key}: {_kind(value)} does not fit; give {words}.")
        values[key] = value
    return Case(**values)


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else shown(value)
