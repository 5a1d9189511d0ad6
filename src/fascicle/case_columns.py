"""Reads Arrow columns into cases: the keys of a case file as columns, any of them missing, others ignored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fascicle.errors import CaseError, shown
from fascicle.model import Case

Column = list[Any]
"""One value a row: what the case gets, None where nothing is told, or the CaseError of this row."""


def cases_in(batch: pa.RecordBatch, species: str | None = None) -> list[Case | CaseError]:
    """Return the case of each row, or what is wrong with it. species: for rows that name none.

    Raises CaseError when a column has a type that cannot hold what it should: that is no fault of a row.
    """
    columns = {name: _column(batch, name) for name in _READ if name in batch.schema.names}
    if not columns:
        return [_case({}, species) for _ in range(batch.num_rows)]
    return [_case(dict(zip(columns, row, strict=True)), species) for row in zip(*columns.values(), strict=True)]


def _case(told: dict[str, Any], species: str | None) -> Case | CaseError:
    """One row as a case."""
    fault = next((value for value in told.values() if isinstance(value, CaseError)), None)
    if fault is not None:
        return fault
    known = {name: value for name, value in told.items() if value is not None}
    if known.setdefault("species", species) is None:
        return CaseError("species is missing. Fill in the column species, or name one for all rows with --species.")
    return Case(**known)


def _column(batch: pa.RecordBatch, name: str) -> Column:
    """The values of a column; a type that does not fit is one error for all rows."""
    if batch.schema.names.count(name) > 1:
        raise CaseError(f"the column {name} stands twice. Keep one of the two.")
    array = batch.column(name)
    read, words = _READ[name]
    if pa.types.is_null(array.type):
        return [None] * len(array)
    found = read(name, array)
    if found is None:
        raise CaseError(f"the column {name} holds {array.type}, which does not fit; give {words}.")
    return found


def _texts(name: str, array: pa.Array) -> Column | None:
    """Strings, of which few differ: each distinct one is made once."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_null(array.type):
        return [None] * len(array)
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type) or array.type == pa.string_view()):
        return None
    coded = array.cast(pa.large_string()).dictionary_encode()
    words = np.array([*coded.dictionary.to_pylist(), None], dtype=object)
    found: Column = words[coded.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)].tolist()
    return found


def _numbers(name: str, array: pa.Array) -> Column | None:
    """Numbers, whole or not."""
    kind = array.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return None
    found: Column = array.cast(pa.float64()).to_pylist()
    return found


def _counts(name: str, array: pa.Array) -> Column | None:
    """Whole numbers; a column of floats will do when they are whole (a table with gaps often has such)."""
    if not (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        return None
    values = array.to_pylist()
    return [
        value if value is None else int(value)
        if float(value).is_integer()
        else CaseError(f"{name}: {shown(value)} does not fit; give a whole number.")
        for value in values
    ]  # fmt: skip


def _truths(name: str, array: pa.Array) -> Column | None:
    """Yes or no."""
    return array.to_pylist() if pa.types.is_boolean(array.type) else None


def _lists(name: str, array: pa.Array) -> Column | None:
    """Lists of strings."""
    kind = array.type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)):
        return None
    items = _texts(name, array.flatten())
    if items is None:
        return None
    empty = CaseError(f"{name}: an entry of the list is empty. Remove it or fill it in.")
    return [row if row is None else empty if None in row else row for row in _cut(array, items)]


def _cut(array: pa.Array, items: Sequence[Any]) -> Iterator[Column | None]:
    """The flattened items of a list array row by row, None for a missing list."""
    start = 0
    for length in pc.list_value_length(array).to_pylist():
        if length is None:
            yield None
        else:
            yield list(items[start : start + length])
            start += length


def _mappings(name: str, array: pa.Array) -> Column | None:
    """Maps, structs, or lists of (key, value) structs, of strings."""
    kind = array.type
    if pa.types.is_struct(kind):
        values = {field.name: _texts(name, array.field(field.name)) for field in kind}
        if None in values.values():
            return None
        rows = zip(*(column or [] for column in values.values()), strict=True) if values else iter([()] * len(array))
        whole = [dict(zip(values, row, strict=True)) for row in rows]
        there = array.is_valid().to_pylist()
        return [
            {key: value for key, value in row.items() if value is not None} if valid else None
            for row, valid in zip(whole, there, strict=True)
        ]
    if pa.types.is_map(kind):
        key = pa.field("key", kind.key_type, nullable=False)
        array = array.cast(pa.list_(pa.struct([key, pa.field("value", kind.item_type)])))
    elif not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return None
    inner = array.flatten()
    if not pa.types.is_struct(inner.type) or inner.type.num_fields != 2:
        return None
    keys, values_ = (_texts(name, inner.field(i)) for i in range(2))
    if keys is None or values_ is None:
        return None
    return [row if row is None else _paired(name, row) for row in _cut(array, list(zip(keys, values_, strict=True)))]


def _paired(name: str, pairs: Sequence[tuple[str | None, str | None]]) -> dict[str, str] | CaseError:
    """Pairs as a mapping; a missing value says nothing, as in a struct."""
    found: dict[str, str] = {}
    for key, value in pairs:
        if key is None:
            return CaseError(f"{name}: an entry has no name. Remove it or fill it in.")
        if value is None:
            continue
        if found.setdefault(key, value) != value:
            return CaseError(f"{name}: {shown(key)} stands twice. Keep one of the two.")
    return found


_READ: dict[str, tuple[Callable[[str, pa.Array], Column | None], str]] = {
    "species": (_texts, "text such as dog"),
    "age_years": (_numbers, "a number of years"),
    "sex": (_texts, "text such as male_neutered"),
    "breed": (_texts, "text"),
    "weight_kg": (_numbers, "a number of kilograms"),
    "present": (_lists, "lists of finding ids"),
    "absent": (_lists, "lists of finding ids"),
    "choices": (_mappings, "maps (or structs) of group to option"),
    "levels": (_mappings, "maps (or structs) of finding to level"),
    "observed_by": (_mappings, "maps (or structs) of finding to lay, clinician or recording"),
    "region": (_texts, "a country code such as GB"),
    "text": (_texts, "text"),
    "asked_before": (_counts, "whole numbers"),
    "unclear": (_truths, "true or false"),
}
