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
from fascicle.evaluation.vignettes import load_vignettes, some_of
from fascicle.evidence import gather
from fascicle.interview import answered
from fascicle.knowledge.compile import observe
from fascicle.model import Evidence, Question
from fascicle.networks import compiled
from fascicle.stakes import Stakes
from fascicle.worth import Inquiry, Weighing, best, gains

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
CASES |= {v.id: v.as_case() for v in some_of(load_vignettes(Path(__file__).parent.parent / "vignettes" / "dog"), 5)}
assert KNOWLEDGE.overview is not None
OVERVIEW = KNOWLEDGE.overview
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
    assert len(asked) <= 10


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
        levels, beside = triage.both_levels(known, KNOWLEDGE, POINT)
        without = [
            triage.beyond_usual(none_of(POINT, whole, row), whole.responsible, row, POINT.prevalence)
            for row in triage.sets(beside, POINT)
        ]
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


@pytest.mark.slow
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


@pytest.mark.slow
@every_case
def test_the_gain_of_three_items_equals_really_answering(case: Case) -> None:
    """Fall in loss, with red flags, modifiers and what was asked before, and bits, over every pattern of answers."""
    now, stakes = situation(case), Stakes.of(gather(case, KNOWLEDGE), KNOWLEDGE, POINT)
    inquiries = list(open_inquiries(now.evidence, 3))
    for inquiry, gain in zip(inquiries, gains(inquiries, now, stakes), strict=True):
        fall, bits = by_really_answering(inquiry, now)
        assert gain.fall == pytest.approx(fall, abs=1e-9), inquiry
        assert gain.bits == pytest.approx(bits, abs=1e-12), inquiry


@pytest.mark.slow
@pytest.mark.parametrize("case", ["weak", "no slug bait"])
def test_the_gain_of_a_long_question_is_exact_while_few_signs_are_present(case: str) -> None:
    """Seven items that raise flags, are nested and of two syndromes, over all 128 patterns."""
    now, stakes = situation(CASES[case]), Stakes.of(gather(CASES[case], KNOWLEDGE), KNOWLEDGE, POINT)
    for inquiry in open_inquiries(now.evidence, 7):
        if {"progressive_weakness", "xylitol_eaten", "stiff_after_rest_eases_with_walking"} & set(inquiry.items):
            [gain] = gains([inquiry], now, stakes)
            fall, bits = by_really_answering(inquiry, now)
            assert gain.fall == pytest.approx(fall, abs=1e-9)
            assert gain.bits == pytest.approx(bits, abs=1e-11)


NEARLY = 1.15
"""Chances of exposures that hang together nearly add up, and so do losses where an answer changes a level."""
A_TRIFLE = 0.02
"""A fiftieth of a needless visit; a question is asked from 0.05 up."""


def weighing(questions: Sequence[Inquiry], now: Situation) -> Weighing:
    """What the lists of these questions are weighed with."""
    return Weighing.of(questions, now, Stakes.of(now.evidence, KNOWLEDGE, POINT), KNOWLEDGE.interview)


@pytest.mark.slow
@every_case
def test_a_shorter_list_is_worth_no_more(case: Case) -> None:
    """Bits never are; where exposures hang together, or levels change, nearly. On this rests which lists are weighed."""
    now = situation(case)
    inquiries = [q for q in open_inquiries(now.evidence, 7) if q.group is None]
    weigh = weighing(inquiries, now)
    for inquiry in inquiries:
        ranked = weigh.ranked(weigh.longest(inquiry))
        *shorter, longest = gains([inquiry.only(ranked[:k]) for k in range(1, len(ranked) + 1)], now, weigh.stakes)
        adds_up = not any(now.covariate(item) or now.ties.any(item) for item in inquiry.items)
        for gain in shorter:
            assert gain.bits <= (longest.bits + 1e-9 if adds_up else NEARLY * longest.bits + 1e-3), inquiry
            assert gain.fall + gain.bits <= NEARLY * (longest.fall + longest.bits) + A_TRIFLE, inquiry


