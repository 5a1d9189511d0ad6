"""P(every present sign is explained | one cause certain), for every cause at once, by all-positive tables.

Every term is positive, so nothing cancels, unlike the inclusion-exclusion sum of Heckerman's Quickscore (UAI 1989),
which loses all digits from about 8 present signs. Signs that share no possible bystander are worked on apart.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from fascicle.engine.conditioning import cover_bounded, cover_conditioned, untangle
from fascicle.engine.frontier import cover_by_frontier, width, work
from fascicle.engine.links import Links, cut
from fascicle.engine.network import Floats
from fascicle.engine.table import cover_by_table, hubs
from fascicle.errors import TooManyFindings

FULL_TABLE_BITS = 12
MAX_TABLE_BITS = 18
MAX_WORK = 1 << 28
"""States touched, over all rows, above which who asks for a bound gets one: a second or two."""
MAX_CONDITIONED = 3
"""Hub causes conditioned on at most; each doubles the work."""
ASSIGNMENTS = 4096
"""Assignments of hub causes looked at, over all rows together: a second or two."""
MAX_STATES = 1 << 18
"""Rows x states worked on at once (2 MiB, what a cache holds); more rows are taken in turn."""


Bound = Literal["exact", "low", "high"]
"""Which value is wanted where there are too many present signs for an exact one."""


def cover(leak: Floats, links: Links, prior: Floats, bound: Bound = "exact") -> Floats:
    """Return P(all present signs | cause x certain, the others by chance) for every cause: (batch, causes).

    leak: (batch, k). prior: (batch, causes) chance of each bystander. Exact; time is the sum over connected
    components of 2^k_c x (coupling causes), plus r^2 2^r for each cause with r present signs.
    Above FULL_TABLE_BITS present signs in one component only the frontier is held (`engine.frontier`). Where even that is
    wider than MAX_TABLE_BITS, hub causes are conditioned on (`engine.conditioning`); where these are too many as well, a
    certified bound from below or above is returned if one was asked for, else TooManyFindings raised.
    """
    batch, causes = prior.shape
    rows = max(1, MAX_STATES >> min(leak.shape[1], FULL_TABLE_BITS))
    if batch > rows:
        parts = range(0, batch, rows)
        return np.concatenate(
            [cover(cut(leak, a, a + rows), links.rows(a, a + rows), prior[a : a + rows], bound) for a in parts]
        )
    result = np.ones((batch, causes))
    for bits in links.components(leak.shape[1], prior):
        own = links.restrict(bits)
        if len(bits) <= max(FULL_TABLE_BITS, 1):
            result *= _small(leak[:, bits], own, prior)
        else:
            result *= _wide(leak[:, bits], own, prior, bound)
    return result


def _small(leak: Floats, links: Links, prior: Floats) -> Floats:
    """One component that a full table holds. Hub causes, which cannot be taken out of one, are conditioned on or walked past.

    Many rows that share leaks and strengths are cheap to make from one table, so there each hub is said to be there or not;
    otherwise the frontier gives the same without taking anything out.
    """
    found = hubs(links, prior)
    if not found:
        return cover_by_table(leak, links, prior)
    shared = leak.shape[0] == 1 and links.link.shape[0] == 1 and prior.shape[0] > 1
    if not shared or len(found) > MAX_CONDITIONED:
        return cover_by_frontier(leak, links, prior)
    hub, mine = found[0], links.cause == found[0]
    rest = Links(links.bit[~mine], links.cause[~mine], links.link[:, ~mine], links.responsible[:, ~mine])
    p = prior[:, [hub]]
    emptied = prior.copy()
    emptied[:, hub] = 0.0

    def there(strength: Floats) -> Floats:
        raised = leak.copy()
        raised[:, links.bit[mine]] += (1.0 - raised[:, links.bit[mine]]) * strength[:, mine]
        return cover(raised, rest, emptied)

    with_it = there(links.link)
    result = (1.0 - p) * cover(leak, rest, emptied) + p * with_it
    sure = with_it if np.array_equal(links.link[:, mine], links.responsible[:, mine]) else there(links.responsible)
    result[:, hub] = sure[:, hub]
    return result


def _wide(leak: Floats, links: Links, prior: Floats, bound: Bound) -> Floats:
    """One component with many present signs, some rows at a time."""
    taken, steps = untangle(links, prior)
    size, batch = width(steps), prior.shape[0]
    long = bound != "exact" and batch * work(steps) << len(taken) > MAX_WORK
    if size > MAX_TABLE_BITS or long:
        within = cover_bounded(leak, links, prior, max(1, ASSIGNMENTS // batch))
        if bound == "exact" and np.any(within.missing > 0):
            raise TooManyFindings(
                f"{leak.shape[1]} present signs hang together, {size} at a time; the exact table holds {MAX_TABLE_BITS}. "
                "Leave out signs that say the same thing."
            )
        return within.found + within.missing if bound == "high" else within.found
    rows = max(1, MAX_STATES >> size + len(taken))
    parts = []
    for a in range(0, batch, rows):
        part = cut(leak, a, a + rows), links.rows(a, a + rows), prior[a : a + rows]
        parts.append(cover_conditioned(*part, taken) if taken else cover_by_frontier(*part, steps))
    return np.concatenate(parts)
