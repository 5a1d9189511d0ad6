"""`fascicle batch`: nothing is lost, a stopped run goes on, and what cannot be read is one clear message."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import fascicle
from fascicle import batch_files, batch_parts
from fascicle.batch import assess_batch
from fascicle.batch_files import Options, prepare, work_off
from fascicle.cli import main
from fascicle.knowledge.loader import species_covered

COUNT = 23
CHUNK = 5
FAULTY = {3: {"present": ["no_such_finding"]}, 11: {"age_years": -1.0}, 22: {"species": "rabbit"}}
FINDINGS = ["itching", "lethargy", "vomiting", "lameness", "stiff_gait"]


def rows() -> list[dict[str, Any]]:
    """Some cases, three of them with a fault, and a column that is none of ours."""
    found = [
        {"id": f"c{i}", "species": "dog", "age_years": 1.0 + i / 2, "present": FINDINGS[: i % 5], "weather": i}
        for i in range(COUNT)
    ]
    return [{**row, **FAULTY.get(i, {})} for i, row in enumerate(found)]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A Parquet file with row groups of another size than the parts."""
    path = tmp_path / "cases.parquet"
    pq.write_table(pa.Table.from_pylist(rows()), path, row_group_size=7)
    return path


def run(cases: Path, *more: str, out: str = "out.parquet") -> Result:
    """The command in this process, into a file beside the cases."""
    return CliRunner().invoke(
        main, ["batch", str(cases), str(cases.parent / out), "--chunk", str(CHUNK), "--close", "0", *more]
    )


def answers(cases: Path, out: str = "out.parquet") -> list[dict[str, Any]]:
    """What stands in the file of answers."""
    found: list[dict[str, Any]] = pq.read_table(cases.parent / out).to_pylist()
    return found


def expected() -> list[dict[str, Any]]:
    """The answers to all cases in one batch, without the refused."""
    (batch,) = pa.Table.from_pylist(rows()).to_batches()
    return [row for row in assess_batch(batch).to_pylist() if row["error"] is None]


def names(folder: Path) -> set[str]:
    """The files in a folder."""
    return {path.name for path in folder.iterdir()}


