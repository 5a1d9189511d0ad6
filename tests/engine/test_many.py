"""Many cases at once give what each gives alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fascicle.engine import many, many_cover, oracle
from fascicle.engine.many import posteriors
from fascicle.engine.network import Network, Observation, Syndrome
from fascicle.engine.posterior import none_of, posterior
from fascicle.errors import ImpossibleEvidence, TooManyFindings

from .networks import grown, random_network

STAGES = 3
ALONE = {"rtol": 1e-12, "atol": 0.0}
"""What the fast path promises against the one-case path."""


@st.composite
def many_cases(draw, max_causes: int = 8, max_signs: int = 12) -> tuple[Network, list[Observation], np.ndarray]:
    """A random network, syndromes and graded signs among it, several cases on it, and a stage for every cause."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    signs, causes = draw(st.integers(2, max_signs)), draw(st.integers(1, max_causes))
    network = random_network(rng, causes, signs, density=draw(st.sampled_from([0.2, 0.5, 0.9])))
    graded = draw(st.booleans())
    network = grown(rng, network, graded=graded, syndromes=draw(st.integers(0, 2)))
    count = draw(st.integers(1, 8))
    often = draw(st.sampled_from([(0.2, 0.4, 0.4), (0.6, 0.2, 0.2), (0.3, 0.7, 0.0)]))
    told = [random_case(rng, network, signs, often, graded=graded) for _ in range(count)]
    return network, told, rng.integers(0, STAGES, (count, causes))


def random_case(
    rng: np.random.Generator, network: Network, signs: int, often: tuple[float, ...], *, graded: bool
) -> Observation:
    """Some signs present, some absent; one case in five has a soft sign or a level."""
    status = rng.choice(3, signs, p=often)
    weights = {}
    if rng.random() < 0.5:
        weights["onset"] = rng.choice([rng.random(3), np.array([0.0, 1.0, 0.0])])
    if rng.random() < 0.5:
        weights["exposed"] = np.eye(2)[rng.integers(2)]
    soft, ranges = {}, {}
    if rng.random() < 0.2:
        status[signs - 1] = 2
        soft[signs - 1] = (0.3, 0.9)
    if graded and rng.random() < 0.2:
        status[0] = 2
        ranges[0] = (1, 2)
    present, absent = np.flatnonzero(status == 0).tolist(), np.flatnonzero(status == 1).tolist()
    return Observation(weights, tuple(present), tuple(absent), soft, ranges)


