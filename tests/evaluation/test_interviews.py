"""Simulated owners say what the case says and no more; the counts about their interviews are right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest

from fascicle import Assessment, Case, Level, load, pipeline
from fascicle.evaluation import owners
from fascicle.evaluation.interviews import (
    EMERGENCIES,
    KEPT,
    NOISES,
    URGENT,
    InterviewResults,
    Played,
    goals,
    plain,
    results,
    run,
    scores,
    text,
    until_urgency,
)
from fascicle.evaluation.owners import (
    Answer,
    Moment,
    Noise,
    Owner,
    Program,
    Transcript,
    answer,
    interview,
    misled_differences,
    order_differences,
    owner_of,
    start,
    told,
)
from fascicle.evaluation.vignettes import Vignette, some_of
from fascicle.evaluation.workers import Workers
from fascicle.model import Family, Question

KNOWLEDGE = load("dog")
SURE_TO_FLIP = Noise(0.0, 1.0)


def vignette(
    name: str,
    present: Sequence[str],
    absent: Sequence[str] = (),
    choices: dict[str, str] | None = None,
    cause: str = "other",
    half: Sequence[str] = (),
    urgency: tuple[str, str] = ("watch", "routine"),
    **who: Any,
) -> Vignette:
    """A case of a few findings."""
    return Vignette.model_validate_json(
        json.dumps(
            {
                "id": name,
                "species": "dog",
                "category": "harmless",
                "difficulty": "easy",
                "source": {"title": "made up", "url": f"https://{name}", "read": "page", "read_on": "2026-11-20"},
                "told": "made up",
                "case": {
                    **who,
                    "present": dict.fromkeys(present, "made up"),
                    "absent": dict.fromkeys(absent, "made up"),
                    "choices": {g: {"option": o, "place": "made up"} for g, o in (choices or {}).items()},
                },
                "accepted": {"full": [cause], "half": list(half), "why": "made up"},
                "urgency": {"least": urgency[0], "most": urgency[1], "why": "made up"},
            }
        )
    )


SLUG = vignette(
    "slug", ["tremor_rhythmic", "slug_bait_access", "drooling"], ["itching", "weakness_limbs"],
    {"onset": "hyperacute_onset_24h"}, "tox_metaldehyde", urgency=("emergency_now", "emergency_now"), age_years=3,
)  # fmt: skip
DREAM = vignette(
    "dream", ["twitch_asleep_only", "rousable_by_name"], ["post_episode_confusion"], cause="normal_sleep_twitching",
    urgency=("normal", "watch"), age_years=4, sex="male", breed="Labrador Retriever",
)  # fmt: skip
POISON = Question(
    "poison_now", "", ("toxin_access_known", "slug_bait_access", "xylitol_eaten", "human_painkiller_given"), ""
)
ONSET = Question("onset", "", KNOWLEDGE.options["onset"], "", "onset")
KIND = Question("kind", "", KNOWLEDGE.options["kind"], "", "kind")


def held(case: Vignette, noise: Noise = owners.HONEST, seed: int = 0, most: int | None = None) -> Transcript:
    """An interview in which nothing is looked up."""
    return interview(owner_of(case, KNOWLEDGE, noise, seed), Program(KNOWLEDGE, keep=False), most)


HONEST_SLUG = held(SLUG)


def last_case(transcript: Transcript) -> Case:
    """The case once every question of a transcript was answered."""
    case = start(transcript.owner)
    for question in transcript.asked:
        case = told(case, question, answer(transcript.owner, question), KNOWLEDGE)
    return case


# What an owner says


def test_an_owner_ticks_denies_and_cannot_tell_within_one_question() -> None:
    """Slug bait is a poison, so that is ticked with it; the other poisons the case is silent on stay open."""
    owner = owner_of(SLUG, KNOWLEDGE)
    reply = answer(owner, POISON)
    assert reply == Answer(("toxin_access_known", "slug_bait_access"), (), ("xylitol_eaten", "human_painkiller_given"))
    signs = Question("some", "", ("itching", "drooling", "lethargy"), "")
    assert answer(owner, signs) == Answer(("drooling",), ("itching",), ("lethargy",))
    case = told(start(owner), signs, answer(owner, signs), KNOWLEDGE)
    assert (case.present, case.absent) == (("drooling",), ("itching",))


def test_what_a_denied_finding_rules_out_is_denied_with_it() -> None:
    """Legs that are not weak are not paralysed."""
    assert owner_of(SLUG, KNOWLEDGE).says["paralysis"] is False


def test_of_a_group_the_option_is_named_or_nothing() -> None:
    """The onset that the case names is chosen; a duration it does not name leaves the case as it was."""
    owner = owner_of(SLUG, KNOWLEDGE)
    assert told(start(owner), ONSET, answer(owner, ONSET), KNOWLEDGE).choices == {"onset": "hyperacute_onset_24h"}
    assert told(start(owner), KIND, answer(owner, KIND), KNOWLEDGE).present == ("tremor_rhythmic",)
    duration = Question("duration", "", KNOWLEDGE.options["duration"], "", "duration")
    assert told(start(owner), duration, answer(owner, duration), KNOWLEDGE) == start(owner)
    assert set(answer(owner, duration).unsure) == set(duration.findings)


def test_an_owner_who_can_tell_nothing_leaves_the_case_as_it_was() -> None:
    """As “not sure” in the terminal does."""
    silent = Owner(SLUG, {})
    assert told(start(silent), POISON, answer(silent, POISON), KNOWLEDGE) == start(silent)


def test_only_age_sex_breed_and_weight_are_told_before_the_first_question() -> None:
    """Not even the movement; and it is what the program asks first."""
    assert start(owner_of(DREAM, KNOWLEDGE)) == Case("dog", age_years=4, sex="male", breed="Labrador Retriever")
    assert HONEST_SLUG.asked[0].group == "kind"


@pytest.mark.parametrize("case", [SLUG, DREAM], ids=lambda v: v.id)
def test_the_unknown_is_never_called_absent(case: Vignette) -> None:
    """In a whole interview nothing is told that the case does not say or imply."""
    transcript = held(case)
    final, says = last_case(transcript), transcript.owner.says
    assert set(final.present) | set(final.choices.values()) <= {f for f, so in says.items() if so}
    assert set(final.absent) <= {f for f, so in says.items() if not so}


# Noise


def test_without_noise_every_seed_is_the_honest_owner() -> None:
    """Zero shares change nothing."""
    assert all(owner_of(SLUG, KNOWLEDGE, Noise(0.0, 0.0), seed) == owner_of(SLUG, KNOWLEDGE) for seed in range(5))


def test_who_is_sure_of_nothing_still_says_what_the_movement_looks_like() -> None:
    """That is what they came about."""
    assert dict(owner_of(SLUG, KNOWLEDGE, Noise(1.0, 0.0)).says) == {"tremor_rhythmic": True}


def test_wrong_for_sure_flips_all_it_may_and_nothing_it_may_not() -> None:
    """Red flags, exposures, age and breed are told as they are; other signs flip; only like movements are confused."""
    signs = [
        "itching",
        "stiff_gait",
        "poor_sleep",
        "tremor_rhythmic",
        "slug_bait_access",
        "drooling",
        "back_skin_twitch_on_touch",
    ]
    case = vignette(
        "flipped", [*signs, "long_backed_breed"],
        ["red_or_scabby_skin", "fever_or_hot", "flea_prevention_lapsed", "dragging_limb_or_knuckling"],
        {"onset": "since_puppyhood", "duration": "episode_lasts_over_15min"},
    )  # fmt: skip
    flags = {f for rule in KNOWLEDGE.red_flags for f in (*rule.all, *rule.any)}
    context = {f.id for f in KNOWLEDGE.findings.values() if f.about == "context"}
    stated, honest = {*case.case.present, *case.case.absent}, owner_of(case, KNOWLEDGE).says
    assert {"itching", "red_or_scabby_skin"} <= stated - flags - context
    for seed in range(40):
        wrong = owner_of(case, KNOWLEDGE, SURE_TO_FLIP, seed).says
        for finding in stated - {"back_skin_twitch_on_touch"}:
            assert (wrong[finding] == honest[finding]) is (finding in flags | context), finding
        chosen = {f for f, so in wrong.items() if so and KNOWLEDGE.findings[f].group is not None}
        assert {"episode_lasts_over_15min", "tremor_rhythmic"} <= chosen
        assert not chosen & {"since_puppyhood", "back_skin_twitch_on_touch"}
        assert len(chosen) == 4
        assert flags & chosen == {"episode_lasts_over_15min", "tremor_rhythmic"}


def test_own_rates_are_those_of_people_at_home() -> None:
    """Missed at 1 - sensitivity, imagined at the rate of false reports, a kind called another by its table: within 4 sd."""
    seeds, noise = 1200, Noise(0.0, None)
    case = vignette("rates", ["dilated_pupils", "twitch_generalised"], ["noise_fear"], age_years=3)
    says = [owner_of(case, KNOWLEDGE, noise, seed).says for seed in range(seeds)]
    entry = KNOWLEDGE.reports.findings
    manners = KNOWLEDGE.reports.manners
    pupils, noises = entry["dilated_pupils"], entry["noise_fear"]
    expected = {
        "dilated_pupils": 1 - (pupils.lay.sensitivity or manners[pupils.manner].lay.sensitivity).p,
        "noise_fear": (noises.lay.false_report or manners[noises.manner].lay.false_report).p,
        "twitch_generalised": sum(KNOWLEDGE.profile.kind_rules.called["twitch_generalised"].values()),
    }
    honest = owner_of(case, KNOWLEDGE).says
    for finding, rate in expected.items():
        seen = sum(one.get(finding) != honest[finding] for one in says) / seeds
        assert seen == pytest.approx(rate, abs=4 * sqrt(rate * (1 - rate) / seeds)), finding


def test_what_is_measured_is_never_told_wrongly() -> None:
    """A breed is not in the table of reports."""
    case = vignette("measured", ["long_backed_breed", "twitch_limb"])
    assert "long_backed_breed" not in KNOWLEDGE.reports.findings
    assert all(owner_of(case, KNOWLEDGE, Noise(0.0, None), seed).says["long_backed_breed"] for seed in range(200))


def test_chance_is_the_same_on_every_machine_and_goes_by_seed_and_finding() -> None:
    """The same seed gives the same owner, another one other lapses, and a harder noise is unsure of the same things."""
    owned = [owner_of(SLUG, KNOWLEDGE, NOISES["noisy"], seed).says for seed in range(30)]
    assert owned == [owner_of(SLUG, KNOWLEDGE, NOISES["noisy"], seed).says for seed in range(30)]
    assert len({tuple(sorted(says.items())) for says in owned}) > 5
    hard = [owner_of(SLUG, KNOWLEDGE, NOISES["noisy, hard"], seed).says for seed in range(30)]
    assert [("drooling" in a) for a in owned] == [("drooling" in b) for b in hard]
    assert owners._chance("slug", 0, "drooling", "unsure") == 0x6F8D7B105D6B6855 / 2**64


# Interviews


def test_every_moment_is_the_program_s_own_answer() -> None:
    """Urgency, red flags, causes and the next question are those of assess()."""
    final = pipeline.assess(last_case(HONEST_SLUG), KNOWLEDGE, skip=[q.id for q in HONEST_SLUG.asked])
    last = HONEST_SLUG.moments[-1]
    assert (last.level, last.question) == (final.urgency.level, None)
    assert last.first == tuple((e.cause, e.probability) for e in final.explanations[:3])
    assert last.flags == tuple(flag.id for flag in final.urgency.red_flags)
    assert HONEST_SLUG.items == tuple(
        sum(q.read(answer(HONEST_SLUG.owner, q).ticked) for q in HONEST_SLUG.asked[:k])
        for k in range(len(HONEST_SLUG.moments))
    )


def test_of_families_only_those_that_hold_a_tick_are_opened() -> None:
    """Three families read, then the two options of the one with the tremor; who can tell nothing reads the families."""
    families = (Family("a", "", ("twitch_limb",)), Family("b", "", ("tremor_rhythmic", "myoclonic_jerks")))
    kinds = ("twitch_limb", "tremor_rhythmic", "myoclonic_jerks", "spasm_sustained")
    question = replace(KIND, findings=kinds, families=(*families, Family("c", "", ("spasm_sustained",))))
    assert question.read(answer(owner_of(SLUG, KNOWLEDGE), question).ticked) == 3 + 2
    assert question.read(answer(Owner(SLUG, {}), question).ticked) == 3
    assert POISON.read(()) == 4


@pytest.mark.slow
def test_looking_up_what_was_told_before_changes_nothing() -> None:
    """One program for all owners of a case gives what a fresh one gives each of them."""
    program = Program(KNOWLEDGE)
    for seed in range(4):
        for noise in NOISES.values():
            kept = interview(owner_of(SLUG, KNOWLEDGE, noise, seed), program, 7)
            assert kept == held(SLUG, noise, seed, 7)
    case = replace(start(owner_of(SLUG, KNOWLEDGE)), present=["tremor_rhythmic"])
    for put in (["danger_now", "kind"], ["kind", "danger_nerves"], ["poison_now", "kind"], ["kind", "poison_now"]):
        assert program.at(case, put) == Program(KNOWLEDGE, keep=False).at(case, put)


def test_a_terse_owner_answers_five_and_an_honest_start() -> None:
    """Giving up is the honest interview cut short."""
    terse = held(DREAM, most=5)
    assert len(terse.asked) == 5
    assert terse.moments == held(DREAM).moments[:6]


def test_the_interview_ends_when_the_numbers_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """As assess() goes on with the red flags alone, and asks nothing more."""
    program, owner = Program(KNOWLEDGE), Owner(SLUG, {})
    first = program.at(start(owner), [])

    def fails(*_: object, **__: object) -> None:
        raise FloatingPointError

    monkeypatch.setattr(pipeline, "next_question", fails)
    assert program.at(start(owner), ["kind"]) == replace(first, question=None)


def test_words_a_region_and_the_order_change_nothing() -> None:
    """What a relative says and what was read is no finding."""
    assert misled_differences(HONEST_SLUG, KNOWLEDGE) == []
    assert order_differences(HONEST_SLUG, KNOWLEDGE) == []


@pytest.mark.parametrize("heard", ["nothing", "GB"])
def test_a_program_that_listens_to_relatives_is_caught(monkeypatch: pytest.MonkeyPatch, heard: str) -> None:
    """One that calms down for words or a region gives another answer from the first moment it changes."""
    real = pipeline.assess

    def gullible(case: Case, *args: Any, **keywords: Any) -> Assessment:
        found = real(case, *args, **keywords)
        calm = heard in f"{case.text} {case.region}"
        return replace(found, urgency=replace(found.urgency, level=Level.NORMAL)) if calm else found

    monkeypatch.setattr(pipeline, "assess", gullible)
    (line,) = misled_differences(HONEST_SLUG, KNOWLEDGE)
    assert line == "slug: a relative says it is nothing: another answer after 0 questions"


def test_a_program_that_goes_by_the_order_is_caught() -> None:
    """One that trusts the first finding told, or the first question put, most."""

    def hasty(case: Case, *args: Any, **keywords: Any) -> Assessment:
        found = pipeline.assess(case, *args, **keywords)
        first = Level.NORMAL if next(iter(case.present)) == "tremor_rhythmic" else Level.WATCH
        return replace(found, urgency=replace(found.urgency, level=first))

    lines = order_differences(HONEST_SLUG, KNOWLEDGE, 6, hasty)
    assert lines == ["slug: another order of the same answers changes urgency"]

    def forgetful(case: Case, *args: Any, skip: Sequence[str], **keywords: Any) -> Assessment:
        return replace(pipeline.assess(case, *args, skip=skip, **keywords), notes=(skip[0],))

    assert order_differences(HONEST_SLUG, KNOWLEDGE, 6, forgetful) == [
        "slug: another order of the same answers changes notes"
    ]


# Figures


def moment(level: Level, *causes: str, items: int = 0) -> Moment:
    """A moment with this urgency and ranking, after which a question of so many items is asked."""
    question = Question("any", "", tuple(f"item {i}" for i in range(items)), "") if items else None
    return Moment(level, (), tuple((cause, 0.1) for cause in causes), question)


def two_cases(noisy: Moment | None = None) -> InterviewResults:
    """An emergency told in two questions and a harmless one in one; noisy owners end like the honest ones or as given."""
    a = vignette("a", ["twitch_limb"], cause="x", half=["y"], urgency=("emergency_now", "emergency_now"))
    b = vignette("b", ["twitch_limb"], cause="z", urgency=("normal", "watch"))
    now = Level.EMERGENCY_NOW
    told_a = (moment(Level.TODAY, "y", items=18), moment(Level.WATCH, "y", "x", items=7), moment(now, "y", "z", "x"))
    told_b = (moment(Level.TODAY, "x", "y", "w", items=18), moment(Level.NORMAL, "z"))
    played = []
    for case, moments in ((a, told_a), (b, told_b)):
        one = Transcript(Owner(case, {}), moments)
        other = one if noisy is None else replace(one, moments=(*moments[:-1], noisy))
        runs = {"honest": (one,), **dict.fromkeys(NOISES, (one, other)), "terse": (one,)}
        played.append(Played(case, runs, (), ()))
    return results(played, 2)


def test_two_cases_counted_by_hand() -> None:
    """Near miss at the top of one, full credit for the other; two and one questions, 25 and 18 items."""
    honest = two_cases().summaries["honest"]
    assert {name: (rate.value, rate.of) for name, rate in honest.rates.items()} == {
        "top-1": (0.75, 2), "top-3": (1.0, 2), "urgency exact": (1.0, 2), "urgency too low": (0.0, 2),
        "urgency too high": (0.0, 2), URGENT: (1.0, 1), EMERGENCIES: (1.0, 1), KEPT: (1.0, 1),
    }  # fmt: skip
    assert (honest.questions.median, honest.questions.most) == (1.5, 2)
    assert (honest.items.median, honest.items.most) == (21.5, 25)
    assert honest.to_urgency is not None
    assert honest.items_to_urgency is not None
    assert (honest.to_urgency.median, honest.items_to_urgency.median, honest.never) == (2, 25, 0)
    assert honest.curve["top-1"][:3] == (0.25, 0.75, 0.75)
    assert honest.curve["top-3"][:3] == (0.25, 1.0, 1.0)
    assert honest.curve["urgency exact"][:4] == (0, 0.5, 1.0, 1.0)
    assert honest.curve[EMERGENCIES][:3] == (0, 0, 1)
    assert honest.curve[KEPT][:2] == (0, 1)
    assert all(len(curve) == 16 for curve in honest.curve.values())


def test_the_interval_of_single_runs_is_wilson_s() -> None:
    """2 of 2: 0.342 to 1."""
    rate = two_cases().summaries["terse"].rates["top-3"]
    assert (rate.low, rate.high) == pytest.approx((0.3424, 1.0), abs=1e-4)


def test_points_lost_to_noise_are_counted_by_hand() -> None:
    """Every second noisy owner ends at “today” with none of the causes: half of everything is lost but the urgent cases."""
    found = two_cases(moment(Level.TODAY, "v"))
    noisy = found.summaries["noisy"]
    assert (noisy.runs, noisy.rates["top-3"].value, noisy.rates["urgency too low"].value) == (2, 0.5, 0.25)
    lost = {metric: cost.value for metric, cost in found.costs["noisy"].items()}
    assert lost == {"top-3": 50, URGENT: 0, EMERGENCIES: 50, KEPT: 50}
    assert noisy.never == 0.5
    cost = found.costs["noisy"]["top-3"]
    assert (cost.low, cost.high) == (50, 50)
    assert not all(goals(found).values())
    assert "no words and no order change anything" in goals(found)


def test_the_bootstrap_draws_cases_and_keeps_their_seeds() -> None:
    """One case loses 50 points and the other 100 whatever the seed, so samples lose 50, 75 or 100."""
    found = two_cases()
    assert all((cost.value, cost.low, cost.high) == (0, 0, 0) for cost in found.costs["noisy"].values())
    a, b = (replace(t, moments=t.moments[:1]) for t in found.transcripts)
    played = [
        Played(t.owner.vignette, {"honest": (whole,), **dict.fromkeys(NOISES, (t, t)), "terse": (whole,)}, (), ())
        for t, whole in zip((a, b), found.transcripts, strict=True)
    ]
    cost = results(played, 2).costs["noisy"]["top-3"]  # a keeps its near miss at once, b has nothing before it is told
    assert (cost.value, cost.low, cost.high) == (75, 50, 100)


def test_metrics_a_case_is_not_about_are_left_open() -> None:
    """A visit within days is neither an emergency nor harmless."""
    case = vignette("c", ["twitch_limb"], cause="x", urgency=("within_days", "within_days"))
    found = scores(case, Level.ROUTINE, ("w", "x"))
    assert found[:5] == [0, 1, 0, 1, 0]
    assert np.isnan(found[5:]).all()


def test_the_urgency_counts_from_when_it_stays() -> None:
    """Right, wrong, right again: from the last time on; wrong at the end: never."""
    right, low = Level.EMERGENCY_NOW, Level.ROUTINE
    assert until_urgency([right, low, right, right], SLUG) == 2
    assert until_urgency([right, right], SLUG) == 0
    assert until_urgency([right, low], SLUG) is None


@pytest.mark.slow
def test_a_run_is_the_same_with_any_number_of_workers_and_can_be_printed() -> None:
    """Two processes and one; progress is told for each case; the JSON holds the interviews; the text the goals."""
    told_so: list[tuple[str, int]] = []

    def shown(label: str, held: Iterable[Played], count: int) -> Iterator[Played]:
        """Note each result as it passes."""
        for result in held:
            told_so.append((f"{label} {result.vignette.id}", count))
            yield result

    one = run([SLUG, DREAM], Workers(KNOWLEDGE), seeds=1, shown=shown)
    with Workers(KNOWLEDGE, 2) as workers:
        two = run([SLUG, DREAM], workers, seeds=1)
    assert one == two
    assert told_so == [("Interviews slug", 2), ("Interviews dream", 2)]
    assert one.summaries["terse"].questions.most == 5 < one.summaries["honest"].questions.most
    data = json.loads(json.dumps(plain(one), allow_nan=False))
    assert list(data["interviews"]) == ["slug", "dream"]
    assert data["interviews"]["slug"][-1]["level"] == "emergency_now"
    assert data["interviews"]["slug"][1]["question"] == "kind"
    assert (data["misled"], data["order"]) == ([], [])
    printed = text(one)
    assert all(words in printed for words in ("2 cases", "noisy, hard", "terse", "points lost to noise", KEPT))
    assert all(goal in printed for goal in goals(one))


@pytest.mark.slow
def test_of_many_cases_only_some_are_told_by_noisy_owners() -> None:
    """Honest and terse owners tell every case; noise costs what it costs in the cases it was tried in, and the text says so."""
    found = run([SLUG, DREAM], Workers(KNOWLEDGE), seeds=1, probed=1)
    (tried,) = some_of([SLUG, DREAM], 1)
    alone = run([tried], Workers(KNOWLEDGE), seeds=1)
    assert {name: summary.cases for name, summary in found.summaries.items()} == {
        "honest": 2, "terse": 2, "noisy": 1, "noisy, hard": 1,
    }  # fmt: skip
    assert found.costs == alone.costs
    assert found.summaries["noisy"] == alone.summaries["noisy"]
    assert "of 1" in text(found)


def test_what_changed_is_printed() -> None:
    """A difference that must not be stands at the end, and its goal is not met."""
    found = replace(two_cases(), misled=("a: an alarming article was read: another answer after 1 questions",))
    assert not goals(found)["no words and no order change anything"]
    assert text(found).rstrip().endswith("another answer after 1 questions")