@pytest.mark.slow
@every_case
def test_the_choice_is_that_of_weighing_every_list_of_every_question(case: Case) -> None:
    """Of each question the list of most worth less the price of its lines, then the most worth for the effort."""
    now, rules = situation(case), KNOWLEDGE.interview
    inquiries = list(open_inquiries(now.evidence, 7))
    weigh, efforts = weighing(inquiries, now), [1.0 + n % 3 for n in range(len(inquiries))]
    price, found = rules.least_gain * rules.item_effort, []
    for n, inquiry in enumerate(inquiries):
        ranked = weigh.ranked(inquiry)
        every = [inquiry] if inquiry.group else [inquiry.only(ranked[:k]) for k in range(1, len(ranked) + 1)]
        worths = [gain.fall + rules.bits_worth * gain.bits for gain in gains(every, now, weigh.stakes)]
        _, worth, read = max((w - price * len(q.items), w, q.items) for w, q in zip(worths, every, strict=True))
        found.append((worth / (efforts[n] + rules.item_effort * len(read)), -n, read))
    rate, place, read = max(found)
    choice = best(inquiries, efforts, now, weigh.stakes, rules)
    assert (choice.place, choice.items, choice.rate) == (-place, read, pytest.approx(rate, rel=1e-9))


def test_with_many_signs_present_the_rest_of_a_list_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three items are weighed; more are read where they are kept or may be worth their line, and only those."""
    monkeypatch.setattr(worth, "MOST_BITS", 0)
    now = situation(CASES["shaking"])
    items = tuple(next(q.items for q in KNOWLEDGE.questions if q.id == "body_signs"))
    plain = Inquiry(items)
    weigh = weighing([plain], now)
    dearest, worths = weigh.ranked(plain)[:3], gains([plain.only(weigh.ranked(plain)[:3])], now, weigh.stakes)
    most = worths[0].fall + KNOWLEDGE.interview.bits_worth * worths[0].bits
    lists = weigh.lists(plain).known(most)
    read, value = weigh.worth_reading(plain, lists)
    assert set(dearest) <= set(read)
    assert value == pytest.approx(most)
    price = KNOWLEDGE.interview.least_gain * KNOWLEDGE.interview.item_effort
    assert set(read) - set(dearest) == {i for i in items if i not in dearest and weigh.singles[i].most >= price}
    least = min(items, key=lambda item: weigh.singles[item].most)
    assert least in weigh.worth_reading(replace(plain, kept=frozenset([least])), lists)[0]


@pytest.mark.slow
@every_case
def test_what_is_left_out_of_a_safety_question_could_not_have_raised_a_red_flag(case: Case) -> None:
    """Whatever would have been ticked of the whole question, the items listed give the same red flags above what stands."""
    known = gather(case, KNOWLEDGE)
    standing = max((flag.level for flag in triage.red_flags(known, KNOWLEDGE)), default=Level.NORMAL)
    skip = list[str]()
    while (question := next_question(case, skip=skip)) is not None and question.red_flags:
        skip.append(question.id)
        whole = next(q.items for q in KNOWLEDGE.questions if q.id == question.id)
        open_items = [item for item in whole if item not in known.present | known.absent]
        assert set(question.findings) <= set(open_items)
        for ticks in product((False, True), repeat=len(open_items)):
            ticked = {item for item, so in zip(open_items, ticks, strict=True) if so}
            levels = [
                max(
                    (f.level for f in triage.flags_in(known.present | known.disputed | said, KNOWLEDGE.red_flags)),
                    default=Level.NORMAL,
                )
                for said in (
                    situation(case).ties.generals(ticked),
                    situation(case).ties.generals(ticked & set(question.findings)),
                )
            ]
            assert max(levels[0], standing) == max(levels[1], standing), ticked


def test_what_cannot_be_so_is_not_asked_for() -> None:
    """A dog that twitches only asleep is not asked whether it twitches awake."""
    case, skip = CASES["asleep"], list[str]()
    while (question := next_question(case, skip=skip)) is not None:
        assert "twitch_at_rest_awake" not in question.findings
        skip.append(question.id)


def test_what_was_not_listed_stays_unknown() -> None:
    """Who says “none of these” has said nothing about the lines that were not worth reading."""
    case, shorter = CASES["shaking"], 0
    skip = list[str]()
    while (question := next_question(case, skip=skip)) is not None:
        whole = next(q.items for q in (*KNOWLEDGE.questions, OVERVIEW) if q.id == question.id)
        after = answered(case, question, [], KNOWLEDGE)
        assert set(after.absent) - set(case.absent) == (
            set(question.opened_by([])) if question.group is None else set()
        )
        shorter += question.group is None and len(question.findings) < len(whole)
        case = after
        skip.append(question.id)
    assert shorter > 0


def overview_of(case: Case) -> Question:
    """The question of everything else, as it comes once the safety questions are answered."""
    skip = list[str]()
    while (question := next_question(case, skip=skip)) is not None and question.id != OVERVIEW.id:
        skip.append(question.id)
    assert question is not None
    return question


def test_everything_else_comes_once_after_the_safety_questions() -> None:
    """Before it only the movement and what can raise a red flag; after it single questions."""
    case, put = CASES["asleep"], list[Question]()
    while (question := next_question(case, skip=[q.id for q in put])) is not None:
        put.append(question)
    at = [q.id for q in put].index(OVERVIEW.id)
    assert [q for q in put[:at] if q.group != "kind" and not q.red_flags] == []
    assert [q.id for q in put[at + 1 :] if q.red_flags or q.id == OVERVIEW.id] == []
    assert len(put) <= KNOWLEDGE.interview.most_questions


def test_everything_else_holds_every_open_finding_of_its_themes_and_no_other() -> None:
    """What is known already is left out, and a line whose findings are all known with it."""
    question = overview_of(CASES["shaking"])
    known = gather(CASES["shaking"], KNOWLEDGE)
    held = [f for family in question.families for f in family.findings]
    assert held == list(question.findings)
    assert set(held).isdisjoint(known.present | known.absent)
    assert all(family.findings for family in question.families)
    assert set(held) <= {f for q in KNOWLEDGE.questions if q.theme for f in q.items}


def test_of_everything_else_only_lines_with_a_tick_count_as_read() -> None:
    """One tick under “Skin” says no to the other skin signs and nothing of eyes or medicines."""
    question = overview_of(CASES["asleep"])
    skin = next(f for f in question.families if "itching" in f.findings)
    after = answered(CASES["asleep"], question, ["itching"], KNOWLEDGE)
    assert "itching" in after.present
    assert set(after.absent) - set(CASES["asleep"].absent) == set(skin.findings) - {"itching"}
    assert question.read(["itching"]) == len(question.families) + len(skin.findings)


def test_the_kinds_are_asked_by_families_that_hold_each_once() -> None:
    """First a few plain lines; ticking some opens their options, in the order of the whole list."""
    question = next_question(Case("dog"))
    assert question is not None
    assert 2 <= len(question.families) <= 7
    assert sorted(f for family in question.families for f in family.findings) == sorted(question.findings)
    first, last = question.families[0], question.families[-1]
    second = question.within([last.id, first.id])
    assert second.families == ()
    assert second.findings == tuple(f for f in question.findings if f in (*first.findings, *last.findings))
    assert question.within([]).findings == ()


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


def chance(item: str, now: Situation) -> float:
    """P(item present | evidence), as the answers to it alone are imagined."""
    [part] = item_parts([item], now)
    sets = np.zeros((1, len(part), len(POINT.causes)), dtype=bool)
    [table] = joint(POINT, now.observation, [Asked((tuple(a.told for a in part),), sets)], now.log_evidence)
    return float(table[0, [item in a.gained for a in part]].sum() / table.sum())


def test_a_contradiction_is_not_imagined() -> None:
    """A dog that twitches only asleep does not twitch awake; no pupil is wide and tiny."""
    now = situation(CASES["asleep"])
    assert chance("twitch_at_rest_awake", now) == 0.0
    [both] = item_parts(["pinpoint_pupils", "dilated_pupils"], now)
    assert {frozenset({"pinpoint_pupils"}), frozenset({"dilated_pupils"}), frozenset()} == {
        alternative.gained for alternative in both
    }


def test_a_special_exposure_is_likelier_once_the_general_one_is_known() -> None:
    """Slug bait is some poison: with some poison known its chance is its share of the poisons."""
    before = chance("slug_bait_access", situation(CASES["shaking"]))
    after = chance("slug_bait_access", situation(CASES["some poison"]))
    assert after > 10 * before


def test_a_question_that_can_raise_a_red_flag_is_worth_more_for_it() -> None:
    """Antifreeze tells little about the causes known, but would mean going at once."""
    known = gather(CASES["shaking"], KNOWLEDGE)
    now, stakes = situation(CASES["shaking"]), Stakes.of(known, KNOWLEDGE, POINT)
    [gain] = gains([Inquiry(("antifreeze_access",))], now, stakes)
    [without] = gains([Inquiry(("antifreeze_access",))], now, replace(stakes, rules=()))
    assert gain.bits == without.bits < 0.01
    assert gain.fall > 2 * without.fall


def test_items_the_network_does_not_know_are_left_out() -> None:
    """They stand in no part, and nobody reads a line nothing is known of; unless it must be kept."""
    now = situation(CASES["shaking"])
    assert item_parts(["nothing_known_of_this"], now) == []
    for kept in (frozenset[str](), frozenset(["nothing_known_of_this"])):
        inquiry = Inquiry(("nothing_known_of_this",), kept=kept)
        weigh = weighing([inquiry], now)
        assert weigh.worth_reading(inquiry, weigh.lists(inquiry).known(0.0)) == (tuple(kept), 0.0)
