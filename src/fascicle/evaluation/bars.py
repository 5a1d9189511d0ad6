"""The bars that the knowledge of a species must reach, and what each half of its published cases shows.

The held-back half decides; the tuned half beside it shows how far figures were fitted to the cases that were looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

import numpy as np

from fascicle.evaluation.calibration import calibration_error, error_by_chance
from fascicle.evaluation.interviews import until_urgency
from fascicle.evaluation.metrics import (
    ABSTAINS,
    SEED,
    TIMES,
    by_source,
    counts,
    counts_out_of_scope,
    first_stated,
    log_score,
)
from fascicle.evaluation.owners import Transcript
from fascicle.evaluation.score import Count, Scored
from fascicle.evaluation.table import count_text
from fascicle.model import Level

EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Bins of stated probabilities: few, as there are few cases."""
FORECASTERS = 2000
HALVES = ("held_back", "tuned")


@dataclass(frozen=True)
class Reached:
    """What one half shows: the figure in words, and whether it reaches the bar; None where there is no case or no bar."""

    text: str
    met: bool | None


@dataclass(frozen=True)
class Bar:
    """One requirement and what each half shows of it, by the name of the half."""

    name: str
    required: str
    halves: Mapping[str, Reached]


@dataclass(frozen=True)
class Half:
    """One half: the program's answers in scope and out of it, those of simpler ways, and the honest interviews."""

    scored: Sequence[Scored]
    out: Sequence[Scored]
    others: Mapping[str, Sequence[Scored]]
    interviews: Sequence[Transcript]


SHARES: Mapping[str, tuple[Callable[[Count], bool] | None, str]] = {
    "top-1": (lambda c: c.share >= 0.75, "at least 75 %"),
    "top-3": (lambda c: c.share >= 0.92, "at least 92 %"),
    "urgency exact": (lambda c: c.share >= 0.78, "at least 78 %"),
    "urgency too high": (lambda c: c.share <= 0.15, "at most 15 %"),
    "urgency too low": (None, ""),
    "urgent cases at today or above": (lambda c: c.hits == c.of, "all"),
    "emergencies sent as emergencies": (lambda c: c.share >= 0.95, "at least 95 %"),
    "urgency two levels too low": (lambda c: c.hits == 0, "none"),
    "harmless kept at routine or below": (lambda c: c.share >= 0.85, "at least 85 %"),
    "harmless sent as an emergency": (lambda c: c.hits == 0, "none"),
}
"""Counts of `metrics.counts` with all that the owner knew, and what is asked of each."""
MOST_QUESTIONS, MOST_TO_URGENCY, MOST_LOST = 10, 4, 5
"""Median questions, median questions to the urgency in emergencies, points of top-3 that asking may cost."""


def bars(
    scored: Sequence[Scored], others: Mapping[str, Sequence[Scored]], interviews: Sequence[Transcript]
) -> list[Bar]:
    """Judge both halves of the cases. Seconds at most: the interviews were held before; the same every time."""
    halves = {half: _half(half, scored, others, interviews) for half in HALVES}
    counted = {half: counts(part.scored) for half, part in halves.items()}
    found = [
        Bar(name, required, {half: _share(of[name], reached) for half, of in counted.items()})
        for name, (reached, required) in SHARES.items()
    ]
    asked: dict[str, tuple[str, Callable[[Half], Reached]]] = {
        "calibration error of the first cause": ("no more than chance, 95 times in 100", _calibration),
        **{
            f"log score against {name}": ("better", partial(_beats, name))
            for name, answers in others.items()
            if any(answer.probabilities for answer in answers)
        },
        "questions asked, median": (f"at most {MOST_QUESTIONS}", _questions),
        "questions to the urgency in emergencies, median": (f"at most {MOST_TO_URGENCY}", _to_urgency),
        "top-3 by interview, against all answers given": (f"at most {MOST_LOST} points less", _lost),
    }
    none = Reached("no case", None)
    out = {half: counts_out_of_scope(part.out)[ABSTAINS] for half, part in halves.items()}
    found.append(
        Bar(
            f"out of scope: {ABSTAINS}",
            "at least 95 %",
            {h: _share(c, lambda c: c.share >= 0.95) for h, c in out.items()},
        )
    )
    return found + [
        Bar(name, required, {half: measure(part) if part.scored else none for half, part in halves.items()})
        for name, (required, measure) in asked.items()
    ]


