"""Urgency: red flags need no inference, and probabilities only choose among levels by their losses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fascicle import Case, Level, assess, load, pipeline
from fascicle.engine.posterior import none_of, posterior
from fascicle.errors import ImpossibleEvidence, TooManyFindings
from fascicle.evidence import gather
from fascicle.knowledge.compile import observe
from fascicle.networks import compiled
from fascicle.triage import (
    asked_again,
    beyond_usual,
    both_levels,
    cause_levels,
    choose,
    flags_in,
    loss_table,
    needed,
    sets,
)

KNOWLEDGE = load("dog")
FINDINGS = sorted(KNOWLEDGE.findings)


def rule_findings() -> list[tuple[str, list[str]]]:
    """Each red flag with one smallest set of findings that meets it."""
    return [(r.id, [*r.all, *r.any[:1]]) for r in KNOWLEDGE.red_flags]


@pytest.mark.parametrize(("rule", "findings"), rule_findings())
def test_every_red_flag_is_met_by_its_findings_and_sets_its_level(rule: str, findings: list[str]) -> None:
    """Each rule fires on a smallest case and the urgency is at least what it says."""
    result = assess(Case(species="dog", present=findings))
    met = {flag.id: flag.level for flag in result.urgency.red_flags}
    assert rule in met
    assert result.urgency.level >= met[rule]


@pytest.mark.parametrize(
    "error",
    [ImpossibleEvidence("none"), TooManyFindings("many"), MemoryError(), FloatingPointError("x"), IndexError("y")],
    ids=lambda e: type(e).__name__,
)
def test_red_flags_still_stand_when_inference_fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Without probabilities the answer still names the red flag, and never falls below it."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "infer", fail)
    monkeypatch.setattr(pipeline, "least_loss_of_some", fail)
    result = assess(Case(species="dog", present=["slug_bait_access", "tremor_rhythmic"]))
    assert result.urgency.level is Level.EMERGENCY_NOW
    assert result.explanations == ()
    assert result.urgency.probabilistic is None
    calm = assess(Case(species="dog", present=["itching"]))
    assert calm.urgency.level >= KNOWLEDGE.causes["other"].level


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(FINDINGS), max_size=6), st.sampled_from(FINDINGS))
def test_one_more_present_finding_never_lowers_the_red_flags(findings: set[str], more: str) -> None:
    """Rules only raise: a set of findings that is larger meets at least the same rules."""
    before = {f.id for f in flags_in(frozenset(findings), KNOWLEDGE.red_flags)}
    after = {f.id for f in flags_in(frozenset(findings | {more}), KNOWLEDGE.red_flags)}
    assert before <= after


def test_a_disputed_finding_counts_in_its_worse_reading() -> None:
    """Slug bait told both ways is still an emergency."""
    case = Case(species="dog", present=["slug_bait_access", "twitch_limb"], absent=["slug_bait_access"])
    result = assess(case)
    assert result.urgency.level is Level.EMERGENCY_NOW
    assert result.evidence.disputed == {"slug_bait_access"}


def test_the_worse_reading_of_a_contradiction_decides_without_a_red_flag() -> None:
    """Asleep-only and awake contradict; the more urgent of both readings counts."""
    both = assess(Case(species="dog", present=["twitch_asleep_only", "twitch_at_rest_awake"]))
    asleep = assess(Case(species="dog", present=["twitch_asleep_only"]))
    awake = assess(Case(species="dog", present=["twitch_at_rest_awake"]))
    assert both.urgency.level >= max(asleep.urgency.level, awake.urgency.level)


def test_asking_again_raises_one_level_up_to_today() -> None:
    """Twice asked is one level sooner, never beyond today, and never lower."""
    evidence = gather(Case(species="dog", asked_before=2), KNOWLEDGE)
    raised = {level: asked_again(level, evidence, KNOWLEDGE) for level in Level}
    assert raised == {
        Level.NORMAL: Level.WATCH,
        Level.WATCH: Level.ROUTINE,
        Level.ROUTINE: Level.WITHIN_DAYS,
        Level.WITHIN_DAYS: Level.TODAY,
        Level.TODAY: Level.TODAY,
        Level.EMERGENCY_NOW: Level.EMERGENCY_NOW,
    }
    once = gather(Case(species="dog", asked_before=1), KNOWLEDGE)
    assert asked_again(Level.ROUTINE, once, KNOWLEDGE) is Level.ROUTINE


@pytest.mark.parametrize(
    ("present", "level"),
    [
        (["onset_over_weeks_or_months"], Level.ROUTINE),
        (["since_puppyhood"], Level.ROUTINE),
        (["onset_over_weeks_or_months", "weight_loss"], Level.WITHIN_DAYS),
        (["hyperacute_onset_24h"], Level.WITHIN_DAYS),
    ],
)
def test_asking_again_about_a_slow_old_trouble_is_the_rule(present: list[str], level: Level) -> None:
    """What came slowly and does not get worse stays where it is; what came suddenly or gets worse goes up."""
    evidence = gather(Case(species="dog", present=present, asked_before=2), KNOWLEDGE)
    assert asked_again(Level.ROUTINE, evidence, KNOWLEDGE) is level


@pytest.mark.parametrize("species", ["dog", "cat", "person"])
def test_hidden_troubles_that_nothing_points_at_do_not_count(species: str) -> None:
    """With no evidence at all the level needed is that of the causes alone, whatever anybody may have besides."""
    knowledge = load(species)
    network = compiled(knowledge).point
    nothing = gather(Case(species=species), knowledge)
    whole = posterior(network, observe(knowledge, nothing, network))
    _, beside = both_levels(nothing, knowledge, network)
    for members in sets(beside, network):
        without = none_of(network, whole, members)
        assert without.sum() < whole.responsible.sum() - 1e-5
        np.testing.assert_allclose(
            beyond_usual(without, whole.responsible, members, network.prevalence), whole.responsible
        )


def test_what_points_at_a_hidden_trouble_counts_in_full() -> None:
    """The share left to R without urgent bystanders is P(R, evidence | none of them there) / P(evidence)."""
    network = compiled(KNOWLEDGE).point
    told = gather(Case(species="dog", present=["skin_rippling_spontaneous", "wobbly_gait"]), KNOWLEDGE)
    observation = observe(KNOWLEDGE, told, network)
    whole = posterior(network, observation)
    _, beside = both_levels(told, KNOWLEDGE, network)
    for members in sets(beside, network):
        nobody = replace(network, prevalence=np.where(members, 0.0, network.prevalence))
        ratio = np.exp(posterior(nobody, observation).log_joint - whole.log_evidence)
        expected = np.minimum(ratio, whole.responsible)
        found = beyond_usual(none_of(network, whole, members), whole.responsible, members, network.prevalence)
        np.testing.assert_allclose(found, expected, atol=1e-12)
        assert 1 - found.sum() > 1.5 * network.prevalence[members].sum()


def test_a_causes_own_modifiers_raise_its_level() -> None:
    """A disc with a dragging foot is an emergency."""
    calm = cause_levels(gather(Case(species="dog"), KNOWLEDGE), KNOWLEDGE)
    bad = cause_levels(gather(Case(species="dog", present=["dragging_limb_or_knuckling"]), KNOWLEDGE), KNOWLEDGE)
    assert calm["ivdd_thoracolumbar"] is Level.TODAY
    assert bad["ivdd_thoracolumbar"] is Level.EMERGENCY_NOW


def test_another_causes_signs_make_a_bystander_no_more_urgent() -> None:
    """Dullness makes fear as the explanation urgent, not a fearful dog with a sore tail; a disc's own sign counts either way."""
    dull = gather(Case(species="dog", present=["lethargy", "dragging_limb_or_knuckling"]), KNOWLEDGE)
    own, beside = (cause_levels(dull, KNOWLEDGE, beside=there) for there in (False, True))
    assert "lethargy" not in KNOWLEDGE.causes["fear_anxiety_trembling"].signs
    assert (own["fear_anxiety_trembling"], beside["fear_anxiety_trembling"]) == (Level.TODAY, Level.ROUTINE)
    assert own["ivdd_thoracolumbar"] is beside["ivdd_thoracolumbar"] is Level.EMERGENCY_NOW
    assert all(beside[cause] <= own[cause] for cause in KNOWLEDGE.causes)


