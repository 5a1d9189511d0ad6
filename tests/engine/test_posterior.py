"""The fast engine gives what adding up every world gives."""

from __future__ import annotations

from dataclasses import replace

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fascicle.engine import cover as cover_module
from fascicle.engine import oracle
from fascicle.engine import table as table_module
from fascicle.engine.network import Network, Observation
from fascicle.engine.posterior import bystander, bystanders, none_of, posterior
from fascicle.errors import ImpossibleEvidence, TooManyFindings

from .networks import networks_and_observations, random_network

TIGHT = {"rtol": 1e-12, "atol": 1e-15}


@settings(max_examples=150, deadline=None)
@given(networks_and_observations())
def test_posterior_and_evidence_equal_enumeration(case: tuple[Network, Observation]) -> None:
    """P(R | E) and P(E) equal the sum over all worlds to 1e-12."""
    network, observation = case
    actual = posterior(network, observation)
    np.testing.assert_allclose(actual.responsible[0], oracle.responsible(network, observation), **TIGHT)
    np.testing.assert_allclose(np.exp(actual.log_evidence[0]), oracle.evidence(network, observation), **TIGHT)


@settings(max_examples=100, deadline=None)
@given(networks_and_observations(max_causes=4))
def test_bystanders_and_sets_equal_enumeration(case: tuple[Network, Observation]) -> None:
    """P(cause present | E) and P(R = x, none of a set | E) equal the sum over all worlds."""
    network, observation = case
    expected = oracle.present(network, observation)
    whole = posterior(network, observation)
    np.testing.assert_allclose(bystanders(network, whole), expected, rtol=1e-11, atol=1e-14)
    for cause in range(len(network.causes)):
        np.testing.assert_allclose(bystander(network, whole, cause)[0], expected[cause], atol=1e-14, rtol=1e-11)
    chosen = [c for c in range(len(network.causes)) if c % 2]
    row = np.isin(np.arange(len(network.causes)), chosen)[None, :]
    np.testing.assert_allclose(none_of(network, whole, row)[0], oracle.none_of(network, observation, chosen), **TIGHT)


@settings(max_examples=60, deadline=None)
@given(networks_and_observations(), st.integers(1, 3))
def test_hub_causes_take_another_path_to_the_same_answer(case: tuple[Network, Observation], local_bits: int) -> None:
    """Causes with many present signs are left out by halving instead of solved out; the answer is the same."""
    network, observation = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_module, "MAX_SHARED_BITS", local_bits)
        patch.setattr(table_module, "MAX_OWN_BITS", local_bits)
        actual = posterior(network, observation).responsible[0]
    np.testing.assert_allclose(actual, oracle.responsible(network, observation), **TIGHT)


@settings(max_examples=60, deadline=None)
@given(networks_and_observations(), st.randoms(use_true_random=False))
def test_order_of_answers_changes_nothing(case: tuple[Network, Observation], random) -> None:
    """Present and absent signs in any order give the same posterior."""
    network, observation = case
    present, absent = list(observation.present), list(observation.absent)
    random.shuffle(present)
    random.shuffle(absent)
    shuffled = replace(observation, present=tuple(present), absent=tuple(absent))
    np.testing.assert_allclose(
        posterior(network, shuffled).responsible, posterior(network, observation).responsible, **TIGHT
    )


def test_draws_are_computed_together_as_they_would_be_alone() -> None:
    """A row of a network with many draws equals the network of that draw alone."""
    from fascicle.engine.network import some_draws

    network = random_network(np.random.default_rng(5), 6, 6, draws=7)
    observation = Observation(
        {"exposed": np.array([1.0, 0.0]), "onset": np.array([0.2, 0.7, 0.1])}, present=(0, 2, 3), absent=(1,)
    )
    together = posterior(network, observation).responsible
    for index in range(7):
        alone = posterior(some_draws(network, index, index + 1), observation).responsible[0]
        np.testing.assert_allclose(together[index], alone, rtol=1e-13)


def test_a_sign_no_cause_and_no_chance_can_bring_is_a_typed_error() -> None:
    """Impossible evidence raises ImpossibleEvidence, never NaN."""
    network = random_network(np.random.default_rng(1), 3, 2, density=0.0)
    network = replace(network, leak=np.zeros((1, 2)))
    with pytest.raises(ImpossibleEvidence):
        posterior(network, Observation(present=(0,)))


def test_more_signs_than_the_table_holds_is_a_typed_error() -> None:
    """Beyond the memory bound the engine says so instead of filling the machine."""
    network = random_network(np.random.default_rng(2), 3, 30, density=1.0, priors=(0.1, 0.5))
    network = replace(network, prevalence=np.full((1, 3), 0.1))
    with pytest.raises(TooManyFindings, match="30 present signs"):
        posterior(network, Observation(present=tuple(range(30))))


