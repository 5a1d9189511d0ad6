"""Random networks for property tests and reference sums."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from fascicle.engine.network import Attribute, Network, Observation

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
