"""The same answer as the cover table when too many present signs hang together: a table of the frontier only.

Causes are taken in an order; a sign gets a bit when its first cause comes and loses it after its last, so the table holds
2^width states, not 2^k. Forward tables are kept; a backward pass of the transposed operators then gives
P(all signs | cause certain) for every cause as backward x (cause certain) x forward. Every term is positive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fascicle.engine.network import Floats, Ints


@dataclass(frozen=True)
class Step:
    """One cause: the bits open while it acts, those it opens, and those it closes afterwards."""

    cause: int
    opened: tuple[int, ...]
    active: tuple[int, ...]
    closed: tuple[int, ...]


def plan(columns: Mapping[int, Sequence[int]], bit: Ints) -> list[Step]:
    """Order the causes greedily so that few bits are open at a time. columns: cause -> its links."""
    bits = {cause: {int(bit[c]) for c in cols} for cause, cols in columns.items()}
    left: dict[int, int] = {}
    for own in bits.values():
        for b in own:
            left[b] = left.get(b, 0) + 1
    open_bits: set[int] = set()
    waiting, steps = dict(bits), list[Step]()
    while waiting:
        cause = min((*_openness(own, open_bits, left), c) for c, own in waiting.items())[-1]
        own = waiting.pop(cause)
        opened = tuple(sorted(own - open_bits))
        active = tuple(sorted(open_bits | own))
        for b in own:
            left[b] -= 1
        closed = tuple(b for b in active if left[b] == 0)
        open_bits = set(active) - set(closed)
        steps.append(Step(cause, opened, active, closed))
    return steps


def _openness(own: set[int], open_bits: set[int], left: Mapping[int, int]) -> tuple[int, int]:
    """How many bits are open while a cause acts, and once it is done."""
    during = open_bits | own
    return len(during), sum(1 for b in during if left[b] - (b in own) > 0)


def width(steps: Sequence[Step]) -> int:
    """The largest number of bits open at once."""
    return max((len(step.active) for step in steps), default=0)


def eliminate(
    unexplained: Floats,
    strength: Mapping[int, Mapping[int, Floats]],
    certain: Mapping[int, Mapping[int, Floats]],
    prior: Floats,
    steps: Sequence[Step],
) -> tuple[Floats, dict[int, Floats]]:
    """Return P(all signs) and, for each cause of the plan, P(all signs | cause certain): (rows,) each.

    unexplained: (rows, k) chance that leak leaves a sign unexplained. strength, certain: cause -> bit -> (rows,) link as
    a bystander and when certain. Exact; time and memory grow as 2^width for each cause.
    """
    rows = prior.shape[0]
    before: list[Floats] = []
    table = np.ones(rows)
    axes: list[int] = []
    for step in steps:
        for b in step.opened:
            off = unexplained[:, b]
            table = np.stack([table * _rows(off, table), table * _rows(1 - off, table)])
            axes.insert(0, b)
        before.append(table)
        table = _mix(table, axes, prior[:, step.cause], strength[step.cause])
        for b in step.closed:
            table = np.take(table, 1, axis=axes.index(b))
            axes.remove(b)
    everything = table
    results: dict[int, Floats] = {}
    back = np.ones(rows)
    after: list[int] = []
    for index in range(len(steps) - 1, -1, -1):
        step, forward = steps[index], before[index]
        for b in reversed(step.closed):
            back = np.stack([np.zeros_like(back), back])
            after.insert(0, b)
        wanted = _axes_at(steps, index)
        back = np.moveaxis(back, list(range(len(after))), [wanted.index(b) for b in after])
        after = wanted
        sure = _apply(forward, wanted, certain[step.cause])
        results[step.cause] = (sure * back).reshape(-1, rows).sum(axis=0)
        back = _mix_back(back, wanted, prior[:, step.cause], strength[step.cause])
        for b in reversed(step.opened):
            at = after.index(b)
            off = unexplained[:, b]
            low, high = np.take(back, 0, axis=at), np.take(back, 1, axis=at)
            back = low * _rows(off, low) + high * _rows(1 - off, high)
            after = [a for a in after if a != b]
    return everything, results


def _axes_at(steps: Sequence[Step], index: int) -> list[int]:
    """The order of the bit axes of the forward table kept at a step."""
    axes: list[int] = []
    for i in range(index + 1):
        for b in steps[i].opened:
            axes.insert(0, b)
        if i < index:
            axes = [a for a in axes if a not in steps[i].closed]
    return axes


def _rows(values: Floats, table: Floats) -> Floats:
    """(rows,) values against a table whose last axis is rows."""
    return values.reshape((1,) * (table.ndim - 1) + (-1,))


def _apply(table: Floats, axes: Sequence[int], links: Mapping[int, Floats]) -> Floats:
    """A cause that is there: each of its bits is brought with its link."""
    for b, q in links.items():
        at = axes.index(b)
        low, high = np.take(table, 0, axis=at), np.take(table, 1, axis=at)
        table = np.stack([low * (1 - _rows(q, low)), high + low * _rows(q, low)], axis=at)
    return table


def _mix(table: Floats, axes: Sequence[int], p: Floats, links: Mapping[int, Floats]) -> Floats:
    """A cause that may be there."""
    return table * _rows(1 - p, table) + _apply(table, axes, links) * _rows(p, table)


def _mix_back(back: Floats, axes: Sequence[int], p: Floats, links: Mapping[int, Floats]) -> Floats:
    """The transpose of `_mix`, acting on what is still to come."""
    brought = back
    for b, q in links.items():
        at = axes.index(b)
        low, high = np.take(brought, 0, axis=at), np.take(brought, 1, axis=at)
        brought = np.stack([low * (1 - _rows(q, low)) + high * _rows(q, low), high], axis=at)
    return back * _rows(1 - p, back) + brought * _rows(p, back)
