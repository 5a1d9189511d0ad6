"""Cases in a spreadsheet and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from fascicle.errors import CaseError
from fascicle.evaluation import flat
from fascicle.evaluation.vignettes import load_vignettes

VIGNETTES = load_vignettes(Path(__file__).parents[2] / "vignettes")


@pytest.mark.parametrize(
    ("write", "read"), [(flat.write_csv, flat.read_csv), (flat.write_jsonl, flat.read_jsonl)], ids=["csv", "jsonl"]
)
def test_every_vignette_comes_back_as_it_went(write, read) -> None:
    """Nothing is lost, whichever way the table is written."""
    assert read(write(VIGNETTES)) == VIGNETTES


def test_awkward_text_comes_back_as_it_went() -> None:
    """Quotes, commas, semicolons, equals signs and line breaks inside a cell survive."""
    knew = VIGNETTES[0].case
    name = next(iter(knew.present))
    awkward = 'said "yes, so = what"; 100 %3B; \\,\nthen; more'
    case = VIGNETTES[0].model_copy(
        update={"told": awkward, "case": knew.model_copy(update={"present": {**knew.present, name: awkward}})}
    )
    assert flat.read_csv(flat.write_csv([case])) == [case]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"case.age_years": "old"}, "line 2: case.age_years: 'old' is no number"),
        ({"case.present": "itching"}, "line 2: case.present: 'itching' is not name=place"),
        ({"case.choices": "onset=sudden"}, "line 2: case.choices: 'onset=sudden' is not name=option=place"),
        ({"category": "odd"}, "line 2: category"),
        ({"id": ""}, "line 2: id"),
    ],
)
def test_a_bad_cell_is_named_with_line_and_column(change: dict[str, str], message: str) -> None:
    """The message says where and what."""
    row = {**flat.to_row(VIGNETTES[0]), **change}
    text = flat.write_csv([]) + ",".join('"' + row[c].replace('"', '""') + '"' for c in flat.COLUMNS) + "\n"
    with pytest.raises(CaseError, match=message.replace("(", r"\(")):
        flat.read_csv(text.replace("\n\n", "\n"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: no heading"),
        ("id,species,colour\na,dog,red\n", "unknown column 'colour'"),
        ("id,species\na,dog,more\n", "line 2: more fields than headings"),
    ],
)
def test_a_table_without_the_right_heading_is_refused(text: str, message: str) -> None:
    """A spreadsheet of something else gives one clear error."""
    with pytest.raises(CaseError, match=message):
        flat.read_csv(text)


@pytest.mark.parametrize(
    ("text", "message"), [("{", "line 1: this is not valid JSON"), ("[1]", "line 1: give one object")]
)
def test_a_line_that_is_no_case_is_refused(text: str, message: str) -> None:
    """So does a line of JSON that is none."""
    with pytest.raises(CaseError, match=message):
        flat.read_jsonl(text)
