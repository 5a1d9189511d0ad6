"""People: dangers told with half of their signs are raised, and what only looks like them frightens nobody."""

from __future__ import annotations

import pytest

from fascicle import Assessment, Case, Level, assess, load

KNOWLEDGE = load("person")
BACK = "back_locks_in_spasm hyperacute_onset_24h"
DENTIST = "numbing_injection_today tingling_around_mouth"
DYSTONIA = "antipsychotic_or_antiemetic_use neck_twisted_or_pulled"
CALM_FIT = "normal_between_episodes health_anxiety hyperventilating_or_panic known_epilepsy"


def told(words: str, age: float) -> Assessment:
    """The assessment of a person of this age of whom these findings are told."""
    return assess(Case("person", age_years=age, present=words.split()), KNOWLEDGE)


def flags(result: Assessment) -> set[str]:
    """The ids of the red flags of an answer."""
    return {flag.id for flag in result.urgency.red_flags}


@pytest.mark.parametrize(
    ("flag", "age", "words"),
    [
        ("meningitis_four_person", 30, "fever_or_hot chills_rigor headache light_sensitivity neck_pain_or_head_low"),
        ("meningitis_shaking_ill_person", 30, "chills_rigor headache neck_pain_or_head_low sleepy_hard_to_wake"),
        ("steroid_crisis_signs_person", 60, "long_cortisone vomiting dizziness cramp_any"),
        ("steroid_crisis_signs_person", 60, "long_cortisone vomiting weakness_limbs cramp_any"),
        ("steroid_crisis_belly_person", 60, "long_cortisone vomiting abdominal_pain lethargy cramp_any"),
        ("chest_person", 60, "chest_pain radiating_limb_pain twitch_limb"),
        ("chest_arm_older_person", 60, "chest_pain twitch_limb place_arm_or_hand"),
        ("back_belly_sweat_person", 72, f"{BACK} dizziness"),
        ("back_belly_sweat_person", 72, f"{BACK} pale_in_attack"),
        ("back_belly_sweat_old_person", 80, f"{BACK} sweating"),
        ("dystonia_throat_swallow_person", 30, f"{DYSTONIA} slurred_speech_or_swallowing_trouble"),
        ("dystonia_throat_voice_person", 30, f"{DYSTONIA} voice_change"),
        ("dystonia_tongue_swallow_person", 30, "antipsychotic_or_antiemetic_use lip_smacking_tongue_movements"
         " slurred_speech_or_swallowing_trouble onset_over_days"),
        ("neck_surgery_throat_person", 45, "recent_thyroid_or_neck_surgery carpopedal_spasm voice_change"),
        ("neck_surgery_breath_person", 45, "recent_thyroid_or_neck_surgery tingling_around_mouth breathing_trouble"),
        ("numbing_twitch_face_person", 45, f"{DENTIST} twitch_face_or_eyelid"),
        ("numbing_twitch_limb_person", 45, f"{DENTIST} twitch_limb"),
        ("numbing_shaking_person", 45, f"{DENTIST} tremor_rhythmic dizziness"),
        ("ketoacidosis_insulin_person", 30, "insulin_treated_diabetes vomiting abdominal_pain cramp_any"),
        ("ketoacidosis_thirst_person", 30, "diabetes_known vomiting increased_thirst_urination cramp_any"),
        ("focal_fits_repeated_person", 40, f"focal_seizure_signs episodes_multiple_per_day {CALM_FIT}"),
        ("focal_fit_long_person", 40, f"focal_seizure_signs episode_lasts_5_to_15min {CALM_FIT}"),
        ("sudden_weak_arm_person", 60, "weakness_limbs hyperacute_onset_24h place_one_leg twitch_limb"),
        ("sudden_weak_arm_person", 60, "weakness_limbs hyperacute_onset_24h place_arm_or_hand twitch_limb"),
        ("weak_side_on_waking_person", 60, "weakness_limbs there_on_waking place_one_side_of_body twitch_limb"),
        ("cannot_move_person", 60, "paralysis there_on_waking place_arm_or_hand twitch_limb"),
        ("sudden_sight_risk_person", 65, "vision_loss_or_bumping hyperacute_onset_24h twitch_face_or_eyelid"),
        ("falling_lids_swallow_person", 50, "double_vision_or_droopy_eyelid slurred_speech_or_swallowing_trouble"
         " twitch_face_or_eyelid"),
        ("lids_limbs_days_person", 50, "double_vision_or_droopy_eyelid weakness_limbs onset_over_days twitch_limb"),
        ("pregnant_faint_jerks_person", 30, "pregnancy drops_limp myoclonic_jerks"),
        ("head_injury_thinner_person", 75, "recent_fall_or_trauma blood_thinner_use myoclonic_jerks"),
        ("thinner_new_twitch_person", 75, "recent_fall_or_trauma blood_thinner_use twitch_limb hyperacute_onset_24h"),
        ("kidney_potassium_person", 65, "kidney_disease weakness_limbs slow_heart twitch_limb"),
        ("cancer_back_spastic_person", 65, "cancer_history back_pain_person brisk_reflexes_or_stiffness cramp_any"),
        ("cancer_back_stiff_walk_person", 65, "cancer_history back_pain_person stiff_gait onset_over_days cramp_any"),
        ("clot_calf_breath_person", 50, "cramp_any place_calf_or_foot breathing_trouble bed_rest_or_long_travel"),
        ("epilepsy_shaking_five_minutes_person", 30, "known_epilepsy tremor_rhythmic episode_lasts_5_to_15min"),
        ("epilepsy_shaking_long_person", 30, "known_epilepsy twitch_generalised episode_lasts_over_15min"),
        ("epilepsy_shaking_now_person", 30, "known_epilepsy myoclonic_jerks twitch_near_constant loss_of_awareness"),
        ("epilepsy_shaking_sudden_person", 30, "known_epilepsy tremor_rhythmic twitch_near_constant"
         " hyperacute_onset_24h"),
    ],
)  # fmt: skip
def test_a_danger_is_an_emergency_without_its_last_sign(flag: str, age: float, words: str) -> None:
    """The rule speaks by itself, so that no harmless neighbour and no calming answer can lower it."""
    result = told(words, age)
    assert (flag in flags(result), result.urgency.level) == (True, Level.EMERGENCY_NOW)


