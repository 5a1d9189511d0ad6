"""The joint probability of R with every answer to a question of several parts, many questions in one pass.

An absent sign only changes the absorbed priors, so each set of signs imagined absent is one more row of one cover
table. Present signs follow by inclusion-exclusion over these rows: P(j present, rest) = P(rest) - P(j absent, rest).
Covariates, and sets that must hold no bystander, also change the priors and get rows; properties of the event do not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from fascicle.engine.attributes import log_factor, log_together
from fascicle.engine.gain import Rows, joint_of_rows
from fascicle.engine.network import Floats, Ints, Network, Observation
from fascicle.engine.posterior import log_shares
from fascicle.engine.reduce import active


@dataclass(frozen=True)
class Alternative:
    """One way to answer a part of a question: signs that turn out present or absent, and reports on attributes.

    weights: attribute -> (options,) likelihood of the report. share: how common the answer is in ordinary subjects,
    for covariates (their likelihood is a ratio against the background); joint probabilities carry it as a factor.
    """

    present: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    weights: Mapping[str, Floats] = field(default_factory=dict)
    share: float = 1.0


@dataclass(frozen=True)
class Asked:
    """A question: parts asked together, each with its exclusive alternatives. An answer takes one of every part.

    sets: (queries, answers, causes) bool, the set that must hold no bystander, for each query and answer; answers in
    the order of `answers_to`. What is known of a sign or attribute that any alternative names is set aside first, so
    an alternative can also take something back.
    """

    parts: tuple[tuple[Alternative, ...], ...]
    sets: NDArray[np.bool_]


def answers_to(sizes: Sequence[int]) -> Ints:
    """Which alternative of each part every answer takes: (parts, answers), the last part running fastest."""
    index: Ints = np.indices(tuple(sizes)).reshape(len(sizes), prod(sizes))
    return index


def joint(network: Network, observation: Observation, questions: Sequence[Asked], scale: float) -> list[Floats]:
    """Return P(R = cause, no bystander of the set, evidence, answer) for each question: (queries, answers, causes).

    For a network of one draw. scale: a log evidence to divide by. Exact up to cancellation: s signs imagined present
    take 2^s terms, so the absolute error is about 2^s x 1e-16 of P(evidence) (clipped at 0), while a tiny entry may
    keep few digits. That is enough for information and expected losses, which add entries up. A question with s
    signs, and v different pairs of covariates and set, costs v x 2^s rows of `cover`; all questions share its calls.
    """
    reported = _Known.of(network, observation.weights, _shaped(network))
    blocks = [_block(network, observation, reported, asked, scale) for asked in questions]
    together: dict[tuple[object, ...], list[int]] = {}
    for i, block in enumerate(blocks):
        known = block.known
        key = (known.present, known.absent, tuple(known.soft), tuple(known.ranges), block.summed)
        together.setdefault(key, []).append(i)
    found: dict[int, Floats] = {}
    for members in together.values():
        chosen = [blocks[i] for i in members]
        signs = tuple(sorted({sign for block in chosen for sign in block.signs}))
        table = joint_of_rows(network, chosen[0].known, chosen[0].summed, signs, _stacked(chosen, signs))
        ends = np.cumsum([len(block.places) for block in chosen])
        for i, block, part in zip(members, chosen, np.split(table, ends[:-1]), strict=True):
            found[i] = block.answers(part)
    return [found[i] for i in range(len(questions))]


@dataclass(frozen=True)
class _Block:
    """One question worked out: its rows, for each variant of the priors, and how they make up its answers.

    places: (rows,) variant << signs | signs missing, of each row. variant: (queries, answers). factor: (answers, causes)
    what needs no row. present, absent: (answers,) bit masks.
    """

    known: Observation
    summed: tuple[int, ...]
    signs: tuple[int, ...]
    rows: Rows
    places: Ints
    variant: Ints
    factor: Floats
    present: Ints
    absent: Ints

    def answers(self, table: Floats) -> Floats:
        """The joint of every answer from that of the rows: (queries, answers, causes).

        A subtraction for each sign that is present or absent in the answer: P(present, rest) = P(rest) - P(absent, rest).
        Answers that leave the same signs open share them.
        """
        count, causes = len(self.signs), table.shape[1]
        every = np.zeros((len(self.rows.prevalence) << count, causes))
        every[self.places] = table  # what is left at 0 stands in no sum that is read
        open_signs = (1 << count) - 1 & ~(self.present | self.absent)
        whole = np.empty((*self.variant.shape, causes))
        for left in np.unique(open_signs).tolist():
            told = every.reshape(-1, 1 << count, causes).copy()
            for sign in range(count):
                if not left >> sign & 1:
                    halves = told.reshape(-1, 2, 1 << sign, causes)
                    halves[:, 0] -= halves[:, 1]
            own = np.flatnonzero(open_signs == left)
            whole[:, own] = told[self.variant[:, own], self.absent[own]]
        joint: Floats = np.maximum(whole, 0.0) * self.factor
        return joint


def _block(network: Network, observation: Observation, reported: _Known, asked: Asked, scale: float) -> _Block:
    """Lay out one question."""
    index = answers_to([len(part) for part in asked.parts])
    every = [alternative for part in asked.parts for alternative in part]
    signs = tuple(sorted({sign for a in every for sign in (*a.present, *a.absent)}))
    known = _set_aside(observation, frozenset(signs), frozenset(name for a in every for name in a.weights))
    log_weight, factor, odds = _reports(network, reported, known.weights, asked.parts, index)
    weight = network.prevalence * np.exp(odds)
    prevalence = weight / (1.0 - network.prevalence + weight)
    sets, queries = asked.sets.reshape(-1, prevalence.shape[1]), len(asked.sets)
    first, variant = _variants(odds, sets)
    place = {sign: 1 << i for i, sign in enumerate(signs)}
    present, absent = np.zeros((2, index.shape[1]), dtype=np.int64)
    for part, chosen in zip(asked.parts, index, strict=True):
        present |= np.array([sum(place[sign] for sign in a.present) for a in part])[chosen]
        absent |= np.array([sum(place[sign] for sign in a.absent) for a in part])[chosen]
    variant = variant.reshape(queries, -1)
    needed = _needed(variant, len(first), len(signs), present, absent)
    rows = Rows(
        np.where(_bits(len(signs)), np.arange(len(signs)), len(signs)),
        needed & (1 << len(signs)) - 1,
        needed >> len(signs),
        np.repeat(log_weight - scale, len(first), axis=0),
        prevalence[first % len(prevalence)],
        sets[first],
    )
    own = [i for i, syndrome in enumerate(network.syndromes) if not set(signs).isdisjoint(syndrome.members.tolist())]
    summed = tuple(sorted({*active(network, known), *own}))
    return _Block(known, summed, signs, rows, needed, variant, factor, present, absent)


@dataclass(frozen=True)
class _Known:
    """What is known of attributes outside event syndromes: log factors and the part that moves prevalence, a row each."""

    names: tuple[str, ...]
    terms: Floats
    moves: Floats

    @classmethod
    def of(
        cls,
        network: Network,
        weights: Mapping[str, Floats],
        shaped: frozenset[str],
        worked_out: dict[tuple[str, bytes], Floats] | None = None,
    ) -> _Known:
        """shaped: the attributes of event syndromes. worked_out: log factors by attribute and report, kept for the next."""
        names = tuple(name for name in weights if name not in shaped)
        kept = {} if worked_out is None else worked_out
        terms, moves = np.zeros((2, len(names), len(network.causes)))
        for row, name in enumerate(names):
            attribute, key = network.attributes[name], (name, weights[name].tobytes())
            if key not in kept:
                kept[key] = log_factor(attribute, weights[name])[0]
            terms[row] = kept[key]
            if attribute.moves_prevalence is not None:
                moves[row] = np.where(attribute.moves_prevalence, terms[row], 0.0)
        return cls(names, terms, moves)

    def without(self, aside: Collection[str]) -> tuple[Floats, Floats]:
        """Sums over what is not set aside: (causes,) each."""
        kept = [name not in aside for name in self.names]
        return self.terms[kept].sum(axis=0), self.moves[kept].sum(axis=0)


def _reports(
    network: Network, known: _Known, weights: Mapping[str, Floats], parts: Sequence[Sequence[Alternative]], index: Ints
) -> tuple[Floats, Floats, Floats]:
    """What attributes say: log weight of R before the question (1, causes), and for each answer a factor and log odds.

    Attributes of event syndromes hang together, so for a question on any of them they are left out of the log weight and
    worked out answer by answer; all other attributes multiply. weights: what is known and not set aside.
    """
    shaped = _shaped(network)
    term, moved = known.without({name for part in parts for a in part for name in a.weights})
    log_weight = log_shares(network.log_rate) + term
    answers = index.shape[1]
    log_factors, odds, share = np.zeros((answers, len(term))), np.tile(moved, (answers, 1)), np.ones(answers)
    joined = []
    for i, (part, chosen) in enumerate(zip(parts, index, strict=True)):
        if not any(alternative.weights for alternative in part):
            continue
        worked_out: dict[tuple[str, bytes], Floats] = {}
        told = [_Known.of(network, alternative.weights, shaped, worked_out) for alternative in part]
        log_factors = log_factors + np.array([own.terms.sum(axis=0) for own in told])[chosen]
        odds = odds + np.array([own.moves.sum(axis=0) for own in told])[chosen]
        share = share * np.array([alternative.share for alternative in part])[chosen]
        if any(not shaped.isdisjoint(alternative.weights) for alternative in part):
            joined.append(i)
    if not joined:
        return log_weight + log_together(network, weights), share[:, None] * np.exp(log_factors), odds
    sizes = [len(parts[i]) for i in joined]
    whole = []
    for choice in answers_to(sizes).T.tolist():
        told_too = [parts[i][at].weights for i, at in zip(joined, choice, strict=True)]
        whole.append(log_together(network, {**weights, **{name: w for own in told_too for name, w in own.items()}}))
    log_factors = log_factors + np.concatenate(whole)[np.ravel_multi_index(tuple(index[joined]), sizes)]
    return log_weight, share[:, None] * np.exp(log_factors), odds


def _shaped(network: Network) -> frozenset[str]:
    """The attributes that hang together in event syndromes."""
    return frozenset(name for syndrome in network.event_syndromes for name in syndrome.on)


def _set_aside(observation: Observation, signs: frozenset[int], attributes: frozenset[str]) -> Observation:
    """What is known without these signs and attributes."""
    return replace(
        observation,
        weights={name: w for name, w in observation.weights.items() if name not in attributes},
        present=tuple(s for s in observation.present if s not in signs),
        absent=tuple(s for s in observation.absent if s not in signs),
        soft={s: told for s, told in observation.soft.items() if s not in signs},
        ranges={s: told for s, told in observation.ranges.items() if s not in signs},
    )


def _needed(variant: Ints, variants: int, signs: int, present: Ints, absent: Ints) -> Ints:
    """Which signs missing under which variant any answer is made of, as variant << signs | missing, in order.

    An answer is made of what it says is absent together with every subset of what it says is present: 3^signs rows where
    each answer has a variant of its own, never more than variants x 2^signs.
    """
    needed = np.zeros((variants, 1 << signs), dtype=bool)
    for subset in range(1 << signs):
        having = subset & ~present == 0
        needed[variant[:, having], absent[having] | subset] = True
    places: Ints = np.flatnonzero(needed)
    return places


def _stacked(blocks: Sequence[_Block], signs: Sequence[int]) -> Rows:
    """The rows of several questions one after the other, their signs found in one list."""
    most = max(block.rows.missing.shape[1] for block in blocks)
    missing = []
    for block in blocks:
        place = np.append(np.searchsorted(signs, block.signs), len(signs))
        own = np.full((len(block.rows.missing), most), len(signs))
        own[:, : block.rows.missing.shape[1]] = place[block.rows.missing]
        missing.append(own)
    masks = np.cumsum([0, *(len(own) for own in missing)])
    starts = np.cumsum([0, *(len(block.rows.prevalence) for block in blocks)])
    return Rows(
        np.concatenate(missing),
        np.concatenate([block.rows.masks + start for block, start in zip(blocks, masks, strict=False)]),
        np.concatenate([block.rows.priors + start for block, start in zip(blocks, starts, strict=False)]),
        np.concatenate([block.rows.log_weight for block in blocks]),
        np.concatenate([block.rows.prevalence for block in blocks]),
        np.concatenate([block.rows.members for block in blocks]),
    )


def _bits(count: int) -> NDArray[np.bool_]:
    """Every subset of so many things, (2^count, count), the first thing the lowest bit."""
    bits: NDArray[np.bool_] = (np.arange(1 << count)[:, None] >> np.arange(count) & 1).astype(bool)
    return bits


def _variants(odds: Floats, sets: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Which of the states of the priors differ: the place of each of these, and for every (query, answer) which it is.

    odds: (answers, causes). sets: (queries x answers, causes).
    """
    moved = [row.tobytes() for row in odds] if (odds != odds[0]).any() else [b""] * len(odds)
    packed, seen = np.packbits(sets, axis=1), dict[tuple[bytes, bytes], int]()
    variant = [seen.setdefault((moved[i % len(moved)], row.tobytes()), len(seen)) for i, row in enumerate(packed)]
    first = np.unique(variant, return_index=True)[1]
    return first, np.array(variant)
