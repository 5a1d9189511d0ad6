"""The all-positive cover table: P(every present sign is explained | one cause certain), for every cause at once.

f(S) = P(exactly the signs in S are explained so far). Adding a cause is f <- (1 - p) f + p A f, where A is the
Kronecker product of [[1 - q, 0], [q, 1]] over its signs. Every term is positive, so nothing cancels, unlike the
inclusion-exclusion sum of Heckerman's Quickscore (UAI 1989), which loses all digits from about 8 present signs.
These operators commute, so one cause is taken out again from the 2^r states that involve its r signs (a block
triangular solve), and no second pass over the table is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fascicle.engine.frontier import eliminate, plan, width
from fascicle.engine.network import Floats, Ints
from fascicle.errors import TooManyFindings

FULL_TABLE_BITS = 14
MAX_TABLE_BITS = 18
MAX_STATES = 1 << 22
"""Rows x states worked on at once (32 MiB); more rows are taken in turn."""
MAX_LOCAL_BITS = 6


@dataclass(frozen=True)
class Links:
    """The links of the present signs only: bit of the sign, cause, and both strengths (batch, links)."""

    bit: Ints
    cause: Ints
    link: Floats
    responsible: Floats


def cover(leak: Floats, links: Links, prior: Floats) -> Floats:
    """Return P(all present signs | cause x certain, the others by chance) for every cause: (batch, causes).

    leak: (batch, k). prior: (batch, causes) chance of each bystander. Exact; time is the sum over connected
    components of 2^k_c x (coupling causes), plus r^2 2^r for each cause with r present signs.
    Above FULL_TABLE_BITS present signs in one component only the frontier is held (`engine.frontier`). Raises
    TooManyFindings when even that is wider than MAX_TABLE_BITS.
    """
    batch, causes = prior.shape
    rows = max(1, MAX_STATES >> min(leak.shape[1], FULL_TABLE_BITS))
    if batch > rows:
        return np.concatenate([_rows_of(cover, leak, links, prior, at, at + rows) for at in range(0, batch, rows)])
    result = np.ones((batch, causes))
    for bits in _components(leak.shape[1], links):
        compute = _component if len(bits) <= FULL_TABLE_BITS else _by_frontier
        result *= compute(leak[:, bits], _restrict(links, bits), prior)
    return result


def _rows_of(
    compute: Callable[[Floats, Links, Floats], Floats], leak: Floats, links: Links, prior: Floats, start: int, stop: int
) -> Floats:
    """The computation for some of the rows; what does not vary by row is shared."""

    def cut(values: Floats) -> Floats:
        return values if values.shape[0] == 1 else values[start:stop]

    part = Links(links.bit, links.cause, cut(links.link), cut(links.responsible))
    return compute(cut(leak), part, prior[start:stop])


def _components(k: int, links: Links) -> list[list[int]]:
    """Group present signs that share a cause which can be a bystander."""
    group = list(range(k))
    by_cause: dict[int, int] = {}
    coupling = np.any(links.link > 0, axis=0)
    for bit, cause in zip(links.bit[coupling].tolist(), links.cause[coupling].tolist(), strict=True):
        first = by_cause.setdefault(cause, bit)
        old, new = group[bit], group[first]
        if old != new:
            group = [new if g == old else g for g in group]
    return [[b for b in range(k) if group[b] == g] for g in sorted(set(group))]


def _restrict(links: Links, bits: Sequence[int]) -> Links:
    """Keep the links of these bits, renumbered from 0."""
    position = {bit: i for i, bit in enumerate(bits)}
    keep = np.isin(links.bit, bits)
    bit = np.array([position[b] for b in links.bit[keep].tolist()], dtype=np.int64)
    return Links(bit, links.cause[keep], links.link[:, keep], links.responsible[:, keep])


def _component(leak: Floats, links: Links, prior: Floats) -> Floats:
    """`cover` for one connected component."""
    batch, causes = prior.shape
    columns: dict[int, list[int]] = {}
    for column, cause in enumerate(links.cause.tolist()):
        columns.setdefault(cause, []).append(column)
    can_be = {x: bool(np.any(links.link[:, cols] > 0) and np.any(prior[:, x] > 0)) for x, cols in columns.items()}
    single = [x for x, cols in columns.items() if can_be[x] and len(cols) == 1]
    coupling = [x for x, cols in columns.items() if can_be[x] and len(cols) > 1]

    unexplained = np.broadcast_to(1.0 - leak, (batch, leak.shape[1])).copy()
    for x in single:  # a cause with one present sign is just more leak
        column = columns[x][0]
        unexplained[:, links.bit[column]] *= 1.0 - prior[:, x] * links.link[:, column]
    table = np.ones((1, batch))  # states first, rows last: every step then works along whole rows
    for bit in range(leak.shape[1]):
        off = unexplained[:, bit]
        table = np.concatenate([table * off, table * (1.0 - off)])

    hubs = [x for x in coupling if len(columns[x]) > MAX_LOCAL_BITS]
    for x in coupling:
        if x not in hubs:
            table = _add(table, prior[:, x], links, columns[x])
    without = {} if not hubs else _leave_one_out(table, hubs, prior, links, columns)
    for x in hubs:
        table = _add(table, prior[:, x], links, columns[x])

    result = np.repeat(table[-1][:, None], causes, axis=1)
    for x in hubs:
        hub = np.array([columns[x]], dtype=np.int64)
        result[:, [x]] = _contract(without[x][_states(without[x], links, hub).T], _by_link(links.responsible, hub)).T
    by_degree: dict[int, list[int]] = {}
    for x, cols in columns.items():
        if x not in hubs:
            by_degree.setdefault(len(cols), []).append(x)
    for members in by_degree.values():
        result[:, members] = _read(table, members, prior, links, columns)
    return result


def _by_frontier(leak: Floats, links: Links, prior: Floats) -> Floats:
    """`cover` for one component with many present signs."""
    batch, causes = prior.shape
    columns: dict[int, list[int]] = {}
    for column, cause in enumerate(links.cause.tolist()):
        columns.setdefault(cause, []).append(column)
    can_be = {x: cols for x, cols in columns.items() if np.any(links.link[:, cols] > 0) and np.any(prior[:, x] > 0)}
    steps = plan(can_be, links.bit)
    if width(steps) > MAX_TABLE_BITS:
        raise TooManyFindings(
            f"{leak.shape[1]} present signs hang together, {width(steps)} at a time; the exact table holds "
            f"{MAX_TABLE_BITS}. Leave out signs that say the same thing."
        )
    rows = max(1, MAX_STATES >> width(steps))
    if batch > rows:
        return np.concatenate(
            [_rows_of(_by_frontier, leak, links, prior, at, at + rows) for at in range(0, batch, rows)]
        )

    def by_bit(table: Floats, x: int) -> dict[int, Floats]:
        strength = np.broadcast_to(table, (batch, table.shape[1]))
        return {int(links.bit[column]): strength[:, column] for column in columns[x]}

    strength = {x: by_bit(links.link, x) for x in columns}
    certain = {x: by_bit(links.responsible, x) for x in columns}
    unexplained = np.broadcast_to(1.0 - leak, (batch, leak.shape[1]))
    alone = [b for b in range(leak.shape[1]) if all(b not in strength[x] for x in can_be)]

    def by_leak(off: Floats) -> Floats:
        """Signs no bystander can bring."""
        explained: Floats = np.prod(1.0 - off[:, alone], axis=1)
        return explained

    everything, found = eliminate(unexplained, strength, certain, prior, steps)
    result = np.repeat((everything * by_leak(unexplained))[:, None], causes, axis=1)
    for x in columns:
        off = unexplained.copy()
        bits = [b for b in certain[x] if x not in can_be or b in alone]
        for b in bits:
            off[:, b] = off[:, b] * (1.0 - certain[x][b])
        if x in can_be:
            result[:, x] = found[x] * by_leak(off)
        else:  # never a bystander: certain, it is no more than a larger leak
            result[:, x] = eliminate(off, strength, certain, prior, steps)[0] * by_leak(off)
    return result


def _add(table: Floats, p: Floats, links: Links, columns: Sequence[int]) -> Floats:
    """Add one possible bystander to the table."""
    brought = table * p
    for column in columns:
        _bring(brought, int(links.bit[column]), links.link[:, column])
    brought += table * (1.0 - p)
    return brought


def _bring(table: Floats, bit: int, q: Floats) -> None:
    """Apply [[1 - q, 0], [q, 1]] on one bit, in place; the table is the caller's own."""
    view = table.reshape(-1, 2, 1 << bit, table.shape[1])
    view[:, 1] += view[:, 0] * q
    view[:, 0] *= 1.0 - q