@dataclass(frozen=True)
class Calibration:
    """Calibration error of the first cause named, and what forecasters as good as they claim get with the same statements.

    cases: how many statements. mean, most: mean, and the point below which 95 of 100 such forecasters stay.
    """

    cases: int
    error: float
    mean: float
    most: float


def calibration(scored: Sequence[Scored]) -> Calibration | None:
    """Return the calibration of at least one answer; None without one. FORECASTERS simulated ones, always the same."""
    if not scored:
        return None
    named, right = first_stated(scored)
    chance = error_by_chance(named, EDGES, np.random.default_rng(SEED), FORECASTERS)
    error = calibration_error(named, right, EDGES)
    return Calibration(len(scored), error, float(chance.mean()), float(np.quantile(chance, 0.95)))


def _half(
    half: str, scored: Sequence[Scored], others: Mapping[str, Sequence[Scored]], interviews: Sequence[Transcript]
) -> Half:
    mine = [s for s in scored if s.vignette.split == half]
    return Half(
        [s for s in mine if s.vignette.scope == "in"],
        [s for s in mine if s.vignette.scope == "out"],
        {name: [s for s in answers if s.vignette.split == half] for name, answers in others.items()},
        [t for t in interviews if t.owner.vignette.split == half],
    )


def _share(count: Count, reached: Callable[[Count], bool] | None) -> Reached:
    if not count.of:
        return Reached("no case", None)
    return Reached(count_text(count), None if reached is None else reached(count))


def _calibration(half: Half) -> Reached:
    found = calibration(half.scored)
    assert found is not None
    return Reached(f"{found.error:.2f}, chance {found.most:.2f} (mean {found.mean:.2f})", found.error <= found.most)


def _beats(name: str, half: Half) -> Reached:
    """The mean difference in bits with its bootstrap interval, and in how many cases the program's score is the better."""
    mine, theirs = ([log_score(s) for s in answers] for answers in (half.scored, half.others[name]))
    gain = np.array(theirs) - np.array(mine)
    of_case, sources = by_source([s.vignette for s in half.scored])
    rng = np.random.default_rng(SEED)
    weight = rng.multinomial(sources, np.full(sources, 1 / sources), size=TIMES)[:, of_case].astype(float)
    low, high = np.quantile(weight @ gain / weight.sum(axis=1), [0.025, 0.975])
    better = count_text(Count(int((gain > 0).sum()), len(gain)))
    means = f"{np.mean(mine):.2f} against {np.mean(theirs):.2f} bits"
    return Reached(
        f"{means}: {gain.mean():+.2f} ({low:+.2f} to {high:+.2f}); better in {better}", bool(gain.mean() > 0)
    )


def _questions(half: Half) -> Reached:
    asked = [len(t.asked) for t in half.interviews]
    return Reached(f"{median(asked):g} (most {max(asked)}, {len(asked)} cases)", median(asked) <= MOST_QUESTIONS)


def _to_urgency(half: Half) -> Reached:
    """Of the emergencies that end with the right urgency; those that never do are named, and counted as endless."""
    urgent = [t for t in half.interviews if Level.of(t.owner.vignette.urgency.least) == Level.EMERGENCY_NOW]
    if not urgent:
        return Reached("no case", None)
    until = [until_urgency([m.level for m in t.moments], t.owner.vignette) for t in urgent]
    never = sum(k is None for k in until)
    middle = median([float("inf") if k is None else k for k in until])
    words = "never" if middle == float("inf") else f"{middle:g}"
    return Reached(f"{words} ({len(urgent)} emergencies, {never} end otherwise)", middle <= MOST_TO_URGENCY)


def _lost(half: Half) -> Reached:
    told = Count(sum(s.credit(3) for s in half.scored), len(half.scored))
    ends = [(t.owner.vignette, t.moments[-1]) for t in half.interviews]
    asked = Count(sum(Scored(v, tuple(c for c, _ in m.first), {}, m.level).credit(3) for v, m in ends), len(ends))
    lost = 100 * (told.share - asked.share)
    return Reached(f"{lost:.0f} points less: {count_text(asked)}", lost <= MOST_LOST + 1e-9)
