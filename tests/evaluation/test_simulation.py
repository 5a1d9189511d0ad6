"""Simulated cases follow the network they are drawn from, the metrics are right, and a wrong model is found out."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import comb

import numpy as np
import pytest

from fascicle import load
from fascicle.engine import oracle
from fascicle.engine.many import Posteriors
from fascicle.engine.network import Attribute, EventSyndrome, Network, Observation, Syndrome, some_draws
from fascicle.engine.posterior import posterior, sign_likelihood
from fascicle.errors import TooManyFindings
from fascicle.evaluation.calibration import (
    BRIER,
    CAUSES,
    FIRST,
    LOG,
    OVERSTATED,
    bootstrap,
    brier_scores,
    calibration_error,
    compared,
    error_by_chance,
    first_named,
    log_scores,
    rank,
    reliability,
    stated,
    uniformity,
)
from fascicle.evaluation.simulation import (
    UNKNOWN,
    Cases,
    Factor,
    draw_cases,
    interviewed,
    misreported,
    told_at_random,
    without_syndromes,
)
from fascicle.networks import compiled

from ..engine.networks import eventful, grown, random_network

KNOWLEDGE = load("dog")
POINT = compiled(KNOWLEDGE).point
PAIN = list(KNOWLEDGE.profile.syndromes["pain"].members)
FIT = list(KNOWLEDGE.profile.event_syndromes["fit"].members)


def all_told(network: Network, count: int, *names: str) -> dict[str, np.ndarray]:
    """These findings told in every case; without names everything that can be seen."""
    seen = names or [*network.attributes, *(s for s in network.signs if not s.startswith("syndrome"))]
    return {name: np.ones(count, dtype=bool) for name in seen}


def drawn(network: Network, count: int, seed: int, *names: str, factors: tuple[Factor, ...] = ()) -> Cases:
    """Cases from the first draw of a network."""
    rng = np.random.default_rng(seed)
    return draw_cases(network, np.zeros(count, dtype=np.int64), all_told(network, count, *names), rng, factors)


def rich(seed: int, causes: int = 3, signs: int = 4, draws: int = 1) -> Network:
    """A small network with a graded sign, a syndrome, an event syndrome, covariates and links of R alone."""
    rng = np.random.default_rng(seed)
    network = random_network(rng, causes, signs, draws=draws, priors=(0.05, 0.5))
    return eventful(rng, grown(rng, replace(network, log_rate=network.log_rate / 3), graded=True, syndromes=1))


def only(network: Network, cause: str) -> Network:
    """The network in which this cause is always the responsible one."""
    return replace(network, log_rate=np.where([c == cause for c in network.causes], 0.0, -np.inf)[None, :])


def whole(network: Network) -> np.ndarray:
    """P(sign | cause) for every sign but hidden states: (signs, draws, causes)."""
    seen = [j for j, sign in enumerate(network.signs) if not sign.startswith("syndrome")]
    return np.array([np.exp(sign_likelihood(network, Observation(present=(j,)), network.prevalence)) for j in seen])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_small_networks_are_drawn_as_enumeration_says(seed: int) -> None:
    """P(R, who is there, what is told) over every pattern of four findings, against the sum over all worlds."""
    network, count = rich(seed), 60_000
    cases = drawn(network, count, seed, "s0", "s1", "lost", "called", "exposed")
    background = network.attributes["exposed"].background
    assert background is not None
    worst, cells = 0.0, 0
    for first, second, lost, called, exposed in product((0, 1), (0, 1), (0, 1), range(3), (0, 1)):
        seen = (cases.signs["s0"] == first) & (cases.signs["s1"] == second) & (cases.options["lost"] == lost)
        seen &= (cases.options["called"] == called) & (cases.options["exposed"] == exposed)
        observation = Observation(
            {"lost": np.eye(2)[lost], "called": np.eye(3)[called], "exposed": np.eye(2)[exposed]},
            tuple(j for j, value in enumerate((first, second)) if value == 1),
            tuple(j for j, value in enumerate((first, second)) if value == 0),
        )
        for x, on, chance in oracle.worlds(network, observation):
            expected = chance * background[0, exposed]
            found = np.mean(seen & (cases.responsible == x) & (cases.there == np.array(on)).all(axis=1))
            # the smallest cells hold few cases and are not normal; they are pooled into a floor of two cases
            error = max((expected * (1 - expected) / count) ** 0.5, 2 / count)
            worst, cells = max(worst, abs(found - expected) / error), cells + 1
    assert cells == 48 * 12
    assert worst < 4.5  # the worst of 576; by chance alone it would be above once in some hundred seeds


@pytest.mark.parametrize("cause", ["ivdd_thoracolumbar", "normal_cutaneous_trunci_reflex", "other"])
def test_signs_of_the_real_network_have_their_whole_figures(cause: str) -> None:
    """Every P(sign | cause) within four standard errors, whether the pain signs hang on their syndrome or a severity."""
    count, x = 20_000, POINT.causes.index(cause)
    severity = Factor({**dict.fromkeys(PAIN, 0.85), "itching": -0.5})
    signs = [s for s in POINT.signs if not s.startswith("syndrome")]
    expected = whole(POINT)[:, 0, x]
    for network, factors in ((POINT, ()), (without_syndromes(POINT), (severity,))):
        cases = drawn(only(network, cause), count, 4, *signs, factors=factors)
        found = np.array([np.mean(cases.signs[sign] == 1) for sign in signs])
        error = np.sqrt(expected * (1 - expected) / count) + 1 / count
        assert np.abs(found - expected).max() > 0
        assert (np.abs(found - expected) < 4 * error).all()


@pytest.mark.slow
def test_properties_of_the_event_have_their_shares() -> None:
    """Every option given the cause, drawn through the fit's hidden state or through a severity that ties its parts."""
    count, cause = 20_000, "epilepsy_generalised"
    seizure = KNOWLEDGE.options["kind"].index("seizure_generalised")
    severity = Factor({**dict.fromkeys(FIT, 0.8), "rousable_by_name": -0.8, "kind": 0.8}, {"kind": seizure})
    for network, factors in ((POINT, ()), (replace(POINT, event_syndromes=()), (severity,))):
        cases = drawn(only(network, cause), count, 5, *network.attributes, factors=factors)
        for name, attribute in network.attributes.items():
            share = attribute.table[0, POINT.causes.index(cause)]
            found = np.bincount(cases.options[name], minlength=len(share)) / count
            assert (np.abs(found - share) < 4 * np.sqrt(share * (1 - share) / count) + 1 / count).all(), name


