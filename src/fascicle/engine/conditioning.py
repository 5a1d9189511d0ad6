"""When no order keeps the frontier narrow: condition on hub causes, and bound what there was no time to look at.

Hubs are the causes with the most present signs; with each of them said to be there or not, the rest is narrow. Few hubs are
worked through completely, which is exact. Of many, the assignments are searched best first: as a further cause never makes
present signs less likely, the value with all undecided hubs there bounds a whole branch from above. What remains of these
bounds at the end is the missing mass, certified and not estimated.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from fascicle.engine.frontier import Step, cover_by_frontier, greedy, plan, width, work
from fascicle.engine.links import Links, cut, roles
from fascicle.engine.network import Floats
from fascicle.errors import TooManyFindings

ALONE = 10
"""Width at which the frontier is left to itself."""
PATIENCE = 2
"""Hubs tried beyond the best number so far."""
MAX_STATES = 1 << 20
ENOUGH = 1e-13
"""Relative missing mass below the rounding of the sum."""
AT_ONCE = 32


@dataclass(frozen=True)
class Bounds:
    """found <= P(all signs | cause x certain) <= found + missing, (batch, causes) each."""

    found: Floats
    missing: Floats


@dataclass(frozen=True)
class _Problem:
    """One component: what is left without the hubs, and the hubs with their columns, most influential first."""

    leak: Floats
    links: Links
    rest: Links
    prior: Floats
    emptied: Floats
    hubs: tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True)
class _Node:
    """A branch: which of the first hubs are there, and the weight of that for each certain cause, (batch, causes)."""

    decided: tuple[bool, ...]
    weight: Floats
    value: Floats

    @property
    def bound(self) -> Floats:
        """What the whole branch can hold at most."""
        return self.weight * self.value


def untangle(links: Links, prior: Floats) -> tuple[list[int], list[Step]]:
    """Return the hub causes to condition on, and the order of the rest, with the least work for one row.

    No hub where the frontier is narrow by itself. Hubs are tried in the order of how many present signs they have.
    """
    coupling = dict(roles(links, prior).coupling)
    steps, hubs = greedy(links, coupling), list[int]()
    first = steps
    best, chosen = work(steps), (0, coupling.copy())
    while width(steps) > ALONE and len(hubs) < chosen[0] + PATIENCE:
        hub = _largest(links, coupling)
        if hub is None:
            break
        del coupling[hub]
        hubs.append(hub)
        steps = greedy(links, coupling)
        if work(steps) << len(hubs) < best:
            best, chosen = work(steps) << len(hubs), (len(hubs), coupling.copy())
    if chosen[0] == 0 and width(first) <= ALONE:
        return [], first
    return hubs[: chosen[0]], plan(links, chosen[1])


def _largest(links: Links, coupling: Mapping[int, list[int]]) -> int | None:
    """The cause with the most present signs that is the same as R and as a bystander; only such a one may be a hub."""
    usable = [x for x, own in coupling.items() if np.array_equal(links.link[:, own], links.responsible[:, own])]
    return max(usable, key=lambda x: (len(coupling[x]), -x), default=None)


def cover_conditioned(leak: Floats, links: Links, prior: Floats, hubs: Sequence[int]) -> Floats:
    """Return `cover` for one component by working through every assignment of these hubs; exact."""
    return _every(_problem(leak, links, prior, hubs)).found


def cover_bounded(leak: Floats, links: Links, prior: Floats, assignments: int) -> Bounds:
    """Return bounds of `cover` for one component after looking at no more than so many assignments of its hubs.

    Time is assignments x 2^ALONE x coupling causes at most. Raises TooManyFindings where the bound does not hold: a leak
    above 1 (soft evidence), or causes that argue as R otherwise than as bystanders.
    """
    coupling, hubs = dict(roles(links, prior).coupling), list[int]()
    while width(plan(links, coupling)) > ALONE:
        hub = _largest(links, coupling)
        if hub is None:
            raise TooManyFindings(
                f"{leak.shape[1]} present signs hang together in a way no cause untangles. Leave out signs that say the same."
            )
        del coupling[hub]
        hubs.append(hub)
    problem = _problem(leak, links, prior, hubs)
    if 1 << len(hubs) <= assignments:
        return _every(problem)
    if np.any(leak > 1):
        raise TooManyFindings("a bound needs plain answers; leave out uncertain ones or signs that say the same thing.")
    return _best_first(problem, assignments)


def _problem(leak: Floats, links: Links, prior: Floats, hubs: Sequence[int]) -> _Problem:
    columns = links.by_cause()
    taken = np.isin(links.cause, hubs)
    rest = Links(links.bit[~taken], links.cause[~taken], links.link[:, ~taken], links.responsible[:, ~taken])
    emptied = prior.copy()
    emptied[:, list(hubs)] = 0.0
    return _Problem(leak, links, rest, prior, emptied, tuple((x, tuple(columns[x])) for x in hubs))


def _values(problem: _Problem, there: NDArray[np.bool_]) -> Floats:
    """P(all signs | cause certain, these hubs there and the others not): (assignments, batch, causes).

    there: (assignments, hubs). A hub in its own column is taken as there or not like in the others.
    """
    batch, causes = problem.prior.shape
    on = np.repeat(np.broadcast_to(problem.leak, (batch, problem.leak.shape[1]))[None], len(there), axis=0)
    for i, (_, columns) in enumerate(problem.hubs):
        for c in columns:
            raised = on[there[:, i], :, problem.links.bit[c]]
            on[there[:, i], :, problem.links.bit[c]] = raised + (1.0 - raised) * problem.links.link[:, c]
    rows = MAX_STATES >> ALONE
    leak = on.reshape(len(there) * batch, -1)
    prior = np.tile(problem.emptied, (len(there), 1))
    rest = problem.rest
    if rest.link.shape[0] > 1:
        rest = Links(
            rest.bit, rest.cause, np.tile(rest.link, (len(there), 1)), np.tile(rest.responsible, (len(there), 1))
        )
    parts = [
        _narrow(cut(leak, a, a + rows), rest.rows(a, a + rows), prior[a : a + rows]) for a in range(0, len(prior), rows)
    ]
    return np.concatenate(parts).reshape(len(there), batch, causes)


def _narrow(leak: Floats, links: Links, prior: Floats) -> Floats:
    """The rest without hubs falls apart into components; signs that nothing couples are closed forms."""
    result = np.ones(prior.shape)
    for bits in links.components(leak.shape[1], prior):
        part = links.restrict(bits)
        if len(bits) == 1:
            result *= _one_sign(leak[:, bits], part, prior)
        else:
            result *= cover_by_frontier(leak[:, bits], part, prior)
    return result


def _one_sign(leak: Floats, links: Links, prior: Floats) -> Floats:
    """One sign by itself: 1 - P(nothing brings it), for every certain cause."""
    silent, sure = np.zeros(prior.shape), np.zeros(prior.shape)
    with np.errstate(divide="ignore"):
        for c, x in enumerate(links.cause.tolist()):
            silent[:, x] = np.log1p(-prior[:, x] * links.link[:, c])
            sure[:, x] = np.log1p(-links.responsible[:, c])
        chance: Floats = -np.expm1(np.log1p(-leak) + silent.sum(axis=1, keepdims=True) - silent + sure)
    return chance


def _weigh(problem: _Problem, weight: Floats, hub: int, there: bool) -> Floats:
    """The weight once one more hub is decided; for the hub itself, certain, it can only be there."""
    x = problem.hubs[hub][0]
    p = problem.prior[:, [x]]
    result = weight * (p if there else 1.0 - p)
    result[:, x] = weight[:, x] if there else 0.0
    return result


def _every(problem: _Problem) -> Bounds:
    """All assignments, one row each."""
    hubs = len(problem.hubs)
    there = (np.arange(1 << hubs)[:, None] >> np.arange(hubs) & 1).astype(bool)
    found = np.zeros(problem.prior.shape)
    for row, value in zip(there, _values(problem, there), strict=True):
        weight = np.ones(problem.prior.shape)
        for hub, on in enumerate(row.tolist()):
            weight = _weigh(problem, weight, hub, on)
        found += weight * value
    return Bounds(found, np.zeros_like(found))


def _best_first(problem: _Problem, assignments: int) -> Bounds:
    """Branches with the largest bounds first, a few at a time."""
    hubs, ticket = len(problem.hubs), count()
    root = _Node((), np.ones(problem.prior.shape), _values(problem, np.ones((1, hubs), dtype=bool))[0])
    scale = np.where(root.value > 0, root.value, 1.0)
    found = np.zeros_like(root.value)
    waiting = [(-1.0, next(ticket), root)]
    looked = 1
    while waiting and looked < assignments:
        chosen = [heapq.heappop(waiting)[2] for _ in range(min(AT_ONCE, len(waiting), assignments - looked))]
        less = np.array([_completed((*node.decided, False), hubs) for node in chosen])
        children = []
        for node, value in zip(chosen, _values(problem, less), strict=True):
            place = len(node.decided)
            children.append(_Node((*node.decided, True), _weigh(problem, node.weight, place, True), node.value))
            children.append(_Node((*node.decided, False), _weigh(problem, node.weight, place, False), value))
        looked += len(chosen)
        for child in children:
            if len(child.decided) == hubs:
                found += child.bound
            else:
                heapq.heappush(waiting, (-float((child.bound / scale).max()), next(ticket), child))
        left = _left(waiting, found)
        if np.all(left <= ENOUGH * found):
            break
    return Bounds(found, _left(waiting, found))


def _completed(decided: Sequence[bool], hubs: int) -> list[bool]:
    """All undecided hubs there."""
    return [*decided, *([True] * (hubs - len(decided)))]


def _left(waiting: Sequence[tuple[float, int, _Node]], like: Floats) -> Floats:
    """The sum of what the open branches can hold."""
    total = np.zeros_like(like)
    for _, _, node in waiting:
        total += node.bound
    return total
