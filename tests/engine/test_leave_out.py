"""Taking evidence back in one pass equals never having given it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from fascicle.engine.leave_out import Drop, without
from fascicle.engine.network import Network, Observation
from fascicle.engine.posterior import posterior

from .networks import networks_and_observations, rich_cases


@settings(max_examples=80, deadline=None)
@given(networks_and_observations())
def test_every_single_answer_taken_back(case: tuple[Network, Observation]) -> None:
    """Each sign and attribute left out in turn gives the posterior of the rest."""
    network, observation = case
    drops = [Drop(signs=frozenset({s})) for s in (*observation.present, *observation.absent)]
    drops += [Drop(attributes=frozenset({name})) for name in observation.weights]
    drops.append(Drop(frozenset(observation.weights), frozenset(observation.absent)))
    actual = without(network, observation, drops)
    for drop, share in zip(drops, actual, strict=True):
        rest = replace(
            observation,
            weights={n: w for n, w in observation.weights.items() if n not in drop.attributes},
            present=tuple(s for s in observation.present if s not in drop.signs),
            absent=tuple(s for s in observation.absent if s not in drop.signs),
        )
        np.testing.assert_allclose(share, posterior(network, rest).responsible[0], rtol=1e-11, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(rich_cases())
def test_with_levels_soft_reports_and_syndromes(case: tuple[Network, Observation]) -> None:
    """The same with richer evidence, the only known member of a syndrome included."""
    network, observation = case
    drops = [Drop(signs=frozenset({s})) for s in observation.absent]
    if not drops or not np.isfinite(posterior(network, observation).log_evidence[0]):
        return
    for drop, share in zip(drops, without(network, observation, drops), strict=True):
        rest = replace(observation, absent=tuple(s for s in observation.absent if s not in drop.signs))
        np.testing.assert_allclose(share, posterior(network, rest).responsible[0], rtol=1e-10, atol=1e-14)


@settings(max_examples=60, deadline=None)
@given(networks_and_observations())
def test_a_cause_that_an_absent_sign_rules_out_comes_back(case: tuple[Network, Observation]) -> None:
    """A cause that always brings a sign is ruled out by its absence; without that answer it has its share again."""
    network, observation = case
    if not observation.absent:
        return
    sure = np.isin(network.link_sign, observation.absent) & (network.link_cause == 0)
    network = replace(network, link_responsible=np.where(sure, 1.0, network.link_responsible))
    if len(network.causes) == 1:
        return  # nothing else could be so
    drops = [Drop(signs=frozenset({s})) for s in observation.absent]
    for drop, share in zip(drops, without(network, observation, drops), strict=True):
        rest = replace(observation, absent=tuple(s for s in observation.absent if s not in drop.signs))
        np.testing.assert_allclose(share, posterior(network, rest).responsible[0], rtol=1e-10, atol=1e-14)