def dense(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Links as (signs, causes) matrices, bystander and responsible."""
    shape = (len(network.signs), len(network.causes))
    link, responsible = np.zeros(shape), np.zeros(shape)
    link[network.link_sign, network.link_cause] = network.link[0]
    responsible[network.link_sign, network.link_cause] = network.link_responsible[0]
    return link, responsible


def reference(network: Network, present: list[int], digits: int = 100) -> list[mpmath.mpf]:
    """P(R = x | present signs) by inclusion-exclusion in many digits, where cancelling does no harm."""
    link, responsible = dense(network)
    n, k = len(network.causes), len(present)
    with mpmath.workdps(digits):
        one = mpmath.mpf(1)
        leak = [one - mpmath.mpf(float(network.leak[0, j])) for j in present]
        miss = [[one - mpmath.mpf(float(link[j, y])) for y in range(n)] for j in present]
        certain = [[one - mpmath.mpf(float(responsible[j, y])) for y in range(n)] for j in present]
        prior = [mpmath.mpf(float(p)) for p in network.prevalence[0]]
        total = [mpmath.mpf(0)] * n

        def walk(j: int, sign: int, lost: mpmath.mpf, by: list, sure: list) -> None:
            if j == k:
                terms = [one - p + p * b for p, b in zip(prior, by, strict=True)]
                product = sign * lost * mpmath.fprod(terms)
                for x in range(n):
                    total[x] += product / terms[x] * sure[x]
                return
            walk(j + 1, sign, lost, by, sure)
            walk(
                j + 1,
                -sign,
                lost * leak[j],
                [b * m for b, m in zip(by, miss[j], strict=True)],
                [s * c for s, c in zip(sure, certain[j], strict=True)],
            )

        walk(0, 1, one, [one] * n, [one] * n)
        rate = [mpmath.exp(mpmath.mpf(float(r))) for r in network.log_rate[0]]
        joint = [r * t for r, t in zip(rate, total, strict=True)]
        whole = mpmath.fsum(joint)
        return [j / whole for j in joint]


@pytest.mark.parametrize(("k", "seed"), [(4, 1), (8, 2), (12, 3)])
def test_relative_error_against_a_hundred_digit_sum(k: int, seed: int) -> None:
    """Every posterior is right to a relative 1e-12, and not only to an absolute one."""
    network = random_network(np.random.default_rng(seed), 8, k, density=0.7, priors=(1e-4, 0.99))
    expected = reference(network, list(range(k)))
    actual = posterior(network, Observation(present=tuple(range(k)))).responsible[0]
    error = max(abs(mpmath.mpf(float(a)) - e) / e for a, e in zip(actual, expected, strict=True))
    assert error < 1e-12


def test_inclusion_exclusion_fails_at_twelve_present_signs_where_the_cover_table_does_not() -> None:
    """In float64 the textbook sum has lost all its digits; ours keeps twelve."""
    rng = np.random.default_rng(7)
    k, causes = 12, 20
    network = random_network(rng, causes, k, density=0.3, priors=(1e-4, 0.01))
    network = replace(network, leak=rng.uniform(1e-5, 1e-3, (1, k)), link_responsible=network.link)
    expected = reference(network, list(range(k)))
    ours = posterior(network, Observation(present=tuple(range(k)))).responsible[0]
    assert max(abs(mpmath.mpf(float(a)) - e) / e for a, e in zip(ours, expected, strict=True)) < 1e-12

    link, _ = dense(network)
    rate = np.exp(network.log_rate[0] - network.log_rate[0].max())
    certain = np.array(
        [
            oracle.quickscore(network.leak[0], link, np.where(np.arange(causes) == x, 1.0, network.prevalence[0]))
            for x in range(causes)
        ]
    )
    textbook = rate * certain / (rate * certain).sum()
    assert max(abs(float(t) - float(e)) / float(e) for t, e in zip(textbook, expected, strict=True)) > 1e-3


@settings(max_examples=30, deadline=None)
@given(networks_and_observations(), st.integers(1, 4))
def test_rows_taken_in_turn_give_the_same_answer(case: tuple[Network, Observation], bits: int) -> None:
    """When many rows would not fit at once they are worked through in parts, with equal results."""
    network, observation = case
    whole = posterior(network, observation)
    expected = bystanders(network, whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover_module, "MAX_STATES", 1 << bits)
        np.testing.assert_allclose(bystanders(network, whole), expected, rtol=1e-12, atol=1e-15)
