"""The cover table of one component of present signs: f(S) = P(exactly the signs in S are explained so far).

Adding a cause is f <- (1 - p) f + p A f, where A is the Kronecker product of [[1 - q, 0], [q, 1]] over its signs. Every
term is positive, so nothing cancels. These operators commute, so one cause is taken out again, or its prior changed,
in the 2^r states of its r signs (a block triangular solve), and no second pass over the table is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from fascicle.engine.links import Links, Roles, bring, by_leak, roles
from fascicle.engine.network import Floats, Ints
from fascicle.engine.undo import take_out

MAX_SHARED_BITS = 8
"""A cause with more present signs is not taken out of a table: where strengths are shared by all rows 4^r entries decide,"""
MAX_OWN_BITS = 5
"""and 2^r small steps where every row has its own."""


def hubs(links: Links, prior: Floats) -> list[int]:
    """Coupling causes with too many present signs to be taken out of a table again."""
    most = MAX_SHARED_BITS if links.link.shape[0] == 1 else MAX_OWN_BITS
    return [x for x, columns in roles(links, prior).coupling.items() if len(columns) > most]


def cover_by_table(leak: Floats, links: Links, prior: Floats) -> Floats:
    """Return P(all signs | cause x certain), (batch, causes), for one component without hubs. See `cover` for the arguments.

    Exact; time is 2^k x coupling causes and r^2 2^r for a cause with r present signs. Rows that differ only in their
    priors are made from the first row's table, by changing what differs.
    """
    sorts = roles(links, prior)
    off, on = by_leak(leak, links, prior, sorts.single)
    if prior.shape[0] > 1 and leak.shape[0] == 1 and links.link.shape[0] == 1 and np.all(off[0] > 0):
        table = _varied(_built(off[:1], on[:1], links, prior[:1], sorts.coupling), off, links, prior, sorts.coupling)
    else:
        table = _built(off, on, links, prior, sorts.coupling)
    return _read_all(table, links, prior, sorts)


def _built(off: Floats, on: Floats, links: Links, prior: Floats, coupling: Mapping[int, list[int]]) -> Floats:
    """The table of leaks, single causes and coupling causes: (2^k, rows). States first: every step works along rows."""
    table = np.ones((1, prior.shape[0]))
    for bit in range(off.shape[1]):
        table = np.concatenate([table * off[:, bit], table * on[:, bit]])
    for x, columns in coupling.items():
        table = _add(table, prior[:, x], links, columns)
    return table


def _varied(table: Floats, off: Floats, links: Links, prior: Floats, coupling: Mapping[int, list[int]]) -> Floats:
    """The table of every row from that of the first row: only bits and causes that differ are worked on."""
    rows = prior.shape[0]
    table = np.repeat(table, rows, axis=1)
    ratio = off / off[0]
    for bit in range(off.shape[1]):
        chosen = np.flatnonzero(off[:, bit] != off[0, bit])
        if len(chosen):
            view = table.reshape(-1, 2, 1 << bit, rows)
            low = view[:, 0][..., chosen]
            less = low * ratio[chosen, bit]
            view[:, 1][..., chosen] += low - less
            view[:, 0][..., chosen] = less
    for x, columns in coupling.items():
        chosen = np.flatnonzero(prior[:, x] != prior[0, x])
        if len(chosen):
            table[:, chosen] = _retuned(table[:, chosen], prior[0, x], prior[chosen, x], links, columns)
    return table


def _retuned(table: Floats, old: float, new: Floats, links: Links, columns: Sequence[int]) -> Floats:
    """A table with the prior of one cause changed, for several rows: taken out with the old, added with the new."""
    column = np.array([columns], dtype=np.int64)
    inside = _inside(table, links, column)
    local = table[inside]
    strength = links.link[0, columns][:, None, None]
    without = take_out(local.reshape(len(local), 1, -1), np.full((1, 1), old), strength).reshape(local.shape)
    brought = without * new
    for i, q in enumerate(links.link[0, columns].tolist()):
        bring(brought.reshape(len(brought), -1), i, q)
    result = np.empty_like(table)
    result[inside] = without * (1.0 - new) + brought
    return result


def _inside(table: Floats, links: Links, column: Ints) -> Ints:
    """Indices of all states, by state of these links' signs and state of the others: (2^r, 2^(k-r))."""
    bits = np.int64(1) << links.bit[column[0]]
    others = np.arange(len(table))[(np.arange(len(table)) & bits.sum()) == 0]
    own = ((np.arange(1 << len(bits))[:, None] >> np.arange(len(bits)) & 1) * bits).sum(axis=1)
    states: Ints = own[:, None] + others[None, :]
    return states


def _read_all(table: Floats, links: Links, prior: Floats, sorts: Roles) -> Floats:
    """P(all signs | cause certain) for every cause from the finished table: (rows, causes)."""
    result = np.repeat(table[-1][:, None], prior.shape[1], axis=1)
    columns = {**{x: [c] for x, c in sorts.single.items()}, **sorts.coupling, **sorts.certain}
    by_degree: dict[int, list[int]] = {}
    for x, cols in columns.items():
        by_degree.setdefault(len(cols), []).append(x)
    for members in by_degree.values():
        result[:, members] = _read(table, members, prior, links, columns)
    return result


def _add(table: Floats, p: Floats, links: Links, columns: Sequence[int]) -> Floats:
    """Add one possible bystander to the table."""
    brought = table * p
    for column in columns:
        bring(brought, int(links.bit[column]), links.link[:, column])
    brought += table * (1.0 - p)
    return brought


def _states(table: Floats, links: Links, column: Ints) -> Ints:
    """Indices of the states in which every sign outside these links is explained: (members, 2^r)."""
    degree = column.shape[1]
    bits: Ints = np.int64(1) << links.bit[column]
    local = np.arange(1 << degree)
    missing = 1 - (local[None, :, None] >> np.arange(degree)[None, None, :] & 1)
    states: Ints = table.shape[0] - 1 - (missing * bits[:, None, :]).sum(axis=2)
    return states


def contract(local: Floats, responsible: Floats) -> Floats:
    """Let a certain cause act last on its own 2^r states and read the state in which all is explained.

    local: (2^r, members, rows); responsible: (r, members, rows).
    """
    for i in range(len(responsible) - 1, -1, -1):
        half = 1 << i
        local = local[half:] + responsible[i] * local[:half]
    explained: Floats = local[0]
    return explained


def _read(
    table: Floats, members: Sequence[int], prior: Floats, links: Links, columns: Mapping[int, list[int]]
) -> Floats:
    """P(all signs | x certain) for causes with equally many present signs, (batch, members)."""
    column = np.array([columns[x] for x in members], dtype=np.int64)
    local = table[_states(table, links, column).T]
    q, p = _by_link(links.link, column), prior[:, members].T
    if np.any(q > 0) and np.any(p > 0):
        local = take_out(local, p, q)
    read: Floats = contract(local, _by_link(links.responsible, column)).T
    return read


def _by_link(strength: Floats, column: Ints) -> Floats:
    """Link strengths as (r, members, rows): states and links first, so that each step works on whole blocks."""
    blocks: Floats = np.ascontiguousarray(strength[:, column].transpose(2, 1, 0))
    return blocks
