"""How good the interview is: published cases told only as far as the program asks, by owners good and bad at telling.

Each case is told by an honest owner, by one who gives up early, by owners who are often not sure or wrong (many seeds
each), by two who were misled about how bad it is, which must change nothing, and in other orders, which must not either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from fascicle.engine.network import Floats
from fascicle.evaluation import owners
from fascicle.evaluation.calibration import bootstrap
from fascicle.evaluation.owners import Noise, Transcript, owner_of
from fascicle.evaluation.score import Count, Scored
from fascicle.evaluation.vignettes import Vignette, some_of
from fascicle.evaluation.workers import Shown, Workers, unshown
from fascicle.knowledge.base import Knowledge
from fascicle.model import Level

NOISES = {"noisy": Noise(0.25, None), "noisy, hard": Noise(0.25, 0.15)}
"""Not sure of a quarter; wrong at each finding's own rate, or 15 % of all but red flags and context."""
GIVES_UP_AFTER, CURVE, RESAMPLED = 5, 15, 2000
"""Questions of the terse owner, questions on the curve, bootstrap samples."""
PROBED = 60
"""Cases told by noisy and misled owners and in other orders too: each is a hundred interviews, most of what a run takes."""
URGENT, EMERGENCIES = "urgent cases at today or above", "emergencies called emergencies"
KEPT = "harmless kept at routine or below"
METRICS = ("top-1", "top-3", "urgency exact", "urgency too low", "urgency too high", URGENT, EMERGENCIES, KEPT)
COSTS = {"top-3": 8.0, URGENT: 1.0, EMERGENCIES: 1.0, KEPT: 8.0}
"""What noise may cost at most, in points."""
GOALS = {
    "questions, median": 10,
    "items read, median": 45,
    "questions to the urgency in emergencies, median": 4,
    "items to the urgency in emergencies, median": 25,
}


@dataclass(frozen=True)
class Played:
    """All interviews about one case: owner -> one a seed, a single one where there is no chance; what changed, see `owners`.

    Noisy owners are missing where the case was not probed.
    """

    vignette: Vignette
    transcripts: Mapping[str, tuple[Transcript, ...]]
    misled: tuple[str, ...]
    order: tuple[str, ...]


def played(knowledge: Knowledge, vignette: Vignette, seeds: int, probed: bool = True) -> Played:
    """Hold all interviews about one case. They share most of their moments: with 50 seeds two seconds for all."""
    program = owners.Program(knowledge)
    honest = owners.interview(owner_of(vignette, knowledge), program)
    terse = owners.interview(honest.owner, program, GIVES_UP_AFTER)
    if not probed:
        return Played(vignette, {"honest": (honest,), "terse": (terse,)}, (), ())
    noisy = {
        name: tuple(owners.interview(owner_of(vignette, knowledge, noise, seed), program) for seed in range(seeds))
        for name, noise in NOISES.items()
    }
    return Played(
        vignette,
        {"honest": (honest,), **noisy, "terse": (terse,)},
        tuple(owners.misled_differences(honest, knowledge)),
        tuple(owners.order_differences(honest, knowledge)),
    )


def scores(vignette: Vignette, level: Level, causes: tuple[str, ...]) -> list[float]:
    """METRICS of one answer: 1 yes, 0.5 a near miss, 0 no, NaN where the case is not one the metric is about."""
    found = Scored(vignette, causes, {}, level)
    least, most = Level.of(vignette.urgency.least), Level.of(vignette.urgency.most)
    return [
        *(found.credit(top) for top in (1, 3)),
        *(float(found.urgency == word) for word in ("exact", "too low", "too high")),
        float(level >= Level.TODAY) if least >= Level.TODAY else np.nan,
        float(level == Level.EMERGENCY_NOW) if least == Level.EMERGENCY_NOW else np.nan,
        float(level <= Level.ROUTINE) if most <= Level.ROUTINE else np.nan,
    ]


def until_urgency(levels: Sequence[Level], vignette: Vignette) -> int | None:
    """Questions until the level was within the acceptable range and stayed there; None when it ends outside."""
    least, most = Level.of(vignette.urgency.least), Level.of(vignette.urgency.most)
    outside = [k for k, level in enumerate(levels) if not least <= level <= most]
    reached = outside[-1] + 1 if outside else 0
    return reached if reached < len(levels) else None


@dataclass(frozen=True)
class Rate:
    """A share of `of` cases, or points lost, with a 95 % interval: Wilson's for one run a case, else a bootstrap of cases."""

    value: float
    of: int
    low: float
    high: float


@dataclass(frozen=True)
class Spread:
    """Quartiles and the most of a count over all runs."""

    lower: float
    median: float
    upper: float
    most: int


