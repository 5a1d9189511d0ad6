"""Arrow in, Arrow out: an iterator of record batches of cases becomes one of answers (needs the extra `batch`).

The signature drops into Spark's mapInArrow, Dask and Ray unchanged. A row never depends on its neighbours, so however
the rows are cut into batches, the answers are the same to the last bit. docs/batch.md shows how to use it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from fascicle.case_columns import cases_in
from fascicle.errors import CaseError
from fascicle.knowledge.loader import species_covered
from fascicle.model import Case, Explanation, Urgency
from fascicle.pipeline import assess, load
from fascicle.points import Point, assess_points

TOP = 5
"""How many causes a row lists unless told otherwise, likeliest first."""

AT_ONCE = 1_000
"""Rows worked on together: enough for speed, and few enough that a large batch needs little memory."""
CAUSES = pa.list_(
    pa.struct(
        [("cause", pa.string()), ("probability", pa.float64()), ("low", pa.float64()), ("high", pa.float64())]
    )
)  # fmt: skip


def result_schema(id_type: pa.DataType | None = None) -> pa.Schema:
    """The columns of an answer; id keeps the type it came with (text unless named). docs/batch.md explains each."""
    texts = pa.list_(pa.string())
    return pa.schema(
        {
            "id": id_type or pa.string(),
            "knowledge_version": pa.string(),
            "urgency": pa.string(),
            "basis": pa.string(),
            "margin": pa.float64(),
            "red_flags": texts,
            "causes": CAUSES,
            "recognised": pa.bool_(),
            "notes": texts,
            "error": pa.string(),
        }
    )


def assess_batches(
    batches: Iterable[pa.RecordBatch],
    *,
    species: str | None = None,
    draws: bool = False,
    close: float = 0.0,
    top: int = TOP,
) -> Iterator[pa.RecordBatch]:
    """Yield a batch of answers for each batch of cases, row for row.

    A row with a fault gets its reason in `error` and nothing else. species: for rows that name none. draws: work each
    case through as `fascicle.assess` does, with ranges and the more careful urgency, some hundred times slower. close:
    do so only where the margin is below this. Raises CaseError when `id` is missing or a column has a type that does
    not fit, KnowledgeError for broken knowledge.
    """
    for batch in batches:
        yield assess_batch(batch, species=species, draws=draws, close=close, top=top)


def assess_batch(
    batch: pa.RecordBatch,
    *,
    species: str | None = None,
    draws: bool = False,
    close: float = 0.0,
    top: int = TOP,
) -> pa.RecordBatch:
    """Return the answers to one batch of cases; see `assess_batches`."""
    if "id" not in batch.schema.names:
        raise CaseError(
            f"there is no column id, so no answer could be told from another. Columns: {batch.schema.names}."
        )
    starts = range(0, max(1, batch.num_rows), AT_ONCE)
    return joined([_some(batch.slice(at, AT_ONCE), species, draws, close, top) for at in starts])


def joined(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    """Some batches of one schema as one, with buffers of its own; at least one."""
    if len(batches) == 1 and not batches[0].num_rows:
        return batches[0]
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def _some(batch: pa.RecordBatch, species: str | None, draws: bool, close: float, top: int) -> pa.RecordBatch:
    """The answers to a few rows."""
    cases = cases_in(batch, species)
    answers: dict[int, _Row | CaseError] = {}
    by_species: dict[str, dict[int, Case]] = {}
    for i, case in enumerate(cases):
        if isinstance(case, Case):
            by_species.setdefault(case.species, {})[i] = case
        else:
            answers[i] = case
    for name, chosen in by_species.items():
        one_by_one = draws or name not in species_covered()
        told = list(chosen.values())
        found = [_whole(case, top) for case in told] if one_by_one else _together(told, close, top)
        answers.update(zip(chosen, found, strict=True))
    return _record_batch(batch.column("id"), [answers[i] for i in range(len(cases))])


@dataclass(frozen=True)
class _Row:
    """One row of answers. basis, margin: what the urgency rests on and how near a more urgent level is, see docs/batch.md."""

    version: str
    basis: str
    margin: float | None
    urgency: Urgency
    explanations: Sequence[Explanation]
    recognised: bool
    notes: tuple[str, ...]


def _together(cases: Sequence[Case], close: float, top: int) -> list[_Row | CaseError]:
    """Cases of one covered species at the values; the close ones, and those without exact numbers, worked through whole."""
    knowledge = load(cases[0].species)
    rows: list[_Row | CaseError] = []
    for case, found in zip(cases, assess_points(cases, knowledge), strict=True):
        if isinstance(found, CaseError):
            rows.append(found)
        elif found is None or found.margin < close:
            rows.append(_whole(case, top))
        else:
            rows.append(_point(found, knowledge.version, top))
    return rows


def _point(found: Point, version: str, top: int) -> _Row:
    """The row of an answer at the values."""
    margin = found.margin if math.isfinite(found.margin) else None
    listed = found.explanations[:top]
    return _Row(version, "values", margin, found.urgency, listed, found.recognised, found.notes)


def _whole(case: Case, top: int) -> _Row | CaseError:
    """The row of a whole assessment."""
    try:
        found = assess(case)
    except CaseError as error:
        return error
    basis = "draws" if found.explanations else "caution"
    listed = found.explanations[:top]
    return _Row(found.knowledge_version, basis, None, found.urgency, listed, found.recognised, found.notes)


def _record_batch(ids: pa.Array, answers: Sequence[_Row | CaseError]) -> pa.RecordBatch:
    """The rows as columns."""
    rows = [None if isinstance(answer, CaseError) else answer for answer in answers]
    texts = pa.list_(pa.string())
    listed = [explanation for row in rows if row is not None for explanation in row.explanations]
    causes = pa.StructArray.from_arrays(
        [
            pa.array([e.cause for e in listed], pa.string()),
            *(
                pa.array(column, pa.float64(), from_pandas=True)  # NaN, not computed, becomes null
                for column in np.array([(e.probability, e.low, e.high) for e in listed]).reshape(-1, 3).T
            ),
        ],
        fields=list(CAUSES.value_type),
    )
    ends = np.cumsum([0, *(0 if row is None else len(row.explanations) for row in rows)])
    faulty = pa.array([row is None for row in rows], pa.bool_())
    return pa.RecordBatch.from_arrays(
        [
            ids,
            pa.array([row and row.version for row in rows], pa.string()),
            pa.array([row and row.urgency.level.id for row in rows], pa.string()),
            pa.array([row and row.basis for row in rows], pa.string()),
            pa.array([row and row.margin for row in rows], pa.float64()),
            pa.array([row and [flag.id for flag in row.urgency.red_flags] for row in rows], texts),
            pa.ListArray.from_arrays(pa.array(ends, pa.int32()), causes, type=CAUSES, mask=faulty),
            pa.array([row and row.recognised for row in rows], pa.bool_()),
            pa.array([row and row.notes for row in rows], texts),
            pa.array([str(answer) if isinstance(answer, CaseError) else None for answer in answers], pa.string()),
        ],
        schema=result_schema(ids.type),
    )
