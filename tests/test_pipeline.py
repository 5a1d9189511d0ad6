"""The whole flow."""

from __future__ import annotations

import math
import socket
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fascicle
from fascicle import Case, Level, assess, inference, load, next_question, pipeline, triage
from fascicle.care import told_once
from fascicle.engine.posterior import posterior
from fascicle.errors import ImpossibleEvidence
from fascicle.evaluation.vignettes import load_vignettes, some_of, with_pages
from fascicle.evidence import gather
from fascicle.inference import infer
from fascicle.knowledge.compile import observe
from fascicle.knowledge.properties import kind_group
from fascicle.model import CareLine, Evidence, Status
from fascicle.networks import compiled
from fascicle.remarks import worse_than

KNOWLEDGE = load("dog")
VIGNETTES = some_of(
    [v for v in with_pages(load_vignettes(Path(__file__).parent.parent / "vignettes"))[0] if v.scope == "in"], 15
)
"""Enough for what must hold of every case; `fascicle evaluate --gate` runs them all."""
ASKABLE = sorted(f for f in KNOWLEDGE.findings if f != "asked_before")


def test_the_design_example_works_as_written() -> None:
    """The published Python interface."""
    case = fascicle.Case(
        species="dog", age_years=9, sex="male_neutered", breed="Labrador Retriever",
        present=["back_skin_twitch_on_touch", "itching"], absent=["yelps_when_touched_or_lifted"],
    )  # fmt: skip
    a = fascicle.assess(case)
    first = a.explanations[0]
    assert a.urgency.level.id in {level.id for level in Level}
    assert 0 < first.low <= first.probability <= first.high < 1
    assert fascicle.next_question(case) == a.next_question


def test_explanations_are_sorted_and_complete() -> None:
    """All causes from 1 in 1,000 up, `other` included, likeliest first, every one with its interval."""
    result = assess(Case("dog", present=["twitch_limb"]))
    shares = [e.probability for e in result.explanations]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=0.05)
    assert "other" in [e.cause for e in result.explanations]
    assert all(e.low <= e.probability <= e.high for e in result.explanations)


FITTED = Case(species="person", age_years=55, present=["jaw_clenches_or_locks", "jaw_stiff_or_cannot_open"])


def test_what_fits_is_ranked_by_how_likely_each_cause_makes_the_story() -> None:
    """Without the complaint rates: as if every cause were asked about equally often, in a network with flat rates."""
    person = load("person")
    result, network = assess(FITTED, person), compiled(person).point
    flat = replace(network, log_rate=np.zeros_like(network.log_rate))
    share = posterior(flat, observe(person, gather(FITTED, person), flat)).responsible[0]
    first = network.causes.index(result.explanations[0].cause)
    better = [x for x in np.argsort(-share) if share[x] >= share[first] and x != first]
    assert [e.cause for e in result.fits] == [network.causes[x] for x in better if network.causes[x] != "other"][:3]
    assert "tetanus" in [e.cause for e in result.fits]
    assert all(e.probability < result.explanations[0].probability for e in result.fits)


def test_a_plain_eyelid_twitch_has_no_rare_cause_that_fits_better() -> None:
    """Nothing is named only to be complete."""
    assert assess(Case(species="person", age_years=30, present=["twitch_face_or_eyelid"])).fits == ()


def test_an_empty_case_gives_base_rates_marked_as_such_and_the_first_question() -> None:
    """Nothing told: the base rates, a note, and the question to begin with."""
    result = assess(Case("dog"))
    rates = {page.id: page.rate.value for page in KNOWLEDGE.causes.values()}
    for e in result.explanations:
        assert e.probability == pytest.approx(rates[e.cause] / sum(rates.values()), rel=1e-12)
    assert any("how common" in note for note in result.notes)
    assert result.next_question is not None
    assert result.next_question.group == "kind"


def test_the_same_case_never_shows_two_answers() -> None:
    """Figures and intervals are the same whenever a case is assessed."""
    case = Case("dog", present=["twitch_limb", "itching"])
    assert assess(case) == assess(case)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(ASKABLE), max_size=8, unique=True), st.randoms(use_true_random=False))
