"""Vignettes as one flat table, CSV or JSON Lines, for people who keep cases in a spreadsheet, and back again.

One row a case. Nested keys are joined by a dot, lists and mappings are written as “key=value; key=value”. Both ways lose
nothing: what comes back is equal to what went out.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any

from pydantic import ValidationError

from fascicle.errors import CaseError, shown
from fascicle.evaluation.vignettes import Vignette

COLUMNS = (
    "id", "species", "scope", "category", "difficulty", "told",
    "source.title", "source.authors", "source.year", "source.url", "source.doi", "source.read", "source.read_on",
    "case.age_years", "case.sex", "case.breed", "case.weight_kg", "case.present", "case.absent", "case.choices",
    "accepted.full", "accepted.half", "accepted.why", "urgency.least", "urgency.most", "urgency.why",
)  # fmt: skip
_NUMBERS: dict[str, Callable[[str], float]] = {"source.year": int, "case.age_years": float, "case.weight_kg": float}
_MAPPINGS = ("case.present", "case.absent")
_LISTS = ("accepted.full", "accepted.half")
_CHOICES = "case.choices"
_BETWEEN = "; "


def to_row(vignette: Vignette) -> dict[str, str]:
    """Return one case as text by column; what is not known is empty."""
    data = vignette.model_dump(mode="json", by_alias=True)
    row = {}
    for column in COLUMNS:
        section, _, key = column.partition(".")
        value = data[section] if not key else data[section].get(key)
        if column in _MAPPINGS:
            value = _BETWEEN.join(f"{name}={_escaped(place)}" for name, place in value.items())
        elif column == _CHOICES:
            value = _BETWEEN.join(f"{group}={c['option']}={_escaped(c['place'])}" for group, c in value.items())
        elif column in _LISTS:
            value = _BETWEEN.join(value)
        row[column] = "" if value is None else str(value)
    return row


def from_row(row: Mapping[str, str], where: str) -> Vignette:
    """Return the case of one row. Raises CaseError naming the row, the column and what is wrong with it."""
    unknown = [column for column in row if column not in COLUMNS]
    if unknown:
        raise CaseError(f"{where}: unknown column {shown(unknown[0])}. Columns: {', '.join(COLUMNS)}.")
    data: dict[str, Any] = {}
    for column in COLUMNS:
        text = (row.get(column) or "").strip()
        section, _, key = column.partition(".")
        if column in _MAPPINGS:
            value: Any = dict(_parts(text, 2, where, column))
        elif column == _CHOICES:
            value = {group: {"option": option, "place": p} for group, option, p in _parts(text, 3, where, column)}
        elif column in _LISTS:
            value = [part.strip() for part in text.split(";") if part.strip()]
        elif not text:
            continue
        else:
            value = _number(text, column, where) if column in _NUMBERS else text
        if key:
            data.setdefault(section, {})[key] = value
        else:
            data[section] = value
    try:
        return Vignette.model_validate_json(json.dumps(data))
    except ValidationError as error:
        fault = error.errors()[0]
        raise CaseError(f"{where}: {'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}.") from None


def write_csv(vignettes: Iterable[Vignette]) -> str:
    """Return the cases as CSV with a heading line."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(to_row(vignette) for vignette in vignettes)
    return out.getvalue()


def read_csv(text: str) -> list[Vignette]:
    """Return the cases of a CSV text. Raises CaseError with the line."""
    reader = csv.DictReader(io.StringIO(text))
    rows = []
    try:
        headings = list(reader.fieldnames or ())
        if not set(COLUMNS[:2]) <= set(headings):
            raise CaseError(f"line 1: no heading with the columns {', '.join(COLUMNS[:3])} and so on.")
        if len(set(headings)) < len(headings):
            raise CaseError("line 1: a column stands twice. Keep one of the two.")
        for row in reader:
            where = f"line {reader.line_num}"
            if None in row:
                raise CaseError(f"{where}: more fields than headings; put text with commas in quotes.")
            rows.append(from_row(row, where))
    except csv.Error as error:
        raise CaseError(
            f"line {reader.line_num + 1}: this is not valid CSV ({error}). Look for a quote that is not closed, "
            "or save the table as CSV anew."
        ) from None
    return rows


def write_jsonl(vignettes: Iterable[Vignette]) -> str:
    """Return the cases as JSON Lines, one flat object each."""
    return "".join(json.dumps(to_row(vignette), ensure_ascii=False) + "\n" for vignette in vignettes)


def read_jsonl(text: str) -> list[Vignette]:
    """Return the cases of JSON Lines. Raises CaseError with the line."""
    found = []
    for number, line in enumerate(text.split("\n"), start=1):  # not splitlines: a text may hold other breaks
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise CaseError(f"{where}: this is not valid JSON ({error.msg}).") from None
        except ValueError:
            raise CaseError(f"{where}: a number in it is too long to be one. Correct it.") from None
        except RecursionError:
            raise CaseError(f"{where} is nested too deep to be a case. Flatten it.") from None
        if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
            raise CaseError(f"{where}: give one object whose values are all text.")
        found.append(from_row(row, where))
    return found


def _number(text: str, column: str, where: str) -> float:
    try:
        found = _NUMBERS[column](text)
        if isfinite(found):
            return found
    except (ValueError, OverflowError):
        pass
    raise CaseError(f"{where}: {column}: {shown(text)} is no number.")


def _parts(text: str, fields: int, where: str, column: str) -> Iterable[list[Any]]:
    """The entries of a cell, each so many fields joined by “=”; the last may hold anything."""
    for part in text.split(_BETWEEN) if text else ():
        fields_found = part.strip().split("=", fields - 1)
        if len(fields_found) != fields:
            form = "=".join(["name", "option", "place"][-fields:] if fields == 3 else ["name", "place"])
            raise CaseError(f"{where}: {column}: {shown(part)} is not {form}.")
        yield [*fields_found[:-1], fields_found[-1].replace("%3B", ";").replace("%25", "%")]


def _escaped(text: str) -> str:
    """A semicolon inside a place would end it, so it is written as in an address."""
    return text.replace("%", "%25").replace(";", "%3B")
