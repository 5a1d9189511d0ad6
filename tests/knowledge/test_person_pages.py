"""People: what their pages and red flags say to those who tell little, and to those who have nothing to fear."""

from __future__ import annotations

import pytest

from fascicle import Assessment, Case, Level, assess, load
from fascicle.evidence import gather

KNOWLEDGE = load("person")
TOXIC = ("vomiting", "diarrhoea", "wobbly_gait", "slurred_speech_or_swallowing_trouble", "disorientation_confusion")


def told(words: str, absent: str = "", age: float = 40) -> Assessment:
    """The assessment of a person of whom these findings are told."""
    return assess(Case("person", age_years=age, present=words.split(), absent=absent.split()), KNOWLEDGE)


@pytest.mark.parametrize("onset", ["", "hyperacute_onset_24h", "onset_over_days"])
def test_tingling_and_weak_legs_after_a_virus_are_seen_today_however_fast_they_came(onset: str) -> None:
    """Guillain-Barré can come within hours, and many do not say when it began."""
    result = told(f"numbness_or_tingling trouble_rising_or_stairs recent_viral_illness twitch_limb {onset}")
    assert "tingle_weak_after_virus_person" in {flag.id for flag in result.urgency.red_flags}
    assert result.urgency.level is Level.TODAY


@pytest.mark.parametrize("sign", ["vision_loss_or_bumping", "abdominal_pain"])
def test_one_sign_of_pre_eclampsia_is_enough_to_ring_the_maternity_unit(sign: str) -> None:
    """Changed sight or belly pain in pregnancy needs no headache beside it."""
    result = told(f"pregnancy {sign} twitch_limb", age=30)
    assert [flag.id for flag in result.urgency.red_flags] == ["pregnant_one_sign_person"]
    assert result.urgency.level is Level.TODAY
    assert "maternity unit now" in result.care.now[0].text


def test_sight_and_sickness_in_pregnancy_are_an_emergency_without_a_headache() -> None:
    """Two of the signs together do not wait for a third; a plain cramp at night frightens nobody."""
    assert told("pregnancy vision_loss_or_bumping vomiting twitch_limb", age=30).urgency.level is Level.EMERGENCY_NOW
    assert told("pregnancy cramp_any happens_at_night_in_bed", age=30).urgency.level <= Level.WATCH


def test_a_limb_that_is_truly_weak_is_seen_within_days_also_beside_a_harmless_lid() -> None:
    """The lid is harmless, the weak arm is not explained by it; a mere feeling of weakness does not count."""
    lid = "twitch_face_or_eyelid place_eyelid stress_or_anxiety_high"
    assert told(f"{lid} weakness_limbs").urgency.level is Level.WITHIN_DAYS
    assert told(f"{lid} feels_weak_but_strength_normal").urgency.level <= Level.WATCH


def test_a_fine_shake_on_lithium_is_an_ordinary_visit_once_the_signs_of_poisoning_are_denied() -> None:
    """A quarter of those who take it shake; with nothing else asked the level is looked at today."""
    shake = "lithium_use tremor_rhythmic both_hands_with_action"
    assert told(shake, " ".join((*TOXIC, "sleepy_hard_to_wake", "myoclonic_jerks"))).urgency.level is Level.ROUTINE
    assert told(shake).urgency.level is Level.TODAY


@pytest.mark.parametrize("sign", [*TOXIC, "sleepy_hard_to_wake", "myoclonic_jerks", "poor_water_intake"])
def test_each_sign_of_too_much_lithium_is_an_emergency(sign: str) -> None:
    """One of them beside the shake is enough."""
    assert told(f"lithium_use tremor_rhythmic {sign}", age=55).urgency.level is Level.EMERGENCY_NOW


@pytest.mark.parametrize(
    ("movement", "age", "level"),
    [
        ("tremor_rhythmic both_hands_with_action lasts_over_3_months family_history_tremor", 65, Level.ROUTINE),
        ("cramp_any happens_at_night_in_bed", 55, Level.ROUTINE),
        ("twitch_face_or_eyelid place_eyelid", 35, Level.NORMAL),
        ("seizure_generalised", 35, Level.EMERGENCY_NOW),
        ("cramp_any tongue_bite_or_incontinence", 35, Level.EMERGENCY_NOW),
    ],
)
def test_known_epilepsy_raises_what_may_be_a_fit_and_nothing_else(movement: str, age: float, level: Level) -> None:
    """A textbook tremor or a night cramp stays what it is; a bitten tongue does not."""
    assert told(f"known_epilepsy {movement}", age=age).urgency.level is level


def test_motor_neurone_disease_that_begins_in_speech_is_named_before_tardive_movements() -> None:
    """Slurred speech, a tongue that ripples at rest and lost weight are not restless lips."""
    story = "slurred_speech_or_swallowing_trouble tongue_twitching weight_loss onset_over_weeks_or_months lasts_over_3_months"
    result = told(f"{story} fasciculation_wormlike place_head_or_face", age=66)
    assert result.explanations[0].cause == "als_mnd"
    assert (
        told("lip_smacking_tongue_movements antipsychotic_or_antiemetic_use").explanations[0].cause
        == "tardive_dyskinesia"
    )


def test_acting_out_dreams_told_alone_is_a_movement_in_sleep() -> None:
    """The pages hold for it, sleep with acted dreams is named first, and leg kicks do not make it more urgent."""
    result = told("acts_out_dreams", age=66)
    assert result.outside is None
    assert result.explanations[0].cause == "rem_sleep_behaviour"
    assert result.urgency.level is Level.ROUTINE
    assert told("acts_out_dreams", absent="seizure_generalised", age=66).outside is None


@pytest.mark.parametrize(
    ("present", "absent"),
    [("tremor_rhythmic", ""), ("twitch_at_rest_awake", ""), ("", "twitch_asleep_only")],
    ids=["another kind", "awake", "denied"],
)
def test_acting_out_dreams_adds_no_movement_where_another_is_told_or_it_is_denied(present: str, absent: str) -> None:
    """What somebody said goes before what a finding means by itself."""
    case = Case("person", present=["acts_out_dreams", *present.split()], absent=absent.split())
    assert "twitch_asleep_only" not in gather(case, KNOWLEDGE).present


@pytest.mark.parametrize(
    "page",
    ["physiological_fasciculation", "eyelid_myokymia", "stress_anxiety_twitching", "caffeine_stimulant_twitching",
     "sleep_deprivation_twitching"],
)  # fmt: skip
def test_pages_of_harmless_twitches_say_when_an_ordinary_visit_is_due(page: str) -> None:
    """Two weeks, more than one place, weak or stiff, a new medicine: the NHS list, calmly."""
    lines = [line.text for line in KNOWLEDGE.causes[page].watch_for if "nhs_twitch" in line.sources]
    assert [
        all(word in text for word in ("ordinary visit", "two weeks", "stiff", "new medicine")) for text in lines
    ] == [True]


@pytest.mark.parametrize("species", ["dog", "cat", "person"])
def test_a_red_flag_called_a_study_cites_one(species: str) -> None:
    """Advice pages alone make it advice or a judgement."""
    knowledge = load(species)
    only_pages = [
        rule.id
        for rule in knowledge.red_flags
        if rule.basis == "study" and all(knowledge.sources[s].read in ("page", "secondary page") for s in rule.sources)
    ]
    assert only_pages == []