def test_order_of_answers_changes_nothing(findings: list[str], random) -> None:
    """Every order of the same answers gives the same urgency, figures and question."""
    shuffled = list(findings)
    random.shuffle(shuffled)
    one, two = assess(Case("dog", present=findings)), assess(Case("dog", present=shuffled))
    assert one.urgency == two.urgency
    assert one.explanations == two.explanations
    assert one.next_question == two.next_question


def test_an_unlikely_story_is_not_recognised_and_says_so() -> None:
    """A movement and signs no page explains lead to `other`, with a note."""
    case = Case("dog", present=["phantom_scratching", "paralysis", "facial_rubbing", "hearing_loss"])
    result = assess(case)
    assert not result.recognised
    assert any("Not recognised" in note for note in result.notes)
    assert result.urgency.level >= Level.TODAY


def test_a_second_cause_that_explains_the_itch_is_named_as_also_present() -> None:
    """An itchy dog that twitches only asleep has something itchy beside its dreams."""
    case = Case(
        "dog", present=["twitch_asleep_only", "itching", "hair_loss_back_or_tail_base"], absent=["loss_of_awareness"]
    )
    result = assess(case)
    assert result.explanations[0].cause == "normal_sleep_twitching"
    beside = {a.cause: a for a in result.also_present}
    assert beside["flea_allergy_dermatitis"].probability > 0.3
    assert beside["flea_allergy_dermatitis"].low < beside["flea_allergy_dermatitis"].high


def test_nothing_opens_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading and assessing work with every connection refused."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was attempted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    fascicle.load.cache_clear()
    assert assess(Case("dog", present=["itching"])).explanations


@pytest.mark.slow
@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda v: v.id)
def test_no_urgent_published_case_waits(vignette) -> None:
    """A case that needs a vet today or sooner is never told to wait, and none is told two levels too low."""
    level, least = assess(vignette.as_case()).urgency.level, Level.of(vignette.urgency.least)
    assert level >= Level.TODAY or least < Level.TODAY
    assert level >= least - 1


def test_advice_never_holds_what_must_never_be_said() -> None:
    """No page advises human medicines, stopping tablets, dominance or massage; every cause says what not to do."""
    for page in KNOWLEDGE.causes.values():
        told = " ".join(line.text.lower() for line in (*page.now, *page.prevent))
        for word in (
            "ibuprofen",
            "paracetamol",
            "aspirin",
            "naproxen",
            "relaxant",
            "alpha",
            "massage",
            "stop the tablets",
        ):
            assert word not in told, (page.id, word)
        assert page.avoid


def test_an_open_disc_gets_rest_and_nothing_that_undoes_it() -> None:
    """Where a slipped disc is likely, no line says walk, wait or massage, whatever else may explain the pain."""
    case = Case(
        "dog",
        age_years=6,
        breed="Dachshund",
        present=[
            "flinch_pain_on_back_touch",
            "yelps_when_touched_or_lifted",
            "reluctant_to_jump_or_climb",
            "stiff_gait",
        ],
        absent=["weakness_limbs", "paralysis"],
    )
    result = assess(case)
    assert result.urgency.level is Level.TODAY
    assert {e.cause for e in result.explanations[:3]} == {
        "ivdd_thoracolumbar",
        "muscle_strain_back",
        "lumbosacral_disease",
    }
    told = " ".join(line.text.lower() for line in result.care.now)
    assert "strict rest" in told
    for word in ("walk", "two to three days", "massage", "stretch"):
        assert word not in told


def test_one_action_asked_for_by_two_rules_stands_once_with_the_sources_of_both() -> None:
    """A known fit with loss of awareness is told once to ring a vet, and the source of the one rule is kept."""
    told = ["seizure_generalised", "loss_of_awareness", "known_epilepsy", "normal_between_episodes"]
    result = assess(Case("dog", age_years=3, present=told))
    lines = [line for line in result.care.now if line.text == "Ring a vet now; be seen today."]
    assert len(lines) == 1
    assert lines[0].sources == ("vetclinic_seiz", "aercmn_seizures")


