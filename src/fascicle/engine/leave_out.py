"""What the answer would be without some of the evidence, for many pieces of evidence in one pass.

Taking back an absent sign or a covariate only changes the absorbed priors, so all of these share one cover table with a
row each; taking back a present sign needs a smaller table of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fascicle.engine.attributes import attribute_evidence, log_factor
from fascicle.engine.network import Floats, Network, Observation
from fascicle.engine.posterior import Missed, Present, absorbed, links_of, log_shares, posterior, present_likelihood
from fascicle.engine.reduce import active, patterns, reduced


@dataclass(frozen=True)
class Drop:
    """Evidence to take back: attributes by name, signs by index."""

    attributes: frozenset[str] = frozenset()
    signs: frozenset[int] = frozenset()


def without(network: Network, observation: Observation, drops: Sequence[Drop]) -> Floats:
    """Return (drops, causes) P(R = cause | evidence less each drop), on a network of one draw. Exact."""
    result = np.zeros((len(drops), len(network.causes)))
    shared = []
    for row, drop in enumerate(drops):
        factors = [log_factor(network.attributes[name], observation.weights[name]) for name in drop.attributes]
        simple = drop.signs <= set(observation.absent) and all(np.all(np.isfinite(f)) for f in factors)
        simple = simple and not _certain(network, drop.signs)
        if simple:
            shared.append(row)
        else:
            result[row] = posterior(network, _less(observation, drop)).responsible[0]
    if shared:
        result[shared] = _in_rows(network, observation, [drops[row] for row in shared])
    return result


def _certain(network: Network, signs: frozenset[int]) -> bool:
    """Whether something never fails to bring one of these signs: what its absence rules out cannot be taken back by a sum."""
    chosen = links_of(network, tuple(signs))
    told = (network.link[:, chosen], network.link_responsible[:, chosen], network.leak[:, list(signs)])
    return any(bool(np.any(p >= 1.0)) for p in told)


def _less(observation: Observation, drop: Drop) -> Observation:
    """The observation without what is dropped."""
    return replace(
        observation,
        weights={name: weight for name, weight in observation.weights.items() if name not in drop.attributes},
        present=tuple(s for s in observation.present if s not in drop.signs),
        absent=tuple(s for s in observation.absent if s not in drop.signs),
        soft={s: v for s, v in observation.soft.items() if s not in drop.signs},
        ranges={s: v for s, v in observation.ranges.items() if s not in drop.signs},
    )


def _in_rows(network: Network, observation: Observation, drops: Sequence[Drop]) -> Floats:
    """The drops that leave the present signs as they are, one row each."""
    kept = [attribute_evidence(network, _less(observation, drop).weights) for drop in drops]
    likelihood = np.concatenate([found[0] for found in kept])
    prevalence = np.concatenate([found[1] for found in kept])
    log_joint = np.full(likelihood.shape, -np.inf)
    for pattern in patterns(network, observation, active(network, observation)):
        plain, told, constant = reduced(*pattern)
        whole, present = absorbed(plain, told.absent), Present.of(plain, told.present) if told.present else None
        taken = [absorbed(plain, tuple(drop.signs)) for drop in drops]
        missed = Missed(
            whole.leak - np.concatenate([t.leak for t in taken]),
            whole.bystander - np.concatenate([t.bystander for t in taken]),
            whole.responsible - np.concatenate([t.responsible for t in taken]),
        )
        log_joint = np.logaddexp(log_joint, constant + present_likelihood(present, missed, prevalence))
    log_joint = log_joint + likelihood + log_shares(network.log_rate)
    mass = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    share: Floats = mass / mass.sum(axis=1, keepdims=True)
    return share