def test_the_level_needed_counts_urgent_bystanders_by_hand() -> None:
    """A harmless R with an emergency bystander in 3 of 10 needs an emergency in 3 of 10."""
    levels = [Level.NORMAL, Level.EMERGENCY_NOW]
    responsible = np.array([[0.9, 0.1]])
    calm = np.array([[0.6, 0.0]])  # R = first and nobody urgent beside it
    found = needed(levels, responsible, [calm, calm]).probability[0]
    np.testing.assert_allclose(found, [0.6, 0, 0, 0, 0, 0.4])


def test_the_choice_is_the_least_loss_at_the_quantile_and_ties_go_up() -> None:
    """The quantile over draws decides, not the mean; of equal losses the more urgent level is taken."""
    losses = np.array([[1.0, 2, 9, 9, 9, 9]] * 7 + [[8.0, 2, 9, 9, 9, 9]] * 3)
    weights = np.full(10, 0.1)
    assert choose(losses, weights, 0.5)[0] is Level.NORMAL
    assert choose(losses, weights, 0.8)[0] is Level.WATCH
    assert choose(np.ones((4, 6)), np.full(4, 0.25), 0.8)[0] is Level.EMERGENCY_NOW


def test_too_low_costs_more_than_too_high() -> None:
    """For every pair of levels, too low is dearer than too high by the same pair."""
    table = loss_table(KNOWLEDGE)
    for chosen in Level:
        for needed_level in Level:
            if chosen < needed_level:
                assert table[chosen, needed_level] > table[needed_level, chosen]


def test_nothing_but_a_finding_changes_the_urgency() -> None:
    """Words, region and who asks change nothing."""
    case = Case(species="dog", present=["tremor_rhythmic", "slug_bait_access"])
    for soothing in (
        replace(case, text="my brother says it is nothing, it is surely harmless"),
        replace(case, region="US"),
    ):
        assert assess(soothing).urgency == assess(case).urgency
        assert assess(soothing).explanations == assess(case).explanations
