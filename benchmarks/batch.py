"""Times many cases at once, on distinct cases drawn from the real knowledge: make bench-batch. Writes part of docs/batch.md.

Rates are cases per second of processor time of one core, so that a busy machine does not blur them; the last table shows what a
clock on the wall shows.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import fill
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from fascicle import Level, evidence, load, triage  # noqa: E402
from fascicle.batch import assess_batch  # noqa: E402
from fascicle.case_columns import cases_in  # noqa: E402
from fascicle.engine.many import posteriors  # noqa: E402
from fascicle.evaluation.simulation import UNKNOWN, draw_cases, interviewed  # noqa: E402
from fascicle.knowledge.compile import observe  # noqa: E402
from fascicle.model import Case  # noqa: E402
from fascicle.networks import compiled  # noqa: E402

PAGE = Path(__file__).parent.parent / "docs" / "batch.md"
PUT, ANSWERED = 0.4, 0.9
"""How often a question of the interview is put and an item of it answered: some 40 answers a case."""
SIZES = (1_000, 2_000, 4_000, 8_000, 16_000, 32_000)
WITH_DRAWS = 1_000
WIDTH = 128
CLOSE = 1.5
TEXT_MAP = pa.map_(pa.string(), pa.string())
SCHEMA = pa.schema(
    {
        "id": pa.int64(),
        "species": pa.string(),
        "age_years": pa.float64(),
        "present": pa.list_(pa.string()),
        "absent": pa.list_(pa.string()),
        "choices": TEXT_MAP,
        "observed_by": TEXT_MAP,
    }
)


def random_rows(count: int, seed: int) -> list[dict[str, Any]]:
    """Distinct cases: a cause by its rate, bystanders by prevalence, findings by their chances, some of it told."""
    knowledge = load("dog")
    network, rng = replace(compiled(knowledge).point, grades=()), np.random.default_rng(seed)
    more = count + count // 10
    told = interviewed(knowledge, network, more, rng, put=PUT, answered=ANSWERED)
    drawn = draw_cases(network, np.zeros(more, dtype=np.int64), told, rng)
    found: dict[str, dict[str, Any]] = {}
    for i in range(more):
        row: dict[str, Any] = {"species": "dog", "present": [], "absent": [], "choices": {}}
        for sign, state in drawn.signs.items():
            if state[i] != UNKNOWN and not sign.startswith("syndrome "):
                row["present" if state[i] == 1 else "absent"].append(sign)
        for attribute, option in drawn.options.items():
            if option[i] == UNKNOWN:
                continue
            if attribute not in knowledge.groups:
                row["present" if option[i] == 0 else "absent"].append(attribute)
            elif knowledge.groups[attribute].several:
                row["present"].append(knowledge.options[attribute][option[i]])
            else:
                row["choices"][attribute] = knowledge.options[attribute][option[i]]
        found.setdefault(json.dumps(row), row)
    rows = [{"id": i, **row} for i, row in enumerate(list(found.values())[:count])]
    assert len(rows) == count, "too few distinct cases"
    return rows


def batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, SCHEMA)


def spent(work: Callable[[], object], times: int = 3) -> float:
    """Least processor seconds of a call."""
    least = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least


def growth(rows: list[dict[str, Any]]) -> list[str]:
    """Rate against the number of cases."""
    lines = ["| distinct cases in one batch | cases/s and core | µs a case |", "| --- | --- | --- |"]
    for size in SIZES:
        told = batch(rows[:size])
        seconds = spent(lambda told=told: assess_batch(told), 3 if size <= 8_000 else 2)
        lines.append(f"| {size:,} | {size / seconds:,.0f} | {1e6 * seconds / size:.0f} |")
    return lines


def stages(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Seconds for reading columns, for checking the evidence, for the engine, and for everything."""
    knowledge = load("dog")
    network, told = compiled(knowledge).point, batch(rows)
    cases = [case for case in cases_in(told) if isinstance(case, Case)]
    known = [evidence.gather(case, knowledge) for case in cases]
    observations = [observe(knowledge, one, network) for one in known]
    levels = np.array([[int(triage.cause_levels(one, knowledge)[x]) for x in network.causes] for one in known])
    joins = (levels[:, :, None] >= np.array([int(level) for level in triage.SET_LEVELS])).sum(axis=2)
    return {
        "columns": spent(lambda: cases_in(told)),
        "evidence": spent(lambda: [evidence.gather(case, knowledge) for case in cases]),
        "engine": spent(lambda: posteriors(network, observations, joins, len(triage.SET_LEVELS) + 1)),
        "all": spent(lambda: assess_batch(told)),
    }