def test_a_severity_ties_findings_as_a_normal_correlation_does() -> None:
    """Medians of two normals with correlation r are passed together with 1/4 + arcsin(r) / 2π (Sheppard), r the product."""
    half = Attribute(np.full((1, 3, 2), 0.5))
    network = replace(rich(1), attributes=dict.fromkeys(("one", "two", "less"), half), event_syndromes=())
    cases = drawn(network, 40_000, 6, "one", "two", "less", factors=(Factor({"one": 0.8, "two": 0.5, "less": -0.9}),))
    present = {name: option == 0 for name, option in cases.options.items()}
    for first, second, r in (("one", "two", 0.4), ("one", "less", -0.72), ("two", "less", -0.45)):
        together = np.mean(present[first] & present[second])
        assert together == pytest.approx(0.25 + np.arcsin(r) / (2 * np.pi), abs=0.01)
    free = drawn(network, 40_000, 6, "one", "two").options
    assert np.mean((free["one"] == 0) & (free["two"] == 0)) == pytest.approx(0.25, abs=0.01)


def test_bystanders_follow_the_context_that_is_told_and_no_other() -> None:
    """An exposure multiplies the odds of a cause as a bystander when told; untold it leaves the prevalence alone."""
    network = rich(1)
    attribute = Attribute(
        np.array([[[0.6, 0.4], [0.9, 0.1], [0.3, 0.7]]]), np.array([[0.3, 0.7]]), np.array([True, True, False])
    )
    prevalence = np.array([[0.2, 0.3, 0.4]])
    network = replace(network, attributes={"exposed": attribute}, event_syndromes=(), prevalence=prevalence)
    cases = drawn(network, 60_000, 7, "exposed")
    odds = 0.25 * 2.0  # 0.2 / 0.8, times 0.6 / 0.3
    beside = (cases.responsible != 0) & (cases.options["exposed"] == 0)
    assert cases.there[beside, 0].mean() == pytest.approx(odds / (1 + odds), abs=0.015)
    untold = drawn(network, 60_000, 7, "s0")
    assert untold.there[untold.responsible != 0, 0].mean() == pytest.approx(0.2, abs=0.01)
    assert (cases.there[np.arange(60_000), cases.responsible]).all()


