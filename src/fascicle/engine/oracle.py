"""The same answers by adding up every world, slowly and obviously. For tests; never imported by the program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np

from fascicle.engine.network import Floats, Network, Observation


def worlds(network: Network, observation: Observation, draw: int = 0) -> Iterator[tuple[int, tuple[int, ...], float]]:
    """Yield (responsible cause, which causes are present, P(world, evidence)) for every world.

    2^causes worlds for each responsible cause. Rates are normalised to shares; covariates count as a ratio
    against their background and move the odds of bystanders where the attribute says so.
    """
    n = len(network.causes)
    rate = np.exp(network.log_rate[draw])
    rate = rate / rate.sum()
    likelihood = np.ones(n)
    odds = network.prevalence[draw] / (1 - network.prevalence[draw])
    for name, weight in observation.weights.items():
        attribute = network.attributes[name]
        factor = attribute.table[draw] @ weight
        if attribute.background is not None:
            factor = factor / (attribute.background[draw] @ weight)
        likelihood = likelihood * factor
        if attribute.moves_prevalence is not None:
            odds = np.where(attribute.moves_prevalence, odds * factor, odds)
    prevalence = odds / (1 + odds)
    for responsible in range(n):
        others = [y for y in range(n) if y != responsible]
        for states in product((0, 1), repeat=len(others)):
            on = [0] * n
            on[responsible] = 1
            chance = rate[responsible] * likelihood[responsible]
            for y, state in zip(others, states, strict=True):
                on[y] = state
                chance *= prevalence[y] if state else 1 - prevalence[y]
            chance *= _signs(network, observation, draw, responsible, on)
            yield responsible, tuple(on), float(chance)


def _signs(network: Network, observation: Observation, draw: int, responsible: int, on: list[int]) -> float:
    """P(the observed signs | exactly these causes present, this one responsible)."""
    chance = 1.0
    for sign in (*observation.present, *observation.absent):
        silent = 1 - network.leak[draw, sign]
        for column in np.flatnonzero(network.link_sign == sign):
            cause = int(network.link_cause[column])
            if on[cause]:
                table = network.link_responsible if cause == responsible else network.link
                silent *= 1 - table[draw, column]
        chance *= silent if sign in observation.absent else 1 - silent
    return float(chance)


def responsible(network: Network, observation: Observation, draw: int = 0) -> Floats:
    """P(R = cause | evidence), (causes,)."""
    total = np.zeros(len(network.causes))
    for cause, _, chance in worlds(network, observation, draw):
        total[cause] += chance
    share: Floats = total / total.sum()
    return share


def evidence(network: Network, observation: Observation, draw: int = 0) -> float:
    """P(evidence)."""
    return sum(chance for _, _, chance in worlds(network, observation, draw))


def present(network: Network, observation: Observation, draw: int = 0) -> Floats:
    """P(cause present, responsible or bystander | evidence), (causes,)."""
    total, mass = np.zeros(len(network.causes)), 0.0
    for _, on, chance in worlds(network, observation, draw):
        total += chance * np.array(on)
        mass += chance
    return total / mass


def none_of(network: Network, observation: Observation, causes: Iterable[int], draw: int = 0) -> Floats:
    """P(R = x, no other cause of the set present | evidence), (causes,)."""
    members, total, mass = set(causes), np.zeros(len(network.causes)), 0.0
    for responsible_cause, on, chance in worlds(network, observation, draw):
        mass += chance
        if not any(on[y] for y in members if y != responsible_cause):
            total[responsible_cause] += chance
    return total / mass


def quickscore(leak: Floats, link: Floats, prior: Floats) -> float:
    """P(all signs present) by the textbook inclusion-exclusion sum (Heckerman, UAI 1989), to show it cancel.

    leak: (signs,), link: (signs, causes), prior: (causes,).
    """
    total = 0.0
    for chosen in product((0, 1), repeat=len(leak)):
        off = np.array(chosen, dtype=bool)
        silent = np.prod(1 - link[off], axis=0)
        term = np.prod(1 - leak[off]) * np.prod(1 - prior + prior * silent)
        total += (-1.0) ** off.sum() * float(term)
    return total
