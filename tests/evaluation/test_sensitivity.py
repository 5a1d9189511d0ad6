"""Numbers that move the answers, causes that cannot lead, findings without effect: each found when planted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fascicle import load
from fascicle.engine.draws import Number
from fascicle.engine.posterior import posterior
from fascicle.evaluation.sensitivity import (
    _chosen,
    _ends,
    best_case,
    best_cases,
    movements,
    never_leading,
    never_mattering,
)
from fascicle.evaluation.vignettes import Vignette, load_vignettes
from fascicle.evaluation.workers import Workers
from fascicle.evidence import gather
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import observe
from fascicle.networks import compiled

DOG = load("dog")
VIGNETTES = [v for v in load_vignettes(Path(__file__).parents[2] / "vignettes" / "dog") if v.species == "dog"]
FEW = ("flea_allergy_dermatitis", "flea_infestation", "normal_cutaneous_trunci_reflex", "other")


def small(**pages: object) -> Knowledge:
    """Knowledge of four causes and whatever pages are given: quick to search."""
    causes = {name: DOG.causes[name] for name in FEW} | pages
    return replace(DOG, causes=dict(sorted(causes.items())), version=f"small {sorted(pages)}")


def told(vignette: Vignette, *present: str) -> Vignette:
    """The vignette with only these findings told."""
    plain = {"age_years": None, "sex": None, "breed": None, "weight_kg": None, "choices": {}, "absent": {}}
    case = vignette.case.model_copy(update={**plain, "present": dict.fromkeys(present, "told")})
    return vignette.model_copy(update={"case": case})


ITCHY = told(VIGNETTES[0], "back_skin_twitch_on_touch", "itching", "hair_loss_back_or_tail_base")


def test_a_number_moves_the_answers_as_far_as_changing_it_does() -> None:
    """Movement is the share of probability that goes to other causes when the page itself says low or high."""
    by_id = {m.number: m for m in movements([ITCHY], Workers(small()))}
    page = DOG.causes["flea_allergy_dermatitis"]
    known = gather(ITCHY.as_case(), DOG)

    def shares(rate: float) -> np.ndarray:
        changed = page.model_copy(update={"rate": page.rate.model_copy(update={"value": rate})})
        knowledge = replace(small(flea_allergy_dermatitis=changed), version=f"rate {rate}")
        network = compiled(knowledge).point
        return posterior(network, observe(knowledge, known, network)).responsible[0]

    now, ends = shares(page.rate.value), [shares(page.rate.low), shares(page.rate.high)]
    far = max(np.abs(end - now).sum() / 2 for end in ends)
    assert by_id["flea_allergy_dermatitis/rate"].movement == pytest.approx(far, rel=1e-9)


def test_a_planted_number_that_decides_everything_comes_first() -> None:
    """A rate that may be anything leads the list and names the cases whose cause and level it turns."""
    page = DOG.causes["tox_metaldehyde"]
    wild = page.model_copy(update={"rate": page.rate.model_copy(update={"low": 1e-6, "high": 1e6})})
    shaking = told(VIGNETTES[0], "twitch_generalised").model_copy(update={"id": "shaking"})
    flagged = told(VIGNETTES[0], "twitch_generalised", "jaw_stiff_or_cannot_open").model_copy(update={"id": "flagged"})
    cases = [ITCHY, shaking, flagged]
    found = movements(cases, Workers(small(tox_metaldehyde=wild)))
    assert found[0].number == "tox_metaldehyde/rate"
    assert found[0].movement > 0.3 > found[1].movement
    assert "shaking" in found[0].first
    assert "shaking" in found[0].level
    assert "flagged" not in found[0].level  # its red flag holds it at the top whatever the rate
    assert found[0].loss > found[1].loss


def test_of_equal_losses_the_more_urgent_level_is_chosen() -> None:
    """As in the program."""
    assert _chosen(np.array([[2.0, 1.0, 1.0, 3.0], [1.0, 1.0, 2.0, 2.0]])).tolist() == [2, 1]


def test_a_number_that_no_case_touches_moves_nothing() -> None:
    """The table holds every number; what no vignette asks about has movement 0."""
    by_id = {m.number: m for m in movements([ITCHY], Workers(small()))}
    assert by_id["ordinary/vomiting"].movement == pytest.approx(0, abs=1e-12)
    assert by_id["ordinary/vomiting"].first == by_id["ordinary/vomiting"].level == ()


def test_ends_of_shares_and_of_tied_numbers() -> None:
    """Other options give way in proportion and the group adds up to 1; tied numbers go together; the rest stays."""
    found = [
        Number("a", "share", 0.5, 0.2, 0.8, group="g"),
        Number("b", "share", 0.3, 0.2, 0.4, group="g"),
        Number("c", "share", 0.2, 0.1, 0.3, group="g"),
        Number("d", "positive", 2.0, 1.0, 4.0, tied="t"),
        Number("e", "probability", 0.5, 0.0, 0.9, tied="t"),
        Number("f", "share", 1.0, 0.9, 1.0, group="alone"),
    ]
    ((rows, values),) = _ends(found, 0, 2 * len(found))
    assert rows == slice(0, 12)
    np.testing.assert_allclose(values[0, :3], [0.2, 0.48, 0.32])
    np.testing.assert_allclose(values[1, :3], [0.8, 0.12, 0.08])
    np.testing.assert_allclose(values[:, :3].sum(axis=1), 1)
    np.testing.assert_allclose(values[6:10, 3:5], [[1, 1e-12], [4, 0.9], [1, 1e-12], [4, 0.9]])
    np.testing.assert_allclose(values[:, 5], 1)


def test_a_planted_cause_that_cannot_lead_is_found() -> None:
    """A page like that of flea allergy but asked about a million times less stands behind it in its best story."""
    page = DOG.causes["flea_allergy_dermatitis"]
    rare = {"value": page.rate.value * 1e-6, "low": page.rate.low * 1e-6, "high": page.rate.high * 1e-6}
    shadow = page.model_copy(update={"id": "shadow", "rate": page.rate.model_copy(update=rare), "prevalence": None})
    (found,) = never_leading(best_cases(Workers(small(shadow=shadow)), most=5))
    assert (found.cause, found.leader) == ("shadow", "flea_allergy_dermatitis")
    assert found.probability < 1e-3 < found.leader_probability


def test_the_best_story_of_a_cause_is_told_by_its_own_page() -> None:
    """At most so many answers, each raising the cause, none contradicting another and never two breeds."""
    found = best_case(DOG, "ivdd_thoracolumbar")
    page = DOG.causes["ivdd_thoracolumbar"]
    pain = DOG.profile.syndromes["pain"].members
    options = {option for choice in page.choices.values() for option in choice.shares}
    answers = {*found.present, *found.absent}
    assert answers <= {*page.kinds, *page.event, *page.signs, *page.context, *pain, *options}
    assert len(answers) == len(found.present) + len(found.absent) <= 12
    assert sum(name.startswith("breed_") for name in found.present) <= 1
    assert found.leads and found.probability > 0.9
    assert best_case(DOG, "ivdd_thoracolumbar", most=1).probability < found.probability


def test_a_planted_finding_without_effect_is_found() -> None:
    """A sign that every cause, the unknown one too, brings as often as chance does; one with effect is not listed."""
    floor = DOG.profile.other.sign.p
    sign = DOG.findings["hearing_loss"].model_copy(update={"id": "purple_nose"})
    ordinary = DOG.profile.background["hearing_loss"].model_copy(update={"p": floor, "high": 2 * floor})
    profile = DOG.profile.model_copy(update={"background": {**DOG.profile.background, "purple_nose": ordinary}})
    knowledge = replace(small(), findings={**DOG.findings, "purple_nose": sign}, profile=profile, version="purple")
    found = never_mattering([ITCHY], knowledge, best_cases(Workers(knowledge), most=2))
    assert found["purple_nose"] == pytest.approx(0, abs=1e-9)
    assert not {"itching", "hair_loss_back_or_tail_base", "twitch_asleep_only"} & set(found)


def test_a_finding_of_a_rule_always_matters() -> None:
    """Red flags, raised urgency and earlier questions count whatever the probabilities say, by implication too."""
    found = never_mattering([], small(), [])
    rules = {f for flag in DOG.red_flags for f in (*flag.all, *flag.any)}
    assert not rules & set(found)
    assert "asked_before" not in found
    assert "xylitol_eaten" not in found


def test_without_cases_nothing_moves() -> None:
    """An empty set of vignettes gives a full table of zeros, not an error."""
    assert {(m.movement, m.first, m.level) for m in movements([], Workers(small()))} == {(0.0, (), ())}
