"""What people write about themselves: words that mean another thing than they seem to, and what nobody may miss."""

from __future__ import annotations

import pytest

from fascicle.intake import read
from fascicle.knowledge.loader import load
from fascicle.model import Status

READ = [
    ("she drinks much coffee", {"caffeine_high"}, {"alcohol_heavy"}),
    ("I drink a lot of tea", {"caffeine_high"}, {"alcohol_heavy"}),
    ("I drink a lot of wine", {"alcohol_heavy"}, {"caffeine_high"}),
    ("massive night out, i dont drink most days", {"drank_much_last_night"}, {"alcohol_heavy", "hyperacute_onset_24h"}),
    ("my thigh has gotten thinner", {"muscle_wasting"}, set()),
    ("i only get 6 hours sleep a night", set(), {"insomnia_near_total"}),
    ("about 3 hours sleep a night for weeks", {"sleep_deprived"}, {"insomnia_near_total"}),
    ("two hours sleep a night", {"insomnia_near_total"}, {"sleep_deprived"}),
    ("the twitch lasts less than two hours", set(), {"insomnia_near_total"}),
    ("neck pain going down my arm", {"radiating_limb_pain"}, {"collapse"}),
    ("he keeps going down", {"collapse"}, set()),
    ("my back is in spasm, can hardly stand up straight", {"back_pain_person"}, {"collapse"}),
    ("i can hardly stand", {"collapse"}, set()),
    ("my arm was totally dead from sleeping on it", {"after_lying_or_sitting_on_limb"}, {"paralysis"}),
    ("arm is dead, cannot move it", {"paralysis"}, set()),
    ("i have epilepsy from an old head injury", {"known_epilepsy"}, {"recent_fall_or_trauma"}),
    ("my hand jerked for a minute like my usual fits", {"focal_seizure_signs"}, {"seizure_generalised"}),
    ("had one of my usual fits and lost consciousness", {"seizure_generalised"}, set()),
    ("hot flushes and sleeping badly", {"heat_intolerance", "poor_sleep"}, {"fever_or_hot"}),
    ("did squats for first time in a year 2 days ago", {"hard_exercise_48h", "onset_over_days"},
     {"after_lying_or_sitting_on_limb", "lasts_over_3_months"}),
    ("eyes gritty and sore", {"dry_or_gritty_eyes"}, {"squinting_or_sore_eye"}),
    ("stopped venlafaxine cold turkey last week", {"antidepressant_stopped"},
     {"opioid_or_benzo_stopped", "recent_viral_illness"}),
    ("my wrist drops", {"hand_clumsiness_or_foot_drop"}, {"flapping_hands"}),
    ("right hand slowly weaker over 2 years", {"progressive_weakness", "lasts_over_3_months"}, set()),
    ("foot slaps, tripping over for 3 months", {"hand_clumsiness_or_foot_drop"}, {"recent_fall_or_trauma"}),
    ("thigh muscles weak on the stairs", {"trouble_rising_or_stairs"}, set()),
    ("eyelids droop by evening, fine in the mornings", {"double_vision_or_droopy_eyelid"}, {"there_on_waking"}),
    ("he kicks, fine when i wake him", set(), {"there_on_waking"}),
    ("shouts and punches in his sleep, nearly hit me last night", {"acts_out_dreams", "twitch_asleep_only"},
     {"hyperacute_onset_24h"}),
    ("my body jumps as i drop off and i feel like im falling", set(), {"wobbly_gait"}),
    ("i drank water and felt better", set(), {"poor_water_intake"}),
    ("he is barely drinking water", {"poor_water_intake"}, set()),
    ("twitching up and down the thigh", {"twitch_limb"}, set()),
    ("twitches and cramps in hands", {"twitch_limb", "cramp_any"}, set()),
    ("legs jump at night", {"twitch_limb"}, set()),
    ("im shaky", {"tremor_rhythmic"}, set()),
    ("im stiff and slow", {"slow_small_movements"}, set()),
    ("my legs are horrible, i just have to move them", {"urge_to_move_legs_evening"}, set()),
    ("no fever, no pain, calf twitches", {"twitch_limb"}, set()),
    ("lost a stone without trying, always hot and sweaty", {"weight_loss", "heat_intolerance"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "there", "not_there"), READ, ids=[text for text, _, _ in READ])
def test_words_are_taken_as_they_are_meant(text: str, there: set[str], not_there: set[str]) -> None:
    """What a text says comes out as present, and what its words only seem to say does not."""
    found = {s.finding for s in read(text, load("person")).suggestions if s.status is Status.PRESENT}
    assert (there - found, not_there & found) == (set(), set())


@pytest.mark.parametrize(
    ("species", "text", "years"),
    [
        ("person", "husband 67, his hand shakes", 67.0),
        ("person", "my husband 67 has a tremor", 67.0),
        ("person", "im 34 with twitching", 34.0),
        ("person", "my wife 30 weeks pregnant has cramps", None),
        ("person", "my brother had 20 fits tonight", None),
        ("person", "68 woman, cramps", 68.0),
        ("person", "34M, eyelid twitches", 34.0),
        ("person", "F68 with cramps", 68.0),
        ("person", "I am a man of 62. My speech is slurred", 62.0),
        ("person", "I'm sixty-four years old", 64.0),
        ("person", "I am about forty. It began today", 40.0),
        ("person", "I could run 100m, now I limp", None),
        ("person", "4m from the car he fell", None),
        ("person", "tremor since age 20", None),
        ("person", "for 3 weeks, woman", None),
        ("person", "a woman 30 minutes later", None),
        ("person", "my 2 female cats watched", None),
        ("dog", "she is 12 yrs", 12.0),
        ("dog", "puppy 10 weeks twitches in his sleep", 0.19),
        ("dog", "we have had the puppy 10 weeks now", None),
        ("dog", "dog 2 weeks after surgery", None),
        ("dog", "my son 10 years saw it", None),
        ("cat", "cat 15 yrs, thin", 15.0),
    ],
)
def test_an_age_said_shortly_is_read(species: str, text: str, years: float | None) -> None:
    """A number right after whom it is about is an age; a time since something, or of a pregnancy, is none."""
    found = {d.field: d.value for d in read(text, load(species)).details}
    assert found.get("age_years") == years
