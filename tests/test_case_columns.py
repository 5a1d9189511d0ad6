"""Arrow columns of any fitting type become the cases a case file would give."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from fascicle.case_columns import cases_in
from fascicle.case_keys import KEYS
from fascicle.errors import CaseError
from fascicle.model import Case

WORDS = pa.list_(pa.string())
TEXT_MAP = pa.map_(pa.string(), pa.string())


def batch(**columns: pa.Array) -> pa.RecordBatch:
    """A batch of these columns."""
    return pa.RecordBatch.from_pydict(columns)


def one(name: str, value: Any, kind: pa.DataType) -> Any:
    """What the case of a single row has under this name, or its error."""
    (case,) = cases_in(batch(**{name: pa.array([value], kind)}), None if name == "species" else "dog")
    return getattr(case, name) if isinstance(case, Case) else str(case)


def test_every_key_of_a_case_file_can_be_a_column() -> None:
    """Columns and keys of a case file are the same."""
    from fascicle.case_columns import _READ

    assert set(_READ) == set(KEYS)


VALUES: dict[str, tuple[str, Any, pa.DataType, Any]] = {
    "text": ("species", "dog", pa.string(), "dog"),
    "large text": ("sex", "male", pa.large_string(), "male"),
    "text view": ("sex", "male", pa.string_view(), "male"),
    "coded text": ("breed", "Pug", pa.dictionary(pa.int8(), pa.string()), "Pug"),
    "text of nothing": ("breed", None, pa.null(), None),
    "float": ("age_years", 4.5, pa.float64(), 4.5),
    "short float": ("age_years", 4.5, pa.float32(), 4.5),
    "whole number": ("weight_kg", 12, pa.int16(), 12.0),
    "missing number": ("age_years", None, pa.float64(), None),
    "count": ("asked_before", 2, pa.int64(), 2),
    "count as float": ("asked_before", 2.0, pa.float64(), 2),
    "yes": ("unclear", True, pa.bool_(), True),
    "missing yes": ("unclear", None, pa.bool_(), False),
    "missing count": ("asked_before", None, pa.int64(), 0),
    "list": ("present", ["itching", "collapse"], WORDS, ("itching", "collapse")),
    "large list": ("present", ["itching"], pa.large_list(pa.large_string()), ("itching",)),
    "fixed list": ("absent", ["itching"], pa.list_(pa.string(), 1), ("itching",)),
    "coded list": ("absent", ["itching"], pa.list_(pa.dictionary(pa.int32(), pa.string())), ("itching",)),
    "empty list": ("present", [], pa.list_(pa.null()), ()),
    "missing list": ("present", None, WORDS, ()),
    "map": ("choices", [("onset", "a")], TEXT_MAP, {"onset": "a"}),
    "missing map": ("choices", None, TEXT_MAP, {}),
    "struct": (
        "choices",
        {"onset": "a", "age": None},
        pa.struct({"onset": pa.string(), "age": pa.string()}),
        {"onset": "a"},
    ),
    "missing struct": ("choices", None, pa.struct({"onset": pa.string()}), {}),
    "empty struct": ("choices", {}, pa.struct([]), {}),
    "pairs": (
        "observed_by",
        [{"key": "itching", "value": "lay"}],
        pa.list_(pa.struct({"key": pa.string(), "value": pa.string()})),
        {"itching": "lay"},
    ),
    "same pair twice": ("choices", [("onset", "a"), ("onset", "a")], TEXT_MAP, {"onset": "a"}),
    "pair without value": ("choices", [("onset", None)], TEXT_MAP, {}),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_of_every_fitting_type(name: str) -> None:
    """What a column holds is what the case gets; missing is not mentioned."""
    column, value, kind, expected = VALUES[name]
    assert one(column, value, kind) == expected


FAULTS: dict[str, tuple[str, Any, pa.DataType, str]] = {
    "hole in a list": ("present", ["itching", None], WORDS, "present: an entry of the list is empty."),
    "part of a visit": ("asked_before", 1.5, pa.float64(), "asked_before: 1.5 does not fit; give a whole number."),
    "not a number": ("asked_before", float("nan"), pa.float64(), "asked_before: nan does not fit"),
    "endless": ("asked_before", float("inf"), pa.float64(), "asked_before: inf does not fit"),
    "two choices": ("choices", [("onset", "a"), ("onset", "b")], TEXT_MAP, "choices: 'onset' stands twice."),
    "no name": (
        "choices",
        [{"k": None, "v": "a"}],
        pa.list_(pa.struct({"k": pa.string(), "v": pa.string()})),
        "choices: an entry has no name.",
    ),
    "no species": ("species", None, pa.string(), "species is missing."),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_row_is_its_own(name: str) -> None:
    """The row gets a message that names the column; no error is raised."""
    column, value, kind, expected = FAULTS[name]
    assert expected in one(column, value, kind)


MISFITS: dict[str, tuple[str, pa.DataType, str]] = {
    "numbers as findings": ("present", pa.list_(pa.int64()), "the column present holds list<item: int64>"),
    "text as findings": (
        "absent",
        pa.string(),
        "the column absent holds string, which does not fit; give lists of finding ids.",
    ),
    "text as age": ("age_years", pa.string(), "the column age_years holds string"),
    "yes as count": ("asked_before", pa.bool_(), "the column asked_before holds bool"),
    "bytes as text": ("species", pa.binary(), "the column species holds binary"),
    "list as map": ("choices", WORDS, "the column choices holds list<item: string>"),
    "text as map": ("choices", pa.string(), "the column choices holds string"),
    "numbers in a map": ("choices", pa.map_(pa.string(), pa.int64()), "the column choices holds map<string, int64>"),
    "numbers in a struct": ("observed_by", pa.struct({"itching": pa.int64()}), "the column observed_by holds struct"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_column_of_the_wrong_type_is_one_error(name: str) -> None:
    """Whatever its rows hold, even none, the type is refused with what it should be."""
    column, kind, expected = MISFITS[name]
    with pytest.raises(CaseError) as raised:
        cases_in(batch(**{column: pa.array([], kind)}), "dog")
    assert str(raised.value).startswith(expected)


def test_a_column_that_stands_twice_is_refused() -> None:
    """Which of two columns was meant is not guessed."""
    twice = pa.RecordBatch.from_arrays([pa.array(["dog"]), pa.array(["cat"])], names=["species", "species"])
    with pytest.raises(CaseError, match="the column species stands twice"):
        cases_in(twice)


def test_rows_keep_to_themselves_in_slices_with_gaps() -> None:
    """Lists, maps and structs of a slice belong to its own rows, with missing ones between."""
    whole = batch(
        present=pa.array([["a"], None, ["b", "c"], [], ["d"]], WORDS),
        choices=pa.array([[("g", "a")], [("g", "b")], None, [], [("g", "e")]], TEXT_MAP),
        observed_by=pa.array([{"x": "1"}, None, {"x": None}, {"x": "4"}, {"x": "5"}], pa.struct({"x": pa.string()})),
        breed=pa.array(["p", None, "q", "r", "s"]),
    )
    found = [case for case in cases_in(whole.slice(1, 4), "dog") if isinstance(case, Case)]
    assert [case.present for case in found] == [(), ("b", "c"), (), ("d",)]
    assert [dict(case.choices) for case in found] == [{"g": "b"}, {}, {}, {"g": "e"}]
    assert [dict(case.observed_by) for case in found] == [{}, {}, {"x": "4"}, {"x": "5"}]
    assert [case.breed for case in found] == [None, "q", "r", "s"]


def test_other_columns_are_ignored_and_none_is_needed() -> None:
    """A row without any column of a case is the empty case of the species named."""
    assert cases_in(batch(weather=pa.array([1, 2])), "dog") == [Case("dog"), Case("dog")]
