"""A file of cases to a file of answers, in parts, so that a run that was stopped goes on where it stopped.

Parts lie in OUT.parts beside the answers, each written whole or not at all, with a manifest of what they were made from:
another input, knowledge or option starts anew. Nothing of the input is lost: rows with a fault stand in OUT.errors.parquet
with the reason, all others in OUT.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from fascicle import __version__, batch_parts
from fascicle.batch import TOP, assess_batch, result_schema
from fascicle.errors import CaseError, FascicleError
from fascicle.knowledge.loader import species_covered
from fascicle.pipeline import load

FORMATS = {".parquet": "parquet", ".arrow": "arrow", ".feather": "arrow"}
"""What can be read, by the end of the name."""


@dataclass(frozen=True)
class Options:
    """What the answers depend on besides cases and knowledge; chunk: rows in a part."""

    species: str | None = None
    draws: bool = False
    close: float = 0.0
    top: int = TOP
    chunk: int = 10_000


@dataclass(frozen=True)
class Job:
    """A checked piece of work. rows: of the input; kept: of them in parts of an earlier run."""

    source: ds.Dataset
    target: Path
    options: Options
    rows: int

    @property
    def parts(self) -> Path:
        """Where the parts lie until the answers are whole."""
        return self.target.with_name(f"{self.target.name}.parts")

    @property
    def errors(self) -> Path:
        """Where rows with a fault go."""
        return self.target.with_name(f"{self.target.stem}.errors.parquet")


@dataclass(frozen=True)
class Done:
    """What came of a job. errors: the file of refused rows, None when there are none."""

    rows: int
    refused: int
    errors: Path | None
    knowledge_version: dict[str, str]


def prepare(source: Path, target: Path, options: Options) -> tuple[Job, str | None]:
    """Return the job, and a word on parts of an earlier run. Raises CaseError for files or columns that will not do."""
    dataset = _opened(source)
    empty = pa.RecordBatch.from_arrays([pa.array([], field.type) for field in dataset.schema], schema=dataset.schema)
    assess_batch(empty, species=options.species)  # columns that do not fit are refused before any work
    if _same(source, target):
        raise CaseError(f"{target.name} is the input. Name another file for the answers.")
    job = Job(dataset, target, options, dataset.count_rows())
    if _same(source, job.errors) or Path(os.path.realpath(source)).is_relative_to(os.path.realpath(job.parts)):
        raise CaseError(
            f"{source.name} belongs to an earlier run into {target.name}, so that run's answers and this input would be lost. "
            "Name another file for the new answers."
        )
    for file in (target, job.errors):
        if not target.parent.is_dir() or (file.exists() and not file.is_file()):
            raise CaseError(f"{file.name} cannot be written there. Name a file in a folder that exists.")
    return job, _claim(job, _manifest(source, options))


def _same(source: Path, other: Path) -> bool:
    """Whether both names lead to one file, by whatever links."""
    return os.path.realpath(source) == os.path.realpath(other) or (other.exists() and source.samefile(other))


def _opened(source: Path) -> ds.Dataset:
    """The input, with one clear error for anything that is not one."""
    if source.suffix.lower() not in FORMATS:
        raise CaseError(f"{source.name}: the name ends in none of {', '.join(FORMATS)}. Save the cases as Parquet.")
    try:
        with source.open("rb"):
            return ds.dataset(str(source), format=FORMATS[source.suffix.lower()])
    except OSError as error:
        raise CaseError(f"{source.name} cannot be read ({error.strerror or error}). Check the path.") from None
    except pa.ArrowException:
        raise CaseError(
            f"{source.name} is not a whole {FORMATS[source.suffix.lower()]} file. Check that it was written to its end."
        ) from None


def versions() -> dict[str, str]:
    """The knowledge version of every species that is covered."""
    return {species: load(species).version for species in species_covered()}


def _manifest(source: Path, options: Options) -> dict[str, Any]:
    """What the parts depend on."""
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    return {"program": __version__, "input": digest, "knowledge": versions(), "options": asdict(options)}


def _claim(job: Job, manifest: dict[str, Any]) -> str | None:
    """Make the folder of parts this job's own; keep what an earlier run of the same job left, remove what another did."""
    kept, said = job.parts / "manifest.json", None
    if job.parts.exists():
        try:
            found = json.loads(kept.read_bytes())
        except (OSError, ValueError, RecursionError):
            found = None
        # a manifest is a common name for a file: what does not hold all that ours does is somebody else's folder
        if not isinstance(found, dict) or not manifest.keys() <= found.keys():
            raise CaseError(f"{job.parts.name} is in the way and not from an earlier run. Move it away.")
        if found == manifest:
            return "Going on with the parts of an earlier run."
        changed = [key for key in manifest if found[key] != manifest[key]]
        said = f"Starting anew: {' and '.join(changed)} changed since the earlier run."
        shutil.rmtree(job.parts)
    fresh = job.parts.with_name(f"{job.parts.name}.{os.getpid()}")  # so that it never stands without its manifest
    fresh.mkdir(exist_ok=True)
    (fresh / kept.name).write_text(json.dumps(manifest), encoding="utf-8")
    fresh.replace(job.parts)
    return said


