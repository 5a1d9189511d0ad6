"""docs/accuracy.md, written from one run: how good the answers are, what each part is worth, and what this cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fascicle.evaluation import ablations, baselines, charts, interviews, sensitivity, table
from fascicle.evaluation.calibration import calibration_error, error_by_chance, reliability
from fascicle.evaluation.metrics import counts, counts_out_of_scope, means
from fascicle.evaluation.score import Count, Scored
from fascicle.evaluation.table import parts
from fascicle.knowledge.base import Knowledge

EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
TIMES = 2000
SEED = 20261120
TOP_NUMBERS = 20
CURVES = ("top-1", "top-3", "urgency exact")
SHOWN = (
    "top-1",
    "top-3",
    "urgency exact",
    "urgency too low",
    "urgent cases at today or above",
    "harmless kept at routine or below",
)


@dataclass(frozen=True)
class Measured:
    """Everything about one species, measured in one run."""

    knowledge: Knowledge
    scored: Sequence[Scored]
    held: interviews.InterviewResults
    others: Mapping[str, list[Scored]]
    parts_worth: Sequence[ablations.Ablated]
    moved: Sequence[sensitivity.Moved]
    never: Sequence[str]
    idle: Sequence[str]


def measure(
    scored: Sequence[Scored],
    knowledge: Knowledge,
    seeds: int,
    workers: int,
    progress: Callable[[int, int], None] | None,
) -> Measured:
    """Hold every interview, run every baseline and ablation, move every number: minutes at some hundred cases."""
    mine = [s for s in scored if s.vignette.species == knowledge.species]
    cases = [s.vignette for s in mine if s.vignette.scope == "in"]
    best = sensitivity.best_cases(knowledge)
    return Measured(
        knowledge,
        mine,
        interviews.run(cases, {knowledge.species: knowledge}, seeds, workers, progress),
        baselines.run(cases, knowledge),
        ablations.ablate(cases, knowledge),
        sorted(sensitivity.movements(cases, knowledge), key=lambda m: -m.movement),
        [b.cause for b in sensitivity.never_leading(best)],
        list(sensitivity.never_mattering(cases, knowledge, best)),
    )


def write(file: Path, found: Measured) -> None:
    """Write the page, and its charts beside it."""
    known = [s for s in found.scored if s.vignette.scope == "in"]
    named, right = _first_named(known)
    stem = f"accuracy-{found.knowledge.species}"
    drawn = {
        f"{stem}-reliability.svg": charts.reliability(
            reliability(named, right, EDGES), f"First cause named, {len(known)} published cases"
        ),
        f"{stem}-questions.svg": charts.curves(
            {m: found.held.summaries["honest"].curve[m] for m in CURVES},
            "Honest owners, question by question",
            "questions",
        ),
    }
    for name, chart in drawn.items():
        (file.parent / name).write_text(chart, encoding="utf-8")
    sections = [
        _head(found.knowledge, found.scored),
        _facts(found.scored),
        _kinds_of_case(known),
        _calibration(named, right, f"{stem}-reliability.svg"),
        [
            "## By interview", "", f"![Shares of cases by the number of questions]({stem}-questions.svg)", "",
            "```text", interviews.text(found.held).rstrip(), "```",
        ],
        _beside(known, found.others),
        _parts_worth(found.parts_worth),
        _numbers(found),
        _case_by_case(found.scored),
    ]  # fmt: skip
    file.write_text("\n\n".join("\n".join(lines) for lines in sections) + "\n", encoding="utf-8")


def plain(found: Measured) -> dict[str, Any]:
    """The same as JSON-ready data."""
    return {
        "interviews": interviews.plain(found.held),
        "baselines": {name: table.plain(scored)["totals"]["all"] for name, scored in found.others.items() if scored},
        "ablations": {
            one.ablation.name: {metric: asdict(change) for metric, change in one.changes.items()}
            for one in found.parts_worth
        },
        "numbers": [asdict(moved) for moved in found.moved],
        "causes_that_never_lead": list(found.never),
        "findings_that_never_matter": list(found.idle),
    }


def _head(knowledge: Knowledge, scored: Sequence[Scored]) -> list[str]:
    out = sum(s.vignette.scope == "out" for s in scored)
    return [
        f"# How good it is: {knowledge.profile.many}",
        "",
        "Written by `fascicle evaluate vignettes --accuracy docs/accuracy.md`. "
        f"Knowledge {knowledge.version}: {len(knowledge.causes)} causes, {len(knowledge.findings)} findings; "
        f"{len(scored) - out} published cases in scope, {out} out of scope.",
        "",
        "**What this cannot show.** The cases are published ones whose opening could be read, on causes that have a page: "
        "clearer, rarer and more dramatic than what people will ask. We chose their findings knowing the answer, and their "
        "acceptable urgency is a judgement of ours, not reviewed by a vet. All were looked at while the loss table and the "
        "unknown cause were set, and how long the interview asks was chosen on them. There are few of them, so read the "
        "intervals, not the percentages. [vignettes/README.md](../vignettes/README.md) says how they were chosen.",
    ]


def _facts(scored: Sequence[Scored]) -> list[str]:
    lines = ["## With all that the owner knew", ""]
    halves = parts(scored)
    counted = {name: counts(part) for name, part in halves.items()}
    lines += _table(
        ["", *(f"{name}, {len(part)}" for name, part in halves.items())],
        ([metric, *(table.count_text(found[metric]) for found in counted.values())] for metric in counted["all"]),
    )
    averaged = {name: means(part) for name, part in halves.items()}
    rows = [
        [m, *(f"{a[m].value:.2f} ({a[m].low:.2f}–{a[m].high:.2f})" for a in averaged.values())] for m in averaged["all"]
    ]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    lines += [
        "",
        "Counts with Wilson 95 % intervals; means with bootstrap intervals over sources. `tuned` may be looked at while",
    ]
    lines += ["figures are set, `held_back` may not. Half credit for near misses."]
    out = [s for s in scored if s.vignette.scope == "out"]
    if out:
        lines += ["", f"**Out of scope** ({len(out)} cases that are no twitch, spasm, tremor, fit or flinch):", ""]
        lines += _table(
            ["", "cases"], ([name, table.count_text(found)] for name, found in counts_out_of_scope(out).items())
        )
    return lines


def _kinds_of_case(scored: Sequence[Scored]) -> list[str]:
    lines = ["## By category and difficulty", ""]
    groups = {
        value: [s for s in scored if getattr(s.vignette, field) == value]
        for field in ("category", "difficulty")
        for value in sorted({getattr(s.vignette, field) for s in scored})
    }
    counted = {f"{value}, {len(part)}": counts(part) for value, part in groups.items()}
    averaged = [means(part) for part in groups.values()]
    metrics = next(iter(counted.values()), {})
    rows = [[metric, *(table.count_text(found[metric]) for found in counted.values())] for metric in metrics]
    rows += [
        [m, *(f"{a[m].value:.2f} ({a[m].low:.2f}–{a[m].high:.2f})" for a in averaged)]
        for m in (averaged[0] if averaged else ())
    ]
    return (
        lines
        + _table(["", *counted], rows)
        + ["", "Too few of each for intervals to say much; they are above for all."]
    )


def _calibration(named: np.ndarray, right: np.ndarray, chart: str) -> list[str]:
    error = calibration_error(named, right, EDGES)
    chance = error_by_chance(named, EDGES, np.random.default_rng(SEED), TIMES)
    return [
        "## Do stated probabilities come true?",
        "",
        f"Expected calibration error of the first cause named: {error:.2f}. Of {TIMES:,} simulated forecasters as good as they "
        f"claim, with these very probabilities, 95 of 100 stay below {np.quantile(chance, 0.95):.2f} (mean {chance.mean():.2f}). "
        "[calibration.md](calibration.md) asks the same of tens of thousands of simulated cases.",
        "",
        f"![How often the first cause named was right, by the probability stated]({chart})",
    ]


def _beside(known: Sequence[Scored], others: Mapping[str, list[Scored]]) -> list[str]:
    lines = ["## Beside simpler ways", "", "On the same cases, in the same run.", ""]
    rows = []
    for name, found in {"the program": list(known), **others}.items():
        if not found:
            rows.append([name, *("no data yet" for _ in SHOWN), ""])
            continue
        stated = means(found)["log score, bits"].value if any(s.probabilities for s in found) else None
        counted = counts(found)
        rows.append([name, *(_short(counted[metric]) for metric in SHOWN), "" if stated is None else f"{stated:.2f}"])
    lines += _table(["", *SHOWN, "log score, bits"], rows)
    lines += ["", "Figures others published, **on other cases**, so no comparison, only an order of magnitude:", ""]
    lines += _table(
        ["system", "measure", "value", "cases", "what was counted", "source"],
        (
            [f"{f.system} ({f.year})", f.measure, f"{100 * f.value:.0f} %", f.cases, f.means, f.source]
            for f in baselines.published()
        ),
    )
    return lines


def _parts_worth(found: Sequence[ablations.Ablated]) -> list[str]:
    lines = [
        "## What each part is worth",
        "",
        "The program without one part, less the program: below 0 the part helps (log score: above 0).",
        "",
    ]
    measured = next((list(f.changes) for f in found if f.scored is not None), [])
    rows = []
    for one in found:
        if one.scored is None:
            rows.append([one.ablation.name, *("no data yet" for _ in measured), ""])
            continue
        cells = [f"{c.difference:+.2f} ({c.low:+.2f} to {c.high:+.2f})" for c in one.changes.values()]
        rows.append([one.ablation.name, *cells, ", ".join(d.vignette for d in one.cases) or "none"])
    return lines + _table(["", *measured, "cases that differ"], rows)


def _numbers(found: Measured) -> list[str]:
    moved = found.moved
    lines = ["## Which numbers to check first", "", f"Each of {len(moved)} numbers put at either end of its range.", ""]
    lines += _table(
        ["number", "value", "range", "probability moved", "first cause changes", "level changes"],
        (
            [
                f"`{m.number}`", f"{m.value:.3g}", f"{m.low:.3g}–{m.high:.3g}", f"{m.movement:.3f}",
                str(len(m.first)), str(len(m.level)),
            ]
            for m in moved[:TOP_NUMBERS]
        ),
    )  # fmt: skip
    lines += ["", f"Causes that can never lead: {', '.join(found.never) or 'none'}."]
    lines += [f"Findings that never matter: {', '.join(found.idle) or 'none'}."]
    return lines


def _case_by_case(scored: Sequence[Scored]) -> list[str]:
    lines = ["## Case by case", ""]
    return lines + _table(
        ["case", "scope", "first cause", "accepted", "probability", "urgency", "acceptable", ""],
        (
            [
                s.vignette.id, s.vignette.scope, s.ranking[0] if s.ranking else "none", ", ".join(s.vignette.accepted.full),
                f"{s.probability:.2f}", s.level.id, f"{s.vignette.urgency.least} to {s.vignette.urgency.most}", s.urgency,
            ]
            for s in scored
        ),
    )  # fmt: skip


def _first_named(scored: Sequence[Scored]) -> tuple[np.ndarray, np.ndarray]:
    """The probability stated for the first cause of each case, and whether it was accepted in full."""
    named = np.array([s.probabilities[s.ranking[0]] if s.ranking else 0.0 for s in scored])
    right = np.array([bool(s.ranking) and s.ranking[0] in s.vignette.accepted.full for s in scored])
    return named, right


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return lines + ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows]


def _short(count: Count) -> str:
    return f"{count.hits:g}/{count.of}" if count.of else "none"
