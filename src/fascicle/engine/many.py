"""The answers of `engine.posterior` for many cases at once, on a network of one draw.

Absent signs and attributes are gathered and added up for all cases together; present ones go to the cover table in
groups of cases with equally many (`engine.many_cover`). What does not fit (soft or ranged evidence, very many present
signs) goes through the one-case functions, one case after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product

import numpy as np

from fascicle.engine.attributes import log_factor, log_together
from fascicle.engine.many_cover import Mask, Rows, cover_rows
from fascicle.engine.network import Floats, Ints, Network, Observation
from fascicle.engine.posterior import MOST_EFFORT, Told, effort, log_none_of, log_shares
from fascicle.engine.reduce import active
from fascicle.errors import TooManyFindings

MOST_BITS = 12
"""Cases with more present signs, hidden states included, are worked out alone: the one-case path splits them up."""
CASES = 2048
"""Cases gathered at once; bounds the memory, changes no answer."""


@dataclass(frozen=True)
class Posteriors:
    """What many cases say.

    responsible: (cases, causes) P(R = cause | evidence); a row of zeros where the evidence is impossible.
    without: (stages, cases, causes) P(R = cause, no other cause that joins after the stage | evidence).
    log_evidence: (cases,) log P(evidence), -inf where it is impossible.
    refused: case -> why no answer could be computed; its numbers are those of impossible evidence.
    """

    responsible: Floats
    without: Floats
    log_evidence: Floats
    refused: Mapping[int, TooManyFindings]


def posteriors(network: Network, observations: Sequence[Observation], joins: Ints, stages: int) -> Posteriors:
    """Return the exact answers for many cases, each row independent of the others to the last bit.

    joins: (cases, causes) in 0 .. stages - 1, the stage from which a cause may be a bystander; the last stage holds all.
    A stage's table is the set query of `posterior.none_of` for the causes that join later. Exact; a few microseconds
    a case and cause, and 2^k with k present signs. Raises ValueError for a network of several draws.
    """
    if network.draws != 1:
        raise ValueError("many cases at once need a network of one draw.")
    joint, refused = _log_joint(network, observations, joins, stages)
    top = joint[-1].max(axis=1, keepdims=True, initial=-np.inf)
    mass = np.exp(joint[-1] - np.where(np.isfinite(top), top, 0.0))
    total = mass.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        log_evidence = np.where(total > 0, top + np.log(total), -np.inf)
    scale = np.where(np.isfinite(log_evidence), log_evidence, np.inf)
    return Posteriors(
        mass / np.where(total > 0, total, 1.0), np.exp(joint - scale), log_evidence[:, 0], refused
    )  # fmt: skip


def _log_joint(
    network: Network, observations: Sequence[Observation], joins: Ints, stages: int
) -> tuple[Floats, dict[int, TooManyFindings]]:
    """Log P(R = cause, none that joins later, evidence): (stages, cases, causes), and the cases that were refused."""
    joint = np.full((stages, len(observations), len(network.causes)), -np.inf)
    refused: dict[int, TooManyFindings] = {}
    by_size: dict[int, list[int]] = {}
    for i, told in enumerate(observations):
        if told.soft or told.ranges or len(told.present) + len(active(network, told)) > MOST_BITS:
            try:
                if effort(network, told) > MOST_EFFORT:
                    raise TooManyFindings(f"{len(told.present)} present signs hang together too closely.")
                joint[:, i] = log_none_of(network, Told.of(network, told), joins[i] > np.arange(stages)[:, None])
            except TooManyFindings as error:
                refused[i] = error
        else:
            by_size.setdefault(len(told.present), []).append(i)
    dense = _dense(network)
    for indices in by_size.values():
        for start in range(0, len(indices), CASES):
            at = np.array(indices[start : start + CASES])
            joint[:, at] = _together(network, dense, [observations[i] for i in at], joins[at], stages)
    return joint, refused


@dataclass(frozen=True)
class _Dense:
    """Links as (signs, causes) matrices and what an absent sign adds in logs; the last row is of no sign at all."""

    link: Floats
    responsible: Floats
    log_miss: Floats
    log_miss_responsible: Floats


def _dense(network: Network) -> _Dense:
    shape = (len(network.signs) + 1, len(network.causes))
    link, responsible = np.zeros(shape), np.zeros(shape)
    for column, at in enumerate(zip(network.link_sign.tolist(), network.link_cause.tolist(), strict=True)):
        link[at] += (1.0 - link[at]) * network.link[0, column]
        responsible[at] += (1.0 - responsible[at]) * network.link_responsible[0, column]
    with np.errstate(divide="ignore"):
        return _Dense(link, responsible, np.log1p(-link), np.log1p(-responsible))


def _together(network: Network, dense: _Dense, observations: Sequence[Observation], joins: Ints, stages: int) -> Floats:
    """`_log_joint` for cases with equally many present signs."""
    likelihood, prevalence = _attributes(network, observations)
    present = np.array([told.present for told in observations], dtype=np.int64)
    present = present.reshape(len(observations), -1)
    # every list of absent signs gets the row of no sign, so that none is empty
    absent = [(*told.absent, len(network.signs)) for told in observations]
    flat = np.fromiter(chain.from_iterable(absent), dtype=np.int64)
    first = np.cumsum([0, *map(len, absent[:-1])])
    by_bystander = np.add.reduceat(dense.log_miss[flat], first)
    by_responsible = np.add.reduceat(dense.log_miss_responsible[flat], first)
    signs = np.full((stages, len(observations), len(network.causes)), -np.inf)
    for at, on, off, leak in _patterns(network, present, flat, first):
        missed, missed_responsible = by_bystander[at], by_responsible[at]
        with np.errstate(divide="ignore"):
            log_silent = np.log1p(-leak)
        no_leak = np.add.reduceat(log_silent[flat], first)[at]
        for node, is_off in off:
            missed = missed + np.where(is_off[:, None], dense.log_miss[node], 0.0)
            missed_responsible = missed_responsible + np.where(is_off[:, None], dense.log_miss_responsible[node], 0.0)
            no_leak = no_leak + np.where(is_off, log_silent[node], 0.0)
        shown = np.concatenate([present[at], np.tile(np.array(on, dtype=np.int64), (len(at), 1))], axis=1)
        part = _signs(dense, leak, shown, joins[at], prevalence[at], missed, stages)
        part += no_leak[:, None] + missed_responsible
        signs[:, at] = np.logaddexp(signs[:, at], part)
    joint: Floats = signs + (log_shares(network.log_rate)[0] + likelihood)
    return joint


def _patterns(
    network: Network, present: Ints, absent: Ints, first: Ints
) -> Iterator[tuple[Ints, list[int], list[tuple[int, Mask]], Floats]]:
    """Every on/off pattern of the hidden states: cases it concerns, nodes on, nodes off (in which cases), leaks.

    A state is summed over in the cases in which a member is known, as `engine.reduce.patterns` does for one case. The
    leaks carry a 0 for the row of no sign.
    """
    members = np.zeros((len(network.syndromes), len(network.signs) + 1), dtype=bool)
    for i, state in enumerate(network.syndromes):
        members[i, state.members] = True
    known = members[:, present].any(axis=2) | np.logical_or.reduceat(members[:, absent], first, axis=1)
    for states in product((False, True), repeat=len(network.syndromes)):
        leak = np.append(network.leak[0], 0.0)
        concerned = np.ones(len(present), dtype=bool)
        for state, is_on, mine in zip(network.syndromes, states, known, strict=True):
            if is_on:
                leak[state.members] = 1 - (1 - leak[state.members]) * (1 - state.strength[0])
                concerned &= mine
        at = np.flatnonzero(concerned)
        if len(at):
            pairs = list(zip(network.syndromes, states, known, strict=True))
            off = [(state.node, mine[at]) for state, is_on, mine in pairs if not is_on and mine[at].any()]
            yield at, [state.node for state, is_on, _ in pairs if is_on], off, leak


def _signs(
    dense: _Dense, leak: Floats, shown: Ints, joins: Ints, prevalence: Floats, missed: Floats, stages: int
) -> Floats:
    """Log P(present signs, absent bystander links, none that joins later | cause certain): (stages, cases, causes)."""
    log_norm = np.log1p(prevalence * np.expm1(missed))
    included = joins <= np.arange(stages)[:, None, None]
    with np.errstate(divide="ignore"):
        term = np.where(included, log_norm, np.log1p(-prevalence))
    total: Floats = term.sum(axis=2, keepdims=True) - term
    if shown.shape[1]:
        at = shown.T
        prior = prevalence * np.exp(missed - log_norm)
        explained = cover_rows(Rows(leak[at], dense.link[at], dense.responsible[at], prior, joins), stages)
        with np.errstate(divide="ignore"):
            total += np.log(np.maximum(explained, 0.0))
    return total


def _attributes(network: Network, observations: Sequence[Observation]) -> tuple[Floats, Floats]:
    """`attributes.attribute_evidence` for many cases, (cases, causes) each: every distinct report is worked out once."""
    together = {name for state in network.event_syndromes for name in state.on}
    none = np.zeros(len(network.causes))
    likelihoods, log_odds = [none], [none]
    place: dict[tuple[object, ...], int] = {}
    lists = []
    for told in observations:
        mine = [0]  # so that no list is empty
        for name, weight in told.weights.items():
            if name in together:
                continue
            key: tuple[object, ...] = (name, weight.tobytes())
            if key not in place:
                place[key] = len(likelihoods)
                attribute = network.attributes[name]
                term = log_factor(attribute, weight)[0]
                likelihoods.append(term)
                moves = attribute.moves_prevalence
                log_odds.append(none if moves is None else np.where(moves, term, 0.0))
            mine.append(place[key])
        joint = {name: weight for name, weight in told.weights.items() if name in together}
        if joint:
            key = tuple((name, weight.tobytes()) for name, weight in sorted(joint.items()))
            if key not in place:
                place[key] = len(likelihoods)
                likelihoods.append(log_together(network, joint)[0])
                log_odds.append(none)
            mine.append(place[key])
        lists.append(mine)
    flat = np.fromiter(chain.from_iterable(lists), dtype=np.int64)
    first = np.cumsum([0, *map(len, lists[:-1])])
    prevalence = network.prevalence[0] * np.exp(np.add.reduceat(np.array(log_odds)[flat], first))
    return (
        np.add.reduceat(np.array(likelihoods)[flat], first),
        prevalence / (1.0 - network.prevalence[0] + prevalence),
    )