def work_off(job: Job, workers: int = 1) -> Generator[int, None, None]:
    """Make every part that is missing and yield its rows as each is there, those of an earlier run included.

    With several workers each is a process of its own, and at most two parts a worker are held in memory.
    """
    told = {name: value for name, value in asdict(job.options).items() if name != "chunk"}
    make = partial(batch_parts.make, job.parts, told)
    tasks = _tasks(job)
    if workers == 1:
        yield from (rows if data is None else make(index, data) for index, rows, data in tasks)
    else:
        yield from _in_processes(make, tasks, workers)


def _tasks(job: Job) -> Iterator[tuple[int, int, bytes | None]]:
    """Number, rows and data of every part; no data for a part that is there already."""
    batches = job.source.to_batches(batch_size=job.options.chunk, use_threads=False)
    for index, batch in enumerate(batch_parts.chunks(batches, job.options.chunk)):
        done = batch_parts.is_whole(batch_parts.part(job.parts, index), batch.num_rows)
        yield index, batch.num_rows, None if done else batch_parts.as_stream(batch)


def _in_processes(
    make: Callable[[int, bytes], int], tasks: Iterable[tuple[int, int, bytes | None]], workers: int
) -> Iterator[int]:
    """Parts made by several processes; however this ends, none of them is left behind."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _leave_interrupts_alone)
    waiting, ended = deque[Future[int]](), False
    try:
        for index, rows, data in tasks:
            if data is None:
                yield rows
                continue
            waiting.append(pool.submit(make, index, data))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        ended = True
    except BrokenProcessPool:
        raise FascicleError(
            "a worker was ended from outside, perhaps for want of memory. What is done is kept; run the command again, "
            "with fewer workers or a smaller --chunk."
        ) from None
    finally:
        if not ended:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
        pool.shutdown()


def _leave_interrupts_alone() -> None:
    """Ctrl-C reaches every process; the first one decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def finish(job: Job) -> Done:
    """Put the parts together, answers and errors each whole or not at all, and remove the parts."""
    count = -(-job.rows // job.options.chunk)
    parts = [batch_parts.part(job.parts, index) for index in range(count)]
    faults = [batch_parts.faults(path) for path in parts]
    refused = sum(batch_parts.read(path).num_rows for path in faults)
    if refused:
        batch_parts.merge(faults, job.errors, batch_parts.read(faults[0]).schema)
    else:
        job.errors.unlink(missing_ok=True)  # of an earlier run into the same file
    batch_parts.merge(parts, job.target, result_schema(job.source.schema.field("id").type))
    shutil.rmtree(job.parts)
    return Done(job.rows, refused, job.errors if refused else None, versions())