@pytest.mark.slow
def test_what_to_do_never_comes_from_a_less_urgent_cause_from_today_up() -> None:
    """Under “today” or sooner no line to do is taken from a cause that could wait."""
    for vignette in VIGNETTES:
        result = assess(vignette.as_case())
        levels = {e.cause: e.level for e in result.explanations}
        if result.urgency.level >= Level.TODAY:
            assert all(levels[line.cause] >= Level.TODAY for line in result.care.now if line.cause)


@pytest.mark.slow
def test_nothing_that_needs_no_treatment_stands_under_an_urgent_answer() -> None:
    """“Nothing needs treating” is never said beside “see a vet”."""
    for vignette in VIGNETTES:
        result = assess(vignette.as_case())
        if result.urgency.level >= Level.ROUTINE:
            assert not any("Nothing needs treating" in line.text for line in result.care.now)


def test_who_observed_counts_in_every_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures, the next question and “why not” all come from the networks of the reporters the case names."""
    asked = []
    monkeypatch.setattr(
        pipeline, "compiled", lambda knowledge, who: asked.append(dict(who)) or compiled(knowledge, who)
    )
    told = {"present": ["twitch_generalised", "wobbly_gait", "pale_gums"], "absent": ["loss_of_awareness"]}
    vet = Case("dog", **told, observed_by={"pale_gums": "clinician", "loss_of_awareness": "clinician"})
    result = assess(vet)
    assert fascicle.next_question(vet) == result.next_question
    for explanation in result.explanations[:3]:
        assert fascicle.why_not(vet, explanation.cause).explanation == explanation
        steps = [c.log_odds for c in result.contributions if c.cause == explanation.cause]
        assert sum(steps) == pytest.approx(math.log(explanation.probability / (1 - explanation.probability)), rel=1e-9)
    assert asked == [{"pale_gums": "examination", "loss_of_awareness": "examination"}] * 5
    owner = assess(Case("dog", **told))
    assert {e.cause: e.probability for e in owner.explanations} != {e.cause: e.probability for e in result.explanations}


SIGNS = [f.id for f in KNOWLEDGE.findings.values() if f.about == "sign" and f.id in KNOWLEDGE.profile.background]


@pytest.mark.slow
def test_two_dozen_signs_at_once_are_answered_in_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Far beyond what one table holds there are causes with ranges, red flags stand, and what is left out is said."""
    monkeypatch.setattr(inference, "MOST_EFFORT", 1 << 62)  # however long it takes
    result = assess(Case("dog", present=["paralysis", *SIGNS[::4]]))
    assert result.urgency.red_flags
    assert result.urgency.level is Level.EMERGENCY_NOW
    assert any("no reasons in figures" in note for note in result.notes)
    assert result.explanations
    assert all(0.0 <= e.low <= e.probability <= e.high <= 1.0 for e in result.explanations)
    assert (result.contributions, result.next_question) == ((), None)


def _most(monkeypatch: pytest.MonkeyPatch, known: Evidence, states: float) -> None:
    """Let the limits of work stand so many times above, or below, what a case needs."""
    needs = inference.told(known, KNOWLEDGE, compiled(KNOWLEDGE), 1 << 62)[1]
    for limit in ("LONG", "MOST_EFFORT"):
        monkeypatch.setattr(inference, limit, int(needs * states))


