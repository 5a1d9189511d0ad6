"""Published cases: format, scoring and the printed table."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from fascicle import CaseError, Level, load
from fascicle.cli import main
from fascicle.evaluation.answering import score
from fascicle.evaluation.metrics import counts
from fascicle.evaluation.score import Count, Scored
from fascicle.evaluation.table import plain
from fascicle.evaluation.vignettes import Vignette, lint, load_vignettes, with_pages

FOLDER = Path(__file__).parents[2] / "vignettes"
VIGNETTES = with_pages(load_vignettes(FOLDER))[0]


def test_the_shipped_cases_cover_both_ends() -> None:
    """At least eight published dog cases, two of them harmless or mild and two emergencies, each from a source."""
    dogs = [v for v in VIGNETTES if v.species == "dog"]
    assert len(dogs) >= 8
    assert sum(Level.of(v.urgency.most) <= Level.ROUTINE for v in dogs) >= 2
    assert sum(v.urgency.least == "emergency_now" for v in dogs) >= 2
    assert all(v.source.url or v.source.doi for v in dogs)


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda v: v.id)
def test_every_case_names_known_findings_and_causes_each_with_its_place(vignette: Vignette) -> None:
    """Ids are those of the knowledge; every finding says where in the source it stands."""
    knowledge = load(vignette.species)
    assert set(vignette.case.present) | set(vignette.case.absent) <= set(knowledge.findings)
    assert {*vignette.accepted.full, *vignette.accepted.half} <= set(knowledge.causes)
    assert all(place.strip() for place in (*vignette.case.present.values(), *vignette.case.absent.values()))


def scored(vignette: str) -> Scored:
    """One case, assessed."""
    (only,) = score([v for v in VIGNETTES if v.id == vignette])
    return only


def test_a_case_is_credited_by_rank_and_urgency_by_range() -> None:
    """Full credit for the accepted cause in place, half for a near miss; urgency against the acceptable range."""
    case = scored("tox_mycotoxin_walnuts_new_zealand_2008")
    assert case.ranking[0] == "tox_mycotoxin"
    assert (case.credit(1), case.credit(3), case.urgency) == (1.0, 1.0, "exact")
    accepted = case.vignette.accepted.model_copy(update={"full": ("eclampsia",), "half": ("tox_mycotoxin",)})
    near = replace(case, vignette=case.vignette.model_copy(update={"accepted": accepted}))
    assert near.credit(1) == 0.5
    calm = case.vignette.urgency.model_copy(update={"least": "normal", "most": "watch"})
    assert replace(case, vignette=case.vignette.model_copy(update={"urgency": calm})).urgency == "too high"


def test_wilson_interval_of_a_published_example() -> None:
    """Newcombe, Statistics in Medicine 1998, table I: 81 of 263 gives 0.2553 to 0.3662, 0 of 20 gives 0 to 0.1611."""
    assert Count(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert Count(0, 20).interval == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert Count(0, 0).interval == (0.0, 1.0)


def test_totals_add_up() -> None:
    """Exact, too low and too high are all cases."""
    found = counts(score([v for v in VIGNETTES if v.scope == "in"][:4]))
    assert sum(found[f"urgency {word}"].hits for word in ("exact", "too low", "too high")) == 4


def test_the_split_depends_on_the_source_alone() -> None:
    """Renaming a case does not move it to the other half."""
    vignette = VIGNETTES[0]
    assert vignette.model_copy(update={"id": "other_name"}).split == vignette.split
    assert {v.split for v in VIGNETTES} == {"tuned", "held_back"}


@pytest.mark.slow
def test_the_table_names_every_case_and_the_json_agrees() -> None:
    """`fascicle evaluate` prints a line a case and totals; --json holds the same numbers."""
    printed = CliRunner().invoke(main, ["evaluate", str(FOLDER)]).stdout
    data = json.loads(CliRunner().invoke(main, ["evaluate", str(FOLDER), "--json"]).stdout)
    assert all(v.id in printed for v in VIGNETTES)
    assert [case["id"] for case in data["cases"]] == [v.id for v in VIGNETTES]
    top = data["totals"]["all"]["top-1"]
    assert f"{top['hits']:g} of {top['of']}" in printed


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("least: emergency_now", "least: never", "urgency.least"),
        ("category: toxic", "category: toxic\ncolour: red", "colour"),
        ("least: emergency_now, most: emergency_now", "least: emergency_now, most: watch", "swap them"),
    ],
)
def test_a_broken_case_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    """Every fault is listed with file and line, as for knowledge."""
    name = "tox_mycotoxin_walnuts_new_zealand_2008.yaml"
    shutil.copy(FOLDER / "dog" / name, tmp_path / name)
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CaseError, match=rf"{name}:\d+: .*{words}"):
        load_vignettes(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """A folder without cases is an error, not a perfect score."""
    with pytest.raises(CaseError, match="holds no vignettes"):
        load_vignettes(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "    tremor_rhythmic:",
            "    tremor_rythmic:",
            "present: 'tremor_rythmic' is not known. Fix: did you mean tremor_rhythmic",
        ),
        ("full: [tox_mycotoxin]", "full: [tox_mycotoxins]", "accepted: 'tox_mycotoxins' is not known"),
    ],
)
def test_an_unknown_id_in_a_case_is_refused_by_name(tmp_path: Path, old: str, new: str, words: str) -> None:
    """What the knowledge does not know is said before anything is measured, with the nearest id."""
    name = "tox_mycotoxin_walnuts_new_zealand_2008.yaml"
    text = (FOLDER / "dog" / name).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
    result = CliRunner().invoke(main, ["evaluate", str(tmp_path)])
    assert result.exit_code == 2
    assert words in result.output


def test_every_vignette_names_only_what_is_known() -> None:
    """The cases of the repository pass their own lint."""
    assert lint(VIGNETTES, load("dog")) == []


@pytest.mark.slow
def test_the_json_counts_every_case_once_by_category_and_once_by_difficulty() -> None:
    """Cases out of scope are in neither; hits add up to those of all."""
    some = score([v for v in VIGNETTES if v.species == "dog"])
    found = plain(some)
    for groups in found["by_kind"].values():
        for metric in ("top-1", "urgency exact", "harmless sent as an emergency"):
            for part in ("hits", "of"):
                assert sum(group[metric][part] for group in groups.values()) == found["totals"]["all"][metric][part]
    assert set(found["by_kind"]["difficulty"]) <= {"easy", "typical", "hard"}


def test_cases_of_species_without_pages_are_counted_and_not_run() -> None:
    """They are collected before the pages, and wait."""
    first = VIGNETTES[0]
    known, waiting = with_pages([first, first.model_copy(update={"species": "unicorn"})])
    assert (known, waiting) == ([first], {"unicorn": 1})
