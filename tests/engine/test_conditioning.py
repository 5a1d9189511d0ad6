"""Conditioning on hub causes is exact where it is finished, and bounds the truth where it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fascicle.engine import conditioning, oracle
from fascicle.engine import cover as cover_module
from fascicle.engine.network import Network, Observation
from fascicle.engine.posterior import posterior, posterior_within
from fascicle.errors import TooManyFindings

from .networks import random_network


def dense(seed: int, causes: int, signs: int, prior: float = 0.2, draws: int = 1) -> Network:
    """Nearly every cause brings nearly every sign, none argues against any."""
    network = random_network(np.random.default_rng(seed), causes, signs, density=0.9, draws=draws)
    strength = np.random.default_rng(seed + 1).uniform(0.05, 0.9, network.link.shape)
    return replace(
        network,
        prevalence=np.full((draws, causes), prior),
        link=strength,
        link_responsible=strength,
    )


def narrow(patch: pytest.MonkeyPatch, bits: int, assignments: int) -> None:
    """Make tables so small that hubs must be conditioned on."""
    patch.setattr(cover_module, "FULL_TABLE_BITS", 1)
    patch.setattr(cover_module, "MAX_TABLE_BITS", bits)
    patch.setattr(conditioning, "ALONE", bits)
    patch.setattr(cover_module, "ASSIGNMENTS", assignments)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(2, 6), st.integers(0, 3))
def test_conditioning_on_every_hub_equals_enumeration(seed: int, causes: int, signs: int, bits: int) -> None:
    """With tables of so few bits the posterior still equals the sum over worlds."""
    network, told = dense(seed, causes, signs), Observation(present=tuple(range(signs)))
    with pytest.MonkeyPatch.context() as patch:
        narrow(patch, bits, 1 << causes)
        actual = posterior(network, told).responsible[0]
    np.testing.assert_allclose(actual, oracle.responsible(network, told), rtol=1e-12)


def test_conditioning_on_several_draws_equals_the_table() -> None:
    """Each draw has its own priors and strengths, and sets of causes may be emptied in some rows."""
    network, told = dense(5, 7, 6, draws=4), Observation(present=tuple(range(6)))
    expected = posterior(network, told).responsible
    with pytest.MonkeyPatch.context() as patch:
        narrow(patch, 2, 4 << 7)
        np.testing.assert_allclose(posterior(network, told).responsible, expected, rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.sampled_from([0.001, 0.03, 0.3]))
def test_bounds_hold_the_truth(seed: int, assignments: int, prior: float) -> None:
    """However few assignments are looked at, the true posterior lies between the bounds."""
    network, told = dense(seed, 6, 5, prior), Observation(present=(0, 1, 2, 3, 4))
    truth = oracle.responsible(network, told)
    with pytest.MonkeyPatch.context() as patch:
        narrow(patch, 0, assignments)
        within = posterior_within(network, told)
    assert np.all(within.low[0] <= truth * (1 + 1e-12))
    assert np.all(within.high[0] >= truth * (1 - 1e-12))
    assert 0.0 <= within.missing[0] <= 1.0


def test_looking_at_more_leaves_less_missing() -> None:
    """The missing mass never grows with the assignments looked at, and is nothing when all were."""
    network, told = dense(11, 8, 6, 0.02), Observation(present=tuple(range(6)))
    missing = []
    for assignments in (1, 8, 64, 256):
        with pytest.MonkeyPatch.context() as patch:
            narrow(patch, 0, assignments)
            missing.append(float(posterior_within(network, told).missing[0]))
    assert missing == sorted(missing, reverse=True)
    assert missing[0] > 0.5
    assert missing[-1] < 1e-12


def test_what_is_small_enough_has_no_missing_mass() -> None:
    """Where the posterior is exact the bounds close on it."""
    network, told = dense(3, 5, 5), Observation(present=(0, 1, 2))
    within = posterior_within(network, told)
    np.testing.assert_allclose(within.low, within.high, rtol=1e-12)
    np.testing.assert_allclose(within.found, posterior(network, told).responsible, rtol=1e-12)
    np.testing.assert_allclose(within.missing, 0.0, atol=1e-12)


def test_no_bound_is_claimed_for_uncertain_answers() -> None:
    """A soft report that makes a leak above 1 breaks the bound, so the engine refuses instead of guessing."""
    network = dense(4, 8, 6)
    told = Observation(present=(0, 1, 2, 3, 4), soft={5: (3.0, 1.0)})
    with pytest.MonkeyPatch.context() as patch:
        narrow(patch, 0, 4)
        with pytest.raises(TooManyFindings, match="plain answers"):
            posterior_within(network, told)