def test_fewer_draws_change_neither_causes_nor_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all draws would take too long the probabilities are the same; the ranges still hold them."""
    known = gather(Case("dog", present=["tremor_rhythmic", "wobbly_gait", "vomiting"]), KNOWLEDGE)
    whole = infer(known, KNOWLEDGE, compiled(KNOWLEDGE))
    _most(monkeypatch, known, 0.5)
    monkeypatch.setattr(inference, "MOST_EFFORT", 1 << 62)
    monkeypatch.setattr(inference, "DRAWN", 0)
    short = infer(known, KNOWLEDGE, compiled(KNOWLEDGE))
    assert {e.cause: e.probability for e in short.every} == {e.cause: e.probability for e in whole.every}
    assert all(e.low <= e.probability <= e.high for e in short.every)
    assert (whole.whole, short.whole, short.also_present) == (True, False, ())


def test_what_cannot_all_be_weighed_is_no_less_urgent_than_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit no causes are shown, and how soon to act is by the danger signs, caution and what can be weighed."""
    told = Case("dog", present=["tremor_rhythmic", "slug_bait_access", *SIGNS[:4]])
    known = gather(told, KNOWLEDGE)
    _most(monkeypatch, known, 0.6)
    first = {"slug_bait_access"}
    level = inference.least_loss_of_some(known, KNOWLEDGE, compiled(KNOWLEDGE), first)
    assert level >= KNOWLEDGE.causes["other"].level
    result = assess(told)
    assert result.urgency.level >= max(level, *(flag.level for flag in result.urgency.red_flags))
    assert result.explanations == ()
    assert any("too long" in note and "leave out what" in note for note in result.notes)


def test_where_nothing_fits_the_limit_the_danger_signs_are_weighed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of signs that cannot all be weighed, those of a danger sign come before the others, in the order they are known."""
    known = gather(Case("dog", present=["tremor_rhythmic", *SIGNS[:6]]), KNOWLEDGE)
    last = [f for f, status in known.scored.items() if status is Status.PRESENT][-1]
    weighed = []

    def spy(evidence: Evidence, *_: object) -> Level:
        weighed.append({f for f, status in evidence.scored.items() if status is Status.PRESENT})
        return Level.NORMAL

    only = replace(known, scored={last: Status.PRESENT})
    needs = inference.told(only, KNOWLEDGE, compiled(KNOWLEDGE), 1 << 62)[1]
    monkeypatch.setattr(inference, "LONG", needs)
    monkeypatch.setattr(inference, "least_loss", spy)
    assert (
        inference.least_loss_of_some(known, KNOWLEDGE, compiled(KNOWLEDGE), {last}) is KNOWLEDGE.causes["other"].level
    )
    assert [last in signs for signs in weighed] == [True]


def test_the_level_alone_is_that_of_the_whole_answer() -> None:
    """Readings of a contradiction get the level that the same case, told without it, would get."""
    for present in (["back_skin_twitch_on_touch"], ["tremor_rhythmic", "wobbly_gait"], ["twitch_asleep_only"]):
        known = gather(Case("dog", present=present), KNOWLEDGE)
        networks = compiled(KNOWLEDGE)
        assert inference.least_loss(known, KNOWLEDGE, networks) is infer(known, KNOWLEDGE, networks).level


def test_a_page_long_story_is_answered_with_an_interval() -> None:
    """Thirteen present signs give causes with intervals and no endless wait for a next question."""
    result = assess(Case("dog", present=["tremor_rhythmic", *SIGNS[:13]]))
    assert result.explanations[0].low < result.explanations[0].high


def test_expected_losses_have_ranges() -> None:
    """Each level's expected loss has its interval over the draws, which holds the point that decided or lies below it."""
    urgency = assess(Case("dog", present=["tremor_rhythmic", "wobbly_gait"])).urgency
    assert set(urgency.loss_ranges) == set(urgency.losses) == {level.id for level in Level}
    for level, (low, high) in urgency.loss_ranges.items():
        assert 0.0 <= low < urgency.losses[level] <= high


def test_what_is_not_wanted_changes_nothing_else() -> None:
    """Without reasons and without a further question the rest of the answer is the same to the last digit."""
    case = Case(species="dog", age_years=9, present=["back_skin_twitch_on_touch", "itching"], absent=["collapse"])
    whole = assess(case)
    short = assess(case, reasons=False, further=False)
    assert whole.contributions and whole.next_question is not None
    assert (short.contributions, short.next_question) == ((), None)
    assert replace(whole, contributions=(), next_question=None) == short


