"""The cover table of `engine.cover` for rows that are different cases: each row has its own signs, links and priors.

One NumPy call works on all rows: states first, rows last, and the causes of a row in a padded list (a cause that is not
there has prior 0, which changes no digit). So a row gives the same bits whichever rows stand beside it. Stages share one
table: bystanders of stage 0 are added first, then those of stage 1, and so on; it is read after each stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fascicle.engine.links import bring
from fascicle.engine.network import Floats, Ints
from fascicle.engine.table import contract
from fascicle.engine.undo import by_bit

Mask = NDArray[np.bool_]

LOCAL_BITS = 6
"""A cause with more of the row's signs is left out, not taken out: rounding grows up to threefold with each sign."""
STATES = 1 << 15
"""States x rows worked on at once: table and scratch then stay in a core's own cache."""
FEWEST_ROWS = 32
"""Shorter rows cost more in calls than a larger table costs in memory traffic."""


@dataclass(frozen=True)
class Rows:
    """Cases with equally many present signs, k of them.

    leak: (k, rows). link, responsible: (k, rows, causes) strength of each cause on each of the row's own signs.
    prior: (rows, causes) chance of each bystander. joins: (rows, causes) the stage from which it may be one.
    """

    leak: Floats
    link: Floats
    responsible: Floats
    prior: Floats
    joins: Ints

    def some(self, chosen: Ints) -> Rows:
        """Some of the rows."""
        link, responsible = self.link[:, chosen], self.responsible[:, chosen]
        return Rows(self.leak[:, chosen], link, responsible, self.prior[chosen], self.joins[chosen])


def cover_rows(rows: Rows, stages: int) -> Floats:
    """Return P(all present signs | cause certain, bystanders up to the stage by chance): (stages, rows, causes).

    Exact, as `engine.cover`. About 1.5 k 2^k steps for each cause with several of a row's signs, and r^2 2^r for each
    cause read with r signs.
    """
    k, count, causes = rows.link.shape
    result = np.empty((stages, count, causes))
    degree = np.where(rows.prior > 0, (rows.link > 0).sum(axis=0), 0)
    # rows with equally many causes stand together, so that the lists are padded little
    order = np.lexsort(((degree > 1).sum(axis=1), (degree > LOCAL_BITS).sum(axis=1)))
    step = max(FEWEST_ROWS, STATES >> k)
    for start in range(0, count, step):
        chosen = order[start : start + step]
        result[:, chosen] = _chunk(rows.some(chosen), stages)
    return result


def _chunk(rows: Rows, stages: int) -> Floats:
    """`cover_rows` for as many rows as fit the cache."""
    brings = (rows.link > 0) & (rows.prior > 0)
    touches = brings | (rows.responsible != 0)
    degree, as_bystander = touches.sum(axis=0), brings.sum(axis=0)
    hub = (as_bystander > 0) & (degree > LOCAL_BITS)
    tables = _tables(rows, stages, (as_bystander == 1) & ~hub, (as_bystander > 1) & ~hub)
    found = np.empty((stages, *rows.prior.shape))
    if hub.any():
        tables = [_read_hubs(table, rows, hub, stage, found[stage]) for stage, table in enumerate(tables)]
    whole = np.stack(tables, axis=1)
    found[:] = np.where(hub, found, whole[-1][:, :, None])
    local = (degree > 0) & (degree <= LOCAL_BITS)
    _read_local(whole, rows, local & (as_bystander > 0), touches, degree, found)
    _read_local(whole, rows, local & (as_bystander == 0), touches, degree, found)
    for at, cause, _, _, responsible in _listed(rows, (as_bystander == 0) & (degree > LOCAL_BITS)):
        found[:, at, cause] = contract(whole[:, :, at], responsible[:, None, at])
    return found


def _tables(rows: Rows, stages: int, single: Mask, coupling: Mask) -> list[Floats]:
    """P(exactly these signs explained), hubs aside, at the end of each stage: (2^k, rows) each."""
    k, count, _ = rows.link.shape
    tables = []
    explained = _by_single(rows, rows.leak, single & (rows.joins == 0))
    table = np.ones((1, count))
    for bit in range(k):
        table = np.concatenate([table * (1.0 - explained[bit]), table * explained[bit]])
    for stage in range(stages):
        joining = rows.joins == stage
        if stage and np.any(single & joining):
            brought = _by_single(rows, np.zeros((k, count)), single & joining)
            for bit in range(k):
                bring(table, bit, brought[bit])
        for _, _, p, q, _ in _listed(rows, coupling & joining):
            _add(table, p, q)
        tables.append(table.copy())
    return tables


