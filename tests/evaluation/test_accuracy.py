"""The page on accuracy, its charts, and the command that writes them and guards against getting worse."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from fascicle.cli import main
from fascicle.evaluation import charts
from fascicle.evaluation.calibration import Bin
from fascicle.evaluation.score import Count
from fascicle.evaluation.vignettes import load_vignettes

FOLDER = Path(__file__).parents[2] / "vignettes"


def few(folder: Path) -> Path:
    """A folder with two cases in scope and one out of it."""
    for name in ("tox_mycotoxin_walnuts_new_zealand_2008", "sleep_twitch_beagle_scarlett_2012"):
        shutil.copy(FOLDER / "dog" / f"{name}.yaml", folder / f"{name}.yaml")
    shutil.copy(FOLDER / "out_of_scope/dog/oos_wind_mixed_gmtoday.yaml", folder / "oos_wind_mixed_gmtoday.yaml")
    return folder


def run(*arguments: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    result = CliRunner().invoke(main, ["evaluate", *arguments])
    return result.exit_code, result.output


def test_the_page_says_what_was_measured_and_what_it_cannot_show(tmp_path: Path) -> None:
    """One command writes the page and a chart beside it; every section is there, with its own cases only."""
    cases = few(tmp_path)
    page = tmp_path / "accuracy.md"
    code, _ = run(str(cases), "--accuracy", str(page), "--seeds", "1", "--workers", "1")
    assert code == 0
    text = page.read_text(encoding="utf-8")
    for words in (
        "What this cannot show", "2 published cases in scope, 1 out of scope", "By interview", "Beside simpler ways",
        "naive Bayes", "on other cases", "What each part is worth", "Which numbers to check first", "Case by case",
    ):  # fmt: skip
        assert words in text
    assert (tmp_path / "accuracy-dog-reliability.svg").exists()
    ElementTree.parse(tmp_path / "accuracy-dog-reliability.svg")


def test_the_kept_page_has_every_published_case() -> None:
    """docs/accuracy.md was written from all cases of today."""
    text = (FOLDER.parent / "docs" / "accuracy.md").read_text(encoding="utf-8")
    assert [v.id for v in load_vignettes(FOLDER) if f"| {v.id} |" not in text] == []


def test_the_gate_passes_on_its_own_baseline_and_fails_on_a_better_one(tmp_path: Path) -> None:
    """A version is never worse than itself; where the baseline had an emergency right that is now too low, it fails."""
    cases, kept = few(tmp_path), tmp_path / "baseline.json"
    assert run(str(cases), "--keep", str(kept))[0] == 0
    assert run(str(cases), "--gate", str(kept))[0] == 0
    entries = json.loads(kept.read_text(encoding="utf-8"))
    assert set(entries) == {"tox_mycotoxin_walnuts_new_zealand_2008", "sleep_twitch_beagle_scarlett_2012"}
    entries["sleep_twitch_beagle_scarlett_2012"] |= {"level": "today", "least": "today", "most": "today"}
    kept.write_text(json.dumps(entries), encoding="utf-8")
    code, printed = run(str(cases), "--gate", str(kept))
    assert code == 1
    assert "worse: sleep_twitch_beagle_scarlett_2012: an urgent case became too low" in printed


def test_the_repository_s_baseline_holds_every_case_in_scope() -> None:
    """Nothing slips past the gate of continuous integration for want of an entry."""
    entries = json.loads((FOLDER / "baseline.json").read_text(encoding="utf-8"))
    assert set(entries) == {v.id for v in load_vignettes(FOLDER) if v.scope == "in"}


def test_cases_go_to_a_table_and_back(tmp_path: Path) -> None:
    """`fascicle convert` turns a folder into a table and the table into an equal folder, and overwrites nothing."""
    (tmp_path / "cases").mkdir()
    cases, table, back = few(tmp_path / "cases"), tmp_path / "cases.csv", tmp_path / "back"
    for source, target in ((cases, table), (table, back)):
        assert CliRunner().invoke(main, ["convert", str(source), str(target)]).exit_code == 0
    assert load_vignettes(back) == load_vignettes(cases)
    again = CliRunner().invoke(main, ["convert", str(table), str(back)])
    assert (again.exit_code, "nothing is overwritten" in again.output) == (2, True)


@pytest.mark.parametrize("name", ["cases.txt", "cases"])
def test_a_table_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    """Only .csv and .jsonl are tables."""
    (tmp_path / name).write_text("", encoding="utf-8")
    result = CliRunner().invoke(main, ["convert", str(tmp_path / name), str(tmp_path / "out")])
    assert (result.exit_code, "ends in .csv or .jsonl" in result.output) == (2, True)


def test_a_chart_puts_points_where_they_belong() -> None:
    """A statement of 0.5 that came true in 3 of 6 lies on the diagonal, in the middle of the chart."""
    drawn = ElementTree.fromstring(charts.reliability([Bin(0.4, 0.6, 0.5, Count(3, 6))], "A <title>"))
    (dot,) = [e for e in drawn.iter() if e.tag.endswith("circle")]
    assert (dot.get("cx"), dot.get("cy")) == ("180.0", "180.0")
    assert drawn.get("aria-label") == "A <title>"


def test_curves_end_where_their_values_do() -> None:
    """Each line starts at its first value on the left and ends at its last on the right."""
    drawn = ElementTree.fromstring(charts.curves({"one": [0.0, 0.5, 1.0]}, "Curves", "questions"))
    (path,) = [e for e in drawn.iter() if e.tag.endswith("path")]
    assert path.get("d") == "M48.0,312.0L180.0,180.0L312.0,48.0"
