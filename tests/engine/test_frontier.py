"""The frontier gives what the full table and enumeration give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from fascicle.engine import cover as cover_module
from fascicle.engine import oracle
from fascicle.engine.frontier import plan, width
from fascicle.engine.links import Links, roles
from fascicle.engine.network import Network, Observation
from fascicle.engine.posterior import posterior
from fascicle.errors import TooManyFindings

from .networks import networks_and_observations, random_network, rich_cases


@settings(max_examples=120, deadline=None)
@given(networks_and_observations())
def test_small_networks_by_the_frontier_equal_enumeration(case: tuple[Network, Observation]) -> None:
    """With the full table switched off, every posterior still equals the sum over worlds."""
    network, observation = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover_module, "FULL_TABLE_BITS", 0)
        actual = posterior(network, observation).responsible[0]
    np.testing.assert_allclose(actual, oracle.responsible(network, observation), rtol=1e-12, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(rich_cases())
def test_rich_evidence_by_the_frontier_equals_enumeration(case: tuple[Network, Observation]) -> None:
    """Levels, soft reports and syndromes go through the frontier as well."""
    network, observation = case
    if oracle.evidence(network, observation) < 1e-13:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover_module, "FULL_TABLE_BITS", 0)
        actual = posterior(network, observation).responsible[0]
    np.testing.assert_allclose(actual, oracle.responsible(network, observation), rtol=1e-11, atol=1e-15)


def chain(signs: int, reach: int = 4) -> Network:
    """Causes that each bring a few neighbouring signs, so that the frontier stays narrow."""
    rng = np.random.default_rng(3)
    network = random_network(rng, signs, signs, density=0.0, draws=3)
    pairs = [(s, c) for c in range(signs) for s in range(c, min(signs, c + reach))]
    link = rng.uniform(0.1, 0.9, (3, len(pairs)))
    return replace(
        network,
        prevalence=np.exp(rng.uniform(-7, -1, (3, signs))),
        link_sign=np.array([p[0] for p in pairs]),
        link_cause=np.array([p[1] for p in pairs]),
        link=link,
        link_responsible=link,
    )


def test_many_signs_on_several_draws_equal_the_full_table() -> None:
    """Fifteen signs at once: frontier and full table agree to 1e-12 on every draw."""
    network = chain(15)
    told = Observation(present=tuple(range(15)))
    by_frontier = posterior(network, told).responsible
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover_module, "FULL_TABLE_BITS", 15)
        np.testing.assert_allclose(by_frontier, posterior(network, told).responsible, rtol=1e-12)


def test_forty_signs_that_hang_together_narrowly_are_exact() -> None:
    """Where the full table would need 2^40 states, the frontier needs a handful; rows sum to 1."""
    network = chain(40)
    links = Links(network.link_sign, network.link_cause, network.link, network.link_responsible)
    assert width(plan(links, roles(links, network.prevalence).coupling)) <= 8
    found = posterior(network, Observation(present=tuple(range(40)))).responsible
    np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-12)


def test_a_frontier_too_wide_is_a_typed_error() -> None:
    """When nearly all causes bring all signs there is no narrow order, and the engine says so."""
    network = random_network(np.random.default_rng(2), 14, 30, density=1.0)
    strength = np.abs(network.link_responsible)
    network = replace(network, prevalence=np.full((1, 14), 0.1), link=strength, link_responsible=strength)
    with pytest.raises(TooManyFindings, match="at a time"):
        posterior(network, Observation(present=tuple(range(30))))