def present_signs(rows: list[dict[str, Any]]) -> list[int]:
    """How many signs, those of the network, each case has present."""
    signs = set(compiled(load("dog")).point.signs)
    return [len(signs & set(row["present"])) for row in rows]


def by_present(rows: list[dict[str, Any]]) -> list[str]:
    """Time against the number of present signs k."""
    lines = [
        "| present signs k | share of the cases | cases timed | engine, µs a case | all, µs a case | cases/s and core |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    count = present_signs(rows)
    share = Counter(count)
    for k in range(max(share) + 1):
        mine = [row for row, c in zip(rows, count, strict=True) if c == k][:1_000]
        if len(mine) < 5:
            continue
        seconds = stages(mine)
        each = 1e6 / len(mine)
        lines.append(
            f"| {k} | {100 * share[k] / len(rows):.2g} % | {len(mine)} | {each * seconds['engine']:.0f} | "
            f"{each * seconds['all']:.0f} | {len(mine) / seconds['all']:,.0f} |"
        )
    return lines


def shares(rows: list[dict[str, Any]]) -> list[str]:
    """Where the time goes."""
    seconds = stages(rows)
    rest = seconds["all"] - seconds["columns"] - seconds["evidence"] - seconds["engine"]
    parts = {
        "Arrow columns to cases": seconds["columns"],
        "checking and gathering the evidence": seconds["evidence"],
        "the engine": seconds["engine"],
        "red flags, urgency, notes, answers to Arrow": rest,
    }
    return [
        "| step | µs a case | share |",
        "| --- | --- | --- |",
        *(f"| {n} | {1e6 * s / len(rows):.0f} | {100 * s / seconds['all']:.0f} % |" for n, s in parts.items()),
    ]


def kinds_of_case(rows: list[dict[str, Any]]) -> list[str]:
    """Cases that cost more: examined findings, contradictions, draws."""
    rng = np.random.default_rng(3)
    examined = [
        {**row, "observed_by": {f: "clinician" for f in (*row["present"], *row["absent"]) if rng.random() < 0.3}}
        for row in rows
    ]
    torn = [{**row, "absent": [*row["absent"], *row["present"][:1]]} for row in rows]
    lines = ["| cases | cases/s and core |", "| --- | --- |"]
    for label, chosen in (
        ("as drawn", rows),
        ("three in ten findings examined by a vet, differently in each case", examined),
        ("one contradiction in each, so two readings more", torn),
    ):
        told = batch(chosen)
        lines.append(f"| {label} | {len(chosen) / spent(lambda told=told: assess_batch(told)):,.0f} |")
    some = batch(rows[:100])
    lines.append(f"| `--close {CLOSE}` | {100 / spent(lambda: assess_batch(some, close=CLOSE), 1):,.0f} |")
    lines.append(f"| `--draws` | {100 / spent(lambda: assess_batch(some, draws=True), 1):,.0f} |")
    return lines


def against_draws(rows: list[dict[str, Any]]) -> list[str]:
    """How often the level at the values is lower or higher than the one over the draws."""
    told = batch(rows[:WITH_DRAWS])
    fast, whole = assess_batch(told).to_pylist(), assess_batch(told, draws=True).to_pylist()
    apart = Counter(int(Level.of(a["urgency"])) - int(Level.of(b["urgency"])) for a, b in zip(fast, whole, strict=True))
    worst = max(
        abs(x["probability"] - y["probability"]) / y["probability"]
        for a, b in zip(fast, whole, strict=True)
        for x, y in zip(a["causes"], b["causes"], strict=True)
    )
    count = f"{WITH_DRAWS:,}"
    lower, higher = sum(n for d, n in apart.items() if d < 0), sum(n for d, n in apart.items() if d > 0)
    two = sum(n for d, n in apart.items() if d < -1)
    margins = np.array([np.inf if a["margin"] is None else a["margin"] for a in fast])
    below = np.array([Level.of(a["urgency"]) < Level.of(b["urgency"]) for a, b in zip(fast, whole, strict=True)])
    said = (
        f"Of {count} cases the fast level was the same as with `--draws` in {apart[0]}, lower in {lower} (by more than one "
        f"level in {two}) and higher in {higher}. The probabilities differed by {worst:.0e} of themselves at most. How many "
        "cases lie below a margin, and how many of the lower ones are among them:"
    )
    lines = ["| margin below | cases | of the lower ones |", "| --- | --- | --- |"]
    for margin in (1.1, 1.2, 1.5, 2.0):
        near = margins < margin
        lines.append(f"| {margin} | {100 * near.mean():.1f} % | {int((near & below).sum())} of {int(below.sum())} |")
    return [fill(said, WIDTH), "", *lines]


def memory(rows: list[dict[str, Any]]) -> list[str]:
    """Peak memory of a process that assesses so many rows, in one batch and as a file in parts."""
    lines = ["| | rows | peak memory, MB |", "| --- | --- | --- |"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.parquet"
        for size in (1, 10_000, len(rows)):
            pq.write_table(pa.Table.from_batches([batch(rows[:size])]), path)
            lines.append(f"| one batch | {size:,} | {_elsewhere(_peak_of_batch, path):.0f} |")
        lines.append(f"| `fascicle batch`, parts of 10,000 | {len(rows):,} | {_elsewhere(_peak_of_file, path):.0f} |")
    return lines


def _elsewhere(work: Callable[[Path], float], path: Path) -> float:
    """The result of a function in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (path,))


def _peak_of_batch(path: Path) -> float:
    (told,) = pq.read_table(path).combine_chunks().to_batches()
    assess_batch(told)
    return _peak()


def _peak_of_file(path: Path) -> float:
    from fascicle.batch_files import Options, finish, prepare, work_off

    job, _ = prepare(path, path.with_name("out.parquet"), Options())
    for _ in work_off(job):
        pass
    finish(job)
    return _peak()


def _peak() -> float:
    """Peak memory of this process; what getrusage says would include the process it was started from."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) / 1000


def command(rows: list[dict[str, Any]]) -> list[str]:
    """The whole command, start of all processes included; the wall clock depends on what else the machine does."""
    lines = [
        "| `--workers` | rows | seconds on the wall | rows/s | processor seconds | rows/s and core |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.parquet"
        pq.write_table(pa.Table.from_batches([batch(rows)]), path)
        for workers in (1, 2):
            call = [sys.executable, "-m", "fascicle.cli", "batch", str(path), str(path.with_name("out.parquet"))]
            start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([*call, "--workers", str(workers), "--chunk", "2000"], check=True, capture_output=True)
            wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            lines.append(
                f"| {workers} | {len(rows):,} | {wall:.1f} | {len(rows) / wall:,.0f} | {used:.1f} | {len(rows) / used:,.0f} |"
            )
    return lines


def main() -> None:
    """Measure everything and write it between the marks of the page."""
    rows = random_rows(max(SIZES), seed=1)
    answers = np.mean([len(row["present"]) + len(row["absent"]) + len(row["choices"]) for row in rows])
    assess_batch(batch(rows[:100]))
    some = rows[:4_000]
    gc.freeze()  # the collector shall not search the benchmark's own rows
    said = (
        f"Written by `make bench-batch`. Python {platform.python_version()}, NumPy {np.__version__}, pyarrow "
        f"{pa.__version__}, {platform.machine()}, {os.cpu_count()} cores, shared machine. {len(rows):,} distinct cases drawn "
        "from the real knowledge of dogs: a cause by its rate, bystanders by prevalence, findings by their chances; "
        f"{answers:.0f} answers a case on average, {np.mean(present_signs(rows)):.1f} of them signs that are present. "
        "Nothing is kept from one case to the next. Rates are cases per second of processor time of one core."
    )
    text = [fill(said, WIDTH)]
    parts = [text]
    for make in (growth, by_present, shares, kinds_of_case, against_draws, memory, command):
        told = some if make in (shares, kinds_of_case) else rows
        parts.append(make(told[:16_000] if make is command else told))
        print("\n".join(parts[-1]), flush=True)
    page = PAGE.read_text(encoding="utf-8")
    measured = "\n\n".join("\n".join(part) for part in parts)
    page = re.sub(r"(?s)(<!-- measured -->\n).*(\n<!-- end of measured -->)", lambda m: m[1] + measured + m[2], page)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
