"""Random networks, cases drawn from them, and two slow ways to the answer: the reference in 400 bits and the textbook sum.

Nets: so many causes and signs, so many links per cause to signs chosen at random; priors 1e-4 to 0.1 and leaks 1e-4 to 0.02
(both uniform in the logarithm), links 0.1 to 0.95 (uniform). Cases: causes by their priors, signs by noisy-OR; the first world
with at least k present and 40 absent signs is kept (simple rejection, nothing else is conditioned on), k of its present signs
chosen at random are told as present, and 10 or 40 of its absent ones as absent (the 10 are among the 40).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import gmpy2
import numpy as np

from fascicle.engine.network import Floats, Network, Observation

SIZES = {"a": (60, 200, 8), "b": (120, 400, 8), "b+": (120, 400, 25), "c": (600, 4000, 75)}
MOST_ABSENT = 40
BITS = 400
"""Precision of the reference."""
AT_ONCE = 18
"""Signs whose subsets the reference holds at once: 2^18 numbers."""


@cache
def random_net(name: str) -> Network:
    """A net of the given size; one more cause never occurs, so that P(signs | it certain) is P(signs)."""
    causes, signs, links = SIZES[name]
    rng = np.random.default_rng([1, *name.encode()])
    pairs = np.array([(s, c) for c in range(causes) for s in np.sort(rng.choice(signs, links, replace=False))])
    link = rng.uniform(0.1, 0.95, (1, len(pairs)))
    prior = np.append(np.exp(rng.uniform(np.log(1e-4), np.log(0.1), causes)), 0.0)[None, :]
    return Network(
        causes=tuple(f"d{i}" for i in range(causes + 1)),
        signs=tuple(f"s{i}" for i in range(signs)),
        log_rate=np.zeros((1, causes + 1)),
        prevalence=prior,
        leak=np.exp(rng.uniform(np.log(1e-4), np.log(0.02), (1, signs))),
        link_sign=pairs[:, 0],
        link_cause=pairs[:, 1],
        link=link,
        link_responsible=link,
    )


@cache
def drawn_case(name: str, k: int, absent: int, number: int) -> Observation:
    """Case `number` with k present signs: the first world drawn from the model that has as many (see above)."""
    network = random_net(name)
    causes, signs = len(network.causes) - 1, len(network.signs)
    rng = np.random.default_rng([2, *name.encode(), k, number])
    silent = np.zeros((causes, signs))
    silent[network.link_cause, network.link_sign] = np.log1p(-network.link[0])
    no_leak = np.log1p(-network.leak[0])
    while True:
        ill = rng.random((500, causes)) < network.prevalence[0, :-1]
        shown = rng.random((500, signs)) < -np.expm1(ill @ silent + no_leak)
        count = shown.sum(axis=1)
        enough = np.flatnonzero((count >= k) & (signs - count >= MOST_ABSENT))
        if len(enough):
            world = shown[enough[0]]
            present = rng.permutation(np.flatnonzero(world))[:k]
            missing = rng.permutation(np.flatnonzero(~world))[:absent]
            return Observation(present=tuple(present.tolist()), absent=tuple(missing.tolist()))


@dataclass(frozen=True)
class Absorbed:
    """The present signs alone: priors with the absent signs taken in, leaks, and each cause's links to present signs."""

    prior: Floats
    leak: Floats
    links: dict[int, dict[int, float]]


def absorb(network: Network, told: Observation) -> Absorbed:
    """Take the absent signs into the priors, in float64; links: cause -> place among the present signs -> strength."""
    causes = len(network.causes) - 1
    cause, sign, link = network.link_cause, network.link_sign, network.link[0]
    off = np.isin(sign, told.absent)
    silent = np.exp(np.bincount(cause[off], np.log1p(-link[off]), causes))
    prior = network.prevalence[0, :-1]
    place = {s: i for i, s in enumerate(told.present)}
    links: dict[int, dict[int, float]] = {}
    for column in np.flatnonzero(np.isin(sign, told.present)).tolist():
        links.setdefault(int(cause[column]), {})[place[int(sign[column])]] = float(link[column])
    return Absorbed(prior * silent / (1 - prior + prior * silent), network.leak[0, list(told.present)], links)


def textbook(network: Network, told: Observation) -> Floats:
    """P(cause | signs) by Heckerman's Quickscore as printed (UAI 1989), in float64: a signed sum over all 2^k subsets."""
    case = absorb(network, told)
    k = len(told.present)
    term = np.ones(1)
    for leak in case.leak:
        term = np.concatenate([term, -term * (1 - leak)])

    def silent(links: dict[int, float]) -> Floats:
        table = np.ones(1)
        for bit in range(k):
            table = np.concatenate([table, table * (1 - links.get(bit, 0.0))])
        return table

    for cause, links in case.links.items():
        term = term * (1 - case.prior[cause] + case.prior[cause] * silent(links))
    whole, result = term.sum(), case.prior.copy()
    for cause, links in case.links.items():
        p, off = case.prior[cause], silent(links)
        result[cause] = (term * (p * off / (1 - p + p * off))).sum() / whole
    return result


