"""Exact posterior of the responsible cause, of bystanders, and of sets of causes being absent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fascicle.engine.attributes import attribute_evidence
from fascicle.engine.conditioning import untangle
from fascicle.engine.cover import Bound, cover
from fascicle.engine.frontier import work
from fascicle.engine.links import Links
from fascicle.engine.network import Floats, Network, Observation
from fascicle.engine.reduce import active, patterns, reduced
from fascicle.errors import ImpossibleEvidence


@dataclass(frozen=True)
class Told:
    """What one case says, ready for any priors: worked out once, for the posterior and for every set asked about.

    likelihood, prevalence: see `attribute_evidence`. signs: one part for each on/off pattern of the syndromes.
    """

    likelihood: Floats
    prevalence: Floats
    signs: tuple[Signs, ...]

    @classmethod
    def of(cls, network: Network, observation: Observation) -> Told:
        """Attributes put together, absent signs absorbed."""
        return cls(*attribute_evidence(network, observation.weights), _signs(network, observation))


@dataclass(frozen=True)
class Posterior:
    """What one case says of its causes.

    responsible: (draws, causes) P(R = cause | evidence); rows sum to 1.
    log_joint: (draws, causes) log of rate share x P(evidence | R = cause), before normalising.
    log_evidence: (draws,) log P(evidence).
    told: the case made ready, for further queries about it.
    """

    responsible: Floats
    log_joint: Floats
    log_evidence: Floats
    told: Told


def posterior(network: Network, observation: Observation, bound: Bound = "exact") -> Posterior:
    """Return the exact distribution of the responsible cause (of another bound: the joint is below or above the true one).

    Exact for one responsible cause over a two-layer noisy-OR of signs. Time grows as 2^k with k present signs
    that hang together (see `cover`); absent signs are linear, unknown ones free.
    Raises ImpossibleEvidence when no cause can produce what was observed in any draw.
    """
    told = Told.of(network, observation)
    return _normalise(_log_joint(network, told, bound), told)


def _log_joint(network: Network, told: Told, bound: Bound) -> Floats:
    """(draws, causes) log P(R = cause, evidence)."""
    return log_shares(network.log_rate) + told.likelihood + _likelihood(told.signs, told.prevalence, bound)


def log_none_of(network: Network, told: Told, sets: NDArray[np.bool_], bound: Bound = "exact") -> Floats:
    """Return log P(R = cause, no other cause of the set present as a bystander, evidence) per cause.

    sets: (rows, causes) bool; one row, or as many rows as draws, or any number against a single draw. The result
    has the broadcast number of rows. One more table per row, with prevalence 0 on its set. Exact.
    """
    log_absent = np.where(sets, np.log1p(-told.prevalence), 0.0)
    others = log_absent.sum(axis=1, keepdims=True) - log_absent
    emptied = np.where(sets, 0.0, told.prevalence)
    joint: Floats = log_shares(network.log_rate) + told.likelihood + others
    return joint + _likelihood(told.signs, emptied, bound)


def none_of(network: Network, whole: Posterior, sets: NDArray[np.bool_], bound: Bound = "exact") -> Floats:
    """Return P(R = cause, no other cause of the set present as a bystander | evidence): see `log_none_of`.

    whole: the posterior of the same case and network. A draw in which the evidence is impossible gives zeros.
    """
    possible = np.where(np.isfinite(whole.log_evidence), whole.log_evidence, np.inf)
    return np.exp(log_none_of(network, whole.told, sets, bound) - possible[:, None])


def bystanders(network: Network, whole: Posterior) -> Floats:
    """Return (causes,) P(cause present at all | evidence), responsible or not, for a network of one draw.

    P(D_y | E) = 1 - sum over x != y of P(R = x, D_y absent | E): the responsible cause is averaged over, so this is
    not the plain noisy-OR marginal. Exact to absolute rounding; cost is one `cover` with a row per cause.
    """
    absent = none_of(network, whole, np.eye(len(network.causes), dtype=bool))
    np.fill_diagonal(absent, 0.0)
    present: Floats = np.clip(1.0 - absent.sum(axis=1), 0.0, 1.0)
    return present


def bystander(network: Network, whole: Posterior, cause: int) -> Floats:
    """Return (draws,) P(this cause is present at all | evidence): `bystanders` for one cause, draw by draw."""
    members = np.zeros((1, len(network.causes)), dtype=bool)
    members[0, cause] = True
    absent = none_of(network, whole, members)
    absent[:, cause] = 0.0
    present: Floats = np.clip(1.0 - absent.sum(axis=1), 0.0, 1.0)
    return present


def sign_likelihood(network: Network, observation: Observation, prevalence: Floats, bound: Bound = "exact") -> Floats:
    """Return (rows, causes) log P(signs observed | cause certain, bystanders at `prevalence`).

    Absent signs are absorbed into the priors (linear), present ones go to the cover table, graded and soft ones are
    reduced to these. Each syndrome with a known member doubles the work: it is summed over its two states.
    """
    return _likelihood(_signs(network, observation), prevalence, bound)


@dataclass(frozen=True)
class Signs:
    """Signs with one on/off pattern of the syndromes: absent ones absorbed, present ones ready, log of a constant factor."""

    missed: Missed
    present: Present | None
    constant: float


def _signs(network: Network, observation: Observation) -> tuple[Signs, ...]:
    """Every pattern of the syndromes that has a known member."""
    found = []
    for pattern in patterns(network, observation, active(network, observation)):
        plain, told, constant = reduced(*pattern)
        present = Present.of(plain, told.present) if told.present else None
        found.append(Signs(absorbed(plain, told.absent), present, constant))
    return tuple(found)


def _likelihood(signs: Sequence[Signs], prevalence: Floats, bound: Bound) -> Floats:
    """Sum over the patterns, in logs."""
    parts = [s.constant + present_likelihood(s.present, s.missed, prevalence, bound) for s in signs]
    total: Floats = parts[0]
    for part in parts[1:]:
        total = np.logaddexp(total, part)
    return total


def absorbed(network: Network, absent: Sequence[int]) -> Missed:
    """What absent signs do to leak, bystanders and the responsible cause, in logs."""
    chosen = links_of(network, absent)
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


def present_likelihood(present: Present | None, missed: Missed, prevalence: Floats, bound: Bound = "exact") -> Floats:
    """`sign_likelihood` once the absent signs are absorbed; rows broadcast over draws, sets and candidates."""
    log_norm = np.log1p(prevalence * np.expm1(missed.bystander))
    total: Floats = missed.leak + log_norm.sum(axis=1, keepdims=True) - log_norm + missed.responsible
    if present is None:
        return total
    prior = prevalence * np.exp(missed.bystander - log_norm)
    with np.errstate(divide="ignore"):
        explained: Floats = np.log(np.maximum(present.likelihood(prior, bound), 0.0))
    return total + explained


@dataclass(frozen=True)
class Present:
    """Present signs, ready for any priors: leak (draws, k) and the links of each cause to them."""

    leak: Floats
    links: Links

    @classmethod
    def of(cls, network: Network, present: Sequence[int]) -> Present:
        """The present signs in the order given."""
        chosen = links_of(network, present)
        position = np.zeros(len(network.signs), dtype=np.int64)
        position[list(present)] = np.arange(len(present))
        bits = position[network.link_sign[chosen]]
        links = Links(bits, network.link_cause[chosen], network.link[:, chosen], network.link_responsible[:, chosen])
        return cls(network.leak[:, list(present)], links)

    def likelihood(self, prior: Floats, bound: Bound = "exact") -> Floats:
        """P(all of them | cause certain, bystanders at these priors): (rows, causes), see `cover`."""
        return cover(self.leak, self.links, prior, bound)


MOST_EFFORT = 1 << 25
"""States for one row beyond which not all signs are weighed: even a handful of draws would take more than some three seconds."""


def effort(network: Network, observation: Observation) -> int:
    """Roughly how many states one row of the exact table touches for these present signs; quick, and the same every time."""
    total = 0
    for signs in _signs(network, observation):
        if signs.present is not None:
            size = signs.present.leak.shape[1]
            for bits in signs.present.links.components(size, network.prevalence[:1]):
                taken, steps = untangle(signs.present.links.restrict(bits), network.prevalence[:1])
                total += work(steps) << len(taken)
    return total


def sum_by_cause(network: Network, chosen: NDArray[np.bool_], link: Floats) -> Floats:
    """Sum log(1 - link) of the chosen links onto their causes."""
    count, own = len(network.causes), network.link_cause[chosen]
    with np.errstate(divide="ignore"):
        values = np.log1p(-link[:, chosen])
    if len(values) == 1:
        alone: Floats = np.bincount(own, values[0], minlength=count).astype(np.float64)[None, :]
        return alone
    total = np.zeros((link.shape[0], count))
    if len(own):
        order = np.argsort(own, kind="stable")
        causes, first = np.unique(own[order], return_index=True)
        total[:, causes] = np.add.reduceat(values[:, order], first, axis=1)
    return total


def links_of(network: Network, signs: Sequence[int]) -> NDArray[np.bool_]:
    """Which links belong to these signs."""
    wanted = np.zeros(len(network.signs), dtype=bool)
    wanted[list(signs)] = True
    chosen: NDArray[np.bool_] = wanted[network.link_sign]
    return chosen


def log_shares(log_rate: Floats) -> Floats:
    """Rates as shares of all complaints, in logs."""
    top = log_rate.max(axis=1, keepdims=True)
    shares: Floats = log_rate - top - np.log(np.exp(log_rate - top).sum(axis=1, keepdims=True))
    return shares


@dataclass(frozen=True)
class Within:
    """What is certain of a posterior where not everything could be looked at.

    found: (draws, causes) shares of what was looked at. low, high: (draws, causes) bounds of the true shares.
    missing: (draws,) share of P(evidence) that at most was not looked at, 0 where the answer is exact.
    most: a posterior whose joint is no lower than the true one.
    """

    found: Floats
    low: Floats
    high: Floats
    missing: Floats
    most: Posterior


def posterior_within(network: Network, observation: Observation) -> Within:
    """Return certified bounds of `posterior` for a case too large for it; the same value where it is not.

    Costs twice `posterior`, and at most `cover.ASSIGNMENTS` assignments of hub causes each. Raises ImpossibleEvidence as
    `posterior` does, TooManyFindings where no bound holds.
    """
    most = posterior(network, observation, "high")
    top = np.where(np.isfinite(most.log_evidence), most.log_evidence, 0.0)[:, None]
    low, high = np.exp(_log_joint(network, most.told, "low") - top), np.exp(most.log_joint - top)
    seen = low.sum(axis=1, keepdims=True)
    found = np.where(seen > 0, low / np.where(seen > 0, seen, 1.0), most.responsible)
    others_low, others_high = (mass.sum(axis=1, keepdims=True) - mass for mass in (low, high))

    def share(mass: Floats, others: Floats) -> Floats:
        total = mass + np.maximum(others, 0.0)
        return np.where(total > 0, mass / np.where(total > 0, total, 1.0), 0.0)

    missing: Floats = np.clip(1.0 - seen[:, 0], 0.0, 1.0)
    return Within(found, share(low, others_high), share(high, others_low), missing, most)


def _normalise(log_joint: Floats, told: Told) -> Posterior:
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
    return Posterior(share, log_joint, log_evidence, told)