def _by_single(rows: Rows, leak: Floats, single: Mask) -> Floats:
    """What leak and causes with one present sign explain of each sign, (k, rows): a sum of positive terms."""
    explained = leak.copy()
    for x in np.flatnonzero(single.any(axis=0)):
        chance = np.where(single[:, x], rows.prior[:, x], 0.0) * rows.link[:, :, x]
        explained += (1.0 - explained) * chance
    return explained


def _listed(rows: Rows, chosen: Mask) -> Iterator[tuple[Ints, Ints, Floats, Floats, Floats]]:
    """The chosen causes of every row, one at a time, as far as the row with the most has any.

    Gives the rows that have one and its cause; and for all rows its prior, (rows,), 0 where there is none, and both
    strengths, (k, rows).
    """
    width = int(chosen.sum(axis=1).max(initial=0))
    order = np.argsort(~chosen, axis=1, kind="stable")[:, :width]
    every = np.arange(len(order))
    for position in range(width):
        cause = order[:, position]
        valid = chosen[every, cause]
        at, prior = np.flatnonzero(valid), np.where(valid, rows.prior[every, cause], 0.0)
        yield at, cause[at], prior, rows.link[:, every, cause], rows.responsible[:, every, cause]


def _add(table: Floats, p: Floats, q: Floats) -> None:
    """Add one possible bystander per row, in place. table: (2^k, rows), p: (rows,), q: (k, rows)."""
    brought = table * p
    for bit in np.flatnonzero(np.any((q > 0) & (p > 0), axis=1)).tolist():
        bring(brought, bit, q[bit])
    table *= 1.0 - p
    table += brought


def _read_local(tables: Floats, rows: Rows, chosen: Mask, touches: Mask, degree: Ints, found: Floats) -> None:
    """Read causes with few signs from the states around the full one, taking each out as a bystander first.

    tables: (2^k, stages, rows); writes into found, (stages, rows, causes).
    """
    states, stages, count = tables.shape
    stage = np.arange(stages)[:, None]
    for r in np.unique(degree[chosen]).tolist():
        row, cause = np.nonzero(chosen & (degree == r))
        bit = np.argsort(~touches[:, row, cause], axis=0, kind="stable")[:r]
        missing = 1 - (np.arange(1 << r)[:, None] >> np.arange(r) & 1)
        state = states - 1 - missing @ (1 << bit)
        local = tables.reshape(-1).take((state[:, None, :] * stages + stage) * count + row)
        prior = np.where(rows.joins[row, cause] <= stage, rows.prior[row, cause], 0.0)
        if np.any(prior > 0):
            local = by_bit(local, 1.0 - prior, prior, rows.link[bit, row, cause][:, None, :])
        found[:, row, cause] = contract(local, rows.responsible[bit, row, cause][:, None, :])


def _read_hubs(table: Floats, rows: Rows, hub: Mask, stage: int, found: Floats) -> Floats:
    """Read causes with many signs from tables without them into `found`; return this stage's table with all of them.

    Halve and conquer, so that nothing is ever subtracted.
    """
    now = replace(rows, prior=np.where(rows.joins <= stage, rows.prior, 0.0))
    hubs = list(_listed(now, hub))

    def with_more(base: Floats, more: Sequence[int]) -> Floats:
        base = base.copy()
        for i in more:
            _, _, p, q, _ = hubs[i]
            if p.any():
                _add(base, p, q)
        return base

    def leave_one_out(base: Floats, left: Sequence[int]) -> Floats:
        if len(left) == 1:
            at, cause, _, _, responsible = hubs[left[0]]
            found[at, cause] = contract(base[:, at], responsible[:, at])
            return with_more(base, left)
        middle = len(left) // 2
        leave_one_out(with_more(base, left[middle:]), left[:middle])
        return leave_one_out(with_more(base, left[:middle]), left[middle:])

    return leave_one_out(table, range(len(hubs)))
