"""The result of an evaluation as text and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fascicle.evaluation.score import Count, Scored, totals


def text(scored: Sequence[Scored]) -> str:
    """One line a case, then totals for all cases and for each half of the split."""
    lines = [f"{'case':<50} {'top-1':>5} {'top-3':>5}  {'P(accepted)':>11}  {'urgency':<9} given (acceptable)"]
    for s in scored:
        accepted = s.vignette.urgency
        span = accepted.least if accepted.least == accepted.most else f"{accepted.least} to {accepted.most}"
        lines.append(
            f"{s.vignette.id:<50} {s.credit(1):>5g} {s.credit(3):>5g}  {s.probability:>11.2f}  {s.urgency:<9} "
            f"{s.level.id} ({span})"
        )
    for name, part in _parts(scored).items():
        lines += ["", f"{name}: {len(part)} cases (hits of cases, share, Wilson 95 % interval)"]
        lines += [f"  {metric:<36} {_count(count)}" for metric, count in totals(part).items()]
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
        "totals": {
            name: {
                metric: {"hits": count.hits, "of": count.of, "share": count.share, "interval": count.interval}
                for metric, count in totals(part).items()
            }
            for name, part in _parts(scored).items()
        },
    }


def _parts(scored: Sequence[Scored]) -> dict[str, list[Scored]]:
    parts = {"all": list(scored)}
    for half in ("tuned", "held_back"):
        parts[half] = [s for s in scored if s.vignette.split == half]
    return parts


def _count(count: Count) -> str:
    if not count.of:
        return "none"
    low, high = count.interval
    return f"{count.hits:g} of {count.of}  {100 * count.share:.0f} % ({100 * low:.0f} to {100 * high:.0f} %)"