def _states(table: Floats, links: Links, column: Ints) -> Ints:
    """Indices of the states in which every sign outside these links is explained: (members, 2^r)."""
    degree = column.shape[1]
    bits: Ints = np.int64(1) << links.bit[column]
    local = np.arange(1 << degree)
    missing = 1 - (local[None, :, None] >> np.arange(degree)[None, None, :] & 1)
    states: Ints = table.shape[0] - 1 - (missing * bits[:, None, :]).sum(axis=2)
    return states


def _contract(local: Floats, responsible: Floats) -> Floats:
    """Let a certain cause act last on its own 2^r states and read the state in which all is explained.

    local: (2^r, members, rows); responsible: (r, members, rows).
    """
    for i in range(len(responsible) - 1, -1, -1):
        half = 1 << i
        local = local[half:] + responsible[i] * local[:half]
    explained: Floats = local[0]
    return explained


def _leave_one_out(
    table: Floats, hubs: Sequence[int], prior: Floats, links: Links, columns: dict[int, list[int]]
) -> dict[int, Floats]:
    """Table of everything but one hub, for each hub: halve and conquer, so that nothing is ever subtracted."""
    if len(hubs) == 1:
        return {hubs[0]: table}
    middle = len(hubs) // 2
    left, right = hubs[:middle], hubs[middle:]
    with_left, with_right = table, table
    for x in left:
        with_left = _add(with_left, prior[:, x], links, columns[x])
    for x in right:
        with_right = _add(with_right, prior[:, x], links, columns[x])
    return {
        **_leave_one_out(with_right, left, prior, links, columns),
        **_leave_one_out(with_left, right, prior, links, columns),
    }


