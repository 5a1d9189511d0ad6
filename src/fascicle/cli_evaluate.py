"""`fascicle evaluate` and `fascicle convert`: how good the answers are, and cases to and from a flat table."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from fascicle import output
from fascicle.errors import CaseError
from fascicle.pipeline import load

if TYPE_CHECKING:
    from fascicle.evaluation.score import Scored

GATE_FAILED = 1
"""Exit code when an answer got worse than the baseline allows."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--species", default=None, help="Only this species.")
@click.option("--gate", type=click.Path(path_type=Path), default=None, help="Fail where this baseline was better.")
@click.option("--keep", type=click.Path(path_type=Path), default=None, help="Write the answers as a new baseline.")
@click.option("--accuracy", type=click.Path(path_type=Path), default=None, help="Measure everything, write the page.")
@click.option("--seeds", type=click.IntRange(1), default=50, show_default=True, help="Noisy owners for each case.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Processes for --accuracy.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def evaluate(
    ctx: click.Context,
    folder: Path,
    species: str | None,
    gate: Path | None,
    keep: Path | None,
    accuracy: Path | None,
    seeds: int,
    workers: int,
    as_json: bool,
) -> None:
    """Run published cases and count both errors: too low and too high.

    With --accuracy also every interview, baseline, ablation and number, and simulated cases: minutes.
    """
    from fascicle.evaluation import gate as gates
    from fascicle.evaluation import table
    from fascicle.evaluation.answering import score
    from fascicle.evaluation.vignettes import VignetteFaults, lint, load_vignettes, with_pages

    before = gates.read(gate) if gate is not None else {}
    for option, file in (("--keep", keep), ("--accuracy", accuracy)):
        if file is not None:
            _check_writable(option, file)
    vignettes, waiting = with_pages(v for v in load_vignettes(folder) if species in (None, v.species))
    for name, count in waiting.items():
        click.echo(f"{name}: {count} cases wait for the pages of that species; they were not run.", err=True)
    faults = [fault for name in sorted({v.species for v in vignettes}) for fault in lint(vignettes, load(name))]
    if faults:
        raise VignetteFaults(faults)
    scored = score(vignettes)
    more = _measured(accuracy, scored, seeds, workers) if accuracy is not None else {}
    if as_json:
        output.print_json(table.plain(scored) | more)
    else:
        click.echo(table.text(scored), nl=False)
    known = gates.of([s for s in scored if s.vignette.scope == "in"])
    if keep is not None:
        gates.write(keep, known)
    if gate is not None:
        log = folder.parent / "docs" / "vignette-log.md"
        verdict = gates.compare(before, known, log.read_text(encoding="utf-8") if log.is_file() else "")
        for line in (*verdict.notices, *(f"worse: {failure}" for failure in verdict.failures)):
            click.echo(line, err=True)
        if verdict.failures:
            ctx.exit(GATE_FAILED)


def _check_writable(option: str, file: Path) -> None:
    """Refuse a file that cannot be written before the minutes of work that would be lost. Raises CaseError."""
    try:
        wrong = stat.S_ISDIR(file.stat().st_mode)
    except FileNotFoundError:
        wrong = not file.parent.is_dir()
    except OSError as error:  # such as a link that leads to itself
        raise CaseError(f"{option} {file}: cannot be written ({error.strerror}). Name another file.") from None
    if wrong or not os.access(file if file.exists() else file.parent, os.W_OK):
        raise CaseError(f"{option} {file}: cannot be written there. Name a file in a folder that exists.")


def _measured(page: Path, scored: Sequence[Scored], seeds: int, count: int) -> dict[str, Any]:
    """Measure everything about each species that has a case in scope, write the page, and return it all for JSON."""
    from fascicle.evaluation import accuracy
    from fascicle.evaluation.page import write
    from fascicle.evaluation.workers import Workers

    found = []
    for name in sorted({s.vignette.species for s in scored if s.vignette.scope == "in"}):
        with Workers(load(name), count) as workers:
            found.append(accuracy.measure(scored, workers, seeds, shown=_bar))
    if not found:
        raise CaseError("no vignette is in scope, so there is nothing to measure.")
    write(page, found)
    return {"accuracy": {one.knowledge.species: accuracy.plain(one) for one in found}}


def _bar(label: str, results: Iterable[Any], count: int) -> Iterable[Any]:
    """Pass results on, with a bar on stderr for somebody who waits at a terminal."""
    if not sys.stderr.isatty():
        yield from results
        return
    with click.progressbar(results, length=count, label=f"{label:<16}", file=sys.stderr) as bar:
        yield from bar


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
def convert(source: Path, target: Path) -> None:
    """Turn a folder of vignettes into a .csv or .jsonl table, or such a table into a folder of vignettes."""
    from fascicle.evaluation import flat
    from fascicle.evaluation.vignettes import Vignette, load_vignettes

    table = target if source.is_dir() else source
    ways: dict[str, tuple[Callable[[Iterable[Vignette]], str], Callable[[str], list[Vignette]]]] = {
        ".csv": (flat.write_csv, flat.read_csv),
        ".jsonl": (flat.write_jsonl, flat.read_jsonl),
    }
    if table.suffix not in ways:
        raise CaseError(f"{table}: a table of cases ends in .csv or .jsonl.")
    write, read = ways[table.suffix]  # a pair for each kind of table
    try:
        if source.is_dir():
            words = write(load_vignettes(source))
            with _new(target).open("x", encoding="utf-8", newline="") as file:
                file.write(words)
            return
        vignettes = read(source.read_text(encoding="utf-8-sig"))
        for name, count in Counter(vignette.id for vignette in vignettes).items():
            _new(target / f"{name}.yaml")
            if count > 1:
                raise CaseError(f"{source}: {count} cases have the id {name}. Give each its own.")
        target.mkdir(parents=True, exist_ok=True)
        for vignette in vignettes:
            data = vignette.model_dump(mode="json", exclude_defaults=True)
            words = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
            (target / f"{vignette.id}.yaml").write_text(words, encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise CaseError(f"{source} to {target}: {error}.") from None


def _new(file: Path) -> Path:
    """The file, when there is none yet."""
    if os.path.lexists(file):
        raise CaseError(f"{file} is there already; nothing is overwritten.")
    return file
