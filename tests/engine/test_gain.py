"""Imagined answers in one pass equal the same answers given one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fascicle.engine import oracle
from fascicle.engine.gain import hypotheticals, information
from fascicle.engine.imagine import Alternative, Asked, joint
from fascicle.engine.network import Network, Observation
from fascicle.engine.posterior import posterior

from .networks import networks_and_observations, rich_cases

Part = tuple[Alternative, ...]


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
    unasked = unknown_signs(network, observation)
    actual = hypotheticals(network, observation, unasked, [], np.zeros(len(network.causes), dtype=bool), 0.0)
    for sign in unasked:
        told = replace(observation, absent=(*observation.absent, sign))
        mass = oracle.evidence(network, told)
        if mass > 1e-13:
            expected = oracle.responsible(network, told) * mass
            np.testing.assert_allclose(actual.absent[sign], expected, rtol=1e-10, atol=1e-16)


def unknown_signs(network: Network, observation: Observation) -> list[int]:
    """Signs that nothing is known of, hidden states left out."""
    hidden = {y.node for y in network.syndromes}
    known = {*observation.present, *observation.absent, *observation.soft, *observation.ranges, *hidden}
    return [s for s in range(len(network.signs)) if s not in known]


def yes_or_no(sign: int) -> Part:
    """A sign as a part of a question."""
    return Alternative(present=(sign,)), Alternative(absent=(sign,))


def options_of(network: Network, name: str) -> Part:
    """An attribute as a part of a question."""
    attribute = network.attributes[name]
    count = attribute.table.shape[2]
    share = np.ones(count) if attribute.background is None else attribute.background[0]
    return tuple(Alternative(weights={name: np.eye(count)[o]}, share=float(share[o])) for o in range(count))


def told_so(observation: Observation, parts: Sequence[Part], answer: Sequence[Alternative]) -> Observation:
    """The observation with an answer given, what was known of the named findings put aside."""
    every = [alternative for part in parts for alternative in part]
    signs = {sign for a in every for sign in (*a.present, *a.absent)}
    names = {name for a in every for name in a.weights}
    weights = {name: weight for name, weight in observation.weights.items() if name not in names}
    return replace(
        observation,
        present=(*(s for s in observation.present if s not in signs), *(s for a in answer for s in a.present)),
        absent=(*(s for s in observation.absent if s not in signs), *(s for a in answer for s in a.absent)),
        soft={s: told for s, told in observation.soft.items() if s not in signs},
        ranges={s: told for s, told in observation.ranges.items() if s not in signs},
        weights=weights | {name: weight for a in answer for name, weight in a.weights.items()},
    )


def assert_equals_enumeration(network: Network, observation: Observation, questions: Sequence[Asked]) -> None:
    """Every entry of every joint, to 1e-12 of the evidence."""
    mass = oracle.evidence(network, observation)
    if mass < 1e-13:
        return
    tables = joint(network, observation, questions, float(np.log(mass)))
    for asked, table in zip(questions, tables, strict=True):
        for i, answer in enumerate(product(*asked.parts)):
            told = told_so(observation, asked.parts, answer)
            share = float(np.prod([a.share for a in answer])) / mass
            for query, members in enumerate(asked.sets[:, i]):
                total = np.zeros(len(network.causes))
                for cause, on, chance in oracle.worlds(network, told):
                    if not any(on[y] for y in np.flatnonzero(members) if y != cause):
                        total[cause] += chance * share
                np.testing.assert_allclose(table[query, i], total, rtol=1e-9, atol=1e-12)


@st.composite
def questions_of_three(draw: st.DrawFn, network: Network, parts: Sequence[Part]) -> Asked:
    """Up to three of these parts, with other sets for every answer."""
    count = draw(st.integers(0, min(3, len(parts))))
    chosen = tuple(draw(st.permutations(list(parts)))[:count])
    answers = int(np.prod([len(part) for part in chosen], dtype=int))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return Asked(chosen, rng.random((2, answers, len(network.causes))) < 0.4)


@settings(max_examples=80, deadline=None)
@given(networks_and_observations(max_causes=4, max_signs=6), st.data())
def test_three_items_together_equal_enumeration(case: tuple[Network, Observation], data: st.DataObject) -> None:
    """Signs, attributes and covariates in any mix, whatever sets their answers ask for."""
    network, observation = case
    observation = replace(observation, weights={})
    parts = [yes_or_no(s) for s in unknown_signs(network, observation)]
    parts += [options_of(network, name) for name in ("onset", "exposed")]
    questions = [data.draw(questions_of_three(network, parts)) for _ in range(2)]
    assert_equals_enumeration(network, observation, questions)


@settings(max_examples=60, deadline=None)
@given(rich_cases(), st.data())
def test_three_items_with_syndromes_equal_enumeration(case: tuple[Network, Observation], data: st.DataObject) -> None:
    """Items of syndromes nobody asked about, of event syndromes partly known, beside levels and soft reports."""
    network, observation = case
    parts = [yes_or_no(s) for s in unknown_signs(network, observation)]
    parts += [options_of(network, name) for name in network.attributes if name not in observation.weights]
    questions = [data.draw(questions_of_three(network, parts)) for _ in range(2)]
    assert_equals_enumeration(network, observation, questions)


@settings(max_examples=40, deadline=None)
@given(rich_cases(), st.data())
def test_an_answer_may_take_the_place_of_what_was_known(case: tuple[Network, Observation], data: st.DataObject) -> None:
    """What alternatives name is put aside first, so that one of them can take it back."""
    network, observation = case
    known = observation.present + observation.absent
    replaced = [(Alternative(present=(s,)), Alternative(absent=(s,)), Alternative()) for s in known]
    replaced += [(*options_of(network, name), Alternative()) for name in observation.weights]
    if replaced and oracle.evidence(network, observation) > 1e-9:
        assert_equals_enumeration(network, observation, [data.draw(questions_of_three(network, replaced))])


def bits(network: Network, observation: Observation, parts: Sequence[Part]) -> float:
    """Mutual information of R and the answers to these parts."""
    answers = int(np.prod([len(part) for part in parts], dtype=int))
    asked = Asked(tuple(parts), np.zeros((1, answers, len(network.causes)), dtype=bool))
    scale = float(posterior(network, observation).log_evidence[0])
    return information(joint(network, observation, [asked], scale)[0][0])


def entropy(share: np.ndarray) -> float:
    """Entropy in bits of a distribution."""
    used = share[share > 0]
    return -float((used * np.log2(used)).sum())


@settings(max_examples=40, deadline=None)
@given(networks_and_observations(max_causes=5, max_signs=6), st.integers(0, 2**32 - 1))
def test_more_items_never_tell_less_and_never_more_than_the_bound(case: tuple[Network, Observation], seed: int) -> None:
    """I(R; all) is at least that of any three, and at most theirs + the entropy of the rest, or the entropy of R."""
    network, observation = case
    observation = replace(observation, weights={})
    rng = np.random.default_rng(seed)
    parts = [yes_or_no(s) for s in rng.permutation(unknown_signs(network, observation))[:4].tolist()]
    parts.append(options_of(network, "onset"))
    whole = bits(network, observation, parts)
    now = posterior(network, observation)
    assert whole <= entropy(now.responsible[0]) + 1e-9
    asked = [Asked((part,), np.zeros((1, len(part), len(network.causes)), dtype=bool)) for part in parts]
    single = joint(network, observation, asked, float(now.log_evidence[0]))
    for size in range(min(4, len(parts))):
        for some in combinations(range(len(parts)), size):
            part = bits(network, observation, [parts[i] for i in some])
            rest = sum(entropy(single[i][0].sum(axis=1)) for i in range(len(parts)) if i not in some)
            assert part - 1e-9 <= whole <= part + rest + 1e-9


def test_two_findings_can_tell_what_neither_tells_alone() -> None:
    """Why single gains do not bound a question: which of two causes it is shows only in whether two signs agree."""
    agree, differ = np.array([0.5, 0.0, 0.0, 0.5]), np.array([0.0, 0.5, 0.5, 0.0])
    together = np.stack([agree, differ], axis=1) / 2
    alone = together.reshape(2, 2, 2).sum(axis=1)
    assert information(alone) == pytest.approx(0.0)
    assert information(together) == pytest.approx(1.0)


def test_information_of_worked_examples() -> None:
    """A perfect answer about a fair coin is worth one bit, an unrelated one nothing."""
    assert information(np.array([[0.5, 0.0], [0.0, 0.5]])) == pytest.approx(1.0)
    assert information(np.array([[0.25, 0.25], [0.25, 0.25]])) == pytest.approx(0.0)
    # Cover & Thomas, Elements of Information Theory, example 2.2.1: I(X;Y) = 0.375 bit
    joint = np.array([[4, 2, 1, 1], [2, 4, 1, 1], [2, 2, 2, 2], [8, 0, 0, 0]]) / 32
    assert information(joint) == pytest.approx(0.375)
    assert entropy(joint.sum(axis=0)) == pytest.approx(1.75)
