"""Reasons that add up."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fascicle import Case, CaseError, assess, explain, load
from fascicle.engine.posterior import posterior
from fascicle.evidence import gather, with_present
from fascicle.interview import MOST_PRESENT
from fascicle.knowledge.compile import observe
from fascicle.model import Evidence, Explanation, Level, Status
from fascicle.networks import compiled
from fascicle.pipeline import why_not
from fascicle.report import text

KNOWLEDGE = load("dog")
ASKABLE = sorted(f for f in KNOWLEDGE.findings if f != "asked_before")


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(ASKABLE), max_size=7), st.sets(st.sampled_from(ASKABLE), max_size=7))
def test_contributions_add_up_to_the_reported_figure(present: set[str], absent: set[str]) -> None:
    """For every listed cause, base rate and answers add up to the log-odds of its probability to 1e-9."""
    result = assess(Case(species="dog", present=sorted(present), absent=sorted(absent - present)))
    for explanation in result.explanations[:5]:
        total = sum(c.log_odds for c in result.contributions if c.cause == explanation.cause)
        p = explanation.probability
        if 1 - p > 1e-6:
            assert total == pytest.approx(math.log(p / (1 - p)), abs=1e-9)


def test_steps_come_in_the_order_base_context_event_sign() -> None:
    """The page reads from what is common to what was seen."""
    case = Case(species="dog", age_years=5, present=["back_skin_twitch_on_touch", "itching", "flea_prevention_lapsed"])
    result = assess(case)
    first = result.explanations[0].cause
    steps = [c.step for c in result.contributions if c.cause == first]
    assert steps == sorted(steps, key=explain.STEPS.index)
    assert set(steps) == set(explain.STEPS)


def test_weight_is_how_far_the_odds_fall_when_that_answer_is_left_out() -> None:
    """The leave-one-out weight equals assessing the case without the finding."""
    case = Case(species="dog", present=["back_skin_twitch_on_touch", "itching", "hair_loss_back_or_tail_base"])
    result = assess(case)
    first = result.explanations[0]
    step = next(
        c for c in result.contributions if c.cause == first.cause and c.finding == "hair_loss_back_or_tail_base"
    )
    less = assess(Case(species="dog", present=["back_skin_twitch_on_touch", "itching"])).explanation(first.cause)
    assert less is not None
    logit = [math.log(p / (1 - p)) for p in (first.probability, less.probability)]
    assert step.weight == pytest.approx(logit[0] - logit[1], rel=1e-9)


def test_why_not_names_what_speaks_against_and_what_would_change_it() -> None:
    """For a cause that is not first, each named finding puts it first when it is given; the figure has its range."""
    case = Case(species="dog", present=["back_skin_twitch_on_touch"], absent=["itching"])
    found = why_not(case, "flea_infestation")
    assert "itching" in [c.finding for c in found.against]
    assert found.explanation == assess(case).explanation("flea_infestation")
    assert found.would_change
    for finding in found.would_change:
        changed = assess(Case(species="dog", present=["back_skin_twitch_on_touch", finding], absent=["itching"]))
        assert changed.explanations[0].cause == "flea_infestation"


def test_of_the_leading_cause_is_said_that_it_leads() -> None:
    """Nothing can put the likeliest cause first; the text says that it is, and no further finding is tried."""
    case = Case(species="dog", present=["back_skin_twitch_on_touch"])
    found = why_not(case, assess(case).explanations[0].cause)
    assert (found.leads, found.would_change) == (True, ())
    assert "it is the likeliest already" in text.why_not(found, KNOWLEDGE)
    assert "no single further finding" not in text.why_not(found, KNOWLEDGE)


def test_what_would_change_it_is_what_one_posterior_for_each_finding_says() -> None:
    """One pass over all unasked findings names the same as working each out by itself, those that replace others too."""
    told = Case(
        species="dog", age_years=3, present=["tremor_rhythmic", "toxin_access_known", "vomiting"], absent=["itching"]
    )
    known, network = gather(told, KNOWLEDGE), compiled(KNOWLEDGE).point
    for cause in ("tox_metaldehyde", "epilepsy_generalised", "flea_infestation"):
        x, expected = network.causes.index(cause), dict[str, float]()
        for finding in (f for f in ASKABLE if f not in known.present | known.absent):
            seen = observe(KNOWLEDGE, with_present(known, finding, KNOWLEDGE), network)
            share = posterior(network, seen).responsible[0]
            if int(share.argmax()) == x:
                expected[finding] = float(share[x])
        assert list(why_not(told, cause).would_change) == sorted(expected, key=lambda f: -expected[f])


def test_with_very_many_signs_no_further_finding_is_tried() -> None:
    """Past the number of signs up to which a question is weighed only what was told is explained, and the text says so."""
    signs = [s for s in compiled(KNOWLEDGE).point.signs if s in KNOWLEDGE.findings and not KNOWLEDGE.findings[s].levels]
    known = Evidence("dog", frozenset(signs), scored=dict.fromkeys(signs[: MOST_PRESENT + 1], Status.PRESENT))
    cause = Explanation("flea_infestation", "Fleas", 0.01, 0.0, 0.1, Level.ROUTINE)
    found = explain.why_not(cause, known, KNOWLEDGE, compiled(KNOWLEDGE).point)
    assert (found.weighed, found.would_change) == (False, ())
    assert "no further finding was tried" in text.why_not(found, KNOWLEDGE)


def test_why_not_of_an_unlikely_cause_still_has_its_range() -> None:
    """A cause too unlikely to be listed is explained too."""
    found = why_not(Case(species="dog", present=["twitch_asleep_only"]), "eclampsia").explanation
    assert found.probability < 0.001
    assert found.low <= found.probability <= found.high


def test_why_not_of_an_unknown_cause_is_refused() -> None:
    """The message names how to list causes."""
    with pytest.raises(CaseError, match="fascicle causes"):
        why_not(Case(species="dog"), "lupus")


def test_natural_frequencies_keep_one_denominator_and_no_false_precision() -> None:
    """Counts are of 1,000, of 10,000 for rare ones, to two digits."""
    common = Explanation("x", "X", 0.6134, 0.4811, 0.7249, Level.ROUTINE)
    rare = Explanation("x", "X", 0.00342, 0.0006, 0.0101, Level.ROUTINE)
    assert explain.natural_frequency(common, load("dog")) == (
        "of 1,000 dogs with this story about 610 (between 480 and 720)"
    )
    assert explain.natural_frequency(rare, load("dog")) == "of 10,000 dogs with this story about 34 (between 6 and 100)"


def test_near_certainty_is_not_told_as_all_of_them() -> None:
    """A figure over 99 in 100 is “more than 990”, never 1,000 of 1,000."""
    sure = Explanation("x", "X", 0.9991, 0.9967, 0.9999, Level.TODAY)
    assert explain.natural_frequency(sure, load("dog")) == "of 1,000 dogs with this story more than 990"
    nearly = Explanation("x", "X", 0.996, 0.969, 0.9999, Level.TODAY)
    assert (
        explain.natural_frequency(nearly, load("dog"))
        == "of 1,000 dogs with this story about 990 (between 970 and 990)"
    )


def test_order_of_answers_changes_no_contribution() -> None:
    """Answers given in another order give the same reasons."""
    present = ["back_skin_twitch_on_touch", "itching", "vomiting", "stiff_gait"]
    shuffled = random.Random(3).sample(present, len(present))
    assert assess(Case("dog", present=present)).contributions == assess(Case("dog", present=shuffled)).contributions


def test_why_not_counts_nested_exposures_once() -> None:
    """Slug bait is named as what would change the answer exactly when assessing both puts slug bait first."""
    told = ["tremor_rhythmic", "toxin_access_known"]
    found = why_not(Case(species="dog", present=told), "tox_metaldehyde")
    both = assess(Case(species="dog", present=[*told, "slug_bait_access"]))
    assert ("slug_bait_access" in found.would_change) == (both.explanations[0].cause == "tox_metaldehyde")