def alone(network: Network, told: Observation, joins: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Responsible cause, set queries and log P(evidence) by the one-case functions."""
    whole = posterior(network, told)
    sets = joins > np.arange(STAGES)[:, None]
    return whole.responsible[0], none_of(network, whole, sets), float(whole.log_evidence[0])


@settings(max_examples=150, deadline=None)
@given(many_cases())
def test_every_case_has_the_answer_it_has_alone(drawn: tuple[Network, list[Observation], np.ndarray]) -> None:
    """Responsible cause, every stage and P(evidence) agree with the one-case path to 1e-12, for every cause."""
    network, told, joins = drawn
    actual = posteriors(network, told, joins, STAGES)
    for i, case in enumerate(told):
        responsible, without, log_evidence = alone(network, case, joins[i])
        np.testing.assert_allclose(actual.responsible[i], responsible, **ALONE)
        np.testing.assert_allclose(actual.without[:, i], without, **ALONE)
        np.testing.assert_allclose(actual.log_evidence[i], log_evidence, rtol=0, atol=1e-12)
    assert dict(actual.refused) == {}


@settings(max_examples=40, deadline=None)
@given(many_cases(max_causes=4, max_signs=6))
def test_every_case_agrees_with_adding_up_every_world(drawn: tuple[Network, list[Observation], np.ndarray]) -> None:
    """The slow, obvious sum gives the same causes and the same set queries."""
    network, told, joins = drawn
    actual = posteriors(network, told, joins, STAGES)
    for i, case in enumerate(told):
        np.testing.assert_allclose(actual.responsible[i], oracle.responsible(network, case), rtol=1e-11, atol=1e-15)
        for stage in range(STAGES):
            later = np.flatnonzero(joins[i] > stage)
            expected = oracle.none_of(network, case, later.tolist())
            np.testing.assert_allclose(actual.without[stage, i], expected, rtol=1e-11, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(many_cases(), st.integers(1, 3), st.sampled_from([1, 2, 64]))
def test_causes_with_many_signs_and_small_tables_take_another_path_to_the_same_answer(
    drawn: tuple[Network, list[Observation], np.ndarray], local_bits: int, rows: int
) -> None:
    """Causes left out by halving, tables of a few rows and groups of a few cases change nothing beyond rounding."""
    network, told, joins = drawn
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many_cover, "LOCAL_BITS", local_bits)
        patch.setattr(many_cover, "STATES", 1)
        patch.setattr(many_cover, "FEWEST_ROWS", rows)
        patch.setattr(many, "CASES", rows + 1)
        actual = posteriors(network, told, joins, STAGES)
    expected = posteriors(network, told, joins, STAGES)
    np.testing.assert_allclose(actual.without, expected.without, **ALONE)


@settings(max_examples=60, deadline=None)
@given(many_cases(), st.randoms(use_true_random=False))
def test_neighbours_change_not_one_bit(drawn: tuple[Network, list[Observation], np.ndarray], random: st.DrawFn) -> None:
    """In another order, alone, or beside copies of itself a case gives exactly the same numbers."""
    network, told, joins = drawn
    together = posteriors(network, told, joins, STAGES)
    order = list(range(len(told)))
    random.shuffle(order)
    order += order[:1]
    shuffled = posteriors(network, [told[i] for i in order], joins[order], STAGES)
    np.testing.assert_array_equal(shuffled.without, together.without[:, order])
    np.testing.assert_array_equal(shuffled.responsible, together.responsible[order])
    first = posteriors(network, told[:1], joins[:1], STAGES)
    np.testing.assert_array_equal(first.without[:, 0], together.without[:, 0])
    np.testing.assert_array_equal(first.log_evidence, together.log_evidence[:1])


def test_a_large_case_beside_small_ones() -> None:
    """More present signs than the shared table holds go the one-case way, in the same call."""
    rng = np.random.default_rng(4)
    network = random_network(rng, 6, many.MOST_BITS + 3, density=0.3)
    every = tuple(range(many.MOST_BITS + 3))
    told = [Observation(present=every), Observation(present=every[:2]), Observation()]
    joins = rng.integers(0, STAGES, (3, 6))
    actual = posteriors(network, told, joins, STAGES)
    for i, case in enumerate(told):
        np.testing.assert_allclose(actual.without[:, i], alone(network, case, joins[i])[1], **ALONE)


def test_impossible_evidence_is_marked_and_costs_no_other_case_its_answer() -> None:
    """A case nothing explains has zeros and P(evidence) 0, where the one-case path raises; its neighbour is unmoved."""
    network = random_network(np.random.default_rng(1), 3, 2, density=0.0)
    network = replace(network, leak=np.array([[0.0, 0.3]]))
    told = [Observation(present=(0,)), Observation(present=(1,))]
    joins = np.zeros((2, 3), dtype=np.int64)
    actual = posteriors(network, told, joins, 1)
    with pytest.raises(ImpossibleEvidence):
        posterior(network, told[0])
    assert actual.responsible[0].tolist() == [0.0, 0.0, 0.0]
    assert actual.without[:, 0].tolist() == [[0.0, 0.0, 0.0]]
    assert actual.log_evidence[0] == -np.inf
    np.testing.assert_allclose(actual.responsible[1], posterior(network, told[1]).responsible[0], **ALONE)


def test_a_case_with_too_many_findings_is_refused_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the one-case path refuses is named; the other cases have their answers."""

    def refuse(*_: object) -> None:
        raise TooManyFindings("too many")

    monkeypatch.setattr(many, "log_none_of", refuse)
    network = random_network(np.random.default_rng(2), 3, many.MOST_BITS + 1)
    told = [Observation(present=tuple(range(many.MOST_BITS + 1))), Observation(present=(0,))]
    actual = posteriors(network, told, np.zeros((2, 3), dtype=np.int64), 1)
    assert {i: str(error) for i, error in actual.refused.items()} == {0: "too many"}
    assert actual.log_evidence[0] == -np.inf
    np.testing.assert_allclose(actual.responsible[1], posterior(network, told[1]).responsible[0], **ALONE)


def test_rare_signs_keep_their_digits() -> None:
    """With leaks of 1e-9 and priors near 0 and 1 the answer still agrees with 60 digits to 1e-12."""
    import mpmath

    rng = np.random.default_rng(11)
    network = random_network(rng, 5, 6, density=0.7)
    network = replace(
        network,
        leak=np.full((1, 6), 1e-9),
        prevalence=np.array([[1e-7, 0.999, 0.3, 1e-3, 0.0]]),
        link_responsible=network.link,
    )
    told = Observation(present=(0, 1, 2, 3, 4, 5))
    actual = posteriors(network, [told], np.zeros((1, 5), dtype=np.int64), 1).responsible[0]
    with mpmath.workdps(60):
        expected = by_inclusion_exclusion(network, told.present)
    np.testing.assert_allclose(actual, [float(p) for p in expected], **ALONE)


def by_inclusion_exclusion(network: Network, present: Sequence[int]) -> list:
    """P(R = x | present signs) in many digits, where cancelling does no harm."""
    from itertools import combinations

    from mpmath import mpf

    n = len(network.causes)
    miss = [[mpf(1)] * n for _ in network.signs]
    for column, (sign, cause) in enumerate(zip(network.link_sign, network.link_cause, strict=True)):
        miss[sign][cause] = 1 - mpf(float(network.link[0, column]))
    total = [mpf(0)] * n
    for size in range(len(present) + 1):
        for off in combinations(present, size):
            silent = [mpf(1)] * n
            leak = mpf(1)
            for sign in off:
                leak *= 1 - mpf(float(network.leak[0, sign]))
                silent = [s * m for s, m in zip(silent, miss[sign], strict=True)]
            prior = [mpf(float(p)) for p in network.prevalence[0]]
            terms = [1 - p + p * s for p, s in zip(prior, silent, strict=True)]
            for x in range(n):
                product = leak * silent[x]
                for y in range(n):
                    product *= terms[y] if y != x else 1
                total[x] += (-1) ** size * product
    import mpmath

    joint = [mpmath.exp(mpf(float(r))) * t for r, t in zip(network.log_rate[0], total, strict=True)]
    return [j / mpmath.fsum(joint) for j in joint]


def test_no_case_is_no_answer() -> None:
    """An empty list of cases gives empty arrays."""
    network = random_network(np.random.default_rng(3), 3, 3)
    actual = posteriors(network, [], np.zeros((0, 3), dtype=np.int64), 2)
    assert (actual.responsible.shape, actual.without.shape, actual.log_evidence.shape) == ((0, 3), (2, 0, 3), (0,))


def test_several_draws_are_refused() -> None:
    """The fast path is for one draw only, and says so."""
    network = random_network(np.random.default_rng(3), 3, 3, draws=2)
    with pytest.raises(ValueError, match="one draw"):
        posteriors(network, [Observation()], np.zeros((1, 3), dtype=np.int64), 1)


def test_a_state_with_an_absent_member_only_is_summed_over() -> None:
    """A hidden state counts as soon as any member is known, absent ones too, and in no other case."""
    rng = np.random.default_rng(8)
    network = grown(rng, random_network(rng, 4, 5), graded=False, syndromes=1)
    (state,) = network.syndromes
    member, other = int(state.members[0]), next(s for s in range(5) if s not in state.members)
    told = [Observation(absent=(member,)), Observation(present=(other,)), Observation(present=(member, other))]
    joins = rng.integers(0, STAGES, (3, 4))
    actual = posteriors(network, told, joins, STAGES)
    for i, case in enumerate(told):
        np.testing.assert_allclose(actual.without[:, i], alone(network, case, joins[i])[1], **ALONE)
    assert isinstance(state, Syndrome)