def reference(network: Network, told: Observation) -> list[gmpy2.mpfr]:
    """P(cause | signs) in 400 bits: the same signed sum over all 2^k subsets, its terms multiplied out in a cheaper order.

    Subsets grow sign by sign; the factor of a cause is multiplied in once all its present signs are decided, and the sums a
    cause needs are read off on the way back. Causes with the same present signs share their sums.
    """
    with gmpy2.context(gmpy2.get_context(), precision=BITS):
        return _signed_sum(network, told)


def _signed_sum(network: Network, told: Observation) -> list[gmpy2.mpfr]:
    one, k = gmpy2.mpfr(1), len(told.present)
    prior = [gmpy2.mpfr(p) for p in network.prevalence[0, :-1].tolist()]
    silent, absent = [one] * len(prior), set(told.absent)
    link: dict[int, dict[int, gmpy2.mpfr]] = {}
    for sign, cause, q in zip(
        network.link_sign.tolist(), network.link_cause.tolist(), network.link[0].tolist(), strict=True
    ):
        if sign in absent:
            silent[cause] *= one - gmpy2.mpfr(q)
        elif sign in told.present:
            link.setdefault(cause, {})[sign] = one - gmpy2.mpfr(q)
    prior = [p * s / (one - p + p * s) for p, s in zip(prior, silent, strict=True)]

    order = _order(told.present, [set(own) for own in link.values()])
    place = {sign: bit for bit, sign in enumerate(order)}
    groups: dict[tuple[int, ...], list[int]] = {}
    for cause, own in link.items():
        groups.setdefault(tuple(sorted(place[s] for s in own)), []).append(cause)
    off = {  # cause -> P(its present signs in each subset stay silent | it is there), over the bits of its group
        cause: _outer([link[cause][order[b]] for b in bits], one) for bits, own in groups.items() for cause in own
    }
    decided = [[bits for bits in groups if bits[-1] == d] for d in range(k)]
    unions = [sorted({b for bits in decided[d] for b in bits}) for d in range(k)]
    factors = []
    for d in range(k):
        factor = np.full((2,) * len(unions[d]), one, dtype=object)
        for bits in decided[d]:
            for cause in groups[bits]:
                factor = factor * _spread(one - prior[cause] + prior[cause] * off[cause], bits, unions[d])
        factors.append(factor)

    sums = {bits: np.full((2,) * len(bits), gmpy2.mpfr(0), dtype=object) for bits in groups}
    whole = gmpy2.mpfr(0)
    for fixed in product((0, 1), repeat=max(0, k - AT_ONCE)):  # the first signs in turn, to bound memory
        terms = np.array(one, dtype=object)
        for d, sign in enumerate(order):
            states = range(2) if d >= len(fixed) else fixed[d : d + 1]
            lost = -(one - gmpy2.mpfr(float(network.leak[0, sign])))
            terms = np.stack([terms * lost if state else terms for state in states])
            terms = terms * _spread(factors[d][_at(fixed, unions[d])], unions[d], range(d + 1))
        for d in range(k - 1, -1, -1):
            for bits in decided[d]:
                others = tuple(d - b for b in range(d + 1) if b not in bits)
                sums[bits][_at(fixed, bits)] += terms.sum(axis=others)
            terms = terms.sum(axis=0)
        whole += np.asarray(terms, dtype=object).item()
    result = list(prior)
    for bits, own in groups.items():
        for cause in own:
            p = prior[cause]
            result[cause] = (sums[bits] * (p * off[cause] / (one - p + p * off[cause]))).sum() / whole
    return result


def _at(fixed: Sequence[int], bits: Sequence[int]) -> tuple[slice, ...]:
    """The part of a table over some bits (highest first) where the fixed bits, the lowest ones, are as they are."""
    return tuple(slice(fixed[b], fixed[b] + 1) if b < len(fixed) else slice(None) for b in reversed(bits))


def _order(present: tuple[int, ...], groups: list[set[int]]) -> list[int]:
    """Present signs, those that decide the fewest causes last, where there are the most subsets."""
    left, order = list(present), list[int]()
    while left:
        last = min(left, key=lambda s: (len({b for own in groups if s in own for b in own}), s))
        left.remove(last)
        groups = [own for own in groups if last not in own]
        order.insert(0, last)
    return order


def _outer(silent: list[gmpy2.mpfr], one: gmpy2.mpfr) -> np.ndarray:
    """Products over every subset; the highest bit is the first axis."""
    table = np.array(one, dtype=object)
    for q in silent:
        table = np.stack([table, table * q])
    return table


def _spread(table: np.ndarray, bits: Sequence[int], among: Sequence[int]) -> np.ndarray:
    """A table over some bits, shaped to multiply one over more bits (highest bit first)."""
    table = np.asarray(table, dtype=object)  # a table over no bits is a plain number
    size = dict(zip(reversed(bits), table.shape, strict=True))
    return table.reshape([size.get(b, 1) for b in reversed(among)])


def worst_error(found: Floats, expected: list[gmpy2.mpfr]) -> tuple[float, float]:
    """Worst relative and worst absolute error of all posteriors."""
    with gmpy2.context(gmpy2.get_context(), precision=BITS):
        away = [
            abs(gmpy2.mpfr(float(f)) - e) if np.isfinite(f) else gmpy2.inf()
            for f, e in zip(found, expected, strict=True)
        ]
        return float(max(a / e for a, e in zip(away, expected, strict=True))), float(max(away))
