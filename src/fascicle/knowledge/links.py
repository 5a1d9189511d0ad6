"""Solves leaks and links, so that whole frequencies on the pages are what the network gives back.

For one sign with background b, causes x with prevalence pi_x and whole frequency p_x, and perhaps a syndrome that is on
with leak s and links a_x and brings the sign with strength r, the network says

    1 - b   = (1 - leak) [ (1 - r) T + r O ]
    1 - p_x = (1 - leak) (1 - q_x) [ (1 - r) T_x + r O_x (1 - a_x) ]

    T = prod (1 - pi_y + pi_y (1 - q_y)),  O = (1 - s) prod (1 - pi_y + pi_y (1 - q_y)(1 - a_y)),

T_x and O_x being the same without x. Without a syndrome this has a closed form; with one it is solved by going round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fascicle.engine.network import Floats

ROUNDS = 60


@dataclass(frozen=True)
class Path:
    """The syndrome behind a sign: strength r, leak s of the state, and its links a_x, one for each cause given."""

    strength: Floats
    leak: Floats
    link: Sequence[Floats]


def solve(
    b: Floats, p: Sequence[Floats | None], prevalence: Sequence[Floats], path: Path | None = None
) -> tuple[Floats, list[Floats]]:
    """Return leak and links, unbounded: a value outside 0..1 means that the figures contradict one another.

    b: (draws,). p, prevalence: one (draws,) a cause; p None where the cause brings the sign only by way of the syndrome.
    """
    if path is None:
        links = [_direct(b, x, pi) for x, pi in zip(p, prevalence, strict=True) if x is not None]
        silent = np.ones_like(b)
        for q, pi in zip(links, prevalence, strict=True):
            silent = silent * (1 - pi * q)
        return 1 - (1 - b) / silent, links
    shape, r = (len(p), len(b)), path.strength  # causes, draws; perhaps no cause at all
    given = np.array([x is not None for x in p], dtype=bool)[:, None]
    x = np.array([b if x is None else x for x in p]).reshape(shape)  # where none is given the link stays at nothing
    pi, a = np.array(prevalence).reshape(shape), np.array(path.link).reshape(shape)
    link, leak = np.where(given, _direct(b, x, pi), 0.0), b
    for _ in range(ROUNDS):
        on, off = 1 - pi * link, 1 - pi + pi * (1 - link) * (1 - a)
        total, none = np.prod(on, axis=0), (1 - path.leak) * np.prod(off, axis=0)
        leak = 1 - (1 - b) / ((1 - r) * total + r * none)
        whole = 1 - (1 - x) / ((1 - leak) * ((1 - r) * total / on + r * none / off * (1 - a)))
        before, link = link, np.where(given, whole, 0.0)
        if np.array_equal(link, before):  # no further round would change anything
            break
    return leak, list(link)


def _direct(b: Floats, p: Floats, pi: Floats) -> Floats:
    """The link whose cause, with leak and ordinary bystanders, gives p."""
    return (p - b) / ((1 - b) - (1 - p) * pi)
