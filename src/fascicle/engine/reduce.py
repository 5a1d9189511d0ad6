"""Graded, soft and syndrome evidence brought back to plain present and absent signs, exactly.

- A graded sign between two levels is an absorbed negative (not above the higher) and one positive (above the lower,
  given that): P(lo <= level <= hi) = prod F(hi) x (1 - prod F(lo-1)/F(hi)), F being noisy-MAX.
- Soft evidence with likelihoods l0, l1 is one positive with another leak: l0 P(no) + l1 P(yes) = l1 (1 - (1 - r) P(no)),
  r = l0/l1, and 1 - (1 - r)(1 - leak)... is a noisy-OR whose leak is 1 - (1 - r)(1 - leak). For r > 1 that leak is above
  1, which the cover table carries through without cancelling (relative error grows as r times the rounding unit).
- A syndrome is summed over its two states: on, it is a positive and its members' leaks rise; off, it is a negative.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from fascicle.engine.network import Floats, Grades, Network, Observation


def active(network: Network, observation: Observation) -> tuple[int, ...]:
    """Indices of the syndromes any member of which is known; only these need summing."""
    known = {*observation.present, *observation.absent, *observation.soft}
    return tuple(i for i, s in enumerate(network.syndromes) if known & set(s.members.tolist()))


def patterns(
    network: Network, observation: Observation, chosen: Collection[int]
) -> Iterator[tuple[Network, Observation]]:
    """Yield the network and observation of every on/off pattern of these syndromes; their likelihoods add up."""
    order = sorted(chosen)
    for states in product((False, True), repeat=len(order)):
        leak = network.leak
        on, off = list(observation.present), list(observation.absent)
        for index, state in zip(order, states, strict=True):
            syndrome = network.syndromes[index]
            (on if state else off).append(syndrome.node)
            if state:
                leak = leak.copy()
                leak[:, syndrome.members] = 1 - (1 - leak[:, syndrome.members]) * (1 - syndrome.strength)
        yield (
            network if leak is network.leak else replace(network, leak=leak),
            replace(observation, present=tuple(on), absent=tuple(off)),
        )


def reduced(network: Network, observation: Observation) -> tuple[Network, Observation, float]:
    """Return a network and observation with plain signs only, and the log of a constant factor.

    Each soft sign and each bounded range gets a sign of its own; what was given stays as it is.
    """
    if not observation.soft and not observation.ranges:
        return network, observation, 0.0
    build = _Growing(network, observation)
    for sign, (if_absent, if_present) in sorted(observation.soft.items()):
        build.soft(sign, if_absent, if_present)
    by_sign = {grades.sign: grades for grades in network.grades}
    for sign, (low, high) in sorted(observation.ranges.items()):
        build.between(by_sign[sign], low, high)
    return build.finish()


class _Growing:
    """A network that gets further signs; the arrays are put together once, at the end."""

    def __init__(self, network: Network, observation: Observation) -> None:
        self.network, self.observation = network, observation
        self.present, self.absent = list(observation.present), list(observation.absent)
        self.leaks: list[Floats] = []
        self.columns: list[tuple[int, int, Floats, Floats]] = []
        self.constant = 0.0

    def add(self, leak: Floats, sign: int, link: Floats, responsible: Floats) -> int:
        """A further sign with its own leak and strengths, on the causes of an existing one."""
        new = len(self.network.signs) + len(self.leaks)
        self.leaks.append(leak)
        for i, column in enumerate(np.flatnonzero(self.network.link_sign == sign).tolist()):
            cause = int(self.network.link_cause[column])
            self.columns.append((new, cause, link[:, i], responsible[:, i]))
        return new

    def soft(self, sign: int, if_absent: float, if_present: float) -> None:
        """Likelihoods of a report; a likelihood of 0 makes it a plain answer."""
        if if_absent == 0 or if_present == 0:
            (self.present if if_absent == 0 else self.absent).append(sign)
            self.constant += float(np.log(max(if_absent, if_present)))
            return
        mine = self.network.link_sign == sign
        leak = 1 - (1 - if_absent / if_present) * (1 - self.network.leak[:, sign])
        self.present.append(self.add(leak, sign, self.network.link[:, mine], self.network.link_responsible[:, mine]))
        self.constant += float(np.log(if_present))

    def between(self, grades: Grades, low: int, high: int) -> None:
        """A level from low to high; 0 is “none at all”, the top level has no bound above."""
        top = grades.leak.shape[1]
        above = (np.zeros_like(a[..., 0]) for a in (grades.leak, grades.link, grades.responsible))
        if high < top:
            above = (a[..., high] for a in (grades.leak, grades.link, grades.responsible))
        over_leak, over_link, over_responsible = above
        if high < top:
            self.absent.append(self.add(over_leak, grades.sign, over_link, over_responsible))
        if low > 0:

            def between(lower: Floats, upper: Floats) -> Floats:
                """1 - F(low - 1) / F(high); a source that always brings more than high was absorbed already."""
                room = 1 - upper
                return np.where(room > 0, (lower - upper) / np.where(room > 0, room, 1.0), 0.0)

            leak = between(grades.leak[..., low - 1], over_leak)
            link = between(grades.link[..., low - 1], over_link)
            responsible = between(grades.responsible[..., low - 1], over_responsible)
            self.present.append(self.add(leak, grades.sign, link, responsible))

    def finish(self) -> tuple[Network, Observation, float]:
        """The grown network."""
        network = self.network
        if self.leaks:
            network = replace(
                network,
                signs=network.signs + tuple(f"reduced {i}" for i in range(len(self.leaks))),
                leak=np.concatenate([network.leak, np.stack(self.leaks, axis=1)], axis=1),
                link_sign=np.concatenate([network.link_sign, np.array([c[0] for c in self.columns], dtype=np.int64)]),
                link_cause=np.concatenate([network.link_cause, np.array([c[1] for c in self.columns], dtype=np.int64)]),
                link=np.concatenate([network.link, *(c[2][:, None] for c in self.columns)], axis=1),
                link_responsible=np.concatenate(
                    [network.link_responsible, *(c[3][:, None] for c in self.columns)], axis=1
                ),
            )
        told = replace(self.observation, present=tuple(self.present), absent=tuple(self.absent), soft={}, ranges={})
        return network, told, self.constant
