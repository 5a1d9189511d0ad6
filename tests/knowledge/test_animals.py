"""What dogs and cats are told: rules that fit a fit, a fever or an accident, harmless habits, poisons."""

from __future__ import annotations

import pytest

from fascicle import Assessment, Case, Level, assess, load
from fascicle.triage import flags_in


def told(species: str, *present: str, absent: tuple[str, ...] = (), **about: object) -> Assessment:
    """The answer to these findings."""
    return assess(Case(species=species, present=present, absent=absent, **about))  # type: ignore[arg-type]


def rules(species: str, *present: str) -> dict[str, Level]:
    """The red flags that these findings meet, and their levels."""
    return {rule.id: rule.level for rule in flags_in(frozenset(present), load(species).red_flags)}


def first(answer: Assessment) -> str:
    """The likeliest cause."""
    return answer.explanations[0].cause


FIT = ("seizure_generalised", "loss_of_awareness", "episode_lasts_seconds_to_minutes")


@pytest.mark.parametrize("species", ["dog", "cat"])
@pytest.mark.parametrize("left_over", [("loss_of_bladder_or_bowel_control", "wobbly_gait"), ("collapse",)])
def test_a_short_fit_is_no_pressed_cord(species: str, left_over: tuple[str, ...]) -> None:
    """Wetting, wobbling and falling belong to a fit: no rule about the cord or the circulation is met by them."""
    if (species, left_over) == ("cat", ("collapse",)):
        pytest.skip("a cat that cannot get up is an emergency whatever goes before it")
    assert max(rules(species, *FIT, *left_over).values()) == Level.TODAY
    assert told(species, *FIT, *left_over, age_years=4).urgency.level == Level.TODAY


@pytest.mark.parametrize("species", ["dog", "cat"])
@pytest.mark.parametrize(
    "present",
    [
        ("loss_of_bladder_or_bowel_control", "paralysis"),
        ("loss_of_bladder_or_bowel_control", "dragging_limb_or_knuckling"),
        ("loss_of_bladder_or_bowel_control", "weakness_limbs"),
        ("loss_of_bladder_or_bowel_control", "wobbly_gait", "hunched_or_stiff_back"),
        ("loss_of_bladder_or_bowel_control", "wobbly_gait", "recent_fall_or_trauma"),
        (*FIT, "episodes_multiple_per_day"),
        ("seizure_generalised", "episode_lasts_5_to_15min"),
        ("seizure_generalised", "toxin_access_known"),
        ("seizure_generalised", "fever_or_hot"),
        ("collapse", "loss_of_awareness", "drops_limp"),
        ("collapse", "loss_of_awareness", "heat_exposure"),
    ],
)
def test_a_pressed_cord_and_a_fit_without_an_end_stay_emergencies(species: str, present: tuple[str, ...]) -> None:
    """What makes a cord, a long, repeated, hot or poisoned fit, or a failing heart dangerous meets a rule."""
    assert max(rules(species, *present).values()) == Level.EMERGENCY_NOW


@pytest.mark.parametrize("age", [0.5, 2, 8, 12])
def test_a_dog_that_is_down_and_does_not_answer_is_an_emergency(age: float) -> None:
    """Without a fit no rule is needed: the probabilities say it."""
    assert told("dog", "collapse", "loss_of_awareness", age_years=age).urgency.level == Level.EMERGENCY_NOW


@pytest.mark.parametrize("age", [2, 6, 11])
@pytest.mark.parametrize("species", ["dog", "cat"])
def test_wobbling_and_leaking_without_a_fit_stays_an_emergency(species: str, age: float) -> None:
    """The narrower rule lets no cord case fall: the probabilities hold it."""
    answer = told(species, "loss_of_bladder_or_bowel_control", "wobbly_gait", age_years=age)
    assert answer.urgency.level == Level.EMERGENCY_NOW


