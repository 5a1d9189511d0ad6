"""`fascicle batch`: a file of cases to a file of answers."""

from __future__ import annotations

import sys
import time
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fascicle import output
from fascicle.errors import FascicleError
from fascicle.knowledge.loader import species_covered
from fascicle.pipeline import load

if TYPE_CHECKING:
    from fascicle.batch_files import Job

DRAWS_CHUNK, CLOSE_CHUNK, CHUNK = 200, 2_000, 10_000
"""Rows in a part: some seconds of work, which is what a stopped run loses."""
STOPPED = 130
"""Exit code after Ctrl-C, as shells have it."""


@click.command()
@click.argument("cases", type=click.Path(path_type=Path))
@click.argument("answers", type=click.Path(path_type=Path))
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes to use.")
@click.option("--species", default=None, help="For rows that name none.")
@click.option(
    "--draws", is_flag=True, help="Work each case through with ranges, as assess does; some hundred times slower."
)
@click.option(
    "--close",
    type=click.FloatRange(0),
    default=None,
    metavar="MARGIN",
    help="Do so only where a more urgent level has less than MARGIN times the least expected loss; 0 for never.",
)
@click.option("--top", type=click.IntRange(1), default=5, show_default=True, help="How many causes a row lists.")
@click.option(
    "--chunk",
    type=click.IntRange(1),
    default=None,
    help="Rows in a part; 2000, with --draws 200, with --close 0 10000.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def batch(
    cases: Path,
    answers: Path,
    workers: int,
    species: str | None,
    draws: bool,
    close: float | None,
    top: int,
    chunk: int | None,
    as_json: bool,
) -> None:
    """Assess a Parquet file of CASES into a Parquet file of ANSWERS.

    A stopped run goes on where it stopped. Rows with a fault go to ANSWERS.errors.parquet with the reason. Needs the
    extra: pip install 'fascicle[batch]'.
    """
    try:
        from fascicle import batch_files
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("pyarrow"):
            raise
        raise FascicleError("batch needs pyarrow, which is not installed: pip install 'fascicle[batch]'") from None
    close = load(species_covered()[0]).triage.close_margin if close is None else close
    chunk = chunk or (DRAWS_CHUNK if draws else CLOSE_CHUNK if close else CHUNK)
    started = time.monotonic()
    try:
        job, said = batch_files.prepare(cases, answers, batch_files.Options(species, draws, close, top, chunk))
        if said:
            click.echo(said, err=True)
        _work_off(job, workers)
        done = batch_files.finish(job)
    except OSError as error:
        raise FascicleError(
            f"{answers.name} cannot be written ({error.strerror or error}). What is done is kept; run the command again."
        ) from None
    except KeyboardInterrupt:
        click.echo("Stopped. What is done is kept; run the same command to go on.", err=True)
        sys.exit(STOPPED)
    _report(done.rows, done.refused, answers, done.errors, done.knowledge_version, time.monotonic() - started, as_json)


def _work_off(job: Job, workers: int) -> None:
    """Make all parts, with a progress bar where somebody is looking."""
    from fascicle.batch_files import work_off

    looking = sys.stderr.isatty()
    shown: Any = click.progressbar(length=job.rows, label="cases", file=sys.stderr) if looking else nullcontext()
    with shown as bar, closing(work_off(job, workers)) as parts:
        for rows in parts:
            if bar is not None:
                bar.update(rows)


def _report(
    rows: int, refused: int, answers: Path, errors: Path | None, versions: dict[str, str], seconds: float, as_json: bool
) -> None:
    """What came of it."""
    if as_json:
        data = {"rows": rows, "answered": rows - refused, "refused": refused, "answers": str(answers)}
        more = {"errors": None if errors is None else str(errors), "knowledge_version": versions, "seconds": seconds}
        output.print_json({**data, **more})
        return
    click.echo(f"{rows - refused:,} of {rows:,} rows answered in {answers.name} ({seconds:.1f} s).")
    if errors is not None:
        click.echo(f"{refused:,} rows refused; they stand in {errors.name} with the reason.")
