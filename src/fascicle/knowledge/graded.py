"""Graded signs as noisy-MAX: whatever brings one takes it to each level or more in a share of cases of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from fascicle.engine.network import Floats, Grades, lowered
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.numbers import Columns


def grades(
    knowledge: Knowledge,
    at: Columns,
    signs: Sequence[str],
    leak: Floats,
    links: Sequence[tuple[int, int, Floats, Floats]],
) -> tuple[Grades, ...]:
    """Return the levels of every graded sign. links: (sign, cause, strength as bystander, as responsible).

    A page that is silent about a level has the share of the profile. A link below 0 lowers the leak of every level alike.
    """
    pages, found = list(knowledge.causes.values()), []
    for name in knowledge.profile.levels:
        sign = signs.index(name)
        chance = _reach(knowledge, at, name, "", (), leak[:, sign])
        link, sure = [], []
        for _, x, q, r in (entry for entry in links if entry[0] == sign):
            own = pages[x].signs[name].levels if name in pages[x].signs else ()
            prefix = f"{pages[x].id}/signs/{name}"
            link.append(_reach(knowledge, at, name, prefix, own, q))
            lower = r[:, None] * chance / leak[:, [sign]]
            sure.append(np.where(r[:, None] < 0, lower, _reach(knowledge, at, name, prefix, own, r)))
        found.append(Grades(sign, chance, np.stack(link, axis=1), lowered(chance, np.stack(sure, axis=1))))
    return tuple(found)


def _reach(knowledge: Knowledge, at: Columns, name: str, prefix: str, own: Collection[str], whole: Floats) -> Floats:
    """(draws, levels) chance to bring at least each level; no draw lets a higher one be likelier than a lower."""
    chances = [whole]
    for level in knowledge.findings[name].levels[1:]:
        share = at(f"{prefix}/{level}" if level in own else f"ordinary/{name}/{level}")
        chances.append(np.minimum(chances[-1], whole * share))
    return np.stack(chances, axis=-1)
