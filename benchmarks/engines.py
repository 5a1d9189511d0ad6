"""The engine beside named peers on random two-layer networks, same cases, one run: make bench-engines.

Nets, cases and the reference: nets.py. Peers, and what of each is timed: peers.py. What is run: measuring.py. Here: the page,
docs/engines.md, with a table of what was hoped for and what was measured at its end.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402

from alone import ASKED_IN_C, fresh_memory  # noqa: E402
from measuring import (  # noqa: E402
    ABSENT,
    CASES,
    ENGINES,
    PRESENT,
    SAMPLED,
    Cell,
    Grown,
    Key,
    Questions,
    Results,
    growth,
    posteriors,
    questions,
)
from nets import BITS, MOST_ABSENT, SIZES  # noqa: E402
from peers import DENSE_PARENTS  # noqa: E402
from worker import MEMORY, ONCE, SECONDS  # noqa: E402

PACKAGES = ("numpy", "gmpy2", "pyAgrum", "pgmpy", "PySDD")


def times(results: Results) -> list[str]:
    """Milliseconds of every engine, and how many times as long as ours."""
    lines = [
        "| net | absent | present | " + " | ".join(heading for heading, _ in ENGINES.values()) + " |",
        "| --- | --- | --- |" + " --- |" * len(ENGINES),
    ]
    for key, mine in results["ours"].items():
        cells = [_cell(results[e].get(key), mine, e) for e in ENGINES]
        lines.append(f"| {key[0]} | {key[1]} | {key[2]} | " + " | ".join(cells) + " |")
    return lines


def _cell(cell: Cell | None, mine: Cell, engine: str) -> str:
    """Median and ratio; or how most cases failed."""
    if cell is None:
        return "–"
    if not np.isfinite(cell.median):
        return _short(cell.failures[0])
    some = f"; {len(cell.failures)} of {CASES} {_short(cell.failures[0])}" if cell.failures else ""
    ratio = "" if engine == "ours" else f" ({_times(cell.median / mine.median)}{some})"
    return _shown(cell.median) + (ratio if ratio else some)


def _short(failure: str) -> str:
    """A failure in a cell; the whole words stand below the table."""
    if failure.startswith("over"):
        return failure
    return "no memory" if failure.startswith("out of memory") else "fails"


def _shown(ms: float) -> str:
    return f"{ms:.2f}" if ms < 10 else f"{ms:.1f}" if ms < 100 else f"{ms:,.0f}"


def _times(ratio: float) -> str:
    return f"{ratio:.1f}×" if ratio < 10 else f"{ratio:,.0f}×"


def errors(results: Results) -> list[str]:
    """Worst error over cases and causes against the reference."""
    lines = [
        "| net | present | fascicle, relative | textbook, relative | textbook, absolute (a probability) |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name in SIZES:
        for k in PRESENT:
            mine, book = (_gather(results[e], name, k) for e in ("ours", "book"))
            lines.append(
                f"| {name} | {k} | {max(mine.relative, default=np.nan):.0e} | {max(book.relative, default=np.nan):.0e} "
                f"| {max(book.absolute, default=np.nan):.0e} |"
            )
    return lines


def _gather(cells: dict[Key, Cell], name: str | None, k: int) -> Cell:
    """All cases with k present signs of a net, or of all nets."""
    whole = Cell()
    for (net, _, present), cell in cells.items():
        if present == k and name in (None, net):
            whole.relative += cell.relative
            whole.absolute += cell.absolute
            whole.failures += cell.failures
    return whole


def failures(results: Results) -> list[str]:
    """What is timed for each engine, how far it came, and how it failed."""
    lines = [
        "| engine | what is timed | worst relative error where it answered | where it stopped |",
        "| --- | --- | --- | --- |",
    ]
    for engine, (heading, prepare) in ENGINES.items():
        stops = [
            f"{net}, {absent} absent, {k} present: {cell.failures[0]} ({len(cell.failures)} of "
            f"{len(cell.failures) + len(cell.spent)} cases)"
            for (net, absent, k), cell in results[engine].items()
            if cell.failures
        ]
        worst = max((e for cell in results[engine].values() for e in cell.relative), default=float("nan"))
        timed = " ".join((prepare.__doc__ or "").split())
        lines.append(f"| {heading} | {timed} | {worst:.0e} | {'; '.join(stops) or 'nowhere'} |")
    return lines


def asked(results: Questions) -> list[str]:
    """The gain of every candidate."""
    lines = [
        f"| net | present | candidates | all of them, ms | by two inferences each, times as long ({SAMPLED} measured, scaled) | "
        "worst difference, bits |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for (name, k), found in results.items():
        spent = _shown(float(np.median(found.spent))) if found.spent else found.failure
        sharing = _times(float(np.median(found.sharing))) if found.sharing else found.failure
        away = f"{max(found.away):.0e}" if found.away else ""
        lines.append(f"| {name} | {k} | {found.candidates} | {spent} | {sharing} | {away} |")
    return lines


def grown(results: dict[tuple[str, int], Grown]) -> list[str]:
    """Time and memory as present signs are added."""
    lines = [
        "| net | present | ms | memory held at most, MB | worst relative error (above: up to 20) | refused |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for (name, k), found in results.items():
        cell = found.cell
        spent = _shown(float(np.median(cell.spent))) if cell.spent else ""
        held = f"{max(found.held):.1f}" if found.held else ""
        error = f"{max(cell.relative):.0e}" if cell.relative else ""
        refused = f"{len(cell.failures)} of {CASES}: {cell.failures[0]}" if cell.failures else ""
        lines.append(f"| {name} | {k} | {spent} | {held} | {error} | {refused} |")
    return lines


@dataclass(frozen=True)
class Bar:
    """Something hoped for, and what came out."""

    hoped: str
    measured: str
    met: bool


def bars(results: Results, gains: Questions, far: Cell) -> Iterable[Bar]:
    """Every bar, met or not. far: net c with 24 present signs."""
    mine, book = results["ours"], results["book"]
    for ks, bound in ((PRESENT[:-1], 1e-12), (PRESENT[-1:], 1e-11)):
        found = [_gather(mine, None, k) for k in ks]
        worst = max(e for cell in found for e in cell.relative)
        complete = not any(cell.failures for cell in found)
        label = f"up to {ks[-1]}" if len(ks) > 1 else f"{ks[0]}"
        hoped = f"relative error of every posterior, {label} present: ≤ {bound:.0e}"
        yield Bar(hoped, f"{worst:.0e}", complete and worst <= bound)
    worst = max(_gather(book, None, 12).absolute)
    also = ", ".join(f"{max(_gather(book, None, k).absolute):.0e} at {k}" for k in (8, 16, 20))
    yield Bar("the textbook sum fails in the same run: a probability off by ≥ 1e-3 at 12 present", f"{worst:.0e} ({also})",
              worst >= 1e-3)  # fmt: skip

    def against(engine: str, key: Key) -> float:
        cell = results[engine].get(key)
        return float("nan") if cell is None else cell.median / mine[key].median

    for key, bound in ((("b", 10, 12), 15), (("b", 40, 8), 2000)):
        whole, observed = against("whole", key), against("observed", key)
        yield Bar(f"pyAgrum LazyPropagation, net {key[0]}, {key[1]} absent, {key[2]} present: ≥ {bound:,}×",
                  f"{_ratio(whole)} ({_ratio(observed)} given the observed signs only)", whole >= bound)  # fmt: skip
    for absent in ABSENT:
        helped = against("chain", ("b+", absent, 12))
        yield Bar(f"pyAgrum helped, net b+, {absent} absent, 12 present: ≥ 300×", _ratio(helped), helped >= 300)
    for ks, posterior, question in (((4, 8), 2.0, 15.0), ((12,), 5.0, 60.0)):
        label = "up to 8" if len(ks) > 1 else "12"
        spent = max(mine["b+", absent, k].median for k in ks for absent in ABSENT)
        yield Bar(f"net b+, {label} present, posterior: ≤ {posterior:.0f} ms", f"{spent:.2f} ms", spent <= posterior)
        asked = max(float(np.median(gains["b+", k].spent or [np.inf])) for k in ks)
        hoped = f"net b+, {label} present, gain of every unasked sign: ≤ {question:.0f} ms"
        yield Bar(hoped, f"{asked:.1f} ms", asked <= question)
    worst = min(float(np.median(gains[name, 8].sharing or [0.0])) for name in SIZES)
    yield Bar("gain of all candidates in one pass against two inferences each, 8 present, worst net: ≥ 30×", _ratio(worst),
              worst >= 30)  # fmt: skip
    yield Bar("net c, 24 present: ≤ 40 ms", f"{far.median:.1f} ms, error {max(far.relative, default=np.nan):.0e}",
              far.median <= 40)  # fmt: skip


def _ratio(value: float) -> str:
    return "not tried: failed with fewer" if np.isnan(value) else "it fails" if np.isinf(value) else _times(value)


def versions() -> str:
    """Packages and versions, as installed."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"{name} not installed")
    return ", ".join(found)


