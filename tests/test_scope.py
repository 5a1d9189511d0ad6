"""Cases the pages are not about: said so, with what to do instead, and the red flags still stand."""

from __future__ import annotations

import pytest

from fascicle import Case, Level, assess, load, next_question
from fascicle.report import plain, text
from fascicle.scope import worth_asking
from fascicle.triage import WEIGHED

MOVED = {"dog": "twitch_limb", "cat": "twitch_limb", "person": "twitch_limb"}


def test_a_child_gets_no_causes_but_is_told_what_to_do_instead() -> None:
    """The reason and the steps come from the knowledge; the level is that of the stop."""
    answer = assess(Case(species="person", age_years=8, present=["twitch_face_or_eyelid"]))
    assert answer.outside is not None
    assert (answer.outside.id, answer.outside.name) == ("too_young", "This is not for a child")
    assert answer.explanations == ()
    assert answer.urgency.level == Level.WITHIN_DAYS
    assert "doctor who treats children" in " ".join(line.text for line in answer.care.now)


def test_a_childs_danger_signs_still_count_and_are_told_first() -> None:
    """A fit that lasts is an emergency at any age."""
    answer = assess(Case(species="person", age_years=8, present=["seizure_generalised", "episode_lasts_over_15min"]))
    assert answer.urgency.level == Level.EMERGENCY_NOW
    assert "ambulance" in answer.care.now[0].text


def test_an_adult_of_sixteen_is_answered() -> None:
    """The bound belongs to the adults."""
    assert assess(Case(species="person", age_years=16, present=["twitch_face_or_eyelid"])).outside is None


@pytest.mark.parametrize("species", ["dog", "cat", "person"])
def test_without_a_movement_no_likelihood_is_told(species: str) -> None:
    """Something was told and nothing moves: the answer says that it is not made for this, and names no cause."""
    knowledge = load(species)
    answer = assess(Case(species=species, present=["vomiting"]))
    assert answer.outside is not None
    assert answer.outside.id == "no_movement"
    told = text.assessment(answer, knowledge)
    assert knowledge.wording.no_movement.name in told
    assert "What may explain it" not in told
    assert not any(WEIGHED in reason for reason in answer.urgency.reasons)
    assert plain.assessment(answer, knowledge)["outside"]["id"] == "no_movement"


@pytest.mark.parametrize("species", sorted(MOVED))
def test_a_movement_or_nothing_at_all_is_answered(species: str) -> None:
    """With a movement, and with nothing told but who it is, the pages hold."""
    for case in (
        Case(species=species, present=[MOVED[species]]),
        Case(species=species, age_years=40 if species == "person" else 4),
    ):
        answer = assess(case)
        assert answer.outside is None
        assert answer.explanations


def test_who_cannot_tell_how_it_moves_is_answered_with_a_warning() -> None:
    """Not being able to tell is not the same as none."""
    answer = assess(Case(species="dog", present=["itching"], unclear=True))
    assert answer.outside is None
    assert any("rough guess" in note for note in answer.notes)


def test_of_a_child_only_what_is_urgent_is_asked() -> None:
    """`next_question` puts to a subject the pages are not about the questions that `assess` names, and then stops."""
    case, skip = Case(species="person", age_years=4, present=["twitch_limb"]), list[str]()
    while (question := next_question(case, skip=skip)) is not None:
        assert question.red_flags or question.group
        assert question == assess(case, skip=skip).next_question
        skip.append(question.id)
    assert assess(case, skip=skip).next_question is None
    older = Case(species="person", age_years=40, present=["twitch_limb"])
    assert next_question(older, skip=skip) is not None


def test_a_person_without_a_movement_is_never_told_that_nothing_is_needed() -> None:
    """A pain or a fall of which the pages know nothing gets an appointment at least."""
    for told in ("recent_fall_or_trauma", "headache", "itching", "poor_sleep"):
        answer = assess(Case(species="person", present=[told], absent=["seizure_generalised", "breathing_trouble"]))
        assert answer.urgency.level >= Level.ROUTINE


def test_chest_pain_with_sweat_is_an_emergency_without_any_movement() -> None:
    """The red flag's own act comes before the general lines."""
    answer = assess(Case(species="person", present=["chest_pain", "sweating"]))
    assert answer.urgency.level == Level.EMERGENCY_NOW
    assert answer.care.now[0].text.startswith("Call an ambulance now")


def test_what_still_is_asked_belongs_to_the_urgent_part() -> None:
    """Questions about causes would lead nowhere."""
    case = Case(species="person", age_years=8, present=["twitch_face_or_eyelid"])
    question, put = assess(case).next_question, []
    while question is not None and len(put) < 30:
        assert question.red_flags or question.group
        put.append(question.id)
        question = assess(case, skip=put).next_question
    assert question is None


def test_an_interview_without_a_movement_asks_what_is_urgent_and_no_more() -> None:
    """Programs still get the next question; who is asked is spared those about causes."""
    knowledge = load("person")
    danger = [f for q in knowledge.questions if q.first for f in q.items]
    answer = assess(Case(species="person", present=["headache"], absent=danger), skip=["kind_person"])
    assert answer.next_question is not None
    asked = worth_asking(answer)
    assert asked is None or asked.red_flags or asked.group