def test_the_same_seed_gives_the_same_cases() -> None:
    """Everything random comes from the generator passed in."""
    one, two, other = (drawn(POINT, 500, seed, "kind", "itching") for seed in (8, 8, 9))
    assert np.array_equal(one.responsible, two.responsible)
    assert np.array_equal(one.signs["itching"], two.signs["itching"])
    assert not np.array_equal(one.options["kind"], other.options["kind"])


def test_a_question_is_put_or_not_and_its_items_answered_or_not() -> None:
    """Shares as asked for; an item is never told unless its question was put."""
    told = told_at_random([["a", "b"], ["c"]], 40_000, np.random.default_rng(1), put=0.4, answered=0.9)
    assert told["a"].mean() == pytest.approx(0.36, abs=0.01)
    assert (told["a"] & told["b"]).mean() == pytest.approx(0.4 * 0.81, abs=0.01)
    assert (told["a"] & told["c"]).mean() == pytest.approx(0.36**2, abs=0.01)


def test_an_interview_always_asks_for_the_kind_and_tells_one_finding_of_a_family() -> None:
    """The network takes slug bait and poison for unrelated, so both are never told of one case."""
    told = interviewed(KNOWLEDGE, POINT, 2000, np.random.default_rng(1), put=0.9, answered=0.9)
    assert told["kind"].all()
    poisons = [f.id for f in KNOWLEDGE.findings.values() if "toxin_access_known" in f.implies]
    for family in (["toxin_access_known", *poisons], ["paralysis", "progressive_weakness", "weakness_limbs"]):
        assert np.sum([told[name] for name in family], axis=0).max() == 1
    assert np.mean(told["itching"]) == pytest.approx(0.81, abs=0.03)
    assert set(told) <= {*POINT.attributes, *POINT.signs}


def test_answers_are_turned_round_at_the_rates_given() -> None:
    """Yes and no each at their own rate, in signs and yes/no properties; nothing told stays nothing told."""
    network = rich(2)
    cases = drawn(network, 60_000, 3)
    cases = replace(cases, signs={**cases.signs, "s1": np.full(60_000, UNKNOWN)})
    rates = dict.fromkeys(("s0", "s1", "lost"), 0.2), dict.fromkeys(("s0", "s1", "lost"), 0.05)
    wrong = misreported(cases, np.random.default_rng(4), *rates)
    for was, now, yes in (
        (cases.signs["s0"], wrong.signs["s0"], 1),
        (cases.options["lost"], wrong.options["lost"], 0),
    ):
        assert np.mean(now[was == yes] != yes) == pytest.approx(0.2, abs=0.02)
        assert np.mean(now[was != yes] == yes) == pytest.approx(0.05, abs=0.01)
    assert (wrong.signs["s1"] == UNKNOWN).all()
    assert np.array_equal(wrong.signs["s2"], cases.signs["s2"])
    assert np.array_equal(wrong.options["onset"], cases.options["onset"])


@pytest.mark.parametrize("network", [POINT, rich(5, causes=4, signs=5, draws=3)], ids=["dog", "random"])
def test_without_syndromes_every_whole_figure_stays(network: Network) -> None:
    """P(sign | cause) for every sign and cause; only signs together differ."""
    flat = without_syndromes(network)
    assert flat.syndromes == ()
    assert np.abs(whole(flat) - whole(network)).max() < 1e-12
    alike = np.array([network.causes[x] != "other" for x in flat.link_cause])
    if network is POINT:  # there only `other` has links that act for R alone, so the rest must come out alike too
        assert np.abs(flat.link - flat.link_responsible)[:, alike].max() < 1e-12
    pair = Observation(present=tuple(network.syndromes[0].members[:2].tolist()))
    both = [sign_likelihood(n, pair, n.prevalence) for n in (network, flat)]
    assert np.abs(both[0] - both[1]).max() > 1e-3