@dataclass(frozen=True)
class Summary:
    """One kind of owner. rates: metric -> share at the end. curve: metric -> share after 0, 1 .. CURVE questions.

    A metric that no case is about is left out. to_urgency, items_to_urgency: of the emergencies that end with the right
    urgency, until it was right and stayed, None without any; never: the share of emergencies that end with a wrong one.
    """

    cases: int
    runs: int
    rates: Mapping[str, Rate]
    questions: Spread
    items: Spread
    to_urgency: Spread | None
    items_to_urgency: Spread | None
    never: float
    curve: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class InterviewResults:
    """summaries: by owner. costs: noise -> metric -> points lost against the honest owners of the same cases.

    misled, order: what changed though nothing should. transcripts: the honest interviews, a case each.
    """

    seeds: int
    summaries: Mapping[str, Summary]
    costs: Mapping[str, Mapping[str, Rate]]
    misled: tuple[str, ...]
    order: tuple[str, ...]
    transcripts: tuple[Transcript, ...]


def run(
    vignettes: Sequence[Vignette],
    workers: Workers,
    seeds: int = 50,
    probed: int = PROBED,
    shown: Shown = unshown,
) -> InterviewResults:
    """Hold every interview about every case (at least one, all of one species).

    probed: cases, chosen by a hash of their ids, that noisy and misled owners tell too, and that are told in other orders.
    With 145 causes half a second a case, and eight more for one of these; shared by the workers.
    """
    chosen = {v.id for v in some_of(vignettes, probed)}
    held = workers.each(played, vignettes, [seeds] * len(vignettes), [v.id in chosen for v in vignettes])
    return results(list(shown("Interviews", held, len(vignettes))), seeds)


def results(done: Sequence[Played], seeds: int) -> InterviewResults:
    """Put the interviews of at least one case together, one of them probed."""
    every = list(dict.fromkeys(name for one in done for name in one.transcripts))
    held = {name: [one for one in done if name in one.transcripts] for name in every}
    values = {name: np.array([_values(one, name) for one in some]) for name, some in held.items()}
    lost = {name: 100 * (_honest_ends(held[name]) - values[name][:, :, -1].mean(axis=1)) for name in NOISES}
    return InterviewResults(
        seeds,
        {name: _summary(held[name], name, table) for name, table in values.items()},
        {n: {m: _rate(table[:, i], wilson=False) for i, m in _about(table) if m in COSTS} for n, table in lost.items()},
        tuple(line for one in done for line in one.misled),
        tuple(line for one in done for line in one.order),
        tuple(one.transcripts["honest"][0] for one in done),
    )


def _honest_ends(cases: Sequence[Played]) -> Floats:
    """(cases, metrics) at the end of the honest interviews."""
    return np.array([_values(one, "honest")[0][-1] for one in cases])


def _values(one: Played, name: str) -> list[list[list[float]]]:
    """[run][after 0 .. CURVE questions and at the end][metric] of one case."""
    found = []
    for transcript in one.transcripts[name]:
        each = [scores(one.vignette, m.level, tuple(cause for cause, _ in m.first)) for m in transcript.moments]
        found.append([each[min(k, len(each) - 1)] for k in range(CURVE + 1)] + [each[-1]])
    return found


def _about(table: Floats) -> list[tuple[int, str]]:
    """The metrics that some case is about, with their place in (cases, .., metrics)."""
    return [(i, metric) for i, metric in enumerate(METRICS) if not np.isnan(table[..., i]).all()]


def _summary(done: Sequence[Played], name: str, values: Floats) -> Summary:
    """values: (cases, runs, CURVE + 2, metrics)."""
    told = [(one.vignette, t) for one in done for t in one.transcripts[name]]
    urgent = [(v, t) for v, t in told if Level.of(v.urgency.least) == Level.EMERGENCY_NOW]
    until = [(until_urgency([m.level for m in t.moments], v), t.items) for v, t in urgent]
    reached = [(k, items[k]) for k, items in until if k is not None]
    by_case = values.mean(axis=1)
    return Summary(
        len(done),
        values.shape[1],
        {m: _rate(by_case[:, -1, i], values.shape[1] == 1) for i, m in _about(values)},
        _spread([len(t.asked) for _, t in told]),
        _spread([t.items[-1] for _, t in told]),
        _spread([k for k, _ in reached]) if reached else None,
        _spread([items for _, items in reached]) if reached else None,
        1 - len(reached) / len(urgent) if urgent else 0.0,
        {m: tuple(np.nanmean(by_case[:, :-1, i], axis=0).tolist()) for i, m in _about(values)},
    )


