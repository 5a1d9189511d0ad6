"""What to do now never asks for less than the urgency above it."""

from __future__ import annotations

from fascicle import Case, assess, load

HAND = Case(
    "person", age_years=61, sex="male",
    present=["fasciculation_wormlike", "weakness_limbs", "progressive_weakness", "muscle_wasting", "fever_or_hot"],
    choices={"place": "place_arm_or_hand", "onset": "onset_over_weeks_or_months"},
)  # fmt: skip


def test_no_act_of_a_less_urgent_rule_stands_under_an_urgent_answer() -> None:
    """A hand that wastes, and a fever: the rules ask for days, the answer for today, and the first step says today."""
    result, knowledge = assess(HAND), load("person")
    assert {flag.level.id for flag in result.urgency.red_flags} == {"within_days"}
    assert result.urgency.level.id == "today"
    assert result.care.now[0].text == knowledge.triage.levels["today"].means
    assert [line.text for line in result.care.now if "within days" in line.text] == []


def test_a_cause_that_is_hardly_likely_is_not_named_as_the_reason() -> None:
    """Below the probability from which a cause's warnings stand, no cause is said to weigh most."""
    result = assess(HAND)
    likely = [e.name for e in result.explanations if e.probability >= load("person").triage.warn_above]
    named = [reason for reason in result.urgency.reasons if "What weighs most" in reason]
    assert [reason for reason in named if not any(f"“{name}”" in reason for name in likely)] == []