def test_one_of_two_syndromes_can_be_taken_away() -> None:
    """The other stays as it was, and every whole figure too; all named is the same as none named."""
    rng = np.random.default_rng(8)
    network = grown(rng, random_network(rng, 3, 6), graded=False, syndromes=2)
    gone, left = network.syndromes
    found = without_syndromes(network, [gone])
    assert found.syndromes == (left,)
    assert np.abs(whole(found) - whole(network)).max() < 1e-12
    both = Observation(present=tuple(left.members.tolist()))
    alike = [sign_likelihood(n, both, n.prevalence) for n in (network, found)]
    assert np.abs(alike[0] - alike[1]).max() < 1e-12
    assert np.array_equal(without_syndromes(network, network.syndromes).link, without_syndromes(network).link)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_stated_is_the_answer_of_the_engine_to_what_is_told(seed: int) -> None:
    """Case by case, with syndromes, events, covariates and unknown answers; what is not told is not in the observation."""
    rng = np.random.default_rng(seed)
    network = rich(seed, causes=4, signs=6)
    told = told_at_random([[name] for name in all_told(network, 1)], 40, rng, put=0.6, answered=1.0)
    cases = draw_cases(network, np.zeros(40, dtype=np.int64), told, rng)
    share = stated(network, cases)
    for i, observation in enumerate(cases.observations(network)):
        assert share[i] == pytest.approx(posterior(network, observation).responsible[0], abs=1e-12)
        known = {name for name, value in (*cases.options.items(), *cases.signs.items()) if value[i] != UNKNOWN}
        assert known == {name for name, mask in told.items() if mask[i]}
        said = {*observation.weights, *(network.signs[j] for j in (*observation.present, *observation.absent))}
        assert said == known
        assert all(cases.signs[network.signs[j]][i] == 1 for j in observation.present)
        assert all(weight[cases.options[name][i]] == 1 for name, weight in observation.weights.items())


def test_telling_ends_with_the_sixteenth_present_sign() -> None:
    """Later signs, present or absent, are told no more; the earlier ones are all told."""
    names = [f"s{i}" for i in range(20)]
    network = replace(rich(1), signs=tuple(names))
    value = [1] * 10 + [0] + [1] * 7 + [0, UNKNOWN]
    signs = {name: np.array([v]) for name, v in zip(names, value, strict=True)}
    count = len(network.causes)
    [told] = Cases(np.array([0]), np.zeros((1, count), dtype=bool), {}, signs).observations(network)
    assert told.present == (*range(10), *range(11, 17))
    assert told.absent == (10,)


