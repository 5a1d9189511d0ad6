"""Every engine on every case; the gain of every candidate; growth with the number of present signs."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from alone import candidates, gain, ours, peak
from nets import SIZES, drawn_case, random_net, reference, worst_error
from peers import (
    agrum_chain,
    agrum_observed,
    agrum_shafer,
    agrum_whole,
    pgmpy_chain,
    pgmpy_dense,
    quickscore,
    sdd,
)
from worker import Prepare, Worker

ABSENT, PRESENT, CASES = (10, 40), (4, 8, 12, 16, 20), 3
GROWN = ("b+", "c")
"""Nets on which present signs are added until the engine refuses."""
SAMPLED = 20
"""Candidates for which two inferences each are really run; their time is scaled to all."""

ENGINES: dict[str, tuple[str, Prepare]] = {
    "ours": ("fascicle", ours),
    "whole": ("pyAgrum", agrum_whole),
    "observed": ("pyAgrum, observed signs only", agrum_observed),
    "shafer": ("pyAgrum, Shafer–Shenoy", agrum_shafer),
    "chain": ("pyAgrum, helped", agrum_chain),
    "pgmpy": ("pgmpy", pgmpy_dense),
    "pgmpy_chain": ("pgmpy, helped", pgmpy_chain),
    "sdd": ("PySDD, helped", sdd),
    "book": ("textbook", quickscore),
}
"""Column -> heading and how it is run; the docstring there says what is timed."""

Key = tuple[str, int, int]


@dataclass
class Cell:
    """One engine on the cases of one cell."""

    spent: list[float] = field(default_factory=list)
    relative: list[float] = field(default_factory=list)
    absolute: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Median milliseconds; a case without an answer counts as endless."""
        spent = self.spent + [float("inf")] * len(self.failures)
        return statistics.median(spent) if spent else float("nan")


Results = dict[str, dict[Key, Cell]]


def posteriors(name: str, results: Results) -> None:
    """Every engine on every case of one net. One that fails is not tried with as many or more present signs again."""
    network = random_net(name)
    expected = {
        (absent, k, n): reference(network, drawn_case(name, k, absent, n))
        for absent in ABSENT
        for k in PRESENT
        for n in range(CASES)
    }
    for engine, (heading, prepare) in ENGINES.items():
        started, worker, failed_at = time.perf_counter(), Worker(prepare, network), PRESENT[-1] + 1
        for absent in ABSENT:
            for k in (k for k in PRESENT if k < failed_at):
                cell = results[engine][name, absent, k] = Cell()
                for n in range(CASES):
                    answer = worker.ask(drawn_case(name, k, absent, n))
                    if isinstance(answer, str):
                        cell.failures.append(answer)
                        if 2 * len(cell.failures) > CASES:
                            break
                        continue
                    relative, absolute = worst_error(answer[1], expected[absent, k, n])
                    cell.spent.append(answer[0])
                    cell.relative.append(relative)
                    cell.absolute.append(absolute)
                if cell.failures:
                    failed_at = k
                    break
        worker.stop()
        told = "  ".join(
            f"{absent}/{k}: {cell.median:,.2f}" for (net, absent, k), cell in results[engine].items() if net == name
        )
        print(f"{name} {heading}: {told}  ({time.perf_counter() - started:.0f} s)", flush=True)


@dataclass
class Question:
    """The gain of every candidate in one pass, and by two inferences for some of them, on the cases of one cell."""

    candidates: int = 0
    spent: list[float] = field(default_factory=list)
    sharing: list[float] = field(default_factory=list)
    away: list[float] = field(default_factory=list)
    failure: str = ""


Questions = dict[tuple[str, int], Question]


def questions() -> Questions:
    """Every net with 10 absent signs; a net on which one fails is not tried with more present signs."""
    results: Questions = {}
    for name in SIZES:
        network = random_net(name)
        shared, single = Worker(gain, network), Worker(partial(gain, sampled=SAMPLED), network)
        for k in PRESENT[:-1]:
            found = results[name, k] = Question()
            for n in range(CASES):
                told = drawn_case(name, k, ABSENT[0], n)
                found.candidates = len(candidates(network, told))
                once = shared.ask(told)
                if isinstance(once, str):
                    found.failure = once
                    break
                found.spent.append(once[0])
                twice = single.ask(told)
                if isinstance(twice, str):
                    found.failure = f"two inferences: {twice}"
                    break
                found.sharing.append(twice[0] / len(twice[1]) * found.candidates / once[0])
                chosen = once[1][:: max(1, found.candidates // SAMPLED)][:SAMPLED]
                found.away.append(float(np.abs(chosen - twice[1]).max()))
            print(f"{name} gain, {k} present: {found}", flush=True)
            if found.failure:
                break
        shared.stop()
        single.stop()
    return results


@dataclass
class Grown:
    """Time, memory and error of one posterior; the error only where the reference is within reach."""

    cell: Cell = field(default_factory=Cell)
    held: list[float] = field(default_factory=list)


def growth() -> dict[tuple[str, int], Grown]:
    """The engine alone as present signs are added, 10 absent, to where it refuses."""
    results: dict[tuple[str, int], Grown] = {}
    for name in GROWN:
        network = random_net(name)
        timed, traced = Worker(ours, network), Worker(peak, network)
        for k in (*PRESENT, 24, 28):
            found = results[name, k] = Grown()
            for n in range(CASES):
                told = drawn_case(name, k, ABSENT[0], n)
                answer = timed.ask(told)
                if isinstance(answer, str):
                    found.cell.failures.append(answer)
                    continue
                found.cell.spent.append(answer[0])
                held = traced.ask(told)
                if not isinstance(held, str):
                    found.held.append(float(held[1][0]))
                if (name, k) == ("c", 24):
                    relative, absolute = worst_error(answer[1], reference(network, told))
                    found.cell.relative.append(relative)
                    found.cell.absolute.append(absolute)
            print(f"{name} growth, {k} present: {found}", flush=True)
        timed.stop()
        traced.stop()
    return results
