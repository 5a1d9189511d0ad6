"""The same answer as the cover table when too many present signs hang together: a table of the frontier only.

Causes are taken in an order; a sign gets a bit when its first cause comes and loses it after its last, so the table holds
2^width states, not 2^k. Forward tables are kept; a backward pass of the transposed operators then gives
P(all signs | cause certain) for every cause. A cause with one present sign is leak, and certain it only changes that leak:
everything is linear in the leak of one sign, and both ends of that line fall out of the backward pass.
Every term is positive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from fascicle.engine.links import Links, Roles, bring, by_leak, roles
from fascicle.engine.network import Floats

NARROW = 8
"""A width at which steps cost less than thinking about their order."""


Columns = tuple[tuple[int, int], ...]
"""Bits of one cause, each with the column of its link."""


@dataclass(frozen=True)
class Step:
    """One cause: its bits with their columns, the bits it opens, and those it closes afterwards.

    read: causes that are never bystanders, with their bits and columns, whose answer can be read off where this one acts.
    """

    cause: int
    columns: Columns
    opened: tuple[int, ...]
    closed: tuple[int, ...]
    read: tuple[tuple[int, Columns], ...] = ()


def plan(links: Links, coupling: Mapping[int, list[int]]) -> list[Step]:
    """Order the coupling causes so that few bits are open at a time; quadratic in their number.

    Greedy by bits opened less bits closed; where that stays wide, also by bits opened less how nearly bits are done, and the
    cheaper of the two.
    """
    steps = greedy(links, coupling)
    if width(steps) <= NARROW:
        return steps
    return min(steps, greedy(links, coupling, nearly=True), key=work)


def greedy(links: Links, coupling: Mapping[int, list[int]], *, nearly: bool = False) -> list[Step]:
    """One greedy order; nearly: count bits that are nearly done, not only those that are."""
    bit = links.bit.tolist()
    own = {x: sum(1 << bit[c] for c in columns) for x, columns in coupling.items()}
    bits = {x: [bit[c] for c in columns] for x, columns in coupling.items()}
    left: dict[int, int] = {}
    for mine in bits.values():
        for b in mine:
            left[b] = left.get(b, 0) + 1
    last = sum(1 << b for b, times in left.items() if times == 1)
    open_bits, steps = 0, list[Step]()
    waiting = sorted(own)

    def cost(x: int) -> tuple[float, int]:
        opens = (own[x] & ~open_bits).bit_count()
        return opens - (sum(left[b] ** -2 for b in bits[x]) if nearly else (own[x] & last).bit_count()), x

    while waiting:
        best = min(waiting, key=cost)
        waiting.remove(best)
        pairs = tuple(zip(bits[best], coupling[best], strict=True))
        opened = tuple(sorted(b for b in bits[best] if not open_bits >> b & 1))
        closed = []
        for b in bits[best]:
            left[b] -= 1
            if left[b] == 1:
                last |= 1 << b
            if left[b] == 0:
                closed.append(b)
        open_bits = (open_bits | own[best]) & ~sum(1 << b for b in closed)
        steps.append(Step(best, pairs, opened, tuple(sorted(closed))))
    return steps


def reading(steps: list[Step], links: Links, certain: Mapping[int, list[int]]) -> list[Step]:
    """The same steps, each with the causes that are never bystanders and have all their bits open there.

    Certain, such a cause acts on the table like any other, and in any order, so its answer can be read wherever its bits are
    open together; of several places the narrowest is taken.
    """
    bit = links.bit.tolist()
    pairs = {x: tuple((bit[c], c) for c in columns) for x, columns in certain.items()}
    own = {x: sum(1 << b for b, _ in mine) for x, mine in pairs.items()}
    place: dict[int, tuple[int, int]] = {}
    open_bits = 0
    for index, step in enumerate(steps):
        open_bits |= sum(1 << b for b in step.opened)
        for x, mine in own.items():
            if not mine & ~open_bits:
                place[x] = min(place.get(x, (open_bits.bit_count(), index)), (open_bits.bit_count(), index))
        open_bits &= ~sum(1 << b for b in step.closed)
    read: dict[int, list[tuple[int, Columns]]] = {}
    for x, (_, index) in place.items():
        read.setdefault(index, []).append((x, pairs[x]))
    return [replace(step, read=tuple(read[i])) if i in read else step for i, step in enumerate(steps)]


def work(steps: list[Step]) -> int:
    """Roughly how many states are touched, over all steps."""
    now, total = 0, 0
    for step in steps:
        now += len(step.opened)
        total += (3 + 2 * len(step.columns)) << now
        now -= len(step.closed)
    return total


def width(steps: list[Step]) -> int:
    """The largest number of bits open at once."""
    now, most = 0, 0
    for step in steps:
        now += len(step.opened)
        most = max(most, now)
        now -= len(step.closed)
    return most


def cover_by_frontier(leak: Floats, links: Links, prior: Floats, steps: list[Step] | None = None) -> Floats:
    """Return P(all signs | cause x certain), (batch, causes), for one component of coupled signs.

    Exact; time and memory grow as 2^width for each coupling cause. See `cover` for the arguments.
    """
    causes = prior.shape[1]
    sorts = roles(links, prior)
    off, on = by_leak(leak, links, prior, sorts.single)
    steps = plan(links, sorts.coupling) if steps is None else steps
    tying = {x: columns for x, columns in sorts.certain.items() if len(columns) > 1}
    steps = reading(steps, links, tying)
    forward = _forward(off, on, links, prior, steps)
    ends = _backward(off, on, links, prior, steps, forward)
    result = np.repeat(forward.everything[:, None], causes, axis=1)
    for x, found in ends.certain.items():
        result[:, x] = found
    for x, column in sorts.single.items():
        b = int(links.bit[column])
        chance, sure = prior[:, x] * links.link[:, column], links.responsible[:, column]
        without = off[:, b] / (1.0 - chance)
        result[:, x] = ends.at(b, without * (1.0 - sure), on[:, b] + without * (sure - chance))
    for x, columns in sorts.certain.items():
        if x not in tying:
            b = int(links.bit[columns[0]])
            sure = links.responsible[:, columns[0]]
            result[:, x] = ends.at(b, off[:, b] * (1.0 - sure), on[:, b] + off[:, b] * sure)
    several = [x for x in tying if x not in ends.certain]
    if several:
        result[:, several] = _only_certain(off, on, links, prior, steps, sorts, several)
    return result


def _only_certain(
    off: Floats, on: Floats, links: Links, prior: Floats, steps: list[Step], sorts: Roles, chosen: list[int]
) -> Floats:
    """Causes that are never bystanders and whose bits are never open together: certain, each is no more than larger leaks.

    One forward pass for all.
    """
    batch, count = prior.shape[0], len(chosen)
    less, more = np.repeat(off[None], count, axis=0), np.repeat(on[None], count, axis=0)
    for i, x in enumerate(chosen):
        for column in sorts.certain[x]:
            bit, sure = links.bit[column], links.responsible[:, column]
            more[i, :, bit] += less[i, :, bit] * sure
            less[i, :, bit] *= 1.0 - sure
    link = np.tile(links.link, (count, 1)) if links.link.shape[0] > 1 else links.link
    stacked = Links(links.bit, links.cause, link, link)
    less, more = less.reshape(count * batch, -1), more.reshape(count * batch, -1)
    everything = _forward(less, more, stacked, np.tile(prior, (count, 1)), steps).everything
    return everything.reshape(count, batch).T


@dataclass(frozen=True)
class _Forward:
    """Tables (states, rows): before each opened bit, and before each cause acts, with the order of its bits."""

    everything: Floats
    unopened: list[Floats]
    before: list[Floats]
    order: list[list[int]]


def _forward(off: Floats, on: Floats, links: Links, prior: Floats, steps: list[Step]) -> _Forward:
    table = np.ones((1, prior.shape[0]))
    bits: list[int] = []  # the i-th open bit has weight 2^i in the index of a state
    unopened, before, order = list[Floats](), list[Floats](), list[list[int]]()
    for step in steps:
        for b in step.opened:
            unopened.append(table)
            table = np.concatenate([table * off[:, b], table * on[:, b]])
            bits.append(b)
        before.append(table)
        order.append(bits.copy())
        p = prior[:, step.cause]
        brought = table * p
        for b, column in step.columns:
            bring(brought, bits.index(b), links.link[:, column])
        brought += table * (1.0 - p)
        table = brought
        for b in step.closed:
            position = bits.index(b)
            table = table.reshape(-1, 2, 1 << position, table.shape[1])[:, 1].reshape(-1, table.shape[1])
            bits.remove(b)
    return _Forward(table[0], unopened, before, order)


@dataclass(frozen=True)
class _Ends:
    """certain: P(all signs | cause certain). low, high: P(all signs) were a sign never, or always, brought by leak."""

    certain: dict[int, Floats] = field(default_factory=dict)
    low: dict[int, Floats] = field(default_factory=dict)
    high: dict[int, Floats] = field(default_factory=dict)

    def at(self, b: int, off: Floats, on: Floats) -> Floats:
        """P(all signs) were the leak of one sign such that it leaves it unexplained, or explains it, with these chances."""
        return off * self.low[b] + on * self.high[b]


def _backward(off: Floats, on: Floats, links: Links, prior: Floats, steps: list[Step], forward: _Forward) -> _Ends:
    rows = prior.shape[0]
    back, ends = np.ones((1, rows)), _Ends()
    unopened = len(forward.unopened)
    for index in range(len(steps) - 1, -1, -1):
        step, before, bits = steps[index], forward.before[index], forward.order[index]
        remaining = [b for b in bits if b not in step.closed]
        for b in reversed(step.closed):  # a closed bit counts only where the sign is explained
            at = sum(1 for other in bits[: bits.index(b)] if other in remaining)
            remaining.insert(at, b)
            wider = np.zeros((len(back) >> at, 2, 1 << at, rows))
            wider[:, 1] = back.reshape(-1, 1 << at, rows)
            back = wider.reshape(-1, rows)
        brought = _unbring(back, bits, step.columns, links.link)
        same = all(np.array_equal(links.link[:, c], links.responsible[:, c]) for _, c in step.columns)
        sure = brought if same else _unbring(back, bits, step.columns, links.responsible)
        ends.certain[step.cause] = np.einsum("sr,sr->r", before, sure)
        p = prior[:, step.cause]
        back = back * (1.0 - p) + brought * p
        for x, columns in step.read:
            ends.certain[x] = np.einsum("sr,sr->r", before, _unbring(back, bits, columns, links.responsible))
        for b in reversed(step.opened):
            unopened -= 1
            half, earlier = len(back) // 2, forward.unopened[unopened]
            low, high = back[:half], back[half:]
            ends.low[b], ends.high[b] = np.einsum("sr,sr->r", earlier, low), np.einsum("sr,sr->r", earlier, high)
            back = low * off[:, b] + high * on[:, b]
    return ends


def _unbring(back: Floats, bits: list[int], columns: Columns, strength: Floats) -> Floats:
    """The transpose of a certain cause, acting on what is still to come."""
    result = back.copy()
    for b, column in columns:
        view = result.reshape(-1, 2, 1 << bits.index(b), result.shape[1])
        q = strength[:, column]
        view[:, 0] *= 1.0 - q
        view[:, 0] += view[:, 1] * q
    return result