@pytest.mark.parametrize(
    ("flag", "age", "words"),
    [
        ("tingle_weak_days_person", 46, "diarrhoea burning_feet twitch_limb trouble_rising_or_stairs onset_over_days"),
        ("tingle_weak_fast_person", 46, "burning_feet twitch_limb trouble_rising_or_stairs hyperacute_onset_24h"),
        ("meningitis_shaking_person", 30, "chills_rigor headache light_sensitivity neck_pain_or_head_low"),
        ("shaking_neck_light_person", 30, "tremor_rhythmic headache light_sensitivity neck_pain_or_head_low"),
        ("steroid_vomits_person", 72, "cramp_any long_cortisone vomiting diarrhoea"),
        ("numbing_tingle_shaking_person", 30, f"{DENTIST} tremor_rhythmic stress_or_anxiety_high"),
        ("stroke_sight_person", 30, "vision_loss_or_bumping hyperacute_onset_24h twitch_face_or_eyelid headache"),
        ("cancer_back_pain_today_person", 65, "cancer_history back_locks_in_spasm stiff_gait recent_back_strain"),
        ("stimulant_vomits_person", 60, "stimulant_or_beta_agonist_use tremor_rhythmic vomiting"
         " heart_fast_or_irregular"),
    ],
)  # fmt: skip
def test_what_is_mostly_harmless_but_may_be_the_danger_is_seen_the_same_day(flag: str, age: float, words: str) -> None:
    """One step below: the act says what makes it an emergency."""
    result = told(words, age)
    assert (flag in flags(result), result.urgency.level) == (True, Level.TODAY)


