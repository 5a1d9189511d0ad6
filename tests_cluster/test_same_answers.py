"""The same cases through pyarrow, DuckDB, Dask and PySpark give the same answers to the last bit: make test-cluster."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import dask.bag
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import fascicle
from fascicle.batch import assess_batches, result_schema

ROWS = 600
SPARK_SCHEMA = (
    "id string, knowledge_version string, urgency string, basis string, margin double, red_flags array<string>, "
    "causes array<struct<cause:string,probability:double,low:double,high:double>>, recognised boolean, "
    "notes array<string>, error string"
)


def rows() -> Iterator[dict[str, Any]]:
    """Distinct cases drawn without a thought to sense: contradictions, and a fault in some."""
    knowledge, draw = fascicle.load("dog"), random.Random(7)
    grouped = {option for options in knowledge.options.values() for option in options}
    findings = [finding for finding in knowledge.findings if finding not in grouped]
    for i in range(ROWS):
        told = draw.sample(findings, draw.randint(0, 14))
        present = draw.randint(0, min(6, len(told)))
        yield {
            "id": f"case {i}",
            "species": draw.choice(["dog"] * 19 + ["cat"]),
            "age_years": draw.choice([None, 0.3, 5.0, 12.0, -1.0]),
            "breed": draw.choice([None, "Beagle", "Pug"]),
            "present": [*told[:present], draw.choice(knowledge.options["kind"])],
            "absent": told[present:],
            "choices": [("onset", draw.choice(knowledge.options["onset"]))] if i % 2 else None,
            "observed_by": [(name, draw.choice(["lay", "clinician"])) for name in told[:2]],
            "asked_before": draw.choice([None, 0, 2]),
        }


CASES = pa.schema(
    {
        "id": pa.string(),
        "species": pa.string(),
        "age_years": pa.float64(),
        "breed": pa.string(),
        "present": pa.list_(pa.string()),
        "absent": pa.list_(pa.string()),
        "choices": pa.map_(pa.string(), pa.string()),
        "observed_by": pa.map_(pa.string(), pa.string()),
        "asked_before": pa.int64(),
    }
)


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Parquet file of cases, and a cache folder that other processes share."""
    folder = tmp_path_factory.mktemp("cluster")
    os.environ["FASCICLE_CACHE"] = str(folder / "cache")
    path = folder / "cases.parquet"
    pq.write_table(pa.Table.from_pylist(list(rows()), CASES), path, row_group_size=100)
    return path


@pytest.fixture(scope="session")
def expected(cases: Path) -> str:
    """The checksum of one batch of everything."""
    return checksum(pa.Table.from_batches(assess_batches(pq.read_table(cases).combine_chunks().to_batches())))


def checksum(answers: pa.Table) -> str:
    """A hash of all answers in the order of their ids; floats are written with all their digits."""
    assert answers.num_rows == ROWS
    found = sorted(answers.select(result_schema().names).to_pylist(), key=lambda row: row["id"])
    return hashlib.blake2b(json.dumps(found).encode()).hexdigest()


def test_the_answers_are_answers(cases: Path) -> None:
    """Most rows are answered and some refused, so that equal checksums mean something."""
    found = pa.Table.from_batches(assess_batches(pq.ParquetFile(cases).iter_batches())).to_pylist()
    assert 100 < sum(row["error"] is None for row in found) < ROWS
    assert len({row["urgency"] for row in found}) > 3


@pytest.mark.parametrize("size", [1, 7, 256])
def test_pyarrow_in_batches_of_any_size(cases: Path, expected: str, size: int) -> None:
    """However the rows are cut, the checksum is the same."""
    batches = pq.ParquetFile(cases).iter_batches(batch_size=size)
    assert checksum(pa.Table.from_batches(assess_batches(batches))) == expected


def test_duckdb(cases: Path, expected: str) -> None:
    """Cases out of a DuckDB query and answers into one, as a stream both ways; each has a cursor of its own."""
    con = duckdb.connect()
    told = con.cursor().sql(f"select * from '{cases}' order by hash(id)").to_arrow_reader(128)
    con.register("answers", pa.RecordBatchReader.from_batches(result_schema(), assess_batches(told)))
    assert checksum(con.sql("select * from answers").to_arrow_table()) == expected


def test_dask(cases: Path, expected: str) -> None:
    """Partitions of a Dask bag, in processes of their own."""
    told = dask.bag.from_sequence(pq.ParquetFile(cases).iter_batches(batch_size=90), npartitions=3)
    answers = told.map_partitions(lambda batches: list(assess_batches(batches)))
    assert checksum(pa.Table.from_batches(answers.compute(scheduler="processes"))) == expected


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")  # no pandas here
def test_pyspark(cases: Path, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The function goes into mapInArrow as it is."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("PySpark needs Java 17 or later: install openjdk-17-jre-headless, or set JAVA_HOME to one.")
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    settings = {"spark.ui.enabled": "false", "spark.sql.execution.arrow.maxRecordsPerBatch": "50"}
    builder = SparkSession.builder.master("local[2]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    try:
        told = spark.read.parquet(str(cases)).repartition(4)
        answers = told.mapInArrow(partial(assess_batches, species="dog"), SPARK_SCHEMA).toArrow()
    finally:
        spark.stop()
    assert checksum(answers) == expected
