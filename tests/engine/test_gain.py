"""Hypothetical answers in one pass equal the same answers given one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from fascicle.engine import oracle
from fascicle.engine.gain import hypotheticals, information
from fascicle.engine.network import Network, Observation

from .networks import networks_and_observations, rich_cases


@settings(max_examples=60, deadline=None)
@given(networks_and_observations(max_causes=4, max_signs=5))
def test_every_hypothetical_answer_equals_enumeration(case: tuple[Network, Observation]) -> None:
    """P(R, no bystander of a set, E, answer) for signs, event attributes and covariates equals the sum over worlds."""
    network, observation = case
    observation = replace(observation, weights={})
    unasked = [s for s in range(len(network.signs)) if s not in (*observation.present, *observation.absent)]
    members = np.array([c % 2 == 0 for c in range(len(network.causes))])
    chosen = np.flatnonzero(members).tolist()
    actual = hypotheticals(network, observation, unasked, ["onset", "exposed"], members, 0.0)

    def expected(told: Observation) -> np.ndarray:
        return oracle.none_of(network, told, chosen) * oracle.evidence(network, told)

    np.testing.assert_allclose(actual.now, expected(observation), rtol=1e-11, atol=1e-16)
    for sign in unasked:
        told = replace(observation, absent=(*observation.absent, sign))
        np.testing.assert_allclose(actual.absent[sign], expected(told), rtol=1e-11, atol=1e-16)
    for name in ("onset", "exposed"):
        options = network.attributes[name].table.shape[2]
        for option in range(options):
            weight = np.zeros(options)
            weight[option] = 1.0
            joint = expected(replace(observation, weights={name: weight}))
            background = network.attributes[name].background
            if background is not None:  # a covariate counts as a ratio; times the background it is a joint again
                joint = joint * background[0, option]
            np.testing.assert_allclose(actual.options[name][option], joint, rtol=1e-11, atol=1e-16)


@settings(max_examples=60, deadline=None)
@given(rich_cases())
def test_hypothetical_answers_sum_syndromes_out(case: tuple[Network, Observation]) -> None:
    """With levels, soft reports and syndromes, a sign imagined absent equals being told so."""
    network, observation = case
    hidden = {y.node for y in network.syndromes}
    known = {*observation.present, *observation.absent, *observation.soft, *observation.ranges, *hidden}
    unasked = [s for s in range(len(network.signs)) if s not in known]
    actual = hypotheticals(network, observation, unasked, [], np.zeros(len(network.causes), dtype=bool), 0.0)
    for sign in unasked:
        told = replace(observation, absent=(*observation.absent, sign))
        mass = oracle.evidence(network, told)
        if mass > 1e-13:
            expected = oracle.responsible(network, told) * mass
            np.testing.assert_allclose(actual.absent[sign], expected, rtol=1e-10, atol=1e-16)


def test_information_of_worked_examples() -> None:
    """A perfect answer about a fair coin is worth one bit, an unrelated one nothing."""
    assert information(np.array([[0.5, 0.0], [0.0, 0.5]])) == pytest.approx(1.0)
    assert information(np.array([[0.25, 0.25], [0.25, 0.25]])) == pytest.approx(0.0)
    # Cover & Thomas, Elements of Information Theory, example 2.2.1: I(X;Y) = 0.375 bit
    joint = np.array([[4, 2, 1, 1], [2, 4, 1, 1], [2, 2, 2, 2], [8, 0, 0, 0]]) / 32
    assert information(joint) == pytest.approx(0.375)
