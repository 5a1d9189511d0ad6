"""Answers without one part of the program, and the differences with their intervals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fascicle import Case, Level, assess, load
from fascicle.engine.posterior import posterior
from fascicle.evaluation.ablations import (
    ABLATIONS,
    ablate,
    changes,
    differing,
    independent,
    measures,
    with_prevalence,
    without_red_flags,
)
from fascicle.evaluation.answering import Ablation, _networks, answers
from fascicle.evaluation.metrics import counts as totals
from fascicle.evaluation.score import Scored
from fascicle.evaluation.vignettes import Vignette, load_vignettes, some_of
from fascicle.evaluation.workers import Workers
from fascicle.evidence import gather
from fascicle.knowledge.compile import observe
from fascicle.knowledge.figures import Share
from fascicle.networks import compiled

pytestmark = pytest.mark.slow
DOG = load("dog")
VIGNETTES = some_of(load_vignettes(Path(__file__).parents[2] / "vignettes" / "dog"), 8)
BY_NAME = {ablation.name: ablation for ablation in ABLATIONS}


def told(*present: str, absent: tuple[str, ...] = ()) -> Vignette:
    """A case in which only these findings were told."""
    plain = {"age_years": None, "sex": None, "breed": None, "weight_kg": None, "choices": {}}
    findings = {"present": dict.fromkeys(present, "told"), "absent": dict.fromkeys(absent, "told")}
    case = VIGNETTES[0].case.model_copy(update={**plain, **findings})
    return VIGNETTES[0].model_copy(update={"id": "told", "case": case})


PAINFUL = told(
    "trembling_with_pain",
    "stiff_gait",
    "reluctant_to_jump_or_climb",
    "avoids_touch",
    "hunched_or_stiff_back",
    "yelps_when_touched_or_lifted",
)


def only(case: Vignette, name: str | None = None) -> Scored:
    """The answer to one case, whole or without one part."""
    found = answers([case], DOG, BY_NAME[name]) if name else answers([case], DOG)
    assert found is not None
    return found[0]


def test_with_nothing_taken_away_it_is_the_program() -> None:
    """The same levels, causes and probabilities as assess(), on every published dog case."""
    dogs = [v for v in VIGNETTES if v.species == "dog"]
    for scored in answers(dogs, DOG) or []:
        result = assess(scored.vignette.as_case())
        assert scored.level == result.urgency.level
        assert scored.ranking[: len(result.explanations)] == tuple(e.cause for e in result.explanations)
        assert scored.probabilities[scored.ranking[0]] == result.explanations[0].probability


def test_without_syndromes_a_painful_case_is_surer() -> None:
    """Six signs of pain, each as frequent as before, count one by one and press the unknown cause down."""
    whole, without = only(PAINFUL), only(PAINFUL, "without syndromes")
    assert set(whole.ranking) == set(without.ranking) == set(DOG.causes)
    assert without.probabilities["other"] < 0.8 * whole.probabilities["other"]


def test_a_part_taken_from_networks_is_gone_from_every_draw() -> None:
    """Ranges and cautious levels come from draws: those of the point alone would be another program's."""
    networks = _networks(DOG, gather(PAINFUL.as_case(), DOG), BY_NAME["without syndromes"])
    for network in (networks.point, networks.block(0), networks.block(1)):
        assert (network.syndromes, network.event_syndromes) == ((), ())
    assert networks.block(0).draws == DOG.triage.draws


def test_without_syndromes_every_single_sign_says_what_it_said() -> None:
    """Only that they come together is taken away: one sign of pain alone gives the same answer to the last digits."""
    known = gather(told("stiff_gait", "twitch_limb").as_case(), DOG)
    network = compiled(DOG).point
    observation = observe(DOG, known, network)
    single = replace(observation, weights={}, absent=())
    whole, without = posterior(network, single), posterior(independent(network), single)
    np.testing.assert_allclose(without.responsible, whole.responsible, rtol=1e-9)


def test_without_red_flags_only_the_probabilities_ask() -> None:
    """A red flag met by a case that the probabilities find harmless no longer raises it; causes stay as they were."""
    case = told("twitch_asleep_only", "antifreeze_access")
    whole, without = only(case), only(case, "without red flags")
    assert whole.probabilities == without.probabilities
    assert whole.level == Level.EMERGENCY_NOW > without.level


