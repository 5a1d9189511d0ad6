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
    for syndrome in network.event_syndromes:
        mass = np.zeros(n)
        for share, tables in ((syndrome.share, syndrome.on), (1 - syndrome.share, syndrome.off)):
            chance = share[draw]
            for name in tables.keys() & observation.weights.keys():
                chance = chance * _report(tables[name][draw], observation.weights[name])
            mass = mass + chance
        likelihood = likelihood * mass
    together = {name for syndrome in network.event_syndromes for name in syndrome.on}
    for name, weight in observation.weights.items():
        if name in together:
            continue
        attribute = network.attributes[name]
        factor = _report(attribute.table[draw], weight)
        if attribute.background is not None:
            factor = factor / _report(attribute.background[draw][None, :], weight)
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


def _report(table: Floats, weight: Floats) -> Floats:
    """P(report | R) of one property, (causes,): every way to pick one option for each factor of each term."""
    terms = weight[None, None, :] if weight.ndim == 1 else weight
    found = np.zeros(len(table))
    for factors in terms:
        for options in product(range(table.shape[1]), repeat=len(factors)):
            chance = np.ones(len(table))
            for factor, option in zip(factors, options, strict=True):
                chance = chance * table[:, option] * factor[option]
            found = found + chance
    return found


def _signs(network: Network, observation: Observation, draw: int, responsible: int, on: list[int]) -> float:
    """P(what was observed of the signs | exactly these causes present, this one responsible)."""
    total = 0.0
    for states in product((0, 1), repeat=len(network.syndromes)):
        chance = 1.0
        for syndrome, state in zip(network.syndromes, states, strict=True):
            off = _at_most(network, draw, responsible, on, syndrome.node, 0, states)
            chance *= 1 - off if state else off
        for sign in observation.present:
            chance *= 1 - _at_most(network, draw, responsible, on, sign, 0, states)
        for sign in observation.absent:
            chance *= _at_most(network, draw, responsible, on, sign, 0, states)
        for sign, (if_absent, if_present) in observation.soft.items():
            off = _at_most(network, draw, responsible, on, sign, 0, states)
            chance *= if_absent * off + if_present * (1 - off)
        for sign, (low, high) in observation.ranges.items():
            upper = _at_most(network, draw, responsible, on, sign, high, states)
            lower = _at_most(network, draw, responsible, on, sign, low - 1, states) if low > 0 else 0.0
            chance *= upper - lower
        total += chance
    return float(total)


def _at_most(
    network: Network, draw: int, responsible: int, on: list[int], sign: int, level: int, states: tuple[int, ...]
) -> float:
    """P(the sign has at most this level | causes and syndromes): every source alone stays at or below it."""
    columns = np.flatnonzero(network.link_sign == sign)
    grades = next((g for g in network.grades if g.sign == sign), None)
    if grades is not None and level >= grades.leak.shape[1]:
        return 1.0
    silent = 1 - (network.leak[draw, sign] if grades is None else grades.leak[draw, level])
    for i, column in enumerate(columns):
        cause = int(network.link_cause[column])
        if not on[cause]:
            continue
        if grades is None:
            table = network.link_responsible if cause == responsible else network.link
            silent *= 1 - table[draw, column]
        else:
            table = grades.responsible if cause == responsible else grades.link
            silent *= 1 - table[draw, i, level]
    for syndrome, state in zip(network.syndromes, states, strict=True):
        if state and sign in syndrome.members:
            silent *= 1 - syndrome.strength[draw, syndrome.members.tolist().index(sign)]
    return float(silent)


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
