"""What single texts give: denial, lists, guesses, spelling, other animals, details for the form."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from fascicle.intake import read
from fascicle.intake.phrases import index
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.loader import load
from fascicle.model import Status

STORY = "my 9-year-old lab flinches when I stroke near the tail and keeps chewing himself, no fleas that I can see"


@pytest.fixture(scope="module")
def dog() -> Knowledge:
    """The knowledge of dogs."""
    return load("dog")


def said(text: str, knowledge: Knowledge) -> dict[str, str]:
    """Finding -> present or absent."""
    return {s.finding: s.status.value for s in read(text, knowledge).suggestions}


def about(text: str, knowledge: Knowledge) -> dict[str, float | str]:
    """Field of the form -> value."""
    return {d.field: d.value for d in read(text, knowledge).details}


def test_the_story_of_the_home_page_is_read(dog: Knowledge) -> None:
    """Flinch and self-biting present, fleas absent; age and breed for the form."""
    found = said(STORY, dog)
    assert found["flinch_pain_on_back_touch"] == "present"
    assert found["overgrooming_or_self_biting"] == "present"
    assert found["fleas_or_flea_dirt_seen"] == "absent"
    assert about(STORY, dog) == {"age_years": 9.0, "breed": "Labrador Retriever", "sex": "male"}


def test_two_months_are_not_more_than_three() -> None:
    """Any number of months may stand for any other in a phrase, so none may say that it is over three; years may."""
    person = load("person")
    found = {text: said(text, person) for text in ("For two months my arm twitches.", "For two years my arm twitches.")}
    assert ["lasts_over_3_months" in each for each in found.values()] == [False, True]


def test_a_hard_chair_is_no_collapse_and_purple_lids_are_no_spots() -> None:
    """What is told of weak thighs and lilac lids is not the sign of danger whose words it shares."""
    text = "My eyelids have turned purple and there is a rash on my knuckles. I can hardly get up from a chair."
    found = said(text, load("person"))
    assert {"rash_lids_or_knuckles", "trouble_rising_or_stairs"} <= found.keys()
    assert found.keys().isdisjoint({"collapse", "rash_not_fading"})


@pytest.mark.parametrize(
    ("text", "finding", "sure"),
    [
        ("I am 34. My eyelid twitches. My brother has epilepsy.", "known_epilepsy", False),
        ("I am 40 and my calf twitches, my sister has MS", "previous_stroke_or_cord_injury", False),
        ("My wife is 62. I found her shaking. My wife had a fit.", "seizure_generalised", True),
        ("I am worried about my husband. My husband has epilepsy.", "known_epilepsy", True),
        ("My hands shake. I am 50. My mother's hands shake too.", "family_history_tremor", True),
        ("My arm twitches. My brother is fine, I had a fit.", "seizure_generalised", True),
    ],
)  # fmt: skip
def test_what_is_said_of_kin_is_not_taken_as_plainly_said(text: str, finding: str, sure: bool) -> None:
    """Somebody who tells of themself and then of kin: it stays a question. Kin the story is about are the patient."""
    assert [s.sure for s in read(text, load("person")).suggestions if s.finding == finding] == [sure]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no fleas that I can see", {"fleas_or_flea_dirt_seen": "absent"}),
        ("I checked for fleas and found none", {"fleas_or_flea_dirt_seen": "absent"}),
        ("fleas were ruled out by the vet", {"fleas_or_flea_dirt_seen": "absent"}),
        ("there is no sign of fleas", {"fleas_or_flea_dirt_seen": "absent"}),
        ("without any itching", {"itching": "absent"}),
        ("he is eating fine", {"appetite_loss": "absent"}),
        ("he is not eating", {"appetite_loss": "present"}),
        ("she isn't eating well", {"appetite_loss": "present"}),
        ("not only is she itchy but she limps", {"itching": "present", "lameness": "present"}),
        ("no itching, hair loss or dandruff, but he licks his paws",
         {"itching": "absent", "hair_loss_back_or_tail_base": "absent", "dandruff_heavy": "absent",
          "ear_or_paw_itch": "present"}),
        ("he doesn't limp but he is itchy", {"lameness": "absent", "itching": "present"}),
        ("she hasn't got diarrhoea and isn’t limping", {"diarrhoea": "absent", "lameness": "absent"}),
        ("he can't stop licking his paws", {"ear_or_paw_itch": "present"}),
        ("the other dog is itchy. Ours limps.", {"lameness": "present"}),
        ("no vomiting, no fits and he can stand", {}),
    ],
)  # fmt: skip
def test_denial_reaches_what_it_should(dog: Knowledge, text: str, expected: dict[str, str]) -> None:
    """A “no” reaches to the end of its clause and through a list; some sayings with “no” deny nothing."""
    found = said(text, dog)
    assert {name: found.get(name) for name in expected} == expected
    assert bool(found) == bool(expected)


def test_a_question_or_guess_is_not_sure(dog: Knowledge) -> None:
    """“Is he having a fit?” and “maybe” are suggested as not sure, a plain statement as sure."""
    sure = [read(text, dog).suggestions[0].sure for text in ("Is he itchy?", "maybe he is itchy", "He is itchy.")]
    assert sure == [False, False, True]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("he has diarhea", "diarrhoea"),
        ("had a siezure", "seizure_generalised"),
        ("she is limpng", "lameness"),
        ("always scratchin", "itching"),
        ("trembeling", "tremor_rhythmic"),
    ],
)
def test_spelling_mistakes_are_forgiven(dog: Knowledge, text: str, finding: str) -> None:
    """A slip or two in a word does not hide it."""
    assert finding in said(text, dog)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9 yr old lab", {"age_years": 9.0, "breed": "Labrador Retriever"}),
        ("my nine-year-old", {"age_years": 9.0}),
        ("12 weeks old", {"age_years": 0.23}),
        ("18 months old", {"age_years": 1.5}),
        ("17 and a half years old", {"age_years": 17.5}),
        ("10yo spayed bitch", {"age_years": 10.0, "sex": "female_neutered"}),
        ("weighs 45 pounds", {"weight_kg": 20.4}),
        ("he weighs 32kg", {"weight_kg": 32.0, "sex": "male"}),
        ("ten pounds overweight", {}),
        ("for two years", {}),
        ("a 900 year old dog", {}),
        ("two springer spaniels", {"breed": "Springer Spaniel"}),
        ("my 3 year old daughter saw", {}),
        ("my lab, 9, keeps", {"age_years": 9.0, "breed": "Labrador Retriever"}),
        ("lab (male 3)", {"age_years": 3.0, "sex": "male", "breed": "Labrador Retriever"}),
        ("mini dachshund 5 yrs.", {"age_years": 5.0, "breed": "Miniature Dachshund"}),
        ("a 9 year lab", {"age_years": 9.0, "breed": "Labrador Retriever"}),
        ("my dog (11) shakes", {"age_years": 11.0}),
        ("our pup of eleven months was well", {"age_years": 0.92}),
        ("my dog is almost 13 and shakes", {"age_years": 13.0}),
        ("Age: 7", {"age_years": 7.0}),
        ("4 y/o female", {"age_years": 4.0, "sex": "female"}),
        ("twenty-two kilos", {"weight_kg": 22.0}),
        ("it began at age 7", {}),
        ("it began at three years of age", {}),
        ("gave my dog 2, then one more", {}),
        ("gave my dog 2 and a half tablets", {}),
        ("have had my dog 3 years", {}),
        ("my dog 2 days ago", {}),
        ("this dog of three years ago", {}),
    ],
)
def test_details_for_the_form(dog: Knowledge, text: str, expected: dict[str, float | str]) -> None:
    """Age, sex, breed and weight are read in the ways people write them, and nothing is made of other numbers."""
    found = about(text, dog)
    if "breed" in expected and "springer" in text:
        assert found["breed"] in {b.name for b in dog.breeds.breeds}
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("text", "there", "not_there"),
    [
        (
            "he trembles and holds his head low",
            {"tremor_rhythmic", "neck_pain_or_head_low"},
            "head_shaking_or_ear_flapping",
        ),
        ("trembling, head tilted", {"tremor_rhythmic", "head_tilt_or_eye_flicking"}, "head_shaking_or_ear_flapping"),
        ("shakes and flaps his ears", {"head_shaking_or_ear_flapping"}, "tremor_rhythmic"),
        ("licks and chews his paws", {"ear_or_paw_itch"}, "tremor_rhythmic"),
    ],
)
def test_of_two_verbs_each_has_its_own_noun(dog: Knowledge, text: str, there: set[str], not_there: str) -> None:
    """What stands after “and” belongs to the verb beside it, unless both say the same of it."""
    found = set(said(text, dog))
    assert (there - found, not_there in found) == (set(), False)


@pytest.mark.parametrize("text", ["", "   ", "...", "My dog is lovely.", "12345", "日本語", "🐶"])
def test_text_that_matches_nothing_says_so(dog: Knowledge, text: str) -> None:
    """The reading is empty, and the sentences nothing came from are named."""
    reading = read(text, dog)
    assert reading.empty
    assert "".join(reading.unread).strip(" .") in text


def test_only_findings_of_the_species_are_matched(dog: Knowledge) -> None:
    """A finding that the knowledge does not have is not suggested."""
    fewer = replace(dog, findings={n: f for n, f in dog.findings.items() if n != "itching"})
    assert "itching" in said("he is itchy", dog)
    assert "itching" not in said("he is itchy", fewer)


def test_what_the_form_settles_is_no_finding(dog: Knowledge) -> None:
    """Age bands, sexes and breeds come as details for the form, never as findings."""
    found = said("a nine year old unneutered male beagle", dog)
    assert not [name for name in found if name.startswith(("age_", "male", "breed_"))]


def test_said_both_ways_is_present_and_not_sure(dog: Knowledge) -> None:
    """The careful reading wins where a text contradicts itself."""
    (suggestion,) = read("He is itchy. He is not itchy.", dog).suggestions
    assert (suggestion.status.value, suggestion.sure) == ("present", False)


def test_a_sentence_takes_at_most_20_milliseconds(dog: Knowledge) -> None:
    """The middle of 51 readings, after the phrases were prepared once."""
    read(STORY, dog)
    times = []
    for _ in range(51):
        begin = time.perf_counter()
        read(STORY, dog)
        times.append(time.perf_counter() - begin)
    assert sorted(times)[25] < 0.02


def test_the_same_text_is_read_the_same_way(dog: Knowledge) -> None:
    """Reading is deterministic."""
    assert read(STORY, dog) == read(STORY, dog)


def test_what_is_too_long_to_read_is_said(dog: Knowledge) -> None:
    """Words beyond the longest text are named as unread."""
    text = "He is itchy. " + "x " * 5000 + "She limps."
    assert "She limps." in read(text, dog).unread[-1]
    assert said(text, dog) == {"itching": "present"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("I am 34 and woke with a cramp", {"age_years": 34.0}),
        ("I'm 34, my calf twitches", {"age_years": 34.0}),
        ("my son is 8 and blinks", {"age_years": 8.0}),
        ("my 8 year old daughter blinks", {"age_years": 8.0}),
        ("My husband, 62, his hand shakes", {"age_years": 62.0, "sex": "male"}),
        ("a 57 year old woman with jerks", {"age_years": 57.0, "sex": "female"}),
        ("I am 34 weeks pregnant and have cramps", {}),
        ("my wife saw my calf twitching for 3 days", {}),
    ],
)
def test_people_tell_their_age_in_their_own_way(words: str, found: dict[str, object]) -> None:
    """Of themselves, and of who they ask for; a relative who only looks on tells no sex."""
    assert about(words, load("person")) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (
            "my calf twitches at night and I am scared of ALS",
            {"twitch_limb", "place_calf_or_foot", "happens_at_night_in_bed", "health_anxiety"},
        ),
        ("eyelid twitching for two weeks, lots of coffee", {"twitch_face_or_eyelid", "caffeine_high"}),
    ],
)
def test_what_people_write_is_heard(words: str, found: set[str]) -> None:
    """The movement, its place and hour, and what they fear."""
    assert found <= {suggestion.finding for suggestion in read(words, load("person")).suggestions}


@pytest.mark.parametrize(
    ("species", "text", "unsaid"),
    [
        ("dog", "back leg goes when I rub his belly", {"paralysis"}),
        ("dog", "her back legs go rigid like a deer", {"paralysis"}),
        ("cat", "she bumps into things", {"recent_fall_or_trauma"}),
        ("cat", "his eyes dont react to light", {"loss_of_awareness"}),
        ("cat", "she flops over and rolls and purrs", {"drops_limp", "lameness"}),
        ("dog", "he tips over when he shakes his head", {"seizure_generalised"}),
        ("dog", "fast asleep on the sofa and her paws keep paddling", {"seizure_generalised"}),
        ("cat", "legs paddling in her sleep", {"seizure_generalised"}),
        ("cat", "used to have fits as a kitten", {"seizure_generalised"}),
        ("cat", "goes in and out of the litter tray", {"outdoor_access"}),
        ("dog", "neck muscles go into spasm", {"seizure_generalised"}),
        ("dog", "chewing gum movements of the jaw", {"xylitol_eaten"}),
        ("dog", "took the pup's big brother on a run", {"pregnancy"}),
        ("dog", "pregnant dog with green discharge", {"nasal_or_eye_discharge"}),
        ("dog", "puts herself under the duvet", {"recent_anaesthesia"}),
        ("dog", "his teeth were checked last month", {"asked_before"}),
        ("dog", "on fluoxetine from the vet", {"antidepressant_or_stimulant_pill_access"}),
        ("dog", "he has a slight limp", {"drops_limp"}),
        ("dog", "his temperature is 38.5", {"fever_or_hot"}),
        ("dog", "the temperature outside was 40, he is 40 cm tall", {"fever_or_hot"}),
        ("dog", "second fit in two months", {"episodes_multiple_per_day"}),
        ("dog", "two fits last month and today he is fine", {"episodes_multiple_per_day"}),
        ("dog", "trying to be sick but nothing comes", {"straining_or_frequent_urination"}),
        ("person", "with this cold so on my blue inhaler", {"cold_mottled_skin"}),
        ("person", "my knee locked solid", {"muscle_rigidity_severe"}),
        ("person", "he was hot all day", {"heat_exposure"}),
        ("person", "then it went right back to normal", {"back_locks_in_spasm"}),
        ("person", "my wife is a midwife", {"pregnancy"}),
        ("person", "paracetamol doing nothing", {"twitch_at_rest_awake"}),
        ("cat", "his tail shakes like a rattlesnake", {"snake_or_toad_contact"}),
        ("cat", "Mum cat is a stray", {"nursing_litter"}),
        ("cat", "he is a Ragdoll kitten", {"drops_limp"}),
        ("cat", "hasnt eaten anything odd", {"appetite_loss"}),
        ("dog", "nothing poisonous eaten", {"appetite_loss"}),
        ("dog", "He was lying dozing when it started", {"lethargy"}),
        ("dog", "then he carries on as if nothing was", {"stress_or_anxiety_high"}),
    ],
)
def test_harmless_words_are_not_taken_for_a_danger(species: str, text: str, unsaid: set[str]) -> None:
    """Words that a sign of danger shares with an everyday thing do not give the sign."""
    assert {name for name, status in said(text, load(species)).items() if status == "present"} & unsaid == set()


@pytest.mark.parametrize(
    ("species", "text"),
    [
        ("dog", "fast asleep on the sofa and her paws keep paddling"),
        ("cat", "while asleep his paws and whiskers twitch"),
        ("cat", "he is dozing and his legs paddling"),
        ("dog", "asleep, legs going like he is running"),
    ],
)
def test_paws_that_go_in_sleep_are_sleep_twitching(species: str, text: str) -> None:
    """What paws and legs do while the animal sleeps is read as twitching asleep, with sleep told first too."""
    assert said(text, load(species)).get("twitch_asleep_only") == "present"


@pytest.mark.parametrize("text", ["my queen is nursing 3 week old kittens", "her puppies are 3 weeks old"])
def test_the_age_of_a_litter_is_not_that_of_its_mother(text: str) -> None:
    """Only the age of the animal itself goes to the form."""
    assert "age_years" not in about(text, load("cat"))


@pytest.mark.parametrize("species", ["dog", "cat", "person"])
def test_no_words_say_a_finding_and_its_absence(species: str) -> None:
    """“I never drink” stood under heavy drinking: read loosely, what a phrase says must not be what another one denies."""
    said: dict[tuple[str, tuple[str, ...]], set[bool]] = {}
    for held in index(load(species)).by_word.values():
        for phrase in held:
            if not phrase.literal:
                said.setdefault((phrase.finding, tuple(sorted(phrase.words))), set()).add(phrase.present)
    assert [words for words, both in said.items() if len(both) > 1] == []


@pytest.mark.parametrize(
    ("species", "text", "finding"),
    [
        ("dog", "The skin above his left eye flickers, like a tiny twitch.", "twitch_generalised"),
        ("person", "I don't usually drink.", "alcohol_heavy"),
        ("person", "I fainted, then woke right up.", "happens_at_night_in_bed"),
        ("dog", "As soon as we get out he is right as rain.", "cold_wet_or_chilled"),
    ],
)
def test_what_is_not_said_is_not_read(species: str, text: str, finding: str) -> None:
    """A bare “twitch” beside a nearer kind, a denial, and sayings with the words of something else say nothing of the kind."""
    assert finding not in {s.finding for s in read(text, load(species)).suggestions if s.status is Status.PRESENT}
