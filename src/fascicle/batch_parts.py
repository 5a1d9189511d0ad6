"""Parts of a batch run: a chunk of rows each, its answers and its refused rows, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fascicle.batch import assess_batch, joined


def chunks(batches: Iterable[pa.RecordBatch], size: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of exactly this size, the last one perhaps smaller."""
    held, count = list[pa.RecordBatch](), 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            held.append(batch.slice(start, size - count))
            start, count = start + held[-1].num_rows, count + held[-1].num_rows
            if count == size:
                yield joined(held)
                held, count = [], 0
    if held:
        yield joined(held)


def as_stream(batch: pa.RecordBatch) -> bytes:
    """The batch as Arrow writes it, for another process."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def part(folder: Path, index: int) -> Path:
    """Where the answers of a part lie."""
    return folder / f"{index:08}.answers.arrow"


def faults(answers: Path) -> Path:
    """Where the refused rows of a part lie."""
    return answers.with_name(answers.name.replace("answers", "errors"))


def read(path: Path) -> pa.Table:
    """What lies there, without a copy."""
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def is_whole(answers: Path, rows: int) -> bool:
    """Whether a part with all its rows is there; a damaged one is not."""
    try:
        return rows == sum(int(read(path).num_rows) for path in (answers, faults(answers)))
    except (OSError, pa.ArrowException):
        return False


def make(folder: Path, options: Mapping[str, Any], index: int, data: bytes) -> int:
    """Work out one part and write it; returns its rows. options: keywords of `assess_batch`."""
    batch = pa.ipc.open_stream(data).read_next_batch()
    found = assess_batch(batch, **options)
    faulty = pc.is_valid(found.column("error"))
    answers = part(folder, index)
    _write(faults(answers), _with_reason(batch, found.column("error")).filter(faulty))
    _write(answers, pa.Table.from_batches([found]).filter(pc.invert(faulty)))
    return int(batch.num_rows)


def _with_reason(batch: pa.RecordBatch, reasons: pa.Array) -> pa.Table:
    """The input with the reason as its last column; the reason of an earlier run goes."""
    table = pa.Table.from_batches([batch])
    if "error" in table.column_names:
        table = table.drop_columns("error")
    return table.append_column("error", reasons)


def _write(path: Path, table: pa.Table) -> None:
    """Write whole or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    with pa.OSFile(str(temporary), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    temporary.replace(path)


def merge(parts: Iterable[Path], target: Path, schema: pa.Schema) -> None:
    """Write the rows of all parts to one Parquet file, whole or not at all; a part becomes a row group."""
    temporary = target.with_name(f"{target.name}.{os.getpid()}")
    with pq.ParquetWriter(str(temporary), schema) as writer:
        for path in parts:
            table = read(path)
            if table.num_rows:
                writer.write_table(table.cast(schema))
    temporary.replace(target)
