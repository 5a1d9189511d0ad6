"""The links of the present signs, sorted out by what each cause can do to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fascicle.engine.network import Floats, Ints


@dataclass(frozen=True)
class Links:
    """The links of the present signs only: bit of the sign, cause, and both strengths (batch, links)."""

    bit: Ints
    cause: Ints
    link: Floats
    responsible: Floats

    def by_cause(self) -> dict[int, list[int]]:
        """Columns of each cause."""
        columns: dict[int, list[int]] = {}
        for column, cause in enumerate(self.cause.tolist()):
            columns.setdefault(cause, []).append(column)
        return columns

    def components(self, k: int, prior: Floats) -> list[list[int]]:
        """Group the k present signs that share a cause which can be a bystander, in any row of (batch, causes) prior."""
        group = list(range(k))
        by_cause: dict[int, int] = {}
        coupling = np.any(self.link > 0, axis=0) & np.any(prior > 0, axis=0)[self.cause]
        for bit, cause in zip(self.bit[coupling].tolist(), self.cause[coupling].tolist(), strict=True):
            first = by_cause.setdefault(cause, bit)
            old, new = group[bit], group[first]
            if old != new:
                group = [new if g == old else g for g in group]
        return [[b for b in range(k) if group[b] == g] for g in sorted(set(group))]

    def restrict(self, bits: Sequence[int]) -> Links:
        """Keep the links of these bits, renumbered from 0."""
        position = np.full(int(self.bit.max(initial=-1)) + 1, -1)
        position[[b for b in bits if b < len(position)]] = [i for i, b in enumerate(bits) if b < len(position)]
        place = position[self.bit]
        keep = place >= 0
        if keep.all() and np.array_equal(place, self.bit):
            return self
        return Links(place[keep], self.cause[keep], self.link[:, keep], self.responsible[:, keep])

    def rows(self, start: int, stop: int) -> Links:
        """Some of the rows; strengths that do not vary by row are shared."""
        return Links(self.bit, self.cause, cut(self.link, start, stop), cut(self.responsible, start, stop))


@dataclass(frozen=True)
class Roles:
    """What each cause with a present sign is to the computation; columns of `Links` by cause.

    single: can be a bystander and has one present sign: no more than leak. coupling: several, so that they tie signs
    together. certain: never a bystander, only R.
    """

    single: dict[int, int]
    coupling: dict[int, list[int]]
    certain: dict[int, list[int]]


def roles(links: Links, prior: Floats) -> Roles:
    """Sort the causes of one component; prior: (batch, causes)."""
    possible = np.any(prior > 0, axis=0)
    strong = np.any(links.link > 0, axis=0)
    single: dict[int, int] = {}
    coupling: dict[int, list[int]] = {}
    certain: dict[int, list[int]] = {}
    for x, columns in links.by_cause().items():
        if not (possible[x] and any(strong[c] for c in columns)):
            certain[x] = columns
        elif len(columns) == 1:
            single[x] = columns[0]
        else:
            coupling[x] = columns
    return Roles(single, coupling, certain)


def by_leak(leak: Floats, links: Links, prior: Floats, single: dict[int, int]) -> tuple[Floats, Floats]:
    """P(neither leak nor a cause with this one present sign brings it), and P(one does): (batch, k) each.

    The second is added up, not taken from 1, so that a leak of 1e-9 keeps all its digits.
    """
    batch = prior.shape[0]
    on = np.repeat(leak, batch, axis=0) if leak.shape[0] == 1 else leak.copy()
    off = 1.0 - on
    if single:
        causes, columns = np.array(list(single)), np.array(list(single.values()))
        order = np.argsort(links.bit[columns], kind="stable")
        causes, columns = causes[order], columns[order]
        bits, first = np.unique(links.bit[columns], return_index=True)
        silent = np.add.reduceat(np.log1p(-prior[:, causes] * links.link[:, columns]), first, axis=1)
        on[:, bits] -= off[:, bits] * np.expm1(silent)
        off[:, bits] *= np.exp(silent)
    return off, on


def cut(values: Floats, start: int, stop: int) -> Floats:
    """Some of the rows, or the one row that holds for all."""
    return values if values.shape[0] == 1 else values[start:stop]


def bring(table: Floats, position: int, q: Floats | float) -> None:
    """Apply [[1 - q, 0], [q, 1]] on one bit of a (states, rows) table, in place; the table is the caller's own."""
    view = table.reshape(-1, 2, 1 << position, table.shape[1])
    view[:, 1] += view[:, 0] * q
    view[:, 0] *= 1.0 - q
