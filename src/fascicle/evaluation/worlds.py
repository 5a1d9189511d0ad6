"""Worlds that simulated cases come from: the one the model believes in, and others that differ in one respect.

In every world the program is told what an interview might tell it; what is told is chosen without looking at what is so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from fascicle.engine import draws
from fascicle.engine.network import EventSyndrome, Network
from fascicle.evaluation.simulation import (
    UNKNOWN,
    Bools,
    Cases,
    Factor,
    draw_cases,
    interviewed,
    misreported,
    without_syndromes,
)
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import build
from fascicle.knowledge.heard import heard, reliabilities
from fascicle.knowledge.numbers import at_the_values, columns, numbers
from fascicle.networks import compiled

PUT, ANSWERED = 0.4, 0.9
"""Chance that a question is put, and that one of its items is answered then."""
CORRELATION = 0.6
"""Between findings that the model ties by a syndrome, in the world that ties them by a severity."""
COMMON = 0.2
"""Between any two signs outside syndromes, in the world where some owners see everything and some nothing."""
RATE_FACTOR, RATE_WORLDS = 3.0, 10
"""Complaint rates are off by this factor, one standard deviation of a log-normal, differently in each of the worlds."""
MISREPORTS = ((0.05, 0.005), (0.15, 0.03))
"""Shares of yes and of no turned round beyond what the knowledge allows for."""


@dataclass(frozen=True)
class Part:
    """Cases from one world. network: where they come from, of one draw, if one who knew the world could use it."""

    cases: Cases
    network: Network | None


World = Callable[[Knowledge, int], list[Part]]
"""(knowledge, number of cases) -> the cases, in parts; the same every time."""


def asked(knowledge: Knowledge, network: Network, count: int, rng: np.random.Generator) -> dict[str, Bools]:
    """What is told in so many cases, as in an interview."""
    return interviewed(knowledge, network, count, rng, put=PUT, answered=ANSWERED)


def drawn(knowledge: Knowledge, network: Network, count: int, seed: int, *factors: Factor) -> Cases:
    """Cases from a network of one draw."""
    rng = np.random.default_rng(seed)
    told = asked(knowledge, network, count, rng)
    return draw_cases(network, np.zeros(count, dtype=np.int64), told, rng, factors)


def unused_block(knowledge: Knowledge, index: int) -> Network:
    """A block of joint draws of the uncertain numbers that the program itself never looks at."""
    found, count = numbers(knowledge), knowledge.triage.draws
    at = columns(knowledge, draws.draw(found, count, knowledge.triage.most_draws // count + index))
    return heard(build(knowledge, at), knowledge, at, {})


def severities(knowledge: Knowledge, network: Network) -> dict[str, Factor]:
    """For each syndrome, a severity that moves its findings the way the syndrome does, with loadings 1 or -1."""
    found = {
        name: Factor({network.signs[j]: 1.0 for j in syndrome.members})
        for name, syndrome in zip(knowledge.profile.syndromes, network.syndromes, strict=True)
    }
    for name, event in zip(knowledge.profile.event_syndromes, network.event_syndromes, strict=True):
        brought = {n: (on - event.off[n]).mean(axis=(0, 1)) for n, on in event.on.items()}
        loadings = {n: 1.0 if len(by) > 2 or by[0] > 0 else -1.0 for n, by in brought.items()}
        found[name] = Factor(loadings, {n: int(by.argmax()) for n, by in brought.items() if len(by) > 2})
    return found


def tied(factor: Factor, correlation: float) -> Factor:
    """The severity with loadings such that any two of its findings have this normal correlation."""
    return replace(factor, loadings={name: sign * correlation**0.5 for name, sign in factor.loadings.items()})


def as_believed(knowledge: Knowledge, count: int) -> list[Part]:
    """The network itself, its numbers at their values."""
    point = compiled(knowledge).point
    return [Part(drawn(knowledge, point, count, 300), point)]


def otherwise_tied(knowledge: Knowledge, count: int) -> list[Part]:
    """A severity for each syndrome in its place: other dependence, the same frequencies."""
    point = compiled(knowledge).point
    plain = replace(without_syndromes(point), event_syndromes=())
    factors = [tied(factor, CORRELATION) for factor in severities(knowledge, point).values()]
    return [Part(drawn(knowledge, plain, count, 305, *factors), None)]


def all_tied(knowledge: Knowledge, count: int) -> list[Part]:
    """One severity, or attention, behind every sign that no syndrome holds."""
    point = compiled(knowledge).point
    held = {j for syndrome in point.syndromes for j in (*syndrome.members.tolist(), syndrome.node)}
    free = {sign: COMMON**0.5 for j, sign in enumerate(point.signs) if j not in held}
    return [Part(drawn(knowledge, point, count, 306, Factor(free)), None)]


def wrong_rates(knowledge: Knowledge, count: int) -> list[Part]:
    """Every complaint rate off by RATE_FACTOR, at random, in RATE_WORLDS worlds."""
    point, parts = compiled(knowledge).point, []
    for world in range(RATE_WORLDS):
        off = np.random.default_rng(400 + world).normal(0, np.log(RATE_FACTOR), point.log_rate.shape)
        network = replace(point, log_rate=point.log_rate + off)
        parts.append(Part(drawn(knowledge, network, count // RATE_WORLDS, 500 + world), network))
    return parts


def turned_round(missed: float, imagined: float, knowledge: Knowledge, count: int) -> list[Part]:
    """Some yes and some no told the other way round, beyond what the knowledge allows for."""
    point = compiled(knowledge).point
    plain = {n for n, a in point.attributes.items() if a.background is None and a.table.shape[2] == 2}
    rates = (dict.fromkeys(plain | set(point.signs), rate) for rate in (missed, imagined))
    own = drawn(knowledge, point, count, 300)
    return [Part(misreported(own, np.random.default_rng(301), *rates), None)]


def wrong_as_a_whole(knowledge: Knowledge, count: int) -> list[Part]:
    """Facts drawn first, then every yes/no answer right or wrong as a whole; the model misses each source by itself."""
    at, point = at_the_values(knowledge), compiled(knowledge).point
    facts, found = build(knowledge, at), reliabilities(knowledge, at, {})
    plain = {n: a for n, a in facts.attributes.items() if n in found.sensitivity}
    syndromes = tuple(
        EventSyndrome(
            told.share,
            {n: fact.on[n] if n in plain else t for n, t in told.on.items()},
            {n: fact.off[n] if n in plain else t for n, t in told.off.items()},
        )
        for fact, told in zip(facts.event_syndromes, point.event_syndromes, strict=True)
    )
    world = replace(facts, attributes={**point.attributes, **plain}, event_syndromes=syndromes)
    missed = {name: 1 - float(s[0]) for name, s in found.sensitivity.items()}
    imagined = {name: float(f[0]) for name, f in found.false_report.items()}
    cases = drawn(knowledge, world, count, 303)
    return [Part(misreported(cases, np.random.default_rng(304), missed, imagined), None)]


def untold_context(knowledge: Knowledge, count: int) -> list[Part]:
    """Other illnesses follow age, breed and exposures that are not told, too."""
    point, rng = compiled(knowledge).point, np.random.default_rng(302)
    told = asked(knowledge, point, count, rng)
    context = {n for n, a in point.attributes.items() if a.background is not None}
    every = {n: m | (n in context) for n, m in told.items()}
    whole = draw_cases(point, np.zeros(count, dtype=np.int64), every, rng)
    hidden = {n: np.where(told[n], option, UNKNOWN) for n, option in whole.options.items()}
    return [Part(replace(whole, options=hidden), None)]


WORLDS: Mapping[str, World] = {
    "as the model thinks": as_believed,
    f"findings of a syndrome tied by one severity instead (correlation {CORRELATION:g})": otherwise_tied,
    f"all other signs tied by one severity too (correlation {COMMON:g})": all_tied,
    f"complaint rates wrong by a factor of {RATE_FACTOR:g} (one standard deviation; {RATE_WORLDS} worlds)": wrong_rates,
    **{
        f"{100 * missed:g} % of yes and {100 * imagined:g} % of no told the other way round besides": partial(
            turned_round, missed, imagined
        )
        for missed, imagined in MISREPORTS
    },
    "each answer right or wrong as a whole, at the rates of the knowledge": wrong_as_a_whole,
    "other illnesses follow untold context too": untold_context,
}
"""By name, the believed one first."""
