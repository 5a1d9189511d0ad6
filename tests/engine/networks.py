"""Random networks for property tests and reference sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from fascicle.engine.network import Attribute, EventSyndrome, Grades, Network, Observation, Syndrome

probability = st.floats(min_value=1e-4, max_value=0.98)


def random_network(
    rng: np.random.Generator, causes: int, signs: int, *, density: float = 0.6, draws: int = 1, priors=(1e-4, 0.5)
) -> Network:
    """A network with some causes that cannot be bystanders, some R-only links and some that argue against."""
    pairs = [(s, c) for s in range(signs) for c in range(causes) if rng.random() < density]
    leak = rng.uniform(0.001, 0.4, (draws, signs))
    link_sign = np.array([s for s, _ in pairs], dtype=np.int64)
    link_cause = np.array([c for _, c in pairs], dtype=np.int64)
    link = rng.uniform(0.01, 0.99, (draws, len(pairs)))
    prevalence = np.exp(rng.uniform(*np.log(priors), (draws, causes)))
    prevalence[:, rng.random(causes) < 0.2] = 0.0
    against = rng.random(len(pairs)) < 0.15
    lowest = -leak[:, link_sign] / (1 - leak[:, link_sign]) if len(pairs) else link
    responsible = np.where(against, lowest * 0.8, link)
    link = np.where(against, 0.0, link)
    table = rng.dirichlet(np.ones(3), (draws, causes))
    ratio = rng.dirichlet(np.ones(2), (draws, causes))
    attributes = {
        "onset": Attribute(table),
        "exposed": Attribute(ratio, rng.dirichlet(np.ones(2), draws), rng.random(causes) < 0.5),
    }
    return Network(
        causes=tuple(f"c{i}" for i in range(causes)),
        signs=tuple(f"s{i}" for i in range(signs)),
        log_rate=rng.normal(0, 3, (draws, causes)),
        prevalence=prevalence,
        leak=leak,
        link_sign=link_sign,
        link_cause=link_cause,
        link=link,
        link_responsible=responsible,
        attributes=attributes,
    )


@st.composite
def networks_and_observations(draw, max_causes: int = 5, max_signs: int = 6) -> tuple[Network, Observation]:
    """A random network and a random case on it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    signs = draw(st.integers(1, max_signs))
    network = random_network(
        rng, draw(st.integers(1, max_causes)), signs, density=draw(st.sampled_from([0.2, 0.5, 0.9]))
    )
    answers = draw(st.lists(st.sampled_from(["present", "absent", "unknown"]), min_size=signs, max_size=signs))
    weights = {}
    if draw(st.booleans()):
        weights["onset"] = np.array(draw(st.lists(probability, min_size=3, max_size=3)))
    if draw(st.booleans()):
        weights["exposed"] = np.array(draw(st.sampled_from([(1.0, 0.0), (0.0, 1.0)])))
    return network, Observation(
        weights=weights,
        present=tuple(i for i, a in enumerate(answers) if a == "present"),
        absent=tuple(i for i, a in enumerate(answers) if a == "absent"),
    )


