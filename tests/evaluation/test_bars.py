"""The bars of the knowledge: each at its border, each half by itself, and a calibration that chance allows for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fascicle import Level
from fascicle.evaluation.bars import HALVES, bars, calibration
from fascicle.evaluation.owners import Moment, Owner, Transcript
from fascicle.evaluation.score import Scored
from fascicle.evaluation.vignettes import Vignette, load_vignettes
from fascicle.model import Question

CASES = load_vignettes(Path(__file__).parents[2] / "vignettes" / "dog")
HELD = next(v for v in CASES if v.split == "held_back")


def case(name: str, least: str, most: str) -> Vignette:
    """A held-back case with one accepted cause."""
    urgency = HELD.urgency.model_copy(update={"least": least, "most": most})
    accepted = HELD.accepted.model_copy(update={"full": ("right",), "half": ()})
    return HELD.model_copy(update={"id": name, "urgency": urgency, "accepted": accepted})


def answer(vignette: Vignette, level: Level, probability: float = 0.8, first: bool = True) -> Scored:
    """An answer that gives the accepted cause this probability, first or last of five."""
    others = {f"wrong {i}": 0.01 for i in range(4)}
    ranking = ("right", *others) if first else (*others, "right")
    return Scored(vignette, ranking, {**others, "right": probability}, level)


def interview(vignette: Vignette, *levels: Level, first: bool = True) -> Transcript:
    """An honest interview that says these levels after 0, 1 .. questions."""
    causes = (("right" if first else "wrong", 0.8),)
    moments = [
        Moment(level, (), causes, Question(f"q{i}", "", ("a",), "") if i < len(levels) - 1 else None)
        for i, level in enumerate(levels)
    ]
    return Transcript(Owner(vignette, {}), tuple(moments))


def judged(
    scored: list[Scored], interviews: list[Transcript] | None = None, **others: list[Scored]
) -> dict[str, bool | None]:
    """Whether the held-back half reaches each bar."""
    held = [interview(s.vignette, s.level) for s in scored] if interviews is None else interviews
    return {bar.name: bar.halves["held_back"].met for bar in bars(scored, others, held)}


@pytest.mark.parametrize(
    ("name", "good", "bad", "of", "met"),
    [
        ("top-1", 3, 1, "any", True),  # 75 %
        ("top-1", 14, 5, "any", False),  # 73.7 %
        ("top-3", 23, 2, "any", True),  # 92 %
        ("top-3", 22, 2, "any", False),
        ("urgency exact", 39, 11, "high", True),  # 78 %
        ("urgency exact", 38, 11, "high", False),
        ("urgency too high", 17, 3, "high", True),  # 15 %
        ("urgency too high", 16, 3, "high", False),
        ("urgent cases at today or above", 9, 0, "low", True),
        ("urgent cases at today or above", 99, 1, "low", False),
        ("urgency two levels too low", 99, 1, "low", False),
        ("emergencies sent as emergencies", 19, 1, "today", True),  # 95 %
        ("emergencies sent as emergencies", 18, 1, "today", False),
        ("harmless kept at routine or below", 17, 3, "frightened", True),  # 85 %
        ("harmless kept at routine or below", 16, 3, "frightened", False),
        ("harmless sent as an emergency", 17, 0, "frightened", True),
        ("harmless sent as an emergency", 99, 1, "emergency", False),
    ],
)
def test_each_bar_at_its_border(name: str, good: int, bad: int, of: str, met: bool) -> None:
    """So many good answers and so many bad ones of one sort just reach it, or just do not."""
    kinds = {
        "any": ("watch", "watch", Level.WATCH, Level.WATCH),
        "high": ("watch", "watch", Level.WATCH, Level.ROUTINE),
        "low": ("emergency_now", "emergency_now", Level.EMERGENCY_NOW, Level.WITHIN_DAYS),
        "today": ("emergency_now", "emergency_now", Level.EMERGENCY_NOW, Level.TODAY),
        "frightened": ("normal", "routine", Level.ROUTINE, Level.WITHIN_DAYS),
        "emergency": ("normal", "routine", Level.ROUTINE, Level.EMERGENCY_NOW),
    }
    least, most, right, wrong = kinds[of]
    scored = [answer(case(f"good {i}", least, most), right) for i in range(good)]
    scored += [answer(case(f"bad {i}", least, most), wrong, first=of != "any") for i in range(bad)]
    assert judged(scored)[name] is met


def test_a_bar_no_case_is_about_is_left_open() -> None:
    """No emergency is no success; too low has no bar of its own; a half without cases shows none."""
    scored = [answer(case("a", "watch", "watch"), Level.WATCH)]
    found = judged(scored)
    assert found["emergencies sent as emergencies"] is None
    assert found["questions to the urgency in emergencies, median"] is None
    assert found["urgency too low"] is None
    assert {bar.halves["tuned"].met for bar in bars(scored, {}, [interview(scored[0].vignette, Level.WATCH)])} == {None}


def test_each_half_is_judged_by_its_own_cases() -> None:
    """The held-back half all right, the tuned half all wrong; cases out of scope count in neither."""
    right = [answer(v, Level.of(v.urgency.least)) for v in CASES if v.split == "held_back"]
    right = [replace(s, ranking=s.vignette.accepted.full) for s in right]
    right = [replace(s, probabilities=dict.fromkeys(s.ranking, 0.4)) for s in right]
    wrong = [answer(v, Level.of(v.urgency.least)) for v in CASES if v.split == "tuned"]
    out = [replace(right[0], vignette=right[0].vignette.model_copy(update={"scope": "out"}), ranking=())]
    held = [interview(v, Level.of(v.urgency.least)) for v in CASES]
    top = next(bar for bar in bars([*right, *wrong, *out], {}, held) if bar.name == "top-1")
    assert [top.halves[half].met for half in HALVES] == [True, False]
    assert top.halves["held_back"].text.startswith(f"{len(right)} of {len(right)} ")


@pytest.mark.parametrize(("silent", "met"), [(1, True), (2, False)])
def test_what_it_is_not_for_it_must_say(silent: int, met: bool) -> None:
    """Of twenty cases out of scope one may be taken for something with a page."""
    inside = answer(case("a", "watch", "watch"), Level.WATCH)
    out = [
        replace(
            answer(case(str(i), "watch", "watch").model_copy(update={"scope": "out"}), Level.WATCH),
            recognised=i < silent,
        )
        for i in range(20)
    ]
    found = judged([inside, *out], [interview(inside.vignette, Level.WATCH)])
    assert found["out of scope: says it is not for this, or not recognised"] is met


def test_the_log_score_is_compared_case_by_case() -> None:
    """A bit more in each of two cases: no doubt; a baseline that states nothing is left out."""
    two = [case("a", "watch", "watch"), case("b", "watch", "watch")]
    mine, theirs = ([answer(v, Level.WATCH, p) for v in two] for p in (0.5, 0.25))
    silent = [Scored(v, (), {}, Level.TODAY) for v in two]
    found = bars(mine, {"weaker": theirs, "same": mine, "silent": silent}, [interview(v, Level.WATCH) for v in two])
    by_name = {bar.name: bar.halves["held_back"] for bar in found}
    assert (
        "1.00 against 2.00 bits: +1.00 (+1.00 to +1.00); better in 2 of 2" in by_name["log score against weaker"].text
    )
    assert (by_name["log score against weaker"].met, by_name["log score against same"].met) == (True, False)
    assert "log score against silent" not in by_name


@pytest.mark.parametrize(("asked", "met"), [((8, 10, 12), True), ((8, 11, 12), False)])
def test_the_median_of_questions(asked: tuple[int, ...], met: bool) -> None:
    """Ten are allowed, eleven not, whatever the others."""
    cases = [case(str(n), "watch", "watch") for n in asked]
    held = [interview(v, *[Level.WATCH] * (n + 1)) for v, n in zip(cases, asked, strict=True)]
    assert judged([answer(v, Level.WATCH) for v in cases], held)["questions asked, median"] is met


@pytest.mark.parametrize(("until", "met"), [((4, 4, None), True), ((3, None, None), False), ((1, 5, 6), False)])
def test_an_emergency_that_is_never_told_right_counts_as_endless(until: tuple[int | None, ...], met: bool) -> None:
    """Questions to the urgency at the median of all emergencies, not only of those that end well."""
    cases = [case(str(i), "emergency_now", "emergency_now") for i in range(3)]
    low, now = Level.TODAY, Level.EMERGENCY_NOW
    ways = [[low] * 8 if n is None else [low] * n + [now] for n in until]
    held = [interview(v, *levels) for v, levels in zip(cases, ways, strict=True)]
    found = judged([answer(v, now) for v in cases], held)
    assert found["questions to the urgency in emergencies, median"] is met


@pytest.mark.parametrize(("lost", "met"), [(1, True), (2, False)])
def test_what_asking_may_cost(lost: int, met: bool) -> None:
    """One of twenty is five points."""
    cases = [case(str(i), "watch", "watch") for i in range(20)]
    held = [interview(v, Level.WATCH, first=i >= lost) for i, v in enumerate(cases)]
    found = judged([answer(v, Level.WATCH) for v in cases], held)
    assert found["top-3 by interview, against all answers given"] is met


def test_calibration_is_held_against_what_chance_makes() -> None:
    """100 statements of one half with 50 right: error 0, chance sqrt(2 / pi) standard errors of 0.05; all right: 0.5."""
    cases = [case(str(i), "watch", "watch") for i in range(100)]
    half = [
        Scored(v, ("right" if i < 50 else "wrong",), {"right" if i < 50 else "wrong": 0.5}, Level.WATCH)
        for i, v in enumerate(cases)
    ]
    found = calibration(half)
    assert found is not None
    assert (found.cases, found.error) == (100, 0.0)
    assert found.mean == pytest.approx(0.05 * np.sqrt(2 / np.pi), rel=0.05)
    assert found.most == pytest.approx(0.05 * 1.96, rel=0.1)
    every = calibration([Scored(v, ("right",), {"right": 0.5}, Level.WATCH) for v in cases])
    assert every is not None
    assert every.error == 0.5 > every.most
    assert calibration([]) is None
