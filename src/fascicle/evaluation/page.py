"""docs/accuracy.md, written from one run: how good the answers are, what each part is worth, and what this cannot show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from fascicle.evaluation import ablations, assistant, baselines, charts, interviews, page_simulated, stories
from fascicle.evaluation.accuracy import Measured
from fascicle.evaluation.bars import EDGES, FORECASTERS, HALVES, Bar, Reached, calibration
from fascicle.evaluation.calibration import reliability
from fascicle.evaluation.metrics import counts, counts_out_of_scope, first_stated, means
from fascicle.evaluation.score import Count, Scored
from fascicle.evaluation.table import count_text, kinds, markdown, mean_text, parts
from fascicle.knowledge.base import Knowledge

TOP_NUMBERS, NAMED = 20, 6
CURVES = ("top-1", "top-3", "urgency exact")
SHOWN = (
    "top-1",
    "top-3",
    "urgency exact",
    "urgency too low",
    "urgent cases at today or above",
    "harmless kept at routine or below",
)


def write(file: Path, found: Sequence[Measured]) -> None:
    """Write the page, a part for each species, and its charts beside it."""
    written = [_species(file, one) for one in found]
    file.write_text("\n\n".join(written) + "\n", encoding="utf-8")


def _species(file: Path, found: Measured) -> str:
    known = [s for s in found.scored if s.vignette.scope == "in"]
    stem = f"accuracy-{found.knowledge.species}"
    drawn = {
        f"{stem}-reliability.svg": charts.reliability(
            reliability(*first_stated(known), EDGES), f"First cause named, {len(known)} published cases"
        ),
        f"{stem}-questions.svg": charts.curves(
            {m: found.held.summaries["honest"].curve[m] for m in CURVES},
            "Honest owners, question by question",
            "questions",
        ),
        f"{stem}-ranks.svg": page_simulated.chart(found.covered),
    }
    for name, chart in drawn.items():
        (file.parent / name).write_text(chart, encoding="utf-8")
    sections = [
        _head(found.knowledge, found.scored),
        _bars(found.bars),
        _facts(found.scored),
        _kinds_of_case(known),
        _calibration(found.scored, f"{stem}-reliability.svg"),
        page_simulated.section(
            found.covered, found.worlds, found.knowledge.triage.interval, f"{stem}-ranks.svg"
        ),
        [
            "## By interview", "", f"![Shares of cases by the number of questions]({stem}-questions.svg)", "",
            "```text", interviews.text(found.held).rstrip(), "```",
        ],
        stories.section(found.told),
        _beside(known, found.others),
        _parts_worth(found.parts_worth),
        _numbers(found),
        _case_by_case(found.scored),
    ]  # fmt: skip
    return "\n\n".join("\n".join(lines) for lines in sections)


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


def _bars(found: Sequence[Bar]) -> list[str]:
    """Required, held back, tuned."""
    lines = [
        "## Bars of the knowledge",
        "",
        "What the finished knowledge must reach with all that the owner knew, and by interview. The held-back half decides; "
        "the tuned half may be looked at while figures are set. Counts with Wilson 95 % intervals, differences with bootstrap "
        "intervals over sources. “Emergencies” are cases whose only acceptable level is an emergency, “urgent” those whose "
        "least is today or more, “harmless” those whose most is routine; half credit for near misses.",
        "",
    ]
    rows = ([bar.name, bar.required or "–", *(_reached(bar.halves[half]) for half in HALVES)] for bar in found)
    return lines + markdown(["", "bar", "held back", "tuned"], rows)


def _reached(found: Reached) -> str:
    word = {True: "met: ", False: "**not met**: ", None: ""}[found.met]
    return word + found.text


def _facts(scored: Sequence[Scored]) -> list[str]:
    lines = ["## With all that the owner knew", ""]
    halves = parts(scored)
    counted = {name: counts(part) for name, part in halves.items()}
    lines += markdown(
        ["", *(f"{name}, {len(part)}" for name, part in halves.items())],
        ([metric, *(count_text(found[metric]) for found in counted.values())] for metric in counted["all"]),
    )
    averaged = {name: means(part) for name, part in halves.items()}
    rows = [[name, *(mean_text(found[name]) for found in averaged.values())] for name in averaged["all"]]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    lines += [
        "",
        "Counts with Wilson 95 % intervals; means with bootstrap intervals over sources. `tuned` may be looked at while",
    ]
    lines += ["figures are set, `held_back` may not. Half credit for near misses."]
    out = [s for s in scored if s.vignette.scope == "out"]
    if out:
        lines += ["", f"**Out of scope** ({len(out)} cases that are no twitch, spasm, tremor, fit or flinch):", ""]
        lines += markdown(
            ["", "cases"], ([name, count_text(found)] for name, found in counts_out_of_scope(out).items())
        )
    return lines


def _kinds_of_case(scored: Sequence[Scored]) -> list[str]:
    lines = ["## By category and difficulty", "", "The fewer the cases, the less a figure says; see its interval."]
    for groups in kinds(scored).values():
        counted = {f"{value}, {len(part)}": counts(part) for value, part in groups.items()}
        averaged = [means(part) for part in groups.values()]
        rows = [[metric, *(count_text(found[metric]) for found in counted.values())] for metric in counts([])]
        rows += [[name, *(mean_text(found[name]) for found in averaged)] for name in means([])]
        lines += ["", *markdown(["", *counted], rows)]
    return lines


def _calibration(scored: Sequence[Scored], chart: str) -> list[str]:
    halves = {name: (part, calibration(part)) for name, part in parts(scored).items()}
    rows = [
        [f"{name}, {len(part)}", f"{c.error:.2f}", f"{c.most:.2f}", f"{c.mean:.2f}"]
        for name, (part, c) in halves.items()
        if c is not None
    ]
    return [
        "## Do stated probabilities come true? Published cases",
        "",
        f"Expected calibration error of the first cause named, beside what {FORECASTERS:,} simulated forecasters as good as they "
        "claim get with these very probabilities. With few cases even a perfect one is far from 0.",
        "",
        *markdown(["cases", "calibration error", "perfect forecasters: 95 of 100 below", "their mean"], rows),
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
    lines += markdown(["", *SHOWN, "log score, bits"], rows)
    rival = assistant.assistant()
    if others.get(rival.name):
        lines += ["", f"{rival.name[:1].upper()}{rival.name[1:]}, {rival.answered_on}: {rival.given}"]
    lines += ["", "Figures others published, **on other cases**, so no comparison, only an order of magnitude:", ""]
    own = counts(known)
    lines += markdown(
        ["system", "measure", "published, on other cases", "the program, on the cases here", "their cases", "counted", "source"],
        (
            [
                f"{f.system} ({f.year})", f.measure, f"{100 * f.value:.0f} %", _percent(own[f.measure]),
                f.cases, f.means, f.source,
            ]
            for f in baselines.published()
        ),
    )  # fmt: skip
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
        rows.append([one.ablation.name, *cells, _some([d.vignette for d in one.cases])])
    return lines + markdown(["", *measured, "cases that differ"], rows)


def _some(names: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = len(names) - NAMED
    return (", ".join(names[:NAMED]) or "none") + (f" and {more} more" if more > 0 else "")


def _numbers(found: Measured) -> list[str]:
    moved = found.moved
    lines = ["## Which numbers to check first", ""]
    lines += [f"Each of {len(moved)} numbers put at either end of its range, in {found.moved_in} cases.", ""]
    lines += markdown(
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
    return lines + markdown(
        ["case", "scope", "first cause", "accepted", "probability", "urgency", "acceptable", ""],
        (
            [
                s.vignette.id, s.vignette.scope, s.ranking[0] if s.ranking else "none", ", ".join(s.vignette.accepted.full),
                f"{s.probability:.2f}", s.level.id, f"{s.vignette.urgency.least} to {s.vignette.urgency.most}", s.urgency,
            ]
            for s in scored
        ),
    )  # fmt: skip


def _percent(count: Count) -> str:
    return f"{100 * count.share:.0f} %" if count.of else "none"


def _short(count: Count) -> str:
    return f"{count.hits:g}/{count.of}" if count.of else "none"