def _rate(column: Floats, wilson: bool) -> Rate:
    """The mean over cases, NaN left out."""
    column = column[~np.isnan(column)]
    value, of = float(column.mean()), len(column)
    if wilson:
        return Rate(value, of, *Count(float(column.sum()), of).interval)
    rng = np.random.default_rng(0)
    low, high = bootstrap(lambda weight: np.array([weight @ column / weight.sum()]), of, rng, RESAMPLED)
    return Rate(value, of, float(low[0]), float(high[0]))


def _spread(counts: Sequence[int]) -> Spread:
    lower, median, upper = np.quantile(counts, [0.25, 0.5, 0.75]).tolist()
    return Spread(lower, median, upper, max(counts))


def goals(found: InterviewResults) -> dict[str, bool]:
    """Each goal for the finished knowledge, with today's figure, and whether it is met."""
    honest = found.summaries["honest"]
    spreads = (honest.questions, honest.items, honest.to_urgency, honest.items_to_urgency)
    pairs = zip(GOALS.items(), spreads, strict=True)
    met = {f"{what} {s.median:g}, at most {most}": s.median <= most for (what, most), s in pairs if s is not None}
    for name, costs in found.costs.items():
        for m, lost in costs.items():
            met[f"{name}: {lost.value:.1f} points of {m}, at most {COSTS[m]:g}"] = lost.value <= COSTS[m]
    return met | {"no words and no order change anything": not found.misled and not found.order}


def plain(found: InterviewResults) -> dict[str, Any]:
    """The same as JSON-ready data, the honest interviews question by question."""
    return {
        "seeds": found.seeds,
        "owners": {name: asdict(summary) for name, summary in found.summaries.items()},
        "costs": {name: {m: asdict(cost) for m, cost in costs.items()} for name, costs in found.costs.items()},
        "goals": goals(found),
        "misled": list(found.misled),
        "order": list(found.order),
        "interviews": {t.owner.vignette.id: owners.steps(t) for t in found.transcripts},
    }


def text(found: InterviewResults) -> str:
    """A column for each kind of owner, the curves, the cost of noise and the goals."""
    every, honest = found.summaries, found.summaries["honest"]
    tried = min((every[name].cases for name in NOISES), default=0)
    some = (
        ""
        if tried == honest.cases
        else f"; noisy and misled owners tell {tried} of them, chosen by a hash of their ids"
    )
    lines = [f"{honest.cases} cases, told as far as asked; {found.seeds} seeds for each noisy owner{some}", ""]

    def row(title: str, cells: Iterable[str]) -> None:
        lines.append(f"{title:<38}" + "".join(f"{cell:>20}" for cell in cells))

    row("", every)
    row("cases", [str(summary.cases) for summary in every.values()])
    for metric, rate in honest.rates.items():
        row(f"{metric}, of {rate.of}", [_share(summary.rates.get(metric), rate.of) for summary in every.values()])
    row("questions: median (quartiles), most", [_span(s.questions) for s in every.values()])
    row("items read", [_span(s.items) for s in every.values()])
    row("emergencies: questions to urgency", [_span(s.to_urgency) for s in every.values()])
    row("emergencies: items to urgency", [_span(s.items_to_urgency) for s in every.values()])
    row("emergencies with a wrong end", [f"{100 * s.never:.0f} %" for s in every.values()])
    for metric in honest.curve:
        lines += ["", f"{metric} after 0 to {CURVE} questions, in %"]
        lines += [
            f"  {n:<12}" + "".join(f"{100 * v:4.0f}" for v in s.curve[metric])
            for n, s in every.items()
            if metric in s.curve
        ]
    lines += ["", "points lost to noise (95 % interval over cases)"]
    lost = [(name, m, c) for name, costs in found.costs.items() for m, c in costs.items()]
    lines += [f"  {name:<12} {m:<36} {c.value:5.1f} ({c.low:.1f} to {c.high:.1f})" for name, m, c in lost]
    lines += ["", "goals", *(f"  {'met' if met else 'NOT MET':<8} {goal}" for goal, met in goals(found).items())]
    return "\n".join([*lines, *found.misled, *found.order]) + "\n"


def _share(rate: Rate | None, of: int) -> str:
    """A share with its interval, and its cases where they are not as many as the others."""
    if rate is None:
        return "-"
    fewer = "" if rate.of == of else f" of {rate.of}"
    return f"{100 * rate.value:.0f} % ({100 * rate.low:.0f}-{100 * rate.high:.0f}){fewer}"


def _span(spread: Spread | None) -> str:
    return "-" if spread is None else f"{spread.median:g} ({spread.lower:g}-{spread.upper:g}), {spread.most}"
