"""What must not change an answer, and answers at the edge of what numbers can be."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fascicle.engine import cover as cover_module
from fascicle.engine import oracle
from fascicle.engine import table as table_module
from fascicle.engine.network import Attribute, Network, Observation
from fascicle.engine.posterior import bystanders, posterior

from .networks import networks_and_observations, random_network

TIGHT = {"rtol": 1e-12, "atol": 1e-15}


def shares(network: Network, told: Observation) -> np.ndarray:
    """P(R = cause | evidence) of the only draw."""
    return posterior(network, told).responsible[0]


@settings(max_examples=60, deadline=None)
@given(networks_and_observations(), st.randoms(use_true_random=False))
def test_the_order_of_causes_and_signs_changes_nothing(case: tuple[Network, Observation], random) -> None:
    """A network written down in another order gives every cause the same probability."""
    network, told = case
    causes, signs = list(range(len(network.causes))), list(range(len(network.signs)))
    random.shuffle(causes)
    random.shuffle(signs)
    new_cause, new_sign = np.argsort(causes), np.argsort(signs)
    attributes = {
        name: replace(
            a,
            table=a.table[:, causes],
            moves_prevalence=None if a.moves_prevalence is None else a.moves_prevalence[causes],
        )
        for name, a in network.attributes.items()
    }
    shuffled = replace(
        network,
        causes=tuple(network.causes[c] for c in causes),
        signs=tuple(network.signs[s] for s in signs),
        log_rate=network.log_rate[:, causes],
        prevalence=network.prevalence[:, causes],
        leak=network.leak[:, signs],
        link_sign=new_sign[network.link_sign] if len(network.link_sign) else network.link_sign,
        link_cause=new_cause[network.link_cause] if len(network.link_cause) else network.link_cause,
        attributes=attributes,
    )
    moved = replace(
        told,
        present=tuple(int(new_sign[s]) for s in told.present),
        absent=tuple(int(new_sign[s]) for s in told.absent),
    )
    np.testing.assert_allclose(shares(shuffled, moved), shares(network, told)[causes], **TIGHT)


@settings(max_examples=60, deadline=None)
@given(networks_and_observations())
def test_an_unknown_sign_is_as_if_it_did_not_exist(case: tuple[Network, Observation]) -> None:
    """Taking all unknown signs out of the network leaves every probability as it is."""
    network, told = case
    known = [s for s in range(len(network.signs)) if s in told.present or s in told.absent]
    place = {sign: i for i, sign in enumerate(known)}
    keep = np.isin(network.link_sign, known)
    smaller = replace(
        network,
        signs=tuple(network.signs[s] for s in known),
        leak=network.leak[:, known],
        link_sign=np.array([place[s] for s in network.link_sign[keep].tolist()], dtype=np.int64),
        link_cause=network.link_cause[keep],
        link=network.link[:, keep],
        link_responsible=network.link_responsible[:, keep],
    )
    renumbered = replace(
        told, present=tuple(place[s] for s in told.present), absent=tuple(place[s] for s in told.absent)
    )
    np.testing.assert_allclose(shares(smaller, renumbered), shares(network, told), **TIGHT)


@settings(max_examples=60, deadline=None)
@given(networks_and_observations(), st.booleans(), st.floats(0.01, 0.99))
def test_an_uninformative_answer_changes_nothing(case: tuple[Network, Observation], present: bool, leak: float) -> None:
    """A sign no cause brings, or a property all causes share alike, leaves every probability as it is."""
    network, told = case
    sign, causes = len(network.signs), len(network.causes)
    alike = np.full((1, causes, 2), [leak, 1 - leak])
    wider = replace(
        network,
        signs=(*network.signs, "chance"),
        leak=np.append(network.leak, [[leak]], axis=1),
        attributes={**network.attributes, "alike": Attribute(alike)},
    )
    key = "present" if present else "absent"
    more = replace(told, **{key: (*getattr(told, key), sign)}, weights={**told.weights, "alike": np.array([1.0, 0.0])})
    np.testing.assert_allclose(shares(wider, more), shares(network, told), **TIGHT)


@settings(max_examples=80, deadline=None)
@given(networks_and_observations(), st.lists(st.sampled_from([1e-9, 0.0, 0.5, 0.999]), min_size=5, max_size=5))
def test_extreme_prevalences_are_exact(case: tuple[Network, Observation], priors: list[float]) -> None:
    """Bystanders that are all but impossible, or all but certain, still give the sum over worlds."""
    network, told = case
    network = replace(network, prevalence=np.array([priors[: len(network.causes)]]))
    np.testing.assert_allclose(shares(network, told), oracle.responsible(network, told), **TIGHT)
    whole = posterior(network, told)
    np.testing.assert_allclose(bystanders(network, whole), oracle.present(network, told), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("spread", [1e-9, 1e-6])
def test_rates_far_apart_keep_their_ratio(spread: float) -> None:
    """A cause a billion times rarer than another keeps its exact share when nothing tells them apart."""
    network = random_network(np.random.default_rng(1), 2, 1, density=0.0)
    network = replace(network, log_rate=np.log([[1.0, spread]]))
    np.testing.assert_allclose(
        shares(network, Observation(present=(0,))), [1 / (1 + spread), spread / (1 + spread)], rtol=1e-12
    )


@settings(max_examples=60, deadline=None)
@given(networks_and_observations(max_causes=4))
def test_a_cause_written_twice_shares_its_probability(case: tuple[Network, Observation]) -> None:
    """A physiological cause split in two halves of its rate gives each half of its share and leaves the others."""
    network, told = case
    network = replace(network, prevalence=np.where(np.arange(len(network.causes)) == 0, 0.0, network.prevalence))
    mine = network.link_cause == 0
    attributes = {
        name: replace(
            a,
            table=np.concatenate([a.table, a.table[:, :1]], axis=1),
            moves_prevalence=None
            if a.moves_prevalence is None
            else np.append(a.moves_prevalence, a.moves_prevalence[0]),
        )
        for name, a in network.attributes.items()
    }
    rate = np.append(network.log_rate, network.log_rate[:, :1], axis=1)
    rate[:, [0, -1]] -= np.log(2)
    twice = replace(
        network,
        causes=(*network.causes, "again"),
        log_rate=rate,
        prevalence=np.append(network.prevalence, [[0.0]], axis=1),
        link_sign=np.append(network.link_sign, network.link_sign[mine]),
        link_cause=np.append(network.link_cause, np.full(mine.sum(), len(network.causes))),
        link=np.append(network.link, network.link[:, mine], axis=1),
        link_responsible=np.append(network.link_responsible, network.link_responsible[:, mine], axis=1),
        attributes=attributes,
    )
    once, split = shares(network, told), shares(twice, told)
    np.testing.assert_allclose(split[0] + split[-1], once[0], **TIGHT)
    np.testing.assert_allclose(split[0], split[-1], **TIGHT)
    np.testing.assert_allclose(split[1:-1], once[1:], **TIGHT)


@settings(max_examples=60, deadline=None)
@given(networks_and_observations(), st.integers(1, 3))
def test_many_rows_with_hubs_equal_enumeration(case: tuple[Network, Observation], bits: int) -> None:
    """Rows that share strengths condition on hub causes; bystanders still equal the sum over worlds."""
    network, told = case
    whole = posterior(network, told)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_module, "MAX_SHARED_BITS", bits)
        actual = bystanders(network, whole)
    np.testing.assert_allclose(actual, oracle.present(network, told), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("bits", [12, 1])
def test_tiny_leaks_keep_their_digits(bits: int) -> None:
    """Signs that nothing brings by chance but once in a thousand million keep twelve digits, by table and by frontier."""
    network = random_network(np.random.default_rng(8), 3, 3, density=1.0)
    strength = np.random.default_rng(9).uniform(1e-9, 0.9, network.link.shape)
    network = replace(
        network,
        leak=np.full((1, 3), 1e-9),
        prevalence=np.array([[1e-7, 1e-8, 0.0]]),
        link=strength,
        link_responsible=np.where(network.link_cause == 2, 1e-9, strength),
    )
    q = [
        [1 - mpmath.mpf(float(v)) for v in strength[0]],
        [1 - mpmath.mpf(float(v)) for v in network.link_responsible[0]],
    ]
    with mpmath.workdps(60):
        rate = [mpmath.mpf(float(r)) for r in np.exp(network.log_rate[0])]
        joint = [mpmath.mpf(0)] * 3
        for x in range(3):
            for worlds in product((0, 1), repeat=3):
                if worlds[x]:  # x itself is R, so it is counted once
                    continue
                chance = rate[x]
                for y, there in enumerate(worlds):
                    p = mpmath.mpf(float(network.prevalence[0, y]))
                    chance *= 1 if y == x else p if there else 1 - p
                for sign in range(3):
                    off = 1 - mpmath.mpf(1e-9)
                    for column in np.flatnonzero(network.link_sign == sign):
                        y = int(network.link_cause[column])
                        off *= q[1][column] if y == x else q[0][column] if worlds[y] else 1
                    chance *= 1 - off
                joint[x] += chance
        expected = [j / sum(joint) for j in joint]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover_module, "FULL_TABLE_BITS", bits)
        actual = shares(network, Observation(present=(0, 1, 2)))
    assert max(abs(mpmath.mpf(float(a)) - e) / e for a, e in zip(actual, expected, strict=True)) < 1e-12