def _read(table: Floats, members: Sequence[int], prior: Floats, links: Links, columns: dict[int, list[int]]) -> Floats:
    """P(all signs | x certain) for causes with equally many present signs, (batch, members)."""
    column = np.array([columns[x] for x in members], dtype=np.int64)
    local = table[_states(table, links, column).T]
    q, p = _by_link(links.link, column), prior[:, members].T
    if np.any(q > 0) and np.any(p > 0):
        local = _take_out(local, 1.0 - p, p, q)
    read: Floats = _contract(local, _by_link(links.responsible, column)).T
    return read


def _by_link(strength: Floats, column: Ints) -> Floats:
    """Link strengths as (r, members, rows): states and links first, so that each step works on whole blocks."""
    blocks: Floats = np.ascontiguousarray(strength[:, column].transpose(2, 1, 0))
    return blocks


def _take_out(f: Floats, keep: Floats, hit: Floats, q: Floats) -> Floats:
    """Solve (keep I + hit A_q) v = f on 2^r states, r = len(q), by the block triangle of the highest bit.

    f: (2^r, members, rows); keep, hit: (members, rows); q: (r, members, rows). Not diagonalised: the eigenvector form
    brings back the cancellation the cover table avoids.
    """
    half = len(f) // 2
    top, rest = q[-1], q[:-1]
    if len(q) == 1:
        low = f[0] / (keep + hit * (1.0 - top))
        return np.stack([low, (f[1] - hit * top * low) / (keep + hit)])
    low = _take_out(f[:half], keep, hit * (1.0 - top), rest)
    brought = low.copy()
    for i, strength in enumerate(rest):
        view = brought.reshape(-1, 2, 1 << i, *low.shape[1:])
        view[:, 1] += view[:, 0] * strength
        view[:, 0] *= 1.0 - strength
    high = _take_out(f[half:] - hit * top * brought, keep, hit, rest)
    return np.concatenate([low, high])
