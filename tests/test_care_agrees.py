"""What to do now never asks for less than the urgency above it."""

from __future__ import annotations

import re

import pytest

from fascicle import Case, Level, assess, load

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


def test_no_lesser_act_stands_beside_an_emergency_where_no_cause_is_told() -> None:
    """Weakness that climbs, and no movement: a second rule asks for days, and only the emergency is told."""
    knowledge = load("person")
    result = assess(Case("person", age_years=40, present=["ascending_weakness_days"]), knowledge)
    assert sorted(flag.level.id for flag in result.urgency.red_flags) == ["emergency_now", "within_days"]
    acts = {rule.act for rule in knowledge.red_flags if rule.id == "climbing_weakness_person"}
    assert {line.text for line in result.care.now} == acts


def test_a_cause_that_is_hardly_likely_is_not_named_as_the_reason() -> None:
    """Below the probability from which a cause's warnings stand, no cause is said to weigh most."""
    result = assess(HAND)
    likely = [e.name for e in result.explanations if e.probability >= load("person").triage.warn_above]
    named = [reason for reason in result.urgency.reasons if "What weighs most" in reason]
    assert [reason for reason in named if not any(f"“{name}”" in reason for name in likely)] == []


def test_a_rare_cause_among_many_is_not_named_as_the_reason() -> None:
    """A first fit may be a dozen rare dangers, and naming a brain tumour would frighten; a clot that is likely is named."""
    fit = assess(Case("dog", age_years=4, present=["seizure_generalised"], absent=["known_epilepsy"]))
    assert [r for r in fit.urgency.reasons if "weighs most" in r] == []
    assert [r for r in fit.urgency.reasons if "several rarer ones together" in r] != []
    clot = assess(Case("cat", age_years=9, present=["pain_cry_or_freeze", "vocalises_in_pain_spontaneously"],
                       choices={"onset": "hyperacute_onset_24h"}))  # fmt: skip
    assert any(clot.explanations[0].name in r for r in clot.urgency.reasons if "weighs most" in r)


def test_rare_causes_that_add_up_are_told_by_their_kind() -> None:
    """Nobody is sent out at night for a reason without content: the kind of trouble is said, in words of the knowledge."""
    fit = assess(Case("dog", age_years=4, present=["seizure_generalised"], absent=["known_epilepsy"]))
    reason = next(r for r in fit.urgency.reasons if "several rarer ones together" in r)
    assert "above all trouble in the brain or nerves" in reason


@pytest.mark.parametrize("species", ["dog", "cat", "person"])
def test_every_kind_of_urgent_cause_has_plain_words(species: str) -> None:
    """A category without words would leave the reason empty."""
    knowledge = load(species)
    calm = ("other", "normal")  # of these the reason says nothing
    urgent = [page for page in knowledge.causes.values() if page.level >= Level.TODAY and page.category not in calm]
    assert [page.id for page in urgent if page.category not in knowledge.triage.trouble] == []


def test_an_emergency_has_more_to_do_than_its_heading() -> None:
    """Where no page and no red flag says what to do, there are steps for the way."""
    shaking = assess(Case("dog", present=["tremor_rhythmic", "wobbly_gait"]))
    assert shaking.urgency.level is Level.EMERGENCY_NOW
    assert [line.text for line in shaking.care.now[1:]] == [line.text for line in load("dog").wording.on_the_way]


def test_the_warning_that_matters_most_comes_first_and_is_not_said_twice() -> None:
    """What can kill leads; of the two on dog flea products one stands among the first, the other last; none is lost."""
    avoid = [line.text for line in assess(Case("cat", present=["skin_rippling_spontaneous"])).care.avoid]
    first = avoid[: load("cat").triage.avoid_first]
    assert [text for text in first if "permethrin" in text] == [text for text in avoid if "permethrin" in text][:1]
    assert "permethrin" in avoid[-1]


def test_no_second_ban_of_the_same_medicines_stands_among_the_first() -> None:
    """One warning of human painkillers is enough before the fold."""
    result = assess(Case("dog", present=["tremor_rhythmic", "wobbly_gait"]))
    first = result.care.avoid[: load("dog").triage.avoid_first]
    assert len([line for line in first if "human" in line.text.lower()]) == 1


def test_warnings_of_the_likely_causes_stand_before_those_of_rare_ones() -> None:
    """A sore neck is a disc: “no milk” for a bellyache of 2 % stands after all that the discs warn of, but for repeats."""
    knowledge = load("dog")
    pain = ["yelps_when_touched_or_lifted", "reluctant_to_jump_or_climb", "neck_pain_or_head_low", "tremor_rhythmic"]
    result = assess(Case("dog", age_years=4, breed="Miniature Dachshund", present=pain), knowledge)
    likely = {e.cause for e in result.explanations if e.probability >= knowledge.triage.also_present_above}
    of = [line.cause for line in result.care.avoid]
    assert (likely, of[:4]) == (
        {"ivdd_cervical", "ivdd_thoracolumbar"},
        ["ivdd_thoracolumbar", "ivdd_cervical", "ivdd_thoracolumbar", "abdominal_pain_pancreatitis"],
    )


def test_a_calm_answer_speaks_of_no_rare_causes() -> None:
    """A back that locks is to be watched at home; that rarer things weigh there too would only frighten."""
    back = assess(Case("person", age_years=34, present=["back_locks_in_spasm"]))
    assert back.urgency.level is Level.WATCH
    assert [reason for reason in back.urgency.reasons if "rarer ones" in reason] == []
    assert back.urgency.reasons != ()


@pytest.mark.parametrize(
    ("case", "line"),
    [
        (
            Case(
                "person",
                age_years=25,
                present=[
                    "neck_twisted_or_pulled",
                    "spasm_sustained",
                    "jaw_stiff_or_cannot_open",
                    "antipsychotic_or_antiemetic_use",
                ],
                choices={"onset": "hyperacute_onset_24h"},
            ),
            "Take no further anti-sickness tablet of this kind",
        ),
        (
            Case(
                "cat",
                age_years=12,
                present=[
                    "tremor_rhythmic",
                    "new_drug_or_dose_change",
                    "dilated_pupils",
                    "frantic_running_or_vocalising",
                ],
            ),
            "Give no more of a medicine that is new",
        ),
    ],
)
def test_what_holds_at_any_level_stands_under_a_higher_one(case: Case, line: str) -> None:
    """The rule asks for an emergency, the page of the likeliest cause for today: its “no further tablet” is still told."""
    told = [each.text for each in assess(case).care.now]
    assert [each for each in told if each.startswith(line)] != []


def test_no_line_that_holds_at_any_level_says_when_to_go() -> None:
    """It stands beside any urgency, so it may name neither a day nor a wait."""
    timed = re.compile(r"\b(today|tomorrow|this week|within days|appointment|book|wait for)\b", re.IGNORECASE)
    found = [
        (species, cause, line.text)
        for species in ("dog", "cat", "person")
        for cause, page in load(species).causes.items()
        for line in page.now
        if line.at_any_level and timed.search(line.text)
    ]
    assert found == []