def test_a_case_too_large_is_stated_from_bounds_and_is_an_error_where_there_are_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the engine refuses among many is worked out alone, as the program does; a refusal there is passed on."""
    network, cases = rich(1), drawn(rich(1), 1, 1)
    count = len(network.causes)
    none = Posteriors(np.zeros((1, count)), np.zeros((1, 1, count)), np.zeros(1), {0: TooManyFindings("too many")})
    monkeypatch.setattr("fascicle.evaluation.calibration.posteriors", lambda *_: none)
    [told] = cases.observations(network)
    assert stated(network, cases)[0] == pytest.approx(posterior(network, told).responsible[0], abs=1e-12)

    def refuse(*_: object) -> None:
        raise TooManyFindings("no bound holds")

    monkeypatch.setattr("fascicle.evaluation.calibration.posterior_within", refuse)
    with pytest.raises(TooManyFindings, match="no bound holds"):
        stated(network, cases)


def test_scores_of_a_worked_example() -> None:
    """A quarter on the truth is two bits; 0.75² + 0.5² + 0.25² of squared error; a certain right answer is free."""
    share = np.array([[0.25, 0.5, 0.25], [0.0, 1.0, 0.0]])
    truth = np.array([0, 1])
    assert log_scores(share, truth).tolist() == [2.0, 0.0]
    assert brier_scores(share, truth).tolist() == [0.875, 0.0]
    p, so = first_named(share, truth)
    assert (p.tolist(), so.tolist()) == ([0.5, 1.0], [False, True])


def test_reliability_of_a_worked_example() -> None:
    """Two bins: 0.1 and 0.3 stated with one of two true, 0.8 stated three times with two true."""
    share, so = np.array([0.1, 0.3, 0.8, 0.8, 0.8]), np.array([True, False, True, True, False])
    low, high = reliability(share, so, [0.0, 0.25, 0.5, 1.0])[0], reliability(share, so, [0.0, 0.5, 1.0])[1]
    assert (low.mean, low.came_true.hits, low.came_true.of) == (pytest.approx(0.1), 1, 1)
    assert (high.low, high.high, high.mean) == (0.5, 1.0, pytest.approx(0.8))
    assert (high.came_true.hits, high.came_true.of) == (2, 3)
    assert len(reliability(share, so, [0.0, 0.5, 0.6, 1.0])) == 2
    edge = reliability(np.array([0.0, 0.5, 1.0]), np.ones(3, dtype=bool), [0.0, 0.5, 1.0])
    assert [b.came_true.of for b in edge] == [1, 2]  # a bin holds its lower edge, the last one both
    # |0.4 - 1| from the first bin and |2.4 - 2| from the second, over five statements
    assert calibration_error(share, so, [0.0, 0.5, 1.0]) == pytest.approx(0.2)
    twice = calibration_error(np.repeat(share, 2), np.repeat(so, 2), [0.0, 0.5, 1.0])
    assert calibration_error(share, so, [0.0, 0.5, 1.0], np.full(5, 2.0)) == pytest.approx(twice)


def test_chance_alone_makes_a_calibration_error() -> None:
    """One bin, 100 statements of one half: the mean of |error| is sqrt(2/pi) standard errors of 0.05."""
    errors = error_by_chance(np.full(100, 0.5), [0.0, 1.0], np.random.default_rng(1), 4000)
    assert errors.mean() == pytest.approx((2 / np.pi) ** 0.5 * 0.05, rel=0.04)


def test_the_bootstrap_interval_of_a_mean_is_that_of_its_standard_error() -> None:
    """400 values with standard deviation 1: the mean ± 1.96 × 0.05; a difference of equal things is exactly 0."""
    values = np.random.default_rng(2).standard_normal(400)
    values = (values - values.mean()) / values.std()

    def statistic(weight: np.ndarray) -> np.ndarray:
        """The mean, and a paired difference of nothing."""
        return np.array([weight @ values / weight.sum(), weight @ (values - values)])

    low, high = bootstrap(statistic, 400, np.random.default_rng(3), 4000)
    assert low == pytest.approx([-0.098, 0.0], abs=0.006)
    assert high == pytest.approx([0.098, 0.0], abs=0.006)


def test_two_answers_are_compared_case_by_case() -> None:
    """Forty cases of which the second cause is always true; one answer says so with 0.8, the other with 0.2."""
    good, bad = np.tile([0.2, 0.8], (40, 1)), np.tile([0.8, 0.2], (40, 1))
    groups = {"all": np.ones(40, dtype=bool), "half": np.arange(40) < 20}
    truth, edges = np.ones(40, dtype=np.int64), [0.0, 0.5, 1.0]
    found = compared((good, bad), truth, groups, [1], edges, np.random.default_rng(1), 400)
    assert (found["all"].cases, found["half"].cases) == (40, 20)
    for one in found.values():
        assert one.values[LOG] == pytest.approx(-np.log2([0.8, 0.2]))
        assert one.values[BRIER] == pytest.approx([0.08, 1.28])
        assert one.values[FIRST] == pytest.approx([0.2, 0.8])
        assert one.values[CAUSES] == pytest.approx([0.2, 0.8])
        assert one.values[OVERSTATED] == pytest.approx([-0.2, -0.8])
        # all cases are alike, so drawing them again changes nothing
        assert one.low == pytest.approx(one.values[:, 1] - one.values[:, 0])
        assert one.high == pytest.approx(one.low)
    # statements of 0.8 that are perfect miss by |0.8 - k/40| with k right of forty
    expected = sum(comb(40, k) * 0.8**k * 0.2 ** (40 - k) * abs(0.8 - k / 40) for k in range(41))
    assert found["all"].by_chance[CAUSES] == pytest.approx(expected, abs=0.008)


def test_ranks_of_a_worked_example() -> None:
    """Weight below the truth over all weight; ties and the true draw's own weight are split."""
    values = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 7.0]])
    weights, truth = np.array([0.5, 0.25, 0.25]), np.array([2.5, 5.0])
    assert rank(values, weights, truth).tolist() == [0.75, 0.375]
    assert rank(values, weights, truth, own=1.0, uniform=0.2).tolist() == pytest.approx([0.475, 0.175])


def test_an_uneven_histogram_is_told_from_an_even_one() -> None:
    """Chi-square with 9 degrees of freedom: 16.9 has a chance of 0.0504 (16.919 of 0.05), 0 of 1."""
    counts, chance = uniformity(np.repeat(np.arange(0.05, 1, 0.1), [113, 87] * 5), 10)
    assert counts.tolist() == [113, 87] * 5
    assert chance == pytest.approx(0.0504, abs=0.002)
    assert uniformity(np.arange(0.05, 1, 0.1), 10)[1] > 0.999
    assert uniformity(np.array([0.0, 1.0]), 2)[0].tolist() == [1, 1]


