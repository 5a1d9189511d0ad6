"""Variants of a network side by side answer as a network put together for the case."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fascicle.engine.network import Attribute, EventSyndrome, Network, Observation
from fascicle.engine.posterior import posterior
from fascicle.engine.variants import named, seen_by, side_by_side

from .networks import grown, random_network


def variant(rng: np.random.Generator, network: Network) -> Network:
    """The same causes with signs and attributes seen less well."""
    seen = rng.uniform(0.5, 1.0, (1, len(network.signs)))
    leak = 1 - (1 - rng.uniform(0, 0.1, network.leak.shape)) * (1 - network.leak)
    for state in network.syndromes:  # what is hidden is not seen
        seen[:, state.node], leak[:, state.node] = 1.0, network.leak[:, state.node]
    return replace(
        network,
        leak=leak,
        link=network.link * seen[:, network.link_sign],
        link_responsible=np.maximum(network.link_responsible, 0.0) * seen[:, network.link_sign],
        attributes={name: confused(rng, attribute) for name, attribute in network.attributes.items()},
        syndromes=tuple(replace(s, strength=s.strength * seen[:, s.members]) for s in network.syndromes),
        event_syndromes=tuple(
            EventSyndrome(
                state.share,
                {n: confused(rng, Attribute(table)).table for n, table in state.on.items()},
                {n: confused(rng, Attribute(table)).table for n, table in state.off.items()},
            )
            for state in network.event_syndromes
        ),
    )


def confused(rng: np.random.Generator, attribute: Attribute) -> Attribute:
    """The attribute as told by somebody who mixes up options."""
    options = attribute.table.shape[2]
    mixed = 0.8 * np.eye(options) + 0.2 * rng.dirichlet(np.ones(options), options)
    background = None if attribute.background is None else attribute.background @ mixed
    return replace(attribute, table=attribute.table @ mixed, background=background)


def put_together(usual: Network, other: Network, who: set[str]) -> Network:
    """The usual network with some signs and attributes as in the other."""
    signs = np.isin(usual.signs, list(who))
    links = signs[usual.link_sign]
    return replace(
        usual,
        leak=np.where(signs, other.leak, usual.leak),
        link=np.where(links, other.link, usual.link),
        link_responsible=np.where(links, other.link_responsible, usual.link_responsible),
        attributes={n: other.attributes[n] if n in who else a for n, a in usual.attributes.items()},
        syndromes=tuple(
            replace(s, strength=np.where(signs[s.members], o.strength, s.strength))
            for s, o in zip(usual.syndromes, other.syndromes, strict=True)
        ),
        event_syndromes=tuple(
            EventSyndrome(
                s.share,
                {n: o.on[n] if n in who else table for n, table in s.on.items()},
                {n: o.off[n] if n in who else table for n, table in s.off.items()},
            )
            for s, o in zip(usual.event_syndromes, other.event_syndromes, strict=True)
        ),
    )


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2), st.booleans())
def test_a_case_takes_each_answer_from_its_own_variant(seed: int, syndromes: int, event: bool) -> None:
    """Posterior and P(evidence) are those of a network whose findings are swapped one by one."""
    rng = np.random.default_rng(seed)
    usual = grown(rng, random_network(rng, 5, 7), graded=False, syndromes=syndromes)
    if event:
        share = rng.uniform(0, 1, (1, 5))
        usual = replace(
            usual,
            attributes={**usual.attributes, "part": Attribute(rng.dirichlet(np.ones(2), (1, 5)))},
            event_syndromes=(
                EventSyndrome(
                    share,
                    {"onset": rng.dirichlet(np.ones(3), (1, 5)), "part": rng.dirichlet(np.ones(2), (1, 5))},
                    {"onset": rng.dirichlet(np.ones(3), (1, 5)), "part": rng.dirichlet(np.ones(2), (1, 5))},
                ),
            ),
        )
    other = variant(rng, usual)
    status = rng.choice(3, 7)
    weights = {name: rng.random(a.table.shape[2]) for name, a in usual.attributes.items() if rng.random() < 0.7}
    told = Observation(
        weights, tuple(np.flatnonzero(status == 0).tolist()), tuple(np.flatnonzero(status == 1).tolist())
    )
    who = {name for name in (*usual.signs[:7], *usual.attributes) if rng.random() < 0.5}
    variants = {"usual": usual, "other": other}
    actual = posterior(side_by_side(variants), seen_by(told, dict.fromkeys(who, "other"), variants))
    expected = posterior(put_together(usual, other, who), told)
    np.testing.assert_allclose(actual.responsible, expected.responsible, rtol=1e-12)
    np.testing.assert_allclose(actual.log_evidence, expected.log_evidence, rtol=0, atol=1e-12)


def test_graded_soft_and_ranged_evidence_moves_with_its_sign() -> None:
    """Levels and soft answers go to the variant's own sign."""
    rng = np.random.default_rng(6)
    usual = grown(rng, random_network(rng, 4, 4), graded=True, syndromes=0)
    variants = {"usual": usual, "other": replace(usual, log_rate=usual.log_rate)}
    told = Observation(present=(1,), soft={2: (0.2, 0.9)}, ranges={0: (1, 2)})
    moved = seen_by(told, {"s0": "other", "s2": "other"}, variants)
    assert (moved.present, dict(moved.soft), dict(moved.ranges)) == ((1,), {6: (0.2, 0.9)}, {4: (1, 2)})
    np.testing.assert_allclose(
        posterior(side_by_side(variants), moved).responsible, posterior(usual, told).responsible, rtol=1e-12
    )


def test_the_first_variant_keeps_its_names() -> None:
    """Signs and attributes of the first stay as they were; the others say whose they are."""
    usual = random_network(np.random.default_rng(2), 3, 2)
    variants = {"usual": usual, "other": usual}
    network = side_by_side(variants)
    assert network.signs == ("s0", "s1", "s0 (other)", "s1 (other)")
    assert list(network.attributes) == ["onset", "exposed", "onset (other)", "exposed (other)"]
    assert named("onset", "usual", variants) == "onset"
