"""What is counted, by hand on a few made-up outcomes."""

from __future__ import annotations

from math import log2
from pathlib import Path

import pytest

from fascicle.evaluation.metrics import counts, counts_out_of_scope, means
from fascicle.evaluation.score import Scored
from fascicle.evaluation.vignettes import Vignette, load_vignettes
from fascicle.model import Level

FIRST = load_vignettes(Path(__file__).parents[2] / "vignettes" / "dog")[0]


def case(least: str, most: str, source: str = "one") -> Vignette:
    """A case whose answer is “a”, “b” a near miss, with an acceptable range of urgency."""
    return FIRST.model_copy(
        update={
            "accepted": FIRST.accepted.model_copy(update={"full": ("a",), "half": ("b",)}),
            "urgency": FIRST.urgency.model_copy(update={"least": least, "most": most}),
            "source": FIRST.source.model_copy(update={"doi": source}),
        }
    )


OUTCOMES = [
    Scored(case("today", "emergency_now", "s1"), ("a", "b", "c"), {"a": 0.5, "b": 0.3, "c": 0.2}, Level.EMERGENCY_NOW),
    Scored(
        case("emergency_now", "emergency_now", "s2"),
        ("c", "d", "e", "a"),
        {"c": 0.7, "a": 0.1},
        Level.WITHIN_DAYS,
        fits=("a",),
    ),
    Scored(case("normal", "watch", "s3"), ("b", "c"), {"b": 0.8, "c": 0.2}, Level.ROUTINE),
    Scored(case("watch", "routine", "s3"), ("a",), {"a": 1.0}, Level.TODAY),
]


def test_counts_by_hand() -> None:
    """Ranks with half credit, both errors of urgency, and the groups they are counted in."""
    found = {name: (count.hits, count.of) for name, count in counts(OUTCOMES).items()}
    assert found == {
        "top-1": (2.5, 4),
        "top-3": (2.5, 4),
        "top-5": (3.5, 4),
        "top-3, or named as fitting": (3.5, 4),
        "urgency exact": (1, 4),
        "urgency too low": (1, 4),
        "urgency two levels too low": (1, 4),
        "urgency too high": (2, 4),
        "urgent cases at today or above": (1, 2),
        "emergencies sent as emergencies": (0, 1),
        "harmless kept at routine or below": (1, 2),
        "harmless sent as an emergency": (0, 2),
    }


def test_means_by_hand() -> None:
    """Reciprocal rank counts no near miss; Brier takes accepted causes as one; a hopeless truth is floored at 20 bits."""
    found = means(OUTCOMES)
    assert found["mean reciprocal rank"].value == pytest.approx((1 + 1 / 4 + 0 + 1) / 4)
    brier = [(0.5**2 + 0.3**2 + 0.2**2), (0.9**2 + 0.7**2), (1 + 0.8**2 + 0.2**2), 0.0]
    assert found["Brier score"].value == pytest.approx(sum(brier) / 4)
    floor = -log2(1e-6)
    assert found["log score, bits"].value == pytest.approx((1 - log2(0.1) + floor + 0) / 4)


def test_intervals_hold_the_mean_and_know_that_sources_hang_together() -> None:
    """Two cases of one source are drawn together, so copies of a case make nothing surer."""
    found = means(OUTCOMES)["Brier score"]
    assert found.low <= found.value <= found.high
    copies = means([OUTCOMES[0], OUTCOMES[3]] + [OUTCOMES[3]] * 50)["Brier score"]
    alone = means([OUTCOMES[0], OUTCOMES[3]])["Brier score"]
    assert (copies.low, copies.high) == pytest.approx((0.0, alone.high), abs=1e-9)


def test_out_of_scope_counts_what_is_not_claimed() -> None:
    """A case that is not for this program counts as right when nothing is claimed to explain it."""
    silent = Scored(OUTCOMES[2].vignette, ("other",), {"other": 0.9}, Level.WATCH, recognised=False)
    found = counts_out_of_scope([silent, OUTCOMES[1]])
    assert {name: (count.hits, count.of) for name, count in found.items()} == {
        "says it is not for this, or not recognised": (1, 2),
        "urgency exact": (1, 2),
        "urgency too low": (1, 2),
        "urgency too high": (0, 2),
    }


def test_no_cases_give_no_means() -> None:
    """Nothing measured is not a zero."""
    assert all(mean.of == 0 for mean in means([]).values())
