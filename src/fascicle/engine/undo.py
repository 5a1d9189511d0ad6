"""Taking a cause out of a cover table again: solve ((1 - p) I + p A) v = f, A = Kronecker product of [[1 - q, 0], [q, 1]].

A state only depends on its subsets, so the system is triangular, and every sum is over positive terms with one subtraction
at its end. It is not diagonalised: the eigenvector form brings back the cancellation the cover table avoids.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np

from fascicle.engine.network import Floats, Ints

_SHORT = 2
"""With so few signs a cause is taken out bit by bit faster than level by level."""


def take_out(f: Floats, p: Floats, q: Floats) -> Floats:
    """Return the table without the cause, same shape as f.

    f: (2^r, members, rows); p: (members, rows or 1); q: (r, members, rows or 1). One matrix product a level where the
    strengths hold for all rows, 4^r work a column; else bit by bit, r^2 2^r.
    """
    if q.shape[2] == 1 and len(q) > _SHORT:
        return _by_level(f, p, q[:, :, 0])
    return by_bit(f, 1.0 - p, p, q)


@lru_cache(maxsize=16)
def _levels(r: int) -> tuple[Ints, Ints, tuple[slice, ...]]:
    """States in order of how many signs they hold, the inverse of that order, and the stretch of each level."""
    count = np.array([state.bit_count() for state in range(1 << r)])
    order = np.argsort(count, kind="stable")
    ends = np.searchsorted(count[order], np.arange(r + 2))
    return order, np.argsort(order), tuple(slice(int(a), int(b)) for a, b in pairwise(ends))


def _by_level(f: Floats, p: Floats, q: Floats) -> Floats:
    """States with few signs first; q: (r, members)."""
    order, back, levels = _levels(len(q))
    matrix = np.ones((q.shape[1], 1, 1))
    for strength in q:
        low = matrix * (1.0 - strength)[:, None, None]
        upper = np.concatenate([low, np.zeros_like(matrix)], axis=2)
        matrix = np.concatenate([upper, np.concatenate([matrix - low, matrix], axis=2)], axis=1)
    matrix = matrix[:, order[:, None], order[None, :]]
    known = np.ascontiguousarray(f[order].transpose(1, 0, 2))
    chance = p[:, None, :]
    diagonal = np.diagonal(matrix, axis1=1, axis2=2)[:, :, None]
    for level in levels:
        if level.start:
            known[:, level] -= chance * (matrix[:, level, : level.start] @ known[:, : level.start])
        known[:, level] /= 1.0 - chance + chance * diagonal[:, level]
    found: Floats = known.transpose(1, 0, 2)[back]
    return found


def by_bit(f: Floats, keep: Floats, hit: Floats, q: Floats) -> Floats:
    """Solve (keep I + hit A_q) v = f by the block triangle of the highest bit."""
    half = len(f) // 2
    top, rest = q[-1], q[:-1]
    if len(q) == 1:
        low = f[0] / (keep + hit * (1.0 - top))
        return np.stack([low, (f[1] - hit * top * low) / (keep + hit)])
    low = by_bit(f[:half], keep, hit * (1.0 - top), rest)
    brought = low.copy()
    for i, strength in enumerate(rest):
        view = brought.reshape(-1, 2, 1 << i, *low.shape[1:])
        view[:, 1] += view[:, 0] * strength
        view[:, 0] *= 1.0 - strength
    high = by_bit(f[half:] - hit * top * brought, keep, hit, rest)
    return np.concatenate([low, high])
