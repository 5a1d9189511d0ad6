"""Which question comes next."""

from __future__ import annotations

from dataclasses import replace

from fascicle import Case, Level, assess, load, next_question
from fascicle.model import Question

KNOWLEDGE = load("dog")


def answer(case: Case, question: Question, told: set[str]) -> Case:
    """Tick what was told; in a closed list the rest is absent."""
    ticked = [f for f in question.findings if f in told]
    if question.group is None:
        absent = [f for f in question.findings if f not in ticked]
        return replace(case, present=[*case.present, *ticked], absent=[*case.absent, *absent])
    if KNOWLEDGE.groups[question.group].several:
        return replace(case, present=[*case.present, *ticked])
    return replace(case, choices={**case.choices, question.group: ticked[0]}) if ticked else case


def interview(told: set[str], stop: Level | None = None) -> tuple[Case, list[Question]]:
    """Answer every question from what is told, until the interview ends or a level is reached."""
    case, asked = Case(species="dog"), list[Question]()
    while (question := next_question(case, skip=[q.id for q in asked])) is not None:
        asked.append(question)
        case = answer(case, question, told)
        if stop is not None and assess(case).urgency.level >= stop:
            break
    return case, asked


def test_the_kind_of_movement_is_asked_first_then_red_flags() -> None:
    """Nothing is asked before what it looks like; then every red-flag question, before any other."""
    _, asked = interview({"back_skin_twitch_on_touch"})
    assert asked[0].group == "kind"
    flags = [q.red_flags for q in asked[1:]]
    assert flags == sorted(flags, reverse=True)
    assert {q.id for q in asked if q.red_flags} == {"danger_now", "danger_nerves", "poison_now"}


def test_slug_bait_reaches_the_emergency_within_four_questions() -> None:
    """A dog that shakes all over after slug bait."""
    case, asked = interview({"tremor_rhythmic", "twitch_generalised", "slug_bait_access"}, Level.EMERGENCY_NOW)
    assert assess(case).urgency.level is Level.EMERGENCY_NOW
    assert len(asked) <= 4


def test_a_flinching_chewing_dog_ends_with_flea_allergy_on_top() -> None:
    """A dog that flinches when stroked near the tail and chews itself."""
    told = {
        "back_skin_twitch_on_touch", "flinch_pain_on_back_touch", "overgrooming_or_self_biting", "itching",
        "hair_loss_back_or_tail_base", "red_or_scabby_skin", "flea_prevention_lapsed", "onset_over_weeks_or_months",
        "episode_lasts_under_1s",
    }  # fmt: skip
    case, asked = interview(told)
    result = assess(case)
    assert result.explanations[0].cause == "flea_allergy_dermatitis"
    assert result.urgency.level in (Level.ROUTINE, Level.WITHIN_DAYS)
    assert len(asked) <= 14


def test_a_dreaming_dog_is_left_in_peace_after_few_questions() -> None:
    """A harmless story ends with no action needed."""
    case, asked = interview({"twitch_asleep_only", "rousable_by_name", "normal_between_episodes"})
    assert assess(case).urgency.level is Level.NORMAL
    assert len(asked) <= 6


def test_no_question_is_put_twice_and_none_beyond_the_cap() -> None:
    """Not sure leaves a finding unknown, and its question is not asked again."""
    case, asked = Case(species="dog"), list[str]()
    while (question := next_question(case, skip=asked)) is not None:
        assert question.id not in asked
        asked.append(question.id)
    assert len(asked) <= KNOWLEDGE.interview.most_questions


def test_known_findings_are_not_asked_for() -> None:
    """A question only lists items nobody has answered."""
    case = Case(species="dog", present=["tremor_rhythmic"], absent=["collapse", "pale_gums"])
    question = next_question(case, skip=["danger_nerves", "poison_now"])
    assert question is not None
    assert question.id == "danger_now"
    assert not {"collapse", "pale_gums"} & set(question.findings)


def test_the_same_evidence_gives_the_same_question() -> None:
    """Order of answers does not matter."""
    one = next_question(Case("dog", present=["itching", "twitch_limb"]))
    two = next_question(Case("dog", present=["twitch_limb", "itching"]))
    assert one == two
