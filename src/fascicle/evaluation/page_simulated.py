"""Calibration by simulation as Markdown, a chart and plain data; the same for the short run and the long one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from fascicle.evaluation import charts
from fascicle.evaluation.calibration import calibration_error, error_by_chance, reliability
from fascicle.evaluation.coverage import Covered
from fascicle.evaluation.degraded import EDGES, FORECASTERS, Degraded
from fascicle.evaluation.table import count_text, markdown
from fascicle.evaluation.worlds import ANSWERED, PUT

RARE = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1.0)
"""Bins for statements that are mostly small, such as that an urgent cause is behind it."""
SEED = 3


def chart(found: Covered) -> str:
    """The rank histogram of the truth among the draws as the program weighs them, as SVG."""
    counts, _ = found.histograms()["as the program weighs its draws"]
    return charts.ranks(counts.tolist(), f"Rank of the truth among the draws, {counts.sum()} simulated cases")


def section(found: Covered, worlds: Mapping[str, Degraded], interval: float, chart_name: str) -> list[str]:
    """The section on simulated cases; interval: the share that a range shall hold."""
    said = found.statements
    error = calibration_error(said.first, said.first_so, EDGES)
    chance = error_by_chance(said.first, EDGES, np.random.default_rng(SEED), FORECASTERS)
    inside = found.inside()
    return [
        "## Do stated probabilities come true? Simulated cases",
        "",
        "This checks the computation against its own assumptions, and how far answers go wrong when an assumption is wrong. "
        "It says nothing about whether the figures on the pages are right; only real cases can.",
        "",
        "True figures are drawn from their ranges (joint draws the program never uses), a case from these, and what an "
        f"interview might tell of it: the movement always, every other question with chance {PUT:g}, each of its items "
        f"with {ANSWERED:g}.",
        "",
        f"**As the model thinks.** {len(said.first):,} cases: the first cause is stated with {_percent(said.first.mean())} on "
        f"average and is right in {_percent(said.first_so.mean())}. Calibration error {100 * error:.1f} points; perfect "
        f"statements would show {100 * chance.mean():.1f} by chance, 95 times in 100 below "
        f"{100 * np.quantile(chance, 0.95):.1f}.",
        "",
        *_reliable(found),
        "",
        f"The {100 * interval:g} % range of the first cause should hold the true probability in {100 * interval:g} of 100 cases:",
        "",
        *markdown(["first cause", "truth within the range"], ([name, count_text(c)] for name, c in inside.items())),
        "",
        f"Over every cause with a warning or more: {count_text(found.listed())}. Log score "
        f"{found.ranks.bits.mean():.3f} bits a case; one who knew the true figures would reach "
        f"{found.ranks.bits_knowing.mean():.3f}.",
        "",
        f"![Rank histogram of the truth among the draws]({chart_name})",
        "",
        "If all is right the truth ranks evenly among the weighted draws. With the true draw counted among them it does so for "
        "any number of draws, as far as the draws, the same in all cases, are typical. Draws not weighed are wrong on "
        "purpose, to show that the check can fail.",
        "",
        *markdown(
            ["rank of the truth", "cases in ten equal bins", "chance of such unevenness"],
            (
                [name, " ".join(map(str, counts)), "below 0.001" if p < 0.001 else f"{p:.2f}"]
                for name, (counts, p) in found.histograms().items()
            ),
        ),
        "",
        "**In other worlds**, answered as ever. Errors in points; in brackets what perfect statements would show by chance, "
        "mean and 95 % point.",
        "",
        *_worlds(worlds),
    ]


def _reliable(found: Covered) -> list[str]:
    said, lines = found.statements, list[str]()
    for title, p, so, edges, form in (
        ("the first cause", said.first, said.first_so, EDGES, ".1f"),
        ("a cause that needs a vet today or now", said.urgent, said.urgent_so, RARE, ".3g"),
    ):
        rows = []
        for one in reliability(p, so, edges):
            mean, came, low, high = (
                format(100 * x, form) for x in (one.mean, one.came_true.share, *one.came_true.interval)
            )
            span = f"{100 * one.low:g} to {100 * one.high:g}"
            rows.append([span, str(one.came_true.of), mean, came, f"{low} to {high}"])
        head = [f"stated of {title}, %", "cases", "mean stated, %", "came true, %", "95 % interval"]
        lines += [*markdown(head, rows), ""]
    return lines[:-1]


def _worlds(worlds: Mapping[str, Degraded]) -> list[str]:
    rows = []
    for name, d in worlds.items():
        gap = f"{100 * (d.stated - d.right):+.1f}"
        if d.gaps[0] != d.gaps[1]:
            gap += f" ({100 * d.gaps[0]:+.1f} to {100 * d.gaps[1]:+.1f})"
        rows.append(
            [
                name, f"{d.cases:,}", _percent(d.stated), _percent(d.right), gap,
                f"{100 * d.error:.1f} ({100 * d.chance:.1f}, {100 * d.most:.1f})", f"{d.bits:.3f}",
                "not known" if d.bits_knowing is None else f"{d.bits_knowing:.3f}",
                f"{d.brier:.3f}", "–" if d.inside is None else count_text(d.inside),
            ]
        )  # fmt: skip
    head = ["world", "cases", "first cause stated", "right", "too high by", "calibration error", "log score, bits"]
    return markdown([*head, "of one who knew", "Brier score", "truth within the range"], rows)


def plain(found: Covered, worlds: Mapping[str, Degraded]) -> dict[str, Any]:
    """The same as JSON-ready data."""
    said = found.statements
    return {
        "cases": len(said.first),
        "first_stated": float(said.first.mean()),
        "first_right": float(said.first_so.mean()),
        "calibration_error": calibration_error(said.first, said.first_so, EDGES),
        "interval_holds_truth": {name: asdict(count) for name, count in found.inside().items()},
        "every_listed_cause": asdict(found.listed()),
        "ranks": {name: {"bins": c.tolist(), "chance": p} for name, (c, p) in found.histograms().items()},
        "worlds": {name: asdict(d) for name, d in worlds.items()},
    }


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