def refused(result: Result) -> str:
    """The one message of a refusal."""
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert result.stderr.startswith("fascicle: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("fascicle: ").rstrip("\n")


def test_every_row_is_answered_or_refused_with_its_reason(cases: Path) -> None:
    """Ids out and ids refused are the ids in; refused rows stand as they were, with the reason; no parts are left."""
    result = run(cases)
    assert result.exit_code == 0, result.output
    assert answers(cases) == expected()
    faulty = pq.read_table(cases.parent / "out.errors.parquet").to_pylist()
    assert [{**row, "error": None} for row in faulty] == [{**rows()[i], "error": None} for i in FAULTY]
    assert [row["error"].split()[0] for row in faulty] == ["no", "age_years:", "there"]
    assert {row["id"] for row in answers(cases)} | {row["id"] for row in faulty} == {row["id"] for row in rows()}
    assert names(cases.parent) == {"cases.parquet", "out.parquet", "out.errors.parquet"}
    assert result.stdout.startswith("20 of 23 rows answered in out.parquet (")
    assert result.stdout.endswith("3 rows refused; they stand in out.errors.parquet with the reason.\n")
    assert result.stderr == ""


@pytest.mark.slow
def test_two_workers_give_what_one_gives(cases: Path) -> None:
    """Processes of their own, the same file of answers."""
    assert run(cases, "--workers", "2", "--chunk", "6").exit_code == 0
    assert answers(cases) == expected()


def test_json_says_what_came_of_it(cases: Path) -> None:
    """One JSON object with counts, files and the knowledge used."""
    data = json.loads(run(cases, "--json").stdout)
    assert data.pop("seconds") >= 0
    assert data == {
        "rows": 23,
        "answered": 20,
        "refused": 3,
        "answers": str(cases.parent / "out.parquet"),
        "errors": str(cases.parent / "out.errors.parquet"),
        "knowledge_version": {name: fascicle.load(name).version for name in species_covered()},
    }


def stopped(cases: Path, parts: int) -> Path:
    """A run that ended after some parts; the folder it left."""
    job, _ = prepare(cases, cases.parent / "out.parquet", Options(chunk=CHUNK))
    with closing(work_off(job)) as done:
        assert [next(done) for _ in range(parts)] == [CHUNK] * parts
    return job.parts


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rows of every part that is worked out from now on."""
    found: list[int] = []

    def count(batch: pa.RecordBatch, **options: Any) -> pa.RecordBatch:
        found.append(batch.num_rows)
        return assess_batch(batch, **options)

    monkeypatch.setattr(batch_parts, "assess_batch", count)
    return found


def test_a_stopped_run_goes_on(cases: Path, counted: list[int]) -> None:
    """Parts that are there are not made again, and the answers are those of a run in one go."""
    folder = stopped(cases, 3)
    (folder / "00000003.answers.arrow.4711").write_bytes(b"half a part")
    counted.clear()
    result = run(cases)
    assert (result.exit_code, result.stderr) == (0, "Going on with the parts of an earlier run.\n")
    assert counted == [5, 3]
    assert answers(cases) == expected()
    assert not folder.exists()


def test_a_damaged_part_is_made_again(cases: Path, counted: list[int]) -> None:
    """A part cut off in the middle, or without its errors, is no part."""
    folder = stopped(cases, 3)
    whole = (folder / "00000001.answers.arrow").read_bytes()
    (folder / "00000001.answers.arrow").write_bytes(whole[: len(whole) // 2])
    (folder / "00000000.errors.arrow").unlink()
    counted.clear()
    assert run(cases).exit_code == 0
    assert counted == [5, 5, 5, 3]
    assert answers(cases) == expected()


def test_another_input_starts_anew(cases: Path, counted: list[int]) -> None:
    """Parts of other cases are thrown away, and it is said why."""
    stopped(cases, 3)
    counted.clear()
    pq.write_table(pa.Table.from_pylist(rows()[:6]), cases)
    result = run(cases)
    assert result.stderr == "Starting anew: input changed since the earlier run.\n"
    assert (counted, [row["id"] for row in answers(cases)]) == ([5, 1], ["c0", "c1", "c2", "c4", "c5"])


def test_another_option_or_knowledge_starts_anew(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does any other option, or a new version of the knowledge."""
    stopped(cases, 3)
    monkeypatch.setattr(batch_files, "versions", lambda: {"dog": "newer"})
    assert run(cases, "--top", "2").stderr == "Starting anew: knowledge and options changed since the earlier run.\n"
    assert max(len(row["causes"]) for row in answers(cases)) == 2


def test_a_new_run_replaces_what_an_older_one_wrote(cases: Path) -> None:
    """Answers and errors of an earlier run do not outlive it."""
    assert run(cases).exit_code == 0
    pq.write_table(pa.Table.from_pylist(rows()[:2]), cases)
    assert run(cases).exit_code == 0
    assert [row["id"] for row in answers(cases)] == ["c0", "c1"]
    assert names(cases.parent) == {"cases.parquet", "out.parquet"}


def test_mended_errors_can_be_fed_in_again(cases: Path) -> None:
    """The file of errors is a file of cases; the old reason gives way to the new."""
    assert run(cases).exit_code == 0
    faulty = pq.read_table(cases.parent / "out.errors.parquet").to_pylist()
    faulty[0]["present"] = ["itching"]
    again = cases.parent / "again.parquet"
    pq.write_table(pa.Table.from_pylist(faulty), again)
    assert run(again, out="more.parquet").exit_code == 0
    assert [row["id"] for row in answers(again, "more.parquet")] == ["c3"]
    left = pq.read_table(cases.parent / "more.errors.parquet")
    assert left.column_names.count("error") == 1
    assert left.to_pylist() == faulty[1:]


def test_a_file_of_no_rows_gives_a_file_of_no_answers(cases: Path) -> None:
    """Empty in, empty out, with all columns."""
    pq.write_table(pa.Table.from_pylist(rows()).slice(0, 0), cases)
    assert run(cases).stdout.startswith("0 of 0 rows answered")
    found = pq.read_table(cases.parent / "out.parquet")
    assert (found.num_rows, found.column_names[:3]) == (0, ["id", "knowledge_version", "urgency"])


@pytest.mark.parametrize("name", ["cases.arrow", "cases.feather"])
def test_arrow_files_can_be_read_too(tmp_path: Path, name: str) -> None:
    """The same cases in Arrow's own format, in batches of another size."""
    table = pa.Table.from_pylist(rows())
    with pa.OSFile(str(tmp_path / name), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=4)
    assert run(tmp_path / name).exit_code == 0
    assert answers(tmp_path / name) == expected()


def test_draws_list_ranges(cases: Path) -> None:
    """With --draws each cause has its range."""
    pq.write_table(pa.Table.from_pylist(rows()[:2]), cases)
    assert run(cases, "--draws").exit_code == 0
    assert [row["basis"] for row in answers(cases)] == ["draws", "draws"]
    assert all(c["low"] <= c["probability"] <= c["high"] for row in answers(cases) for c in row["causes"])


def test_species_for_rows_that_name_none(cases: Path) -> None:
    """--species stands in for a missing column."""
    pq.write_table(pa.Table.from_pylist(rows()[:2]).drop_columns("species"), cases)
    assert run(cases, "--species", "dog").stdout.startswith("2 of 2 rows answered")


def test_ctrl_c_keeps_what_is_done(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 130, a word on how to go on, and the parts."""
    done: list[int] = []

    def stop(batch: pa.RecordBatch, **options: Any) -> pa.RecordBatch:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(batch.num_rows)
        return assess_batch(batch, **options)

    monkeypatch.setattr(batch_parts, "assess_batch", stop)
    result = run(cases)
    assert result.exit_code == 130
    assert result.stderr == "Stopped. What is done is kept; run the same command to go on.\n"
    assert {"00000000.answers.arrow", "00000001.answers.arrow"} <= names(cases.parent / "out.parquet.parts")


def test_a_full_disk_is_one_message(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be written is said, with what was done kept."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(batch_parts, "_write", full)
    message = "out.parquet cannot be written (No space left on device). What is done is kept; run the command again."
    assert refused(run(cases)) == message


def test_a_worker_ended_from_outside_is_one_message(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that the system ended is no traceback."""

    class Pool:
        """A pool whose worker is gone."""

        def __init__(self, *_: object) -> None:
            pass

        def submit(self, *_: object) -> Future[int]:
            """A part that will never be."""
            gone: Future[int] = Future()
            gone.set_exception(BrokenProcessPool())
            return gone

        def shutdown(self, **_: object) -> None:
            """Nothing is left to end."""

    monkeypatch.setattr(batch_files, "ProcessPoolExecutor", Pool)
    assert refused(run(cases, "--workers", "2")).startswith("a worker was ended from outside")


def test_without_pyarrow_it_is_said_how_to_get_it(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named; no other command needs it."""
    for module in [name for name in sys.modules if name.startswith("fascicle.batch")]:
        monkeypatch.delitem(sys.modules, module)
        monkeypatch.delattr(fascicle, module.removeprefix("fascicle."), raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert refused(run(cases)) == "batch needs pyarrow, which is not installed: pip install 'fascicle[batch]'"


def text_file(folder: Path) -> Path:
    """Something else under the name of a Parquet file."""
    path = folder / "text.parquet"
    path.write_text("species: dog\n", encoding="utf-8")
    return path


def cut_off(folder: Path) -> Path:
    """A Parquet file that ends in the middle."""
    whole = (folder / "cases.parquet").read_bytes()
    path = folder / "half.parquet"
    path.write_bytes(whole[: len(whole) // 2])
    return path


def saved(name: str, table: pa.Table) -> Callable[[Path], Path]:
    """A table as a file."""

    def save(folder: Path) -> Path:
        pq.write_table(table, folder / name)
        return folder / name

    return save


INPUTS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (
        lambda f: f / "none.parquet",
        "none.parquet cannot be read (No such file or directory). Check the path.",
    ),
    "a folder": (
        lambda f: shutil.copytree(f, f / "x.parquet"),
        "x.parquet cannot be read (Is a directory). Check the path.",
    ),
    "another format": (
        lambda f: f / "cases.csv",
        "cases.csv: the name ends in none of .parquet, .arrow, .feather. Save the cases as Parquet.",
    ),
    "text": (text_file, "text.parquet is not a whole parquet file. Check that it was written to its end."),
    "cut off": (cut_off, "half.parquet is not a whole parquet file. Check that it was written to its end."),
    "no id": (
        saved("x.parquet", pa.table({"species": ["dog"]})),
        "there is no column id, so no answer could be told from another. Columns: ['species'].",
    ),
    "a column that does not fit": (
        saved("x.parquet", pa.table({"id": [1], "present": ["itching"]})),
        "the column present holds string, which does not fit; give lists of finding ids.",
    ),
    "its own output": (lambda f: f / "cases.parquet", "cases.parquet is the input. Name another file for the answers."),
}


@pytest.mark.parametrize("name", INPUTS)
def test_an_input_that_will_not_do_is_one_message(cases: Path, name: str) -> None:
    """Exit code 2, one line, and nothing is left behind."""
    make, expected_message = INPUTS[name]
    source = make(cases.parent)
    before = names(cases.parent)
    assert refused(run(source, out="cases.parquet" if name == "its own output" else "out.parquet")) == expected_message
    assert names(cases.parent) == before


def test_an_output_that_will_not_do_is_one_message(cases: Path) -> None:
    """A folder, or a place that is not there."""
    (cases.parent / "folder.parquet").mkdir()
    (cases.parent / "in.errors.parquet").mkdir()
    os.mkfifo(cases.parent / "pipe.parquet")
    before = names(cases.parent)
    for out in ("folder.parquet", "nowhere/out.parquet", "in.parquet", "pipe.parquet"):
        assert "cannot be written there. Name a file in a folder that exists." in refused(run(cases, out=out))
    assert names(cases.parent) == before


def test_the_errors_of_a_run_are_not_fed_into_the_same_answers(cases: Path) -> None:
    """Mended errors under their own name into the same file would cost the input and all other answers: refused untouched."""
    assert run(cases).exit_code == 0
    errors, told = cases.parent / "out.errors.parquet", answers(cases)
    mended = [{**row, "present": [], "age_years": 3.0, "species": "dog"} for row in pq.read_table(errors).to_pylist()]
    pq.write_table(pa.Table.from_pylist(mended), errors)
    link = cases.parent / "link.parquet"
    link.symlink_to(errors)
    for source in (errors, link):
        assert refused(run(source)) == (
            f"{source.name} belongs to an earlier run into out.parquet, so that run's answers and this input would be lost. "
            "Name another file for the new answers."
        )
    assert (pq.read_table(errors).to_pylist(), answers(cases)) == (mended, told)
    assert run(errors, out="more.parquet").stdout.startswith("3 of 3 rows answered in more.parquet")


def test_a_part_of_a_stopped_run_is_not_fed_into_it(cases: Path) -> None:
    """A part goes away when the answers are whole, so it is no input to them."""
    part = batch_parts.faults(batch_parts.part(stopped(cases, 1), 0))
    assert "belongs to an earlier run into out.parquet" in refused(
        CliRunner().invoke(main, ["batch", str(part), str(cases.parent / "out.parquet")])
    )
    assert part.exists()


@pytest.mark.parametrize(
    "manifest", ['{"name": "my-app", "version": 3}', "[]", '"text"', "[" * 100_000, '{"input": 1}']
)
def test_a_folder_with_a_manifest_of_something_else_is_left_alone(cases: Path, manifest: str) -> None:
    """Many things have a manifest.json; a folder is ours only when it says all that ours says."""
    other = cases.parent / "out.parquet.parts"
    other.mkdir()
    (other / "manifest.json").write_text(manifest, encoding="utf-8")
    (other / "thesis.txt").write_text("the only copy", encoding="utf-8")
    assert refused(run(cases)) == "out.parquet.parts is in the way and not from an earlier run. Move it away."
    assert names(other) == {"thesis.txt", "manifest.json"}


def test_a_folder_that_is_not_ours_is_left_alone(cases: Path) -> None:
    """A folder that happens to bear the name of the parts is neither used nor removed."""
    other = cases.parent / "out.parquet.parts"
    other.mkdir()
    (other / "thesis.txt").write_text("the only copy", encoding="utf-8")
    assert refused(run(cases)) == "out.parquet.parts is in the way and not from an earlier run. Move it away."
    assert names(other) == {"thesis.txt"}


def test_cases_near_a_more_urgent_level_are_worked_through_unless_told_otherwise(cases: Path) -> None:
    """Left alone the command is careful: where a more urgent level is near, the level is that of the whole answer."""
    told = CliRunner().invoke(main, ["batch", str(cases), str(cases.parent / "careful.parquet")])
    assert told.exit_code == 0
    assert run(cases).exit_code == 0
    margin = fascicle.load("dog").triage.close_margin
    fast = {row["id"]: row for row in answers(cases)}
    careful = {row["id"]: row for row in answers(cases, "careful.parquet")}
    near = {name for name, row in fast.items() if row["margin"] is not None and row["margin"] < margin}
    assert near
    assert {name for name, row in careful.items() if row["basis"] == "draws"} == near
    assert {row["basis"] for row in fast.values()} == {"values"}
    level = fascicle.Level.of
    assert all(level(careful[name]["urgency"]) >= level(fast[name]["urgency"]) for name in fast)
