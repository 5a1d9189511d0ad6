"""The values the engine computes with: a network, and what was observed in one case.

One event has one responsible cause R. Attributes of the event depend on R alone. Signs hang on a two-layer
noisy-OR network in which R is certainly present and every other cause may be present as a bystander.

Every number carries a leading axis of joint parameter draws, so the point estimate (one draw) and its
uncertainty (many) run through the same code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Attribute:
    """A categorical property: P(option | R = cause), and what evidence on it does to prevalence.

    table: (draws, causes, options), rows sum to 1. background: (draws, options) shares in ordinary subjects
    for a covariate (its likelihood is then a ratio against the background), None for a property of the event.
    moves_prevalence: (causes,) bool, true where the ratio also multiplies the odds of a bystander.
    """

    table: Floats
    background: Floats | None = None
    moves_prevalence: NDArray[np.bool_] | None = None

    @cached_property
    def log_told(self) -> Floats:
        """Log P(option | R = cause), against the background for a covariate: (options, draws, causes); worked out once."""
        with np.errstate(divide="ignore"):
            told = np.log(self.table)
            if self.background is not None:
                told = told - np.log(self.background)[:, None, :]
        return np.ascontiguousarray(np.moveaxis(told, -1, 0))


@dataclass(frozen=True)
class EventSyndrome:
    """A hidden state of the event, given R, that shapes several of its attributes together (the parts of a fit).

    share: (draws, causes) P(the state is on | R = cause). on, off: attribute -> (draws, causes, options) given the
    state, so that share * on + (1 - share) * off is the attribute's own table. An attribute is in one at most.
    """

    share: Floats
    on: Mapping[str, Floats]
    off: Mapping[str, Floats]


@dataclass(frozen=True)
class Grades:
    """The levels of a graded sign as noisy-MAX: how likely each source alone is to bring more than level l.

    sign: its index; the network's own leak and links of it are those of level 0 (any level at all).
    leak: (draws, levels) and link, responsible: (draws, links of the sign in network order, levels), for
    l = 0 .. levels - 1, falling along the last axis. Reduction to yes/no evidence: `engine.reduce.reduced`.
    """

    sign: int
    leak: Floats
    link: Floats
    responsible: Floats


@dataclass(frozen=True)
class Syndrome:
    """A hidden state that some causes bring and that brings several signs together.

    node: its index among the signs; leak and links of the state itself stand there, it is never observed.
    members: (members,) indices of yes/no signs, in no other syndrome. strength: (draws, members) chance that the
    state alone brings each member.
    """

    node: int
    members: Ints
    strength: Floats


@dataclass(frozen=True)
class Network:
    """Causes, their weights, and the links to signs.

    log_rate: (draws, causes) log weight of each cause as the responsible one, need not be normalised.
    prevalence: (draws, causes) chance that a cause is present as a bystander, in [0, 1).
    leak: (draws, signs) chance that a sign appears with no cause at all.
    link_sign, link_cause: (links,) indices. link: (draws, links) chance that a present bystander brings the sign.
    link_responsible: (draws, links) the same when the cause is R; below 0 where R argues against the sign, which
    lowers the leak for R only, so 1 - (1 - leak)(1 - link_responsible) must stay at or above 0.
    """

    causes: tuple[str, ...]
    signs: tuple[str, ...]
    log_rate: Floats
    prevalence: Floats
    leak: Floats
    link_sign: Ints
    link_cause: Ints
    link: Floats
    link_responsible: Floats
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    grades: tuple[Grades, ...] = ()
    syndromes: tuple[Syndrome, ...] = ()
    event_syndromes: tuple[EventSyndrome, ...] = ()

    @property
    def draws(self) -> int:
        """How many joint parameter draws the arrays hold."""
        return int(self.log_rate.shape[0])


def lowered(leak: Floats, responsible: Floats) -> Floats:
    """Keep links below 0 no lower than the leak allows, level by level: 1 - (1 - leak)(1 - link) stays at or above 0."""
    floor = -leak / (1.0 - leak)
    return np.maximum(responsible, floor[:, None, :])


@dataclass(frozen=True)
class Observation:
    """What is known in one case, in the engine's terms.

    weights: attribute -> (options,) likelihood of the report for each option (1 and 0 for a plain answer), or
    (terms, factors, options), a sum of products of such reports on one property.
    present, absent: indices of signs. A sign in neither is unknown and costs nothing.
    soft: sign -> (likelihood of the report if absent, if present), for signs in neither list.
    ranges: graded sign -> (lowest, highest) level it may have.
    """

    weights: Mapping[str, Floats] = field(default_factory=dict)
    present: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    soft: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    ranges: Mapping[int, tuple[int, int]] = field(default_factory=dict)


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
        event_syndromes=tuple(
            EventSyndrome(s.share[cut], {n: t[cut] for n, t in s.on.items()}, {n: t[cut] for n, t in s.off.items()})
            for s in network.event_syndromes
        ),
    )