def test_reasons_are_given_for_the_cause_that_asks_for_more_than_the_answer() -> None:
    """Among the causes with reasons is the most urgent one listed above the level of the answer."""
    answer = assess(Case(species="dog", present=["back_skin_twitch_on_touch"]))
    worst = worse_than(answer.urgency.level, answer.explanations)
    assert worst is not None
    assert worst.level > answer.urgency.level
    assert worst.cause in {c.cause for c in answer.contributions}


def test_a_warning_with_which_a_longer_one_begins_stands_once() -> None:
    """The longer one takes the first place; others stay in their order, also those made of the same words."""
    short, other = CareLine("No human creams; the dog licks them off."), CareLine("No hot bath.")
    whole = CareLine("No human creams: the dog licks them off, and they make it weak.", "food_allergy")
    assert told_once([short, other, whole]) == (whole, other)
    stop, start = CareLine("Never stop tablets."), CareLine("Never start tablets; ask before you stop.")
    assert told_once([stop, start]) == (stop, start)
    assert told_once([other, other]) == (other,)
    assert told_once([]) == ()


def test_a_harmless_cause_says_nothing_in_an_emergency_that_its_modifiers_made() -> None:
    """A twitching cat after a dog's spot-on: no line about letting it sleep, which the page of sleep twitches has."""
    case = Case(species="cat", present=["permethrin_dog_spot_on_used_on_cat", "twitch_asleep_only"])
    answer = assess(case)
    assert answer.urgency.level == Level.EMERGENCY_NOW
    calm = {line.text for line in load("cat").causes["normal_sleep_twitching"].now}
    assert calm.isdisjoint(line.text for line in answer.care.now)


@pytest.mark.parametrize(
    ("part", "called"),
    [
        ("care.lines", "what else to do"),
        ("popular.claims", "what articles say"),
        ("explain.contributions", "the reasons"),
        ("interview.next_question", "the next question"),
    ],
)
def test_a_fault_in_one_part_costs_that_part_and_never_the_urgency(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, part: str, called: str
) -> None:
    """An emergency that only the probabilities see stays one; the part is named as left out, the case is not logged."""
    told = Case("dog", present=["twitch_face_or_eyelid", "stunted_growth", "poor_water_intake"])
    whole = assess(told)

    def fail(*_: object, **__: object) -> None:
        raise KeyError("stunted_growth")

    monkeypatch.setattr(f"fascicle.pipeline.{part}", fail)
    found = assess(told)
    assert found.urgency == whole.urgency
    assert found.explanations == whole.explanations
    assert found.notes[-1] == f"Left out because of a fault in the program: {called}. How soon to act still holds."
    assert found.care.now
    assert caplog.messages
    assert all(message.startswith("KeyError in ") and "stunted" not in message for message in caplog.messages)


def test_a_reading_that_cannot_be_computed_leaves_the_other_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A contradiction of which one reading is impossible is judged by the flags of that one and by all of the other."""
    told = Case("dog", present=["seizure_generalised", "itching"], absent=["itching"])
    whole = assess(told)
    monkeypatch.setattr("fascicle.pipeline.evidences.readings", lambda *_: [whole.evidence])

    def fail(*_: object) -> None:
        raise ImpossibleEvidence("nothing explains this")

    calls = iter([pipeline.infer, fail])
    monkeypatch.setattr(pipeline, "infer", lambda *given: next(calls)(*given))
    found = assess(told)
    assert found.urgency.probabilistic == whole.urgency.probabilistic
    assert found.urgency.level >= whole.urgency.level
    assert found.explanations == whole.explanations


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers fail, whatever is asked of them."""

    def fail(*_: object, **__: object) -> None:
        raise FloatingPointError("broken")

    monkeypatch.setattr(pipeline, "compiled", fail)


