"""Graded, soft and syndrome evidence, reduced and summed, equals adding up every world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from fascicle.engine import oracle
from fascicle.engine.network import Network, Observation
from fascicle.engine.posterior import bystanders, none_of, posterior

from .networks import grown, random_network, rich_cases

TIGHT = {"rtol": 1e-11, "atol": 1e-15}


@settings(max_examples=250, deadline=None)
@given(rich_cases())
def test_posterior_and_evidence_equal_enumeration(case: tuple[Network, Observation]) -> None:
    """P(R | E) and P(E) with levels, soft reports and syndromes equal the sum over all worlds."""
    network, observation = case
    expected = oracle.evidence(network, observation)
    if expected < 1e-13:
        return
    actual = posterior(network, observation)
    np.testing.assert_allclose(actual.responsible[0], oracle.responsible(network, observation), **TIGHT)
    np.testing.assert_allclose(np.exp(actual.log_evidence[0]), expected, **TIGHT)


@settings(max_examples=80, deadline=None)
@given(rich_cases())
def test_bystanders_and_sets_equal_enumeration(case: tuple[Network, Observation]) -> None:
    """Bystanders and set queries sum syndromes out as well."""
    network, observation = case
    if oracle.evidence(network, observation) < 1e-13:
        return
    whole = posterior(network, observation)
    np.testing.assert_allclose(bystanders(network, whole), oracle.present(network, observation), rtol=1e-10, atol=1e-13)
    row = np.arange(len(network.causes))[None, :] % 2 == 0
    np.testing.assert_allclose(
        none_of(network, whole, row)[0],
        oracle.none_of(network, observation, np.flatnonzero(row[0])),
        rtol=1e-10,
        atol=1e-14,
    )


def small(syndromes: int = 1) -> Network:
    """A fixed network with a graded sign and a syndrome."""
    rng = np.random.default_rng(11)
    return grown(rng, random_network(rng, 3, 4, density=0.8), graded=True, syndromes=syndromes)


def test_plain_answers_are_special_cases_of_soft_and_graded_ones() -> None:
    """Certain soft evidence is a plain answer; level 0 is absent, from level 1 up is present."""
    network = small()
    for plain, soft in ((Observation(present=(2,)), (0.0, 1.0)), (Observation(absent=(2,)), (1.0, 0.0))):
        same = posterior(network, Observation(soft={2: soft}))
        np.testing.assert_allclose(same.responsible, posterior(network, plain).responsible, rtol=1e-13)
    top = network.grades[0].leak.shape[1]
    for plain, levels in ((Observation(present=(0,)), (1, top)), (Observation(absent=(0,)), (0, 0))):
        same = posterior(network, Observation(ranges={0: levels}))
        np.testing.assert_allclose(same.responsible, posterior(network, plain).responsible, rtol=1e-13)


def test_uninformative_reports_change_nothing() -> None:
    """Equal likelihoods, or every level allowed, is the same as never asked."""
    network = small()
    told = Observation(present=(1,))
    plain = posterior(network, told).responsible
    top = network.grades[0].leak.shape[1]
    for more in (replace(told, soft={3: (0.4, 0.4)}), replace(told, ranges={0: (0, top)})):
        np.testing.assert_allclose(posterior(network, more).responsible, plain, rtol=1e-12)


def test_levels_partition_the_evidence() -> None:
    """The probabilities of the single levels add up to 1."""
    network = small()
    top = network.grades[0].leak.shape[1]
    parts = [np.exp(posterior(network, Observation(ranges={0: (k, k)})).log_evidence[0]) for k in range(top + 1)]
    assert sum(parts) == pytest.approx(1.0, rel=1e-12)


def test_a_syndrome_without_known_members_costs_and_changes_nothing() -> None:
    """Only active syndromes are summed."""
    network = small(2)
    assert all(0 not in syndrome.members for syndrome in network.syndromes)
    told = Observation(present=(0,))
    bare = replace(network, syndromes=())
    np.testing.assert_allclose(posterior(network, told).responsible, posterior(bare, told).responsible, rtol=1e-13)


def test_signs_that_travel_together_count_for_less_than_independent_ones() -> None:
    """Two members of one syndrome raise a cause less than the product of their single effects would."""
    rng = np.random.default_rng(4)
    network = grown(rng, random_network(rng, 2, 2, density=0.0), graded=False, syndromes=1)
    cause = int(network.link_cause[0])
    network = replace(network, log_rate=np.zeros((1, 2)), prevalence=np.full((1, 2), 1e-6))

    def odds(*present: int) -> float:
        share = posterior(network, Observation(present=present)).responsible[0]
        return float(share[cause] / (1 - share[cause]))

    first, second, both = odds(0), odds(1), odds(0, 1)
    prior = odds()
    assert prior < first
    assert both / prior < (first / prior) * (second / prior)
