"""The page on accuracy, its charts, and the command that writes them and guards against getting worse."""

from __future__ import annotations

import io
import json
import shutil
import sys
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from fascicle.cli import main
from fascicle.cli_evaluate import _bar
from fascicle.evaluation import accuracy, charts
from fascicle.evaluation.calibration import Bin
from fascicle.evaluation.score import Count
from fascicle.evaluation.vignettes import load_vignettes, with_pages
from fascicle.evaluation.worlds import WORLDS

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


@pytest.mark.slow
def test_the_page_says_what_was_measured_and_what_it_cannot_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One command writes the page, charts beside it and the same as JSON; every section is there, with its own cases."""
    short = accuracy.Simulated(blocks=1, cases=40, ranked=2, in_world=40, intervals=10)
    monkeypatch.setattr(accuracy, "measure", partial(accuracy.measure, simulated=short))
    cases = few(tmp_path)
    page = tmp_path / "accuracy.md"
    code, printed = run(str(cases), "--accuracy", str(page), "--seeds", "1", "--workers", "1", "--json")
    assert code == 0
    text = page.read_text(encoding="utf-8")
    for words in (
        "What this cannot show", "2 published cases in scope, 1 out of scope", "Bars of the knowledge", "By interview",
        "Published cases", "Simulated cases", "complaint rates wrong by a factor of 3", "Beside simpler ways",
        "naive Bayes", "on other cases", "What each part is worth", "Which numbers to check first", "Case by case",
    ):  # fmt: skip
        assert words in text
    charts_beside = {file.name for file in tmp_path.glob("*.svg")}
    assert charts_beside == {f"accuracy-dog-{name}.svg" for name in ("reliability", "questions", "ranks")}
    for file in tmp_path.glob("*.svg"):
        ElementTree.parse(file)
    found = json.loads(printed)["accuracy"]["dog"]
    assert {bar["name"] for bar in found["bars"]} >= {
        "top-1",
        "urgency two levels too low",
        "harmless sent as an emergency",
    }
    assert all(f"| {bar['name']} |" in text for bar in found["bars"])
    assert len(found["simulated"]["worlds"]) == len(WORLDS)
    assert sum(found["simulated"]["ranks"]["draws not weighed"]["bins"]) == 2


def test_a_page_that_cannot_be_written_is_said_before_anything_is_measured(tmp_path: Path) -> None:
    """Minutes are not spent for nothing; neither where no case is in scope."""
    code, printed = run(str(few(tmp_path)), "--accuracy", str(tmp_path / "nowhere" / "accuracy.md"))
    assert (code, "cannot be written there" in printed) == (2, True)
    for file in FOLDER.glob("dog/*.yaml"):
        (tmp_path / file.name).unlink(missing_ok=True)
    code, printed = run(str(tmp_path), "--accuracy", str(tmp_path / "accuracy.md"))
    assert (code, "no vignette is in scope" in printed) == (2, True)


class Terminal(io.StringIO):
    """What somebody at a terminal sees."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_who_waits_at_a_terminal_sees_a_bar_and_a_file_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results pass unchanged either way; on a terminal the bar fills on stderr, elsewhere nothing is written."""
    for screen in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", screen)
        assert list(_bar("Interviews", iter("abcd"), 4)) == list("abcd")
        seen = screen.getvalue()
        assert ("Interviews" in seen and "100%" in seen) is screen.isatty()
        assert bool(seen) is screen.isatty()


def test_the_kept_page_has_every_published_case() -> None:
    """docs/accuracy.md was written from all cases of today."""
    text = (FOLDER.parent / "docs" / "accuracy.md").read_text(encoding="utf-8")
    assert [v.id for v in with_pages(load_vignettes(FOLDER))[0] if f"| {v.id} |" not in text] == []


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
    assert set(entries) == {v.id for v in with_pages(load_vignettes(FOLDER))[0] if v.scope == "in"}


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