@pytest.mark.parametrize(("species", "age"), [("dog", None), ("cat", None), ("person", 40.0), ("person", 8.0)])
def test_with_broken_numbers_every_danger_sign_is_still_asked_for(
    broken: None, species: str, age: float | None
) -> None:
    """The kind of movement, then every safety question, none twice; then the answer, which says that nothing was weighed."""
    knowledge, put, told = load(species), list[str](), Case(species, age_years=age)
    while (question := assess(told, skip=put).next_question) is not None:
        assert question.id not in put
        assert question == next_question(told, skip=put)
        put.append(question.id)
    assert put[0] == next(q.id for q in knowledge.questions if q.group == kind_group(knowledge))
    assert {q.id for q in knowledge.questions if q.first} <= set(put)
    found = assess(told, skip=put)
    assert found.urgency.level >= (
        knowledge.causes[knowledge.profile.other.cause].level if age != 8.0 else Level.NORMAL
    )
    assert not any("likely" in why or "best choice" in why for why in found.urgency.reasons)


def test_with_broken_numbers_nothing_is_asked_below_what_stands(broken: None) -> None:
    """In an emergency no answer can raise the level, so after the movement nothing more is asked."""
    told = Case("dog", present=["tremor_rhythmic", "breathing_trouble"])
    found = assess(told)
    assert found.urgency.level == Level.EMERGENCY_NOW
    assert found.next_question is None or found.next_question.group is not None


@pytest.mark.parametrize(
    ("present", "level"),
    [
        (["ascending_weakness_days"], Level.EMERGENCY_NOW),
        (["seizure_generalised"], Level.TODAY),
        ([], Level.WITHIN_DAYS),
    ],
)
def test_a_childs_danger_signs_stand_with_broken_numbers(
    monkeypatch: pytest.MonkeyPatch, present: list[str], level: Level
) -> None:
    """What the rules and the stop for children ask for needs no numbers; that they failed is said where they would add to it."""
    told = Case("person", age_years=8, present=present)

    def fail(*_: object, **__: object) -> None:
        raise FloatingPointError("broken")

    monkeypatch.setattr(pipeline, "compiled", fail)
    found = assess(told)
    assert found.urgency.level == level
    assert any("could not be computed" in note for note in found.notes) == (level == Level.TODAY)


@pytest.mark.parametrize("age", [0.0, 1.0, 8.0, 15.9])
@pytest.mark.parametrize(
    "sign", ["seizure_generalised", "collapse", "focal_seizure_signs", "weakness_limbs", "fever_or_hot"]
)
def test_a_child_with_a_danger_sign_is_never_less_urgent_than_a_grown_up(age: float, sign: str) -> None:
    """A first fit is an ambulance at 30; at 8 it was “today”, for the rule alone is the least to do."""
    told = Case("person", present=["twitch_limb", sign])
    child, grown = assess(replace(told, age_years=age)), assess(told)
    if child.urgency.red_flags:
        assert child.urgency.level >= grown.urgency.level


def test_very_many_signs_with_an_emergency_are_not_worked_out_for_minutes() -> None:
    """A danger sign has decided already, so forty signs at once get it and what to do, and why no causes are shown."""
    told = ["breathing_trouble", *(f.id for f in KNOWLEDGE.findings.values() if f.group is None)][:40]
    before = time.monotonic()
    found = assess(Case("dog", present=told))
    assert time.monotonic() - before < 10
    assert (found.urgency.level, found.explanations) == (Level.EMERGENCY_NOW, ())
    assert found.care.now
    assert any("hang together so closely" in note for note in found.notes)


@pytest.mark.parametrize("age", [1, 8, 15])
def test_a_child_meets_every_red_flag_of_an_adult(age: int) -> None:
    """The same story never meets fewer red flags for a child; short breath is for today."""
    knowledge = load("person")
    for finding in ("breathing_trouble", "seizure_generalised", "collapse", "disorientation_confusion"):
        child, adult = (
            triage.red_flags(gather(Case("person", age_years=years, present=[finding]), knowledge), knowledge)
            for years in (age, 40)
        )
        assert {flag.id for flag in adult} <= {flag.id for flag in child}
    assert assess(Case("person", age_years=age, present=["breathing_trouble"])).urgency.level >= Level.TODAY