def grown(rng: np.random.Generator, network: Network, *, graded: bool, syndromes: int) -> Network:
    """The network with one graded sign (the first) and some syndromes over disjoint pairs of the other signs."""
    draws = network.draws
    if syndromes:
        base = len(network.signs)
        pairs = [(base + s, c) for s in range(syndromes) for c in range(len(network.causes)) if rng.random() < 0.7]
        strengths = rng.uniform(0.05, 0.95, (draws, len(pairs)))
        free = rng.permutation(np.arange(1 if graded else 0, base))
        found = []
        for s in range(syndromes):
            members = np.sort(free[2 * s : 2 * s + 2])
            if len(members):
                found.append(Syndrome(base + s, members, rng.uniform(0.1, 0.9, (draws, len(members)))))
        network = replace(
            network,
            signs=network.signs + tuple(f"syndrome {s}" for s in range(syndromes)),
            leak=np.concatenate([network.leak, rng.uniform(0.001, 0.3, (draws, syndromes))], axis=1),
            link_sign=np.append(network.link_sign, [p[0] for p in pairs]).astype(np.int64),
            link_cause=np.append(network.link_cause, [p[1] for p in pairs]).astype(np.int64),
            link=np.concatenate([network.link, strengths], axis=1),
            link_responsible=np.concatenate([network.link_responsible, strengths], axis=1),
            syndromes=tuple(found),
        )
    if graded:
        mine = network.link_sign == 0
        fall = np.cumprod(rng.uniform(0.2, 0.9, (draws, 3)), axis=1) / 0.9
        link = network.link[:, mine]
        responsible = np.where(network.link_responsible[:, mine] < 0, 0.0, network.link_responsible[:, mine])
        whole = network.link_responsible.copy()
        whole[:, mine] = responsible
        falling = np.concatenate([np.ones((draws, 1)), fall[:, :2]], axis=1)
        network = replace(
            network,
            link_responsible=whole,
            grades=(
                Grades(
                    0,
                    network.leak[:, :1] * falling,
                    link[:, :, None] * falling[:, None, :],
                    responsible[:, :, None] * falling[:, None, :],
                ),
            ),
        )
    return network


TWO_TICKS = (((1.0, 0.0, 0.0), (0.02, 0.92, 0.02)), ((0.95, 0.05, 0.05), (0.0, 1.0, 0.0)))
"""A report that is a sum of products: the first two of three options, either first."""


def eventful(rng: np.random.Generator, network: Network) -> Network:
    """The network with an event syndrome over two attributes of its own, which some causes never show."""
    draws, causes = network.draws, len(network.causes)
    share = np.where(rng.random(causes) < 0.3, 0.0, rng.uniform(0.01, 0.95, (draws, causes)))
    on = {n: rng.dirichlet(np.ones(m), (draws, causes)) for n, m in (("lost", 2), ("called", 3))}
    off = {n: rng.dirichlet(np.ones(m), (draws, causes)) for n, m in (("lost", 2), ("called", 3))}
    whole = {n: Attribute(share[..., None] * on[n] + (1 - share[..., None]) * off[n]) for n in on}
    return replace(
        network, attributes={**network.attributes, **whole}, event_syndromes=(EventSyndrome(share, on, off),)
    )


@st.composite
def rich_cases(draw) -> tuple[Network, Observation]:
    """A network with a graded sign and syndromes, and a case with levels, soft and plain evidence."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    signs, causes = draw(st.integers(2, 5)), draw(st.integers(1, 4))
    network = random_network(rng, causes, signs)
    network = eventful(rng, grown(rng, network, graded=True, syndromes=draw(st.integers(0, 2))))
    answers = draw(st.lists(st.sampled_from(["present", "absent", "unknown", "soft"]), min_size=signs, max_size=signs))
    low = draw(st.integers(0, 3))
    ranges = {0: (low, draw(st.integers(low, 3)))} if draw(st.booleans()) else {}
    told = {i: a for i, a in enumerate(answers) if not (i == 0 and ranges)}
    weights = st.sampled_from([0.0, 0.02, 0.3, 1.0, 2.5])
    soft = {}
    for i, a in told.items():
        if a == "soft":
            pair = draw(st.tuples(weights, weights).filter(lambda p: p != (0.0, 0.0)))
            soft[i] = pair
    attributes = {
        "lost": draw(st.sampled_from([None, (1.0, 0.0), (0.0, 1.0), (0.3, 0.9)])),
        "called": draw(st.sampled_from([None, (1.0, 0.0, 0.0), (0.5, 0.5, 0.0), TWO_TICKS])),
        "onset": draw(st.sampled_from([None, (0.0, 1.0, 0.0), TWO_TICKS])),
        "exposed": draw(st.sampled_from([None, (1.0, 0.0)])),
    }
    return network, Observation(
        weights={name: np.array(weight) for name, weight in attributes.items() if weight is not None},
        present=tuple(i for i, a in told.items() if a == "present"),
        absent=tuple(i for i, a in told.items() if a == "absent"),
        soft=soft,
        ranges=ranges,
    )