def test_without_report_reliability_a_no_counts_in_full() -> None:
    """An owner who sees no itch may have missed it; without that, “no” speaks more against the itchy causes."""
    case = told("back_skin_twitch_on_touch", absent=("itching", "overgrooming_or_self_biting"))
    whole, without = only(case), only(case, "without report reliability")
    for cause in ("flea_allergy_dermatitis", "atopic_dermatitis"):
        assert without.probabilities[cause] < 0.8 * whole.probabilities[cause]


def test_prevalence_takes_the_place_of_the_complaint_rate() -> None:
    """1,000 x prevalence, range too; a cause without prevalence keeps its rate; the network follows."""
    less = with_prevalence(DOG)
    assert less is not None
    arthritis, before = less.causes["osteoarthritis"], DOG.causes["osteoarthritis"].prevalence
    assert before is not None
    assert (arthritis.rate.value, arthritis.rate.low) == (1000 * before.value, 1000 * before.low)
    assert less.causes["normal_sleep_twitching"].rate == DOG.causes["normal_sleep_twitching"].rate
    case = told("tremor_rhythmic", "lameness")
    whole, without = only(case), only(case, "prevalence for complaint rates")
    assert without.probabilities["osteoarthritis"] > whole.probabilities["osteoarthritis"]


def test_without_caution_the_plain_expectation_decides() -> None:
    """With much caution: causes are the same, no level is higher without it, and some vague case is told a lower one."""
    cases = [told(kind) for kind in DOG.options["kind"]]
    careful = replace(DOG, triage=DOG.triage.model_copy(update={"quantile": 0.95}))
    two = answers(cases, careful), answers(cases, careful, BY_NAME["without caution"])
    pairs = list(zip(two[0] or [], two[1] or [], strict=True))
    assert all(whole.probabilities == without.probabilities for whole, without in pairs)
    assert all(without.level <= whole.level for whole, without in pairs)
    assert any(without.level < whole.level for whole, without in pairs)


def test_without_bystanders_a_flea_ridden_dog_has_no_normal_reflex() -> None:
    """Fleas, itch and chewing may be there beside a normal reflex; with one cause alone they cannot, and it loses."""
    case = told("back_skin_twitch_on_touch", "itching", "overgrooming_or_self_biting", "fleas_or_flea_dirt_seen")
    whole, without = only(case), only(case, "without bystanders")
    reflex = "normal_cutaneous_trunci_reflex"
    assert without.probabilities[reflex] < whole.probabilities[reflex] / 3


class Graded(Vignette):
    """A case told with severe itching."""

    def as_case(self) -> Case:
        """With the level."""
        return replace(super().as_case(), levels={"itching": "severe"})


def test_without_levels_a_graded_sign_is_only_there() -> None:
    """Severe itching counts as itching, no more."""
    share = Share(p=0.1, low=0.05, high=0.2, basis="estimate", why="for this test")
    itching = DOG.findings["itching"].model_copy(update={"levels": ("mild", "severe")})
    page = DOG.causes["flea_allergy_dermatitis"]
    link = page.signs["itching"].model_copy(
        update={"levels": {"severe": share.model_copy(update={"p": 0.9, "high": 0.95})}}
    )
    graded = replace(
        DOG,
        version="graded itching",
        findings={**DOG.findings, "itching": itching},
        causes={**DOG.causes, page.id: page.model_copy(update={"signs": {**page.signs, "itching": link}})},
        profile=DOG.profile.model_copy(update={"levels": {"itching": {"severe": share}}}),
    )
    present = told("back_skin_twitch_on_touch", "itching")
    severe = Graded.model_construct(**dict(present))
    without = BY_NAME["without levels of graded signs"]
    (whole,), (less,) = answers([severe], graded) or [], answers([severe], graded, without) or []
    (plain,) = answers([present], graded) or []
    assert less.probabilities == plain.probabilities
    assert whole.probabilities[page.id] > 1.5 * less.probabilities[page.id]