def uncertain(seed: int, draws: int) -> Network:
    """Joint draws of a small network with wide ranges, always from the same prior; the seed names the draws."""
    prior, rng = np.random.default_rng(77), np.random.default_rng(seed)
    causes, signs = 3, 5
    pairs = list(product(range(signs), range(causes)))
    link = rng.beta(*prior.uniform(0.5, 4, (2, len(pairs))), (draws, len(pairs)))
    share = rng.beta(*prior.uniform(1, 4, (2, causes)), (draws, causes))
    on, off = (rng.beta(*prior.uniform(1, 4, (2, causes)), (draws, causes)) for _ in range(2))
    tables = [np.stack([p, 1 - p], axis=-1) for p in (on, off)]
    mixed = share[..., None] * tables[0] + (1 - share[..., None]) * tables[1]
    return Network(
        causes=("a", "b", "c"),
        signs=("s0", "s1", "s2", "s3", "syndrome"),
        log_rate=rng.normal(prior.normal(0, 1, causes), 0.7, (draws, causes)),
        prevalence=rng.beta(1, 5, (draws, causes)),
        leak=rng.beta(1, 9, (draws, signs)),
        link_sign=np.array([s for s, _ in pairs]),
        link_cause=np.array([c for _, c in pairs]),
        link=link,
        link_responsible=link,
        attributes={"event": Attribute(mixed)},
        syndromes=(Syndrome(4, np.array([0, 1]), rng.beta(3, 2, (draws, 2))),),
        event_syndromes=(EventSyndrome(share, {"event": tables[0]}, {"event": tables[1]}),),
    )


def ranks(believed: Network, cases: int, seed: int, exact: bool) -> np.ndarray:
    """Rank of the true P(first cause | told) among weighted draws believed, for truths the believer never saw."""
    world, rng = uncertain(seed, cases), np.random.default_rng(seed)
    told = draw_cases(world, np.arange(cases), all_told(world, cases), rng).observations(world)
    found = []
    for i, observation in enumerate(told):
        answer, true = posterior(believed, observation), posterior(some_draws(world, i, i + 1), observation)
        own = float(np.exp(true.log_evidence[0])) if exact else 0.0
        found.append(rank(answer.responsible, np.exp(answer.log_evidence), true.responsible[0], own, rng.random())[0])
    return np.array(found)


@pytest.mark.slow
def test_ranks_are_even_when_the_model_is_right_and_not_when_it_is_wrong() -> None:
    """Simulation-based calibration on a toy; draws that are not weighed or of a wrong model are found out."""
    right = uncertain(1, 150)
    even = ranks(right, 600, 2, exact=True)
    assert uniformity(even, 10)[1] > 0.01
    nearly = ranks(right, 600, 2, exact=False)
    assert np.mean((nearly >= 0.05) & (nearly <= 0.95)) == pytest.approx(0.9, abs=0.03)
    narrow = right.log_rate.mean(axis=0) + (right.log_rate - right.log_rate.mean(axis=0)) / 3
    assert uniformity(ranks(replace(right, log_rate=narrow, link=right.link**2), 600, 2, exact=False), 10)[1] < 1e-3


def test_statements_that_count_one_thing_twice_are_found_out() -> None:
    """A strong syndrome taken for independent signs: calibration error far above chance, log score worse; not so if known."""
    link = np.array([[0.9, 0.05]])
    network = Network(
        causes=("a", "b"),
        signs=("s0", "s1", "s2", "s3", "syndrome"),
        log_rate=np.zeros((1, 2)),
        prevalence=np.zeros((1, 2)),
        leak=np.array([[0.02, 0.02, 0.02, 0.02, 0.05]]),
        link_sign=np.array([4, 4]),
        link_cause=np.array([0, 1]),
        link=link,
        link_responsible=link,
        syndromes=(Syndrome(4, np.arange(4), np.full((1, 4), 0.7)),),
    )
    cases = drawn(replace(network, log_rate=np.log([[0.2, 0.8]])), 4000, 11)
    edges = np.linspace(0, 1, 11).tolist()
    scores = []
    for believed in (network, without_syndromes(network)):
        told = replace(believed, log_rate=np.log([[0.2, 0.8]]))
        share = stated(told, cases)
        p, so = first_named(share, cases.responsible)
        error = calibration_error(p, so, edges)
        by_chance = error_by_chance(p, edges, np.random.default_rng(1), 300)
        scores.append((error, float(np.quantile(by_chance, 0.999)), log_scores(share, cases.responsible).mean()))
    (right, bound, good), (wrong, wrong_bound, bad) = scores
    assert right < bound
    assert wrong > 2 * wrong_bound
    assert bad > good + 0.02
