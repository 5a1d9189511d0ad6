"""`fascicle convert` and the files `fascicle evaluate` writes: nothing is overwritten, no wrong table or path is a traceback."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from fascicle.cli import main
from fascicle.evaluation import flat
from fascicle.evaluation.vignettes import Vignette, load_vignettes

CASE = Vignette.model_validate(
    {
        "id": "made_up_dog",
        "species": "dog",
        "category": "skin",
        "difficulty": "easy",
        "source": {
            "title": "Made up",
            "authors": "Nobody",
            "year": 2020,
            "url": "https://example.org/x",
            "read": "page",
            "read_on": date(2026, 1, 1),
        },
        "told": "He scratches, he said\u2028and twitches.",
        "case": {"present": {"itching": "line 1"}},
        "accepted": {"full": ("flea_infestation",), "why": "Made up."},
        "urgency": {"least": "routine", "most": "today", "why": "Made up."},
    }
)
ROW = flat.to_row(CASE)


def convert(source: Path, target: Path) -> tuple[int, str]:
    """Exit code and words of the command."""
    result = CliRunner().invoke(main, ["convert", str(source), str(target)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder with one made-up case."""
    folder = tmp_path / "cases"
    folder.mkdir()
    data = CASE.model_dump(mode="json", exclude_defaults=True)
    (folder / "made_up_dog.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["table.csv", "table.jsonl"])
def test_a_table_that_is_there_is_not_overwritten(cases: Path, name: str) -> None:
    """The other direction overwrites nothing either; both ways the case comes back."""
    table, back = cases.parent / name, cases.parent / "back"
    table.write_text("the only copy", encoding="utf-8")
    said = f"fascicle: {table} is there already; nothing is overwritten.\n"
    assert convert(cases, table) == (2, said)
    assert table.read_text(encoding="utf-8") == "the only copy"
    table.unlink()
    assert convert(cases, table) == (0, "")
    assert convert(table, back) == (0, "")
    assert load_vignettes(back) == [CASE]


@pytest.mark.parametrize("name", ["table.csv", "table.jsonl"])
def test_a_table_as_spreadsheets_save_it_is_read(tmp_path: Path, name: str) -> None:
    """With the mark that some put before UTF-8."""
    write = flat.write_csv if name.endswith("csv") else flat.write_jsonl
    (tmp_path / name).write_text(write([CASE]), encoding="utf-8-sig")
    assert convert(tmp_path / name, tmp_path / "out") == (0, "")
    assert load_vignettes(tmp_path / "out") == [CASE]


def test_a_folder_with_one_of_the_cases_gets_none_of_them(tmp_path: Path) -> None:
    """What would be overwritten is seen before anything is written."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "made_up_dog.yaml").write_text("mine", encoding="utf-8")
    other = CASE.model_copy(update={"id": "another_dog"})
    (tmp_path / "t.jsonl").write_text(flat.write_jsonl([other, CASE]), encoding="utf-8")
    assert convert(tmp_path / "t.jsonl", out)[0] == 2
    assert [path.name for path in out.iterdir()] == ["made_up_dog.yaml"]


TABLES = {
    "deep.jsonl": ("[" * 100_000, "line 1 is nested too deep to be a case."),
    "long.jsonl": ("9" * 5000, "line 1: a number in it is too long to be one."),
    "half.jsonl": (json.dumps({**ROW, "told": "\ud800"}), "line 1: "),
    "nan.jsonl": (json.dumps({**ROW, "case.age_years": "nan"}), "line 1: case.age_years: 'nan' is no number."),
    "endless.jsonl": (json.dumps({**ROW, "source.year": "9" * 5000}), "line 1: source.year: '99"),
    "twice.jsonl": (flat.write_jsonl([CASE, CASE]), "2 cases have the id made_up_dog. Give each its own."),
    "open.csv": (flat.write_csv([CASE]) + '"' + "x" * 200_000, "line 3: this is not valid CSV (field larger than"),
    "columns.csv": ("id,species,id\na,dog,b\n", "line 1: a column stands twice."),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_will_not_do_is_one_message(tmp_path: Path, name: str) -> None:
    """Exit code 2, the line and what is wrong, and nothing is written."""
    words, said = TABLES[name]
    (tmp_path / name).write_text(words, encoding="utf-8")
    code, printed = convert(tmp_path / name, tmp_path / "out")
    assert (code, said in printed) == (2, True), printed
    assert len(printed) < 500
    assert not (tmp_path / "out").exists()


def test_a_link_that_leads_to_itself_is_a_fault_of_that_file(cases: Path) -> None:
    """It is named with the others, for converting as for evaluating."""
    (cases / "loop.yaml").symlink_to(cases / "loop.yaml")
    (cases / "folder.yaml").mkdir()
    code, printed = convert(cases, cases.parent / "t.csv")
    assert code == 2
    assert "loop.yaml:1: this cannot be read (" in printed
    assert "folder.yaml:1: this cannot be read (Is a directory). Fix: give a file, or take it away." in printed


@pytest.mark.parametrize("option", ["--keep", "--accuracy"])
def test_what_cannot_be_written_is_refused_before_the_run(tmp_path: Path, option: str) -> None:
    """A missing folder, a folder for a file, a link that leads to itself: said before the cases are even looked for."""
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    for name in ("missing/kept.json", ".", "loop.json"):
        result = CliRunner().invoke(main, ["evaluate", str(tmp_path / "no cases"), option, str(tmp_path / name)])
        assert result.exit_code == 2
        assert result.output.startswith(f"fascicle: {option} {tmp_path / name}: cannot be written")
