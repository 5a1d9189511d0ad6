"""The result of an evaluation as text and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fascicle.evaluation.metrics import Mean, counts, counts_out_of_scope, means
from fascicle.evaluation.score import Count, Scored


def text(scored: Sequence[Scored]) -> str:
    """One line a case, then totals for all cases in scope, each half of the split, and cases out of scope."""
    lines = [f"{'case':<50} {'top-1':>5} {'top-3':>5}  {'P(accepted)':>11}  {'urgency':<9} given (acceptable)"]
    for s in (*parts(scored)["all"], *(s for s in scored if s.vignette.scope == "out")):
        accepted = s.vignette.urgency
        span = accepted.least if accepted.least == accepted.most else f"{accepted.least} to {accepted.most}"
        lines.append(
            f"{s.vignette.id:<50} {s.credit(1):>5g} {s.credit(3):>5g}  {s.probability:>11.2f}  {s.urgency:<9} "
            f"{s.level.id} ({span})"
        )
    for name, part in parts(scored).items():
        lines += [
            "",
            f"{name}: {len(part)} cases (hits of cases, share, Wilson 95 % interval; means, bootstrap interval)",
        ]
        lines += [f"  {metric:<44} {count_text(count)}" for metric, count in counts(part).items()]
        lines += [f"  {metric:<44} {mean_text(mean)}" for metric, mean in means(part).items()]
    out = [s for s in scored if s.vignette.scope == "out"]
    if out:
        lines += ["", f"out of scope: {len(out)} cases that are no twitch, spasm, tremor, fit or flinch"]
        lines += [f"  {metric:<44} {count_text(count)}" for metric, count in counts_out_of_scope(out).items()]
    return "\n".join(lines) + "\n"


def plain(scored: Sequence[Scored]) -> dict[str, Any]:
    """The same as JSON-ready data."""
    return {
        "cases": [
            {
                "id": s.vignette.id,
                "species": s.vignette.species,
                "split": s.vignette.split,
                "top_1": s.credit(1),
                "top_3": s.credit(3),
                "probability": s.probability,
                "urgency": s.urgency,
                "level": s.level.id,
                "least": s.vignette.urgency.least,
                "most": s.vignette.urgency.most,
                "first": s.ranking[:3],
            }
            for s in scored
        ],
        "totals": {name: _plain_totals(part) for name, part in parts(scored).items()},
        "by_kind": {
            kind: {value: _plain_totals(part) for value, part in groups.items()}
            for kind, groups in kinds(scored).items()
        },
        "out_of_scope": {
            metric: _plain_count(count)
            for metric, count in counts_out_of_scope([s for s in scored if s.vignette.scope == "out"]).items()
        },
    }


def parts(scored: Sequence[Scored]) -> dict[str, list[Scored]]:
    """Cases in scope: all, and each half of the split."""
    known = [s for s in scored if s.vignette.scope == "in"]
    return {"all": known} | {half: [s for s in known if s.vignette.split == half] for half in ("tuned", "held_back")}


def kinds(scored: Sequence[Scored]) -> dict[str, dict[str, list[Scored]]]:
    """Cases in scope by category and by difficulty."""
    known = parts(scored)["all"]
    return {
        kind: {
            value: [s for s in known if getattr(s.vignette, kind) == value]
            for value in sorted({getattr(s.vignette, kind) for s in known})
        }
        for kind in ("category", "difficulty")
    }


def _plain_totals(part: Sequence[Scored]) -> dict[str, Any]:
    found = {metric: _plain_count(count) for metric, count in counts(part).items()}
    return found | {metric: _plain_mean(mean) for metric, mean in means(part).items()}


def _plain_count(count: Count) -> dict[str, Any]:
    return {"hits": count.hits, "of": count.of, "share": count.share, "interval": count.interval}


def _plain_mean(mean: Mean) -> dict[str, Any]:
    known = mean.of > 0
    return {"mean": mean.value if known else None, "of": mean.of, "interval": (mean.low, mean.high) if known else None}


def count_text(count: Count) -> str:
    """So many of so many, the share and its interval in words."""
    if not count.of:
        return "none"
    low, high = count.interval
    return f"{count.hits:g} of {count.of}  {100 * count.share:.0f} % ({100 * low:.0f} to {100 * high:.0f} %)"


def mean_text(mean: Mean) -> str:
    """A mean and its interval."""
    return f"{mean.value:.2f} ({mean.low:.2f} to {mean.high:.2f})" if mean.of else "none"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return lines + ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows]