@pytest.mark.parametrize("species", ["dog", "cat"])
@pytest.mark.parametrize("kind", ["tremor_rhythmic", "twitch_generalised"])
def test_shivering_with_a_fever_is_for_today(species: str, kind: str) -> None:
    """Chills are common: by the rules the same day, and at once with heat, panting, collapse or shaking without a break."""
    assert rules(species, kind, "fever_or_hot") == {"shaking_hot": Level.TODAY}
    for more in ("heat_exposure", "panting_restless", "collapse", "twitch_near_constant", "wobbly_gait"):
        assert max(rules(species, kind, "fever_or_hot", more).values()) == Level.EMERGENCY_NOW


@pytest.mark.parametrize("species", ["dog", "cat"])
def test_shaking_without_a_break_is_of_the_whole_body_only_where_that_was_told(species: str) -> None:
    """Old hind legs that tremble as they stand are not called shaking of the whole body."""
    legs = rules(species, "tremor_rhythmic", "twitch_near_constant", "place_hind_legs", "tremor_only_when_standing")
    assert legs == {}
    assert "continuous_whole_body" in rules(species, "tremor_rhythmic", "twitch_near_constant", "place_whole_body")
    assert "continuous_all_over" in rules(species, "twitch_generalised", "twitch_near_constant")


def test_old_legs_that_tremble_wait_for_an_appointment() -> None:
    """A dog of thirteen whose hind legs tremble all the time it stands is no emergency and not for today."""
    present = ("tremor_rhythmic", "twitch_near_constant", "place_hind_legs", "tremor_only_when_standing")
    assert told("dog", *present, age_years=13).urgency.level == Level.ROUTINE


def test_tingling_drops_are_rung_about_today_and_worse_is_an_emergency() -> None:
    """The first hours of a poisoning look like tingling skin; shaking, wobbling, weakness and fits are told apart from it."""
    page = load("dog").causes["spot_on_local_irritation"]
    raised = {tuple(entry.when): entry.to for entry in page.urgency.raise_}
    assert {raised[(f,)] for f in ("pyrethroid_product_used", "drooling", "vomiting", "twitch_generalised")} == {
        "today"
    }
    severe = ("tremor_rhythmic", "wobbly_gait", "seizure_generalised", "weakness_limbs")
    assert {raised[(f,)] for f in severe} == {"emergency_now"}


def test_an_eyelid_that_flickers_this_evening_is_first_of_all_harmless() -> None:
    """With a squint, a running eye and a crooked face denied the harmless flicker is three times as likely as any other cause."""
    no = ("squinting_or_sore_eye", "nasal_or_eye_discharge", "facial_asymmetry")
    present = ("twitch_face_or_eyelid", "place_head_or_face", "hyperacute_onset_24h", "twitch_at_rest_awake")
    answer = told("dog", *present, absent=no, age_years=4)
    assert first(answer) == "benign_isolated_muscle_twitch"
    assert answer.explanations[0].probability > 3 * answer.explanations[1].probability


def test_teeth_that_chatter_after_a_scent_mark_are_harmless() -> None:
    """The tasting of a smell leads and is watched at home; a dog that does not know its people is seen today."""
    answer = told("dog", "jaw_chatter", "after_sniffing_or_licking", age_years=4)
    assert (first(answer), answer.urgency.level <= Level.WATCH) == ("scent_tasting_chatter", True)
    assert told("dog", "jaw_chatter", "loss_of_awareness", age_years=4).urgency.level >= Level.TODAY


def test_a_cat_that_kneads_and_drools_is_well() -> None:
    """Kneading has a line and a page; drool with it frightens nobody, breathing with an open mouth does."""
    answer = told("cat", "kneads_or_treads", "drooling", "purring_relaxed_during_petting", age_years=3)
    assert (first(answer), answer.urgency.level) == ("kneading_or_scent_bliss", Level.NORMAL)
    assert told("cat", "kneads_or_treads", "breathing_trouble").urgency.level == Level.EMERGENCY_NOW