@pytest.mark.parametrize(
    ("age", "words", "highest"),
    [
        (30, "twitch_face_or_eyelid place_eyelid stress_or_anxiety_high caffeine_high health_anxiety", Level.NORMAL),
        (28, "twitch_limb place_several_changing numbness_or_tingling stress_or_anxiety_high onset_over_days"
         " feels_weak_but_strength_normal", Level.WATCH),
        (25, "carpopedal_spasm tingling_around_mouth hyperventilating_or_panic dizziness hyperacute_onset_24h",
         Level.WATCH),
        (60, "cramp_any place_calf_or_foot happens_at_night_in_bed", Level.NORMAL),
        (45, "cramp_any place_calf_or_foot bed_rest_or_long_travel", Level.WATCH),
        (30, "tremor_rhythmic cold_wet_or_chilled", Level.WATCH),
        (30, "tremor_rhythmic fever_or_hot headache nasal_or_eye_discharge muscle_soreness", Level.WITHIN_DAYS),
        (30, "tremor_rhythmic fever_or_hot headache muscle_soreness neck_pain_or_head_low", Level.TODAY),
        (40, "twitch_limb lethargy sleep_deprived", Level.WATCH),
        (30, "pain_or_stiffness_no_movement hard_exercise_48h muscle_soreness trouble_rising_or_stairs"
         " hyperacute_onset_24h", Level.WATCH),
        (45, "pain_or_stiffness_no_movement back_pain_person radiating_limb_pain numbness_or_tingling"
         " trouble_rising_or_stairs hyperacute_onset_24h place_one_leg", Level.ROUTINE),
        (45, "cramp_any back_pain_person radiating_limb_pain numbness_or_tingling trouble_rising_or_stairs"
         " onset_over_days place_one_leg", Level.ROUTINE),
        (70, "cramp_any diabetes_known burning_feet trouble_rising_or_stairs onset_over_weeks_or_months", Level.ROUTINE),
        (28, "tremor_rhythmic drank_much_last_night headache light_sensitivity vomiting hyperacute_onset_24h",
         Level.WATCH),
        (72, "cramp_any osteoporosis long_cortisone place_calf_or_foot", Level.WATCH),
        (68, f"{BACK} recent_back_strain worse_on_moving_eases_on_rest", Level.WATCH),
        (35, f"{BACK} recent_back_strain sweating", Level.WATCH),
        (70, "back_locks_in_spasm dizziness onset_over_weeks_or_months", Level.ROUTINE),
        (30, DYSTONIA, Level.TODAY),
        (60, "lip_smacking_tongue_movements antipsychotic_or_antiemetic_use slurred_speech_or_swallowing_trouble"
         " onset_over_weeks_or_months", Level.TODAY),
        (30, "twitch_face_or_eyelid numbing_injection_today", Level.WATCH),
        (60, "cramp_any diabetes_known vomiting diarrhoea abdominal_pain", Level.WITHIN_DAYS),
        (35, "twitch_limb after_lying_or_sitting_on_limb there_on_waking weakness_limbs place_arm_or_hand",
         Level.WITHIN_DAYS),
        (45, "back_pain_person radiating_limb_pain weakness_limbs onset_over_weeks_or_months place_one_leg cramp_any",
         Level.WITHIN_DAYS),
        (28, "drops_limp pregnancy", Level.TODAY),
        (28, "cramp_any pregnancy happens_at_night_in_bed", Level.NORMAL),
        (78, "cramp_any recent_fall_or_trauma blood_thinner_use happens_at_night_in_bed", Level.WITHIN_DAYS),
        (70, "cramp_any kidney_disease slow_heart", Level.TODAY),
        (28, "twitch_limb chest_pain place_arm_or_hand stress_or_anxiety_high", Level.TODAY),
        (35, "tremor_rhythmic known_epilepsy valproate_tacrolimus_or_similar both_hands_with_action"
         " twitch_near_constant", Level.ROUTINE),
        (35, "tremor_rhythmic known_epilepsy valproate_tacrolimus_or_similar both_hands_with_action"
         " episode_lasts_over_15min lasts_over_3_months", Level.ROUTINE),
        (35, "twitch_face_or_eyelid place_eyelid known_epilepsy episode_lasts_5_to_15min", Level.NORMAL),
        (35, "cramp_any known_epilepsy episode_lasts_5_to_15min happens_at_night_in_bed", Level.ROUTINE),
        (35, "recent_vaccination tremor_rhythmic chills_rigor muscle_soreness headache", Level.WATCH),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_danger_frightens_nobody(age: float, words: str, highest: Level) -> None:
    """Plain cramps, colds, anxious twitches, strained backs and tablets' tremor stay where they were."""
    assert told(words, age).urgency.level <= highest


@pytest.mark.parametrize("words", ["seizure_generalised", "seizure_generalised only_once_so_far"])
def test_a_first_or_unknown_fit_stays_an_emergency(words: str) -> None:
    """Only somebody with epilepsy can know that a short fit is the usual one."""
    assert told(words, 35).urgency.level is Level.EMERGENCY_NOW


def test_sight_truly_gone_is_told_apart_from_blurred_eyes() -> None:
    """The question asks for both, so what to do names the one that cannot wait."""
    rule = next(flag for flag in KNOWLEDGE.red_flags if flag.id == "stroke_sight_person")
    assert "truly gone" in rule.act
    assert "emergency department or ambulance now" in rule.act
