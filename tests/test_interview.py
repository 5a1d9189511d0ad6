"""Which question comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from fascicle import Case, Level, assess, load, next_question, triage, worth
from fascicle.answers import Imagined, Part, Situation, item_parts, option_part
from fascicle.engine.gain import information
from fascicle.engine.imagine import Asked, joint
from fascicle.engine.posterior import none_of, posterior
from fascicle.evaluation.vignettes import load_vignettes
from fascicle.evidence import gather
from fascicle.knowledge.compile import observe
from fascicle.model import Evidence, Question
from fascicle.networks import compiled
from fascicle.worth import Inquiry, Stakes, chances, gains

KNOWLEDGE = load("dog")
POINT = compiled(KNOWLEDGE).point
CASES = {
    "shaking": Case("dog", present=["tremor_rhythmic"]),
    "weak": Case("dog", present=["twitch_limb", "weakness_limbs", "stiff_gait"], absent=["lameness"]),
    "not paralysed": Case("dog", present=["twitch_generalised"], absent=["paralysis", "itching"]),
    "some poison": Case(
        "dog", present=["tremor_rhythmic", "toxin_access_known"], choices={"onset": "hyperacute_onset_24h"}
    ),
    "slug bait": Case("dog", present=["twitch_generalised", "slug_bait_access"], absent=["xylitol_eaten"]),
    "no slug bait": Case("dog", present=["twitch_generalised"], absent=["slug_bait_access", "itching"]),
    "long back": Case("dog", present=["flinch_pain_on_back_touch", "long_backed_breed"], asked_before=2),
    "male": Case("dog", present=["seizure_generalised", "male"], age_years=3),
    "asleep": Case("dog", present=["twitch_asleep_only", "episodes_multiple_per_day"]),
}
CASES |= {v.id: v.as_case() for v in load_vignettes(Path(__file__).parent.parent / "vignettes" / "dog")[::4]}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


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
    assert len(asked) <= 7


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


def situation(case: Case) -> Situation:
    """A case as it stands."""
    known = gather(case, KNOWLEDGE)
    return Situation.of(known, KNOWLEDGE, POINT, observe(KNOWLEDGE, known, POINT))


def given(known: Evidence, items: Sequence[str], answer: Sequence[Imagined]) -> Evidence:
    """The evidence when somebody really answers: what is ticked is so, of items the rest is not."""
    ticked = frozenset[str]().union(*(alternative.gained for alternative in answer))
    absent = {item for item in items if item not in ticked and KNOWLEDGE.findings[item].group is None}
    told = Case("dog", present=known.present | ticked, absent=known.absent | absent, asked_before=known.asked_before)
    found = gather(told, KNOWLEDGE)
    assert not found.conflicts
    return found


def open_inquiries(known: Evidence, most: int) -> Iterator[Inquiry]:
    """Every question with at most so many items left, and the groups of which one option holds."""
    for question in KNOWLEDGE.questions:
        if question.group is not None:
            if question.group not in known.options and not KNOWLEDGE.groups[question.group].several:
                yield Inquiry(KNOWLEDGE.options[question.group], question.group)
            continue
        items = tuple(i for i in question.items if i not in known.present | known.absent)
        if items:
            yield Inquiry(items[:most])


def by_really_answering(inquiry: Inquiry, case: Situation) -> tuple[float, float]:
    """Fall in loss and bits, by putting every answer into the evidence and starting anew."""
    loss = triage.loss_table(KNOWLEDGE)

    def look(known: Evidence) -> tuple[np.ndarray, np.ndarray, int]:
        """Joint with R, expected loss of every choice, and the least choice."""
        observation = observe(KNOWLEDGE, known, POINT)
        whole = posterior(POINT, observation)
        by_cause = triage.cause_levels(known, KNOWLEDGE)
        levels = [by_cause[cause] for cause in POINT.causes]
        without = [none_of(POINT, observation, row, whole.log_evidence) for row in triage.sets(levels, POINT)]
        probability = triage.needed(levels, whole.responsible, without).probability[0]
        flags = [flag.level for flag in triage.red_flags(known, KNOWLEDGE)]
        least = triage.asked_again(max(flags, default=Level.NORMAL), known, KNOWLEDGE)
        probability[least] = probability[: least + 1].sum()
        probability[:least] = 0.0
        return np.exp(whole.log_joint[0] - case.log_evidence), loss @ probability, least

    _, losses, least = look(case.evidence)
    today = least + int(losses[least:].argmin())
    rows, saved = [], []
    for answer in product(*inquiry.parts(case)):
        joint_now, losses, least = look(given(case.evidence, inquiry.items, answer))
        rows.append(joint_now * np.prod([alternative.told.share for alternative in answer]))
        saved.append(losses[today] - losses[least:].min())
    mass = np.array([row.sum() for row in rows])
    return float(mass @ saved / mass.sum()), information(np.array(rows))


@every_case
def test_an_imagined_answer_equals_the_real_one(case: Case) -> None:
    """Every answer to every open item and group gives the joint that really answering gives, nested exposures too."""
    now = situation(case)
    parts: list[tuple[tuple[str, ...], Part]] = []
    for inquiry in open_inquiries(now.evidence, 7):
        if inquiry.group is not None:
            parts.append((inquiry.items, option_part(inquiry.group, inquiry.items, now)))
        parts += [
            ((item,), part) for item in inquiry.items if inquiry.group is None for part in item_parts([item], now)
        ]
    nobody = len(POINT.causes)
    asked = [Asked((tuple(a.told for a in part),), np.zeros((1, len(part), nobody), dtype=bool)) for _, part in parts]
    tables = joint(POINT, now.observation, asked, now.log_evidence)
    for (items, part), table in zip(parts, tables, strict=True):
        for alternative, imagined in zip(part, table[0], strict=True):
            known = given(now.evidence, items, [alternative])
            real = posterior(POINT, observe(KNOWLEDGE, known, POINT)).log_joint[0]
            expected = np.exp(real - now.log_evidence) * alternative.told.share
            np.testing.assert_allclose(imagined, expected, rtol=1e-9, atol=1e-12, err_msg=str((items, alternative)))


@every_case
def test_the_gain_of_three_items_equals_really_answering(case: Case) -> None:
    """Fall in loss, with red flags, modifiers and what was asked before, and bits, over every pattern of answers."""
    now, stakes = situation(case), Stakes.of(gather(case, KNOWLEDGE), KNOWLEDGE, POINT)
    inquiries = list(open_inquiries(now.evidence, 3))
    for inquiry, gain in zip(inquiries, gains(inquiries, now, stakes, 1.0), strict=True):
        fall, bits = by_really_answering(inquiry, now)
        assert gain.fall == pytest.approx(fall, abs=1e-9), inquiry
        assert gain.bits == pytest.approx(bits, abs=1e-12), inquiry
        assert (gain.most_fall, gain.most_bits) == (gain.fall, gain.bits)


@pytest.mark.parametrize("case", ["weak", "no slug bait"])
def test_the_gain_of_a_long_question_is_exact_while_few_signs_are_present(case: str) -> None:
    """Seven items that raise flags, are nested and of two syndromes, over all 128 patterns."""
    now, stakes = situation(CASES[case]), Stakes.of(gather(CASES[case], KNOWLEDGE), KNOWLEDGE, POINT)
    for inquiry in open_inquiries(now.evidence, 7):
        if {"progressive_weakness", "xylitol_eaten", "stiff_after_rest_eases_with_walking"} & set(inquiry.items):
            [gain] = gains([inquiry], now, stakes, 1.0)
            fall, bits = by_really_answering(inquiry, now)
            assert gain.fall == pytest.approx(fall, abs=1e-9)
            assert gain.bits == pytest.approx(bits, abs=1e-11)


@every_case
def test_a_bounded_question_holds_the_exact_one(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """With three items weighed, bits are never above all items', and all items' fall and bits never above the bound."""
    now, stakes = situation(case), Stakes.of(gather(case, KNOWLEDGE), KNOWLEDGE, POINT)
    inquiries = list(open_inquiries(now.evidence, 7))
    exact = gains(inquiries, now, stakes, 1.0)
    monkeypatch.setattr(worth, "MOST_BITS", 0)
    bounded = gains(inquiries, now, stakes, 1.0)
    assert any(b.most_bits > b.bits for b in bounded)
    for inquiry, whole, part in zip(inquiries, exact, bounded, strict=True):
        adds_up = not any(now.covariate(item) or now.ties.any(item) for item in inquiry.items)
        slack = 1e-9 if adds_up else 0.01
        assert part.bits <= whole.bits + slack, inquiry
        assert whole.bits <= part.most_bits + slack, inquiry
        assert whole.fall <= part.most_fall + slack, inquiry


@every_case
def test_imagined_answers_add_up_to_what_is_known(case: Case) -> None:
    """However exposures are nested, the answers to a question are nearly as likely together as the case."""
    now = situation(case)
    for inquiry in open_inquiries(now.evidence, 7):
        parts = inquiry.parts(now)
        answers = int(np.prod([len(part) for part in parts], dtype=int))
        asked = Asked(
            tuple(tuple(a.told for a in p) for p in parts), np.zeros((1, answers, len(POINT.causes)), dtype=bool)
        )
        [table] = joint(POINT, now.observation, [asked], now.log_evidence)
        exposed = any(now.covariate(item) for item in inquiry.items) or inquiry.group == "age"
        tied = any(now.ties.any(item) and not now.covariate(item) for item in inquiry.items)
        if not tied:  # signs that imply one another, or exclude, are weighed by a network that does not know it
            assert table.sum() == pytest.approx(1.0, abs=0.15 if exposed else 1e-9), inquiry


def test_a_contradiction_is_not_imagined() -> None:
    """A dog that twitches only asleep does not twitch awake; one spot is not several."""
    now = situation(CASES["asleep"])
    assert chances(["twitch_at_rest_awake"], now) == {"twitch_at_rest_awake": 0.0}
    [both] = item_parts(["twitch_single_site_persistent", "twitch_moves_around_body"], now)
    assert {frozenset({"twitch_single_site_persistent"}), frozenset({"twitch_moves_around_body"}), frozenset()} == {
        alternative.gained for alternative in both
    }


def test_a_special_exposure_is_likelier_once_the_general_one_is_known() -> None:
    """Slug bait is some poison: with some poison known its chance is its share of the poisons."""
    before = chances(["slug_bait_access"], situation(CASES["shaking"]))["slug_bait_access"]
    after = chances(["slug_bait_access"], situation(CASES["some poison"]))["slug_bait_access"]
    assert after > 10 * before


def test_a_question_that_can_raise_a_red_flag_is_worth_more_for_it() -> None:
    """Antifreeze tells next to nothing about the causes known, but would mean going at once."""
    known = gather(CASES["shaking"], KNOWLEDGE)
    now, stakes = situation(CASES["shaking"]), Stakes.of(known, KNOWLEDGE, POINT)
    [gain] = gains([Inquiry(("antifreeze_access",))], now, stakes, 1.0)
    [without] = gains([Inquiry(("antifreeze_access",))], now, replace(stakes, rules=()), 1.0)
    assert gain.bits == without.bits < 0.001
    assert gain.fall > 10 * without.fall


def test_items_the_network_does_not_know_are_left_out() -> None:
    """They neither have a chance nor stand in a part."""
    now = situation(CASES["shaking"])
    assert chances(["nothing_known_of_this"], now) == {}
    assert item_parts(["nothing_known_of_this"], now) == []