@pytest.mark.parametrize("species", ["dog", "cat"])
def test_hit_by_a_car_or_fallen_far_goes_now(species: str) -> None:
    """A road accident is told apart from a tumble: the one goes at once even without a sign, the other does not."""
    assert rules(species, "road_accident_or_high_fall")["hit_or_fell_far"] == Level.EMERGENCY_NOW
    assert rules(species, "recent_fall_or_trauma") == {}
    limp = ("road_accident_or_high_fall", "tail_low_or_painful")
    assert told(species, *limp, age_years=3).urgency.level == Level.EMERGENCY_NOW


@pytest.mark.parametrize(("sex", "level"), [("female", Level.TODAY), ("male", Level.EMERGENCY_NOW)])
def test_straining_is_an_emergency_in_a_tom(sex: str, level: Level) -> None:
    """A packed bowel with straining for urine is for today in a female and for now in a male."""
    present = ("cannot_pass_faeces", "straining_or_frequent_urination", "pain_cry_or_freeze")
    assert told("cat", *present, sex=sex, age_years=12).urgency.level == level


def test_hiccups_of_a_cat_are_watched_and_a_cough_is_not() -> None:
    """Hiccups alone are watched; a cough or being sick asks for an appointment, a long one for days, hard breathing for now."""
    hiccups = ("hiccup_or_reverse_sneeze",)
    assert told("cat", *hiccups, age_years=1).urgency.level == Level.WATCH
    page = load("cat").causes["hiccups_cough_or_retching"]
    raised = {tuple(entry.when): entry.to for entry in page.urgency.raise_}
    assert {raised[("cough_or_gag",)], raised[("vomiting",)]} == {"routine"}
    assert raised[("cough_or_gag", "episodes_multiple_per_day")] == "within_days"
    assert told("cat", *hiccups, "breathing_trouble", age_years=1).urgency.level == Level.EMERGENCY_NOW


def test_a_painkiller_in_a_cat_is_named_as_such() -> None:
    """Brown gums and a swollen face after a tablet are its poisoning, and no bite that wants antivenom."""
    answer = told(
        "cat", "human_painkiller_given", "swollen_face_or_hives", "brown_or_blue_gums", "twitch_face_or_eyelid"
    )
    assert (first(answer), answer.urgency.level) == ("tox_paracetamol_nsaid", Level.EMERGENCY_NOW)
    assert rules("dog", "brown_or_blue_gums") == {"brown_or_blue_gums": Level.EMERGENCY_NOW}


@pytest.mark.parametrize(("species", "page"), [("dog", "hypoglycaemia_insulin"), ("cat", "hypoglycaemia")])
def test_a_new_medicine_alone_does_not_speak_for_insulin(species: str, page: str) -> None:
    """A new medicine is a new insulin only where there is diabetes, and that is asked by itself."""
    assert "new_drug_or_dose_change" not in load(species).causes[page].context


@pytest.mark.parametrize("species", ["dog", "cat"])
def test_nobody_is_told_to_make_an_animal_sick(species: str) -> None:
    """No page and no poison leaves it open that somebody does it at home on a word by telephone."""
    knowledge = load(species)
    lines = [line.text for page in knowledge.causes.values() for line in (*page.now, *page.avoid)]
    lines += [
        line.text for t in knowledge.toxins.values() for line in (*t.species[species].now, *t.species[species].avoid)
    ]
    assert [text for text in lines if "sick unless" in text] == []


def test_the_deadly_doses_are_the_lowest_that_killed() -> None:
    """Fluorouracil has killed dogs from 2.5 mg/kg on, bromethalin from 0.95."""
    toxins = load("dog").toxins
    assert [toxins[t].species["dog"].bands[-1].above.value for t in ("fluorouracil", "bromethalin")] == [2.5, 0.95]