def main() -> None:
    """Run everything, print it and write the page."""
    started = time.perf_counter()
    results: Results = {engine: {} for engine in ENGINES}
    for name in SIZES:
        posteriors(name, results)
    gains, added = questions(), growth()
    reached = [
        f"| {bar.hoped} | {bar.measured} | {'yes' if bar.met else 'no'} |"
        for bar in bars(results, gains, added["c", 24].cell)
    ]
    sizes = ", ".join(f"{name} {c} × {s:,} ({n})" for name, (c, s, n) in SIZES.items())
    page = f"""# The engine beside its peers

Written by `make bench-engines`, in one run of {(time.perf_counter() - started) / 60:.0f} minutes.
Python {platform.python_version()}, {versions()}; {platform.machine()}.
One core for everybody on a shared machine: read times as ±30 %, ratios likewise.

## How it was measured

- Nets, causes × signs (links a cause): {sizes}.
  Signs of a cause at random, all as likely; priors 1e-4 to 0.1 and leaks 1e-4 to 0.02, uniform in the logarithm; links 0.1
  to 0.95, uniform.
- Cases are drawn from the model: causes by their priors, signs by noisy-OR. The first world with at least k present and
  {MOST_ABSENT} absent signs is kept, nothing else is asked of it; k of its present signs at random are told as present, 10 or
  40 of its absent ones as absent (the 10 are among the 40). {CASES} cases a cell, the same for every engine.
- Task: the posterior of every cause. Time: CPU time of one thread (on an idle machine the time that passes), median over
  cases of the median over at least 3 repeats (one run where it takes more than {ONCE} s), after a first run whose answer is
  checked. In brackets: how many times as long as fascicle. A case without an answer counts as endless in the median.
- Error: worst over all causes and cases, against inclusion–exclusion in {BITS} bits.
- Every engine runs in a process of its own, with {SECONDS} s of CPU time for one answer and {MEMORY >> 30} GiB. One that
  fails on a case of a net is not tried with more present signs, nor with as many and more absent ones (–). A full table for
  a sign with more than {DENSE_PARENTS} causes is not tried.

## Time of all posteriors, ms

{_text(times(results))}

## Error

{_text(errors(results))}

## What is timed, and where each stops

{_text(failures(results))}

## The next question

Expected information of every unasked sign about all causes, in bits, 10 absent signs ({ASKED_IN_C} of the signs of net c):
one pass (`engine.gain.hypotheticals`), beside an inference with the sign present and one with it absent for each.

{_text(asked(gains))}

## Growth

fascicle alone, 10 absent signs. A new process that imports the engine holds {fresh_memory():.0f} MB.

{_text(grown(added))}

## What was hoped for

| bar | measured | met |
| --- | --- | --- |
{_text(reached)}
"""
    print(page, flush=True)
    (Path(__file__).parent.parent / "docs" / "engines.md").write_text(page, encoding="utf-8")


def _text(lines: list[str]) -> str:
    return "\n".join(lines)


if __name__ == "__main__":
    main()