def test_what_has_no_data_yet_says_so() -> None:
    """Nothing to take away is not a difference of nothing; a species without cases has no data at all."""
    flagless = without_red_flags(DOG)
    assert flagless is not None
    whole = answers(VIGNETTES[:2], DOG) or []
    (found,) = ablate(whole, Workers(flagless), [Ablation("without red flags", without_red_flags)])
    assert (found.scored, found.changes, found.cases) == (None, {}, ())
    assert all(found.scored is None for found in ablate([], Workers(DOG)))
    if not DOG.profile.levels:
        assert answers(VIGNETTES[:1], DOG, BY_NAME["without levels of graded signs"]) is None


@pytest.mark.slow
def test_every_part_is_compared_and_the_whole_knowledge_is_left_as_it_was() -> None:
    """Taking parts away leaves no trace in the networks kept for the program itself."""
    few = [v for v in VIGNETTES if v.species == "dog"][:2]
    before = answers(few, DOG)
    found = list(ablate(before or [], Workers(DOG)))
    assert [f.ablation.name for f in found] == list(BY_NAME)
    assert answers(few, DOG) == before
    assert all(f.scored is None or len(f.scored) == 2 for f in found)


def test_measures_agree_with_the_totals() -> None:
    """One case at a time they add up to the counts of the table, under the same names."""
    scored = answers([v for v in VIGNETTES if v.species == "dog"], DOG) or []
    for name, count in totals(scored).items():
        values = [measures(s).get(name) for s in scored]
        if name in measures(scored[0]) and name != "urgency too high":
            assert (sum(v for v in values if v is not None), sum(v is not None for v in values)) == (
                count.hits,
                count.of,
            )


def scored(name: str, source: str, ranking: tuple[str, ...], level: Level, p: float) -> Scored:
    """An answer to an emergency whose cause is eclampsia."""
    accepted = VIGNETTES[0].accepted.model_copy(update={"full": ("eclampsia",), "half": ()})
    urgency = VIGNETTES[0].urgency.model_copy(update={"least": "emergency_now", "most": "emergency_now"})
    vignette = VIGNETTES[0].model_copy(update={"accepted": accepted, "urgency": urgency})
    where = vignette.source.model_copy(update={"url": source, "doi": None})
    return Scored(vignette.model_copy(update={"id": name, "source": where}), ranking, {"eclampsia": p}, level)


def test_differences_are_paired_and_bounded_by_the_bootstrap() -> None:
    """Hand-worked: of four cases one loses the first place; its log score falls from 1 bit to 3."""
    right, wrong = ("eclampsia", "other"), ("other", "eclampsia")
    whole = [scored(f"v{i}", f"https://a.example/{i}", right, Level.EMERGENCY_NOW, 0.5) for i in range(4)]
    without = [replace(whole[0], ranking=wrong, probabilities={"eclampsia": 0.125}), *whole[1:]]
    found = changes(whole, without)
    assert (found["top-1"].whole, found["top-1"].without, found["top-1"].difference) == (1.0, 0.75, -0.25)
    assert found["log score"].difference == pytest.approx(0.5)
    assert found["top-1"].low == -0.75 and found["top-1"].high == 0.0  # binomial(4, 1/4): 2.5 % and 97.5 % points
    assert (found["top-3"].low, found["top-3"].high) == (0.0, 0.0)
    assert found["harmless kept at routine or below"].whole is None
    assert found == changes(whole, without)
    (case,) = differing(whole, without)
    assert (case.vignette, case.first) == ("v0", ("eclampsia", "other"))


def test_cases_of_one_source_are_drawn_together() -> None:
    """Ten cases told from one source are one observation: the interval is that of two sources, not of eleven cases."""
    right, wrong = ("eclampsia",), ("other",)
    whole = [scored(f"v{i}", f"https://a.example/{i == 0}", right, Level.TODAY, 0.5) for i in range(11)]
    without = [whole[0], *(replace(s, ranking=wrong) for s in whole[1:])]
    found = changes(whole, without)["top-1"]
    assert (found.low, found.high) == (-1.0, 0.0)


def test_a_hopeless_case_costs_twenty_bits_at_most() -> None:
    """The log score is bounded, and is none where no probability was given."""
    worst = scored("v", "https://a.example", ("other",), Level.TODAY, 0.0)
    assert measures(worst)["log score"] == pytest.approx(19.93, abs=0.01)
    assert measures(replace(worst, probabilities={}))["log score"] is None
