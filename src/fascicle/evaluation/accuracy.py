"""docs/accuracy.md, written from one run: how good the answers are, what each part is worth, and what this cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from fascicle.evaluation import ablations, baselines, charts, interviews, sensitivity
from fascicle.evaluation.calibration import calibration_error, error_by_chance, reliability
from fascicle.evaluation.metrics import counts, counts_out_of_scope, means
from fascicle.evaluation.score import Count, Scored
from fascicle.evaluation.table import parts
from fascicle.evaluation.vignettes import Vignette
from fascicle.knowledge.base import Knowledge

EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
TIMES = 2000
SEED = 20261120
TOP_NUMBERS = 20
SHOWN = (
    "top-1",
    "top-3",
    "urgency exact",
    "urgency too low",
    "urgent cases at today or above",
    "harmless kept at routine or below",
)


def write(
    file: Path,
    vignettes: Sequence[Vignette],
    scored: Sequence[Scored],
    knowledge: Knowledge,
    seeds: int,
    workers: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Write the page and its charts beside it. Minutes: every interview, baseline, ablation and number of one species."""
    mine = [s for s in scored if s.vignette.species == knowledge.species]
    known = [s for s in mine if s.vignette.scope == "in"]
    cases = [v for v in vignettes if v.scope == "in" and v.species == knowledge.species]
    held = interviews.run(cases, {knowledge.species: knowledge}, seeds, workers, progress)
    charted = f"accuracy-{knowledge.species}-reliability.svg"
    named, right = _first_named(known)
    bins = reliability(named, right, EDGES)
    (file.parent / charted).write_text(
        charts.reliability(bins, f"First cause named, {len(known)} published cases"), encoding="utf-8"
    )
    sections = [
        _head(knowledge, mine),
        _facts(mine),
        _kinds_of_case(known),
        _calibration(named, right, charted),
        ["## By interview", "", "```text", interviews.text(held).rstrip(), "```"],
        _beside(known, baselines.run(cases, knowledge)),
        _parts_worth(ablations.ablate(cases, knowledge)),
        _numbers(cases, knowledge),
        _case_by_case(mine),
    ]
    file.write_text("\n\n".join("\n".join(lines) for lines in sections) + "\n", encoding="utf-8")


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
        ([metric, *(_count(found[metric]) for found in counted.values())] for metric in counted["all"]),
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
        lines += _table(["", "cases"], ([name, _count(found)] for name, found in counts_out_of_scope(out).items()))
    return lines


def _kinds_of_case(scored: Sequence[Scored]) -> list[str]:
    lines = ["## By category and difficulty", ""]
    rows = []
    for field in ("category", "difficulty"):
        for value in sorted({getattr(s.vignette, field) for s in scored}):
            part = [s for s in scored if getattr(s.vignette, field) == value]
            found = counts(part)
            names = ("top-1", "top-3", "urgency exact", "urgency too low")
            rows.append([f"{value}, {len(part)}", *(_count(found[name]) for name in names)])
    return lines + _table(["", "top-1", "top-3", "urgency exact", "too low"], rows)


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


def _beside(known: Sequence[Scored], others: dict[str, list[Scored]]) -> list[str]:
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


def _numbers(cases: Sequence[Vignette], knowledge: Knowledge) -> list[str]:
    moved = sorted(sensitivity.movements(cases, knowledge), key=lambda m: -m.movement)
    best = sensitivity.best_cases(knowledge)
    never = sensitivity.never_leading(best)
    idle = sensitivity.never_mattering(cases, knowledge, best)
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
    lines += ["", f"Causes that can never lead: {', '.join(b.cause for b in never) or 'none'}."]
    lines += [f"Findings that never matter: {', '.join(idle) or 'none'}."]
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


def _count(count: Count) -> str:
    if not count.of:
        return "none"
    low, high = count.interval
    return f"{count.hits:g} of {count.of}, {100 * count.share:.0f} % ({100 * low:.0f}–{100 * high:.0f})"


def _short(count: Count) -> str:
    return f"{count.hits:g}/{count.of}" if count.of else "none"
