"""Exact posterior of the responsible cause, of bystanders, and of sets of causes being absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fascicle.engine.cover import Links, cover
from fascicle.engine.network import Attribute, Floats, Network, Observation
from fascicle.engine.reduce import active, patterns, reduced
from fascicle.errors import ImpossibleEvidence


@dataclass(frozen=True)
class Posterior:
    """What one case says.

    responsible: (draws, causes) P(R = cause | evidence); rows sum to 1.
    log_joint: (draws, causes) log of rate share x P(evidence | R = cause), before normalising.
    log_evidence: (draws,) log P(evidence).
    """

    responsible: Floats
    log_joint: Floats
    log_evidence: Floats


def posterior(network: Network, observation: Observation) -> Posterior:
    """Return the exact distribution of the responsible cause.

    Exact for one responsible cause over a two-layer noisy-OR of signs. Time grows as 2^k with k present signs
    that hang together (see `cover`); absent signs are linear, unknown ones free.
    Raises ImpossibleEvidence when no cause can produce what was observed in any draw.
    """
    likelihood, prevalence = attribute_evidence(network, observation.weights)
    log_joint = log_shares(network.log_rate) + likelihood
    log_joint = log_joint + sign_likelihood(network, observation, prevalence)
    return _normalise(log_joint)


def log_none_of(network: Network, observation: Observation, sets: NDArray[np.bool_]) -> Floats:
    """Return log P(R = cause, no other cause of the set present as a bystander, evidence) per cause.

    sets: (rows, causes) bool; one row, or as many rows as draws, or any number against a single draw. The result
    has the broadcast number of rows. One more table per row, with prevalence 0 on its set. Exact.
    """
    likelihood, prevalence = attribute_evidence(network, observation.weights)
    log_absent = np.where(sets, np.log1p(-prevalence), 0.0)
    others = log_absent.sum(axis=1, keepdims=True) - log_absent
    emptied = np.where(sets, 0.0, prevalence)
    joint: Floats = log_shares(network.log_rate) + likelihood + others
    return joint + sign_likelihood(network, observation, emptied)


def none_of(network: Network, observation: Observation, sets: NDArray[np.bool_], log_evidence: Floats) -> Floats:
    """Return P(R = cause, no other cause of the set present as a bystander | evidence): see `log_none_of`.

    log_evidence: (draws,) as `posterior` returns it. A draw in which the evidence is impossible gives zeros.
    """
    possible = np.where(np.isfinite(log_evidence), log_evidence, np.inf)
    return np.exp(log_none_of(network, observation, sets) - possible[:, None])


def bystanders(network: Network, observation: Observation, log_evidence: Floats) -> Floats:
    """Return (causes,) P(cause present at all | evidence), responsible or not, for a network of one draw.

    P(D_y | E) = 1 - sum over x != y of P(R = x, D_y absent | E): the responsible cause is averaged over, so this is
    not the plain noisy-OR marginal. Exact to absolute rounding; cost is one `cover` with a row per cause.
    """
    absent = none_of(network, observation, np.eye(len(network.causes), dtype=bool), log_evidence)
    np.fill_diagonal(absent, 0.0)
    present: Floats = np.clip(1.0 - absent.sum(axis=1), 0.0, 1.0)
    return present


def bystander(network: Network, observation: Observation, cause: int, log_evidence: Floats) -> Floats:
    """Return (draws,) P(this cause is present at all | evidence): `bystanders` for one cause, draw by draw."""
    members = np.zeros((1, len(network.causes)), dtype=bool)
    members[0, cause] = True
    absent = none_of(network, observation, members, log_evidence)
    absent[:, cause] = 0.0
    present: Floats = np.clip(1.0 - absent.sum(axis=1), 0.0, 1.0)
    return present


def prevalence_given(network: Network, observation: Observation) -> Floats:
    """Return (draws, causes) prevalence after the covariates that move it, before any sign."""
    return attribute_evidence(network, observation.weights)[1]


def sign_likelihood(network: Network, observation: Observation, prevalence: Floats) -> Floats:
    """Return (rows, causes) log P(signs observed | cause certain, bystanders at `prevalence`).

    Absent signs are absorbed into the priors (linear), present ones go to the cover table, graded and soft ones are
    reduced to these. Each syndrome with a known member doubles the work: it is summed over its two states.
    """
    parts = [
        _plain_likelihood(*reduced(*pattern), prevalence)
        for pattern in patterns(network, observation, active(network, observation))
    ]
    total = parts[0]
    for part in parts[1:]:
        total = np.logaddexp(total, part)
    return total


def _plain_likelihood(network: Network, observation: Observation, constant: float, prevalence: Floats) -> Floats:
    """`sign_likelihood` with present and absent signs only."""
    missed = absorbed(network, observation.absent)
    return constant + present_likelihood(network, observation.present, missed, prevalence)


def absorbed(network: Network, absent: Sequence[int]) -> Missed:
    """What absent signs do to leak, bystanders and the responsible cause, in logs."""
    chosen = np.isin(network.link_sign, absent)
    with np.errstate(divide="ignore"):
        no_leak = np.log1p(-network.leak[:, list(absent)]).sum(axis=1, keepdims=True)
    return Missed(
        no_leak, sum_by_cause(network, chosen, network.link), sum_by_cause(network, chosen, network.link_responsible)
    )


@dataclass(frozen=True)
class Missed:
    """Absent signs, absorbed: log P(no leak) (rows, 1), and per cause log P(none brought) (rows, causes)."""

    leak: Floats
    bystander: Floats
    responsible: Floats


def present_likelihood(network: Network, present: Sequence[int], missed: Missed, prevalence: Floats) -> Floats:
    """`sign_likelihood` once the absent signs are absorbed; rows broadcast over draws, sets and candidates."""
    log_norm = np.log1p(prevalence * np.expm1(missed.bystander))
    total: Floats = missed.leak + log_norm.sum(axis=1, keepdims=True) - log_norm + missed.responsible
    if not present:
        return total
    prior = prevalence * np.exp(missed.bystander - log_norm)
    chosen = np.isin(network.link_sign, present)
    position = {sign: bit for bit, sign in enumerate(present)}
    bits = np.array([position[s] for s in network.link_sign[chosen].tolist()], dtype=np.int64)
    links = Links(bits, network.link_cause[chosen], network.link[:, chosen], network.link_responsible[:, chosen])
    with np.errstate(divide="ignore"):
        explained: Floats = np.log(np.maximum(cover(network.leak[:, list(present)], links, prior), 0.0))
    return total + explained


def sum_by_cause(network: Network, chosen: NDArray[np.bool_], link: Floats) -> Floats:
    """Sum log(1 - link) of the chosen links onto their causes."""
    total = np.zeros((link.shape[0], len(network.causes)))
    with np.errstate(divide="ignore"):
        values = np.log1p(-link[:, chosen])
    for column, cause in enumerate(network.link_cause[chosen].tolist()):
        total[:, cause] += values[:, column]
    return total


def attribute_evidence(network: Network, weights: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """Log likelihood of the attribute evidence per cause, and prevalence after the covariates."""
    total = np.zeros_like(network.log_rate)
    log_odds = np.zeros_like(network.log_rate)
    for name, weight in weights.items():
        attribute = network.attributes[name]
        term = log_factor(attribute, weight)
        total = total + term
        if attribute.moves_prevalence is not None:
            log_odds = log_odds + np.where(attribute.moves_prevalence, term, 0.0)
    moved = np.exp(log_odds)
    prevalence = network.prevalence * moved
    return total, prevalence / (1.0 - network.prevalence + prevalence)


def log_factor(attribute: Attribute, weight: Floats) -> Floats:
    """Log P(report | R = cause), against the background for a covariate: (draws, causes)."""
    with np.errstate(divide="ignore"):
        likelihood = np.log(attribute.table @ weight)
        if attribute.background is None:
            return likelihood
        return likelihood - np.log(attribute.background @ weight)[:, None]


def log_shares(log_rate: Floats) -> Floats:
    """Rates as shares of all complaints, in logs."""
    top = log_rate.max(axis=1, keepdims=True)
    shares: Floats = log_rate - top - np.log(np.exp(log_rate - top).sum(axis=1, keepdims=True))
    return shares


def _normalise(log_joint: Floats) -> Posterior:
    """Turn log joints into probabilities, draw by draw."""
    top = log_joint.max(axis=1, keepdims=True)
    if not np.any(np.isfinite(top)):
        raise ImpossibleEvidence("no cause in the network, and no chance, can produce these findings together.")
    finite = np.where(np.isfinite(top), top, 0.0)
    mass = np.exp(log_joint - finite)
    total = mass.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, mass / total, 0.0)
        log_evidence = (finite + np.log(total))[:, 0]
    return Posterior(share, log_joint, log_evidence)


def some_draws(network: Network, start: int, stop: int) -> Network:
    """Return the network of some of its draws."""
    cut = slice(start, stop)
    attributes = {
        name: Attribute(a.table[cut], None if a.background is None else a.background[cut], a.moves_prevalence)
        for name, a in network.attributes.items()
    }
    return replace(
        network,
        log_rate=network.log_rate[cut],
        prevalence=network.prevalence[cut],
        leak=network.leak[cut],
        link=network.link[cut],
        link_responsible=network.link_responsible[cut],
        attributes=attributes,
        grades=tuple(
            replace(g, leak=g.leak[cut], link=g.link[cut], responsible=g.responsible[cut]) for g in network.grades
        ),
        syndromes=tuple(replace(s, strength=s.strength[cut]) for s in network.syndromes),
    )
