"""What each unasked finding would change: joint probabilities under its answers, all findings in one pass.

For one finding at a time, on networks of any size. Questions of several findings are in `engine.imagine`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fascicle.engine.attributes import attribute_evidence, log_factor, options_given
from fascicle.engine.network import Floats, Ints, Network, Observation
from fascicle.engine.posterior import Present, absorbed, log_shares
from fascicle.engine.reduce import active, patterns, reduced

ROWS_AT_ONCE = 1024
"""Rows worked on together; what they need then stays in the processor's cache."""


@dataclass(frozen=True)
class Rows:
    """Imagined states of knowledge, one a row.

    missing: (masks, most) places of absent signs in a list, its length for none. masks, priors: (rows,) which of these and
    which state of the priors each row has. States: log_weight (states, causes), log of share x P(attributes | R); prevalence
    (states, causes); members (states, causes) bool, the set without bystander.
    """

    missing: Ints
    masks: Ints
    priors: Ints
    log_weight: Floats
    prevalence: Floats
    members: NDArray[np.bool_]


def joint_of_rows(
    network: Network, known: Observation, summed: Collection[int], signs: Sequence[int], rows: Rows
) -> Floats:
    """P(R = cause, no bystander of the row's set, evidence, the row's signs absent): (rows, causes).

    summed: the syndromes to sum out, all with a known sign or one among `signs`. One `cover` for each on/off pattern.
    Products are taken as they are, not in logs: a bystander's share of them is at least 1 - prevalence.
    """
    log_absent = np.where(rows.members, np.log1p(-rows.prevalence), 0.0)
    with np.errstate(under="ignore"):
        weight = np.exp(rows.log_weight + log_absent.sum(axis=1, keepdims=True) - log_absent)
    emptied = np.where(rows.members, 0.0, rows.prevalence)
    bystander = _by_cause(network, signs, network.link)[rows.missing].sum(axis=1)
    responsible = _by_cause(network, signs, network.link_responsible)[rows.missing].sum(axis=1)
    total: Floats = np.zeros((len(rows.priors), weight.shape[1]))
    for pattern in patterns(network, known, summed):
        plain, told, constant = reduced(*pattern)
        missed = absorbed(plain, told.absent)
        with np.errstate(divide="ignore", under="ignore"):
            leak = np.append(np.log1p(-plain.leak[0, list(signs)]), 0.0)[rows.missing].sum(axis=1, keepdims=True)
            spared = np.exp(missed.bystander + bystander)
            factor = np.exp(missed.leak + leak + missed.responsible + responsible + constant)
        explained = Present.of(plain, told.present)
        for start in range(0, len(total), ROWS_AT_ONCE):
            mask, state = rows.masks[start : start + ROWS_AT_ONCE], rows.priors[start : start + ROWS_AT_ONCE]
            prior = emptied[state]
            left = prior * spared[mask]
            norm = 1.0 - prior
            norm += left
            part = norm.prod(axis=1, keepdims=True) / norm
            part *= weight[state]
            part *= factor[mask]
            if told.present:
                left /= norm
                part *= np.maximum(explained.likelihood(left), 0.0)
            total[start : start + ROWS_AT_ONCE] += part
    return total


def _by_cause(network: Network, signs: Sequence[int], link: Floats) -> Floats:
    """Log P(cause does not bring the sign): (signs and an empty row, causes)."""
    place = np.full(len(network.signs), -1)
    place[list(signs)] = np.arange(len(signs))
    row = place[network.link_sign]
    used = row >= 0
    table = np.zeros((len(signs) + 1, len(network.causes)))
    with np.errstate(divide="ignore"):
        np.add.at(table, (row[used], network.link_cause[used]), np.log1p(-link[0, used]))
    return table


@dataclass(frozen=True)
class Hypotheticals:
    """Joint P(R = cause, no bystander of the set, evidence, answer), unnormalised on one common scale.

    now: (causes,). absent: sign -> (causes,) when the sign turns out absent; present is now - absent.
    options: attribute -> (options, causes), one row for each option.
    """

    now: Floats
    absent: Mapping[int, Floats]
    options: Mapping[str, Floats]


def hypotheticals(
    network: Network,
    observation: Observation,
    signs: Sequence[int],
    attributes: Sequence[str],
    members: NDArray[np.bool_],
    scale: float,
) -> Hypotheticals:
    """Compute every answer to every single finding on a network of one draw.

    members: (causes,) the set that must hold no bystander (all false for the plain posterior). scale: a log
    evidence to divide by. Exact; one cover with a row for each sign and each option of a covariate, and one more for
    each syndrome that has signs among `signs` and none known.
    """
    likelihood, prevalence = attribute_evidence(network, observation.weights)
    base = log_shares(network.log_rate) + likelihood - scale
    covariates = [
        (name, option)
        for name in attributes
        if network.attributes[name].background is not None
        for option in range(network.attributes[name].table.shape[2])
    ]
    causes = len(network.causes)

    def rows(asked: Sequence[int], moved: Sequence[tuple[str, int]], summed: frozenset[int]) -> Floats:
        """Joint for the present state, for each asked sign absent, and for each covariate option."""
        count, states = 1 + len(asked) + len(moved), 1 + len(moved)
        weight, odds = np.repeat(base, states, axis=0), np.repeat(prevalence / (1 - prevalence), states, axis=0)
        for row, (name, option) in enumerate(moved, start=1):
            attribute = network.attributes[name]
            factor = log_factor(attribute, np.eye(attribute.table.shape[2])[option])[0]
            weight[row] += factor
            if attribute.moves_prevalence is not None:
                odds[row] *= np.exp(np.where(attribute.moves_prevalence, factor, 0.0))
        missing = np.full((count, 1), len(asked))
        missing[1 : 1 + len(asked), 0] = np.arange(len(asked))
        priors = np.maximum(np.arange(count) - len(asked), 0)
        empty = np.broadcast_to(members, (states, causes))
        return joint_of_rows(
            network,
            observation,
            summed,
            asked,
            Rows(missing, np.arange(count), priors, weight, odds / (1 + odds), empty),
        )

    known = frozenset(active(network, observation))
    first = [s for s in signs if not _further(network, s, known)]
    joint = rows(first, covariates, known)
    absent = dict(zip(first, joint[1:], strict=False))
    for index in range(len(network.syndromes)):  # a sign of a syndrome nobody was asked about makes it active
        asked = [s for s in signs if _further(network, s, known) == {index}]
        if asked:
            absent |= zip(asked, rows(asked, [], known | {index})[1:], strict=True)
    now = joint[0]
    options = {name: np.zeros((network.attributes[name].table.shape[2], causes)) for name in attributes}
    for row, (name, option) in enumerate(covariates, start=1 + len(first)):
        background = network.attributes[name].background
        assert background is not None
        options[name][option] = joint[row] * background[0, option]
    for name in attributes:
        if network.attributes[name].background is None:
            options[name] = now[None, :] * options_given(network, observation.weights, name)[0].T
    return Hypotheticals(now, absent, options)


def _further(network: Network, sign: int, known: frozenset[int]) -> set[int]:
    """The syndrome a sign belongs to that is not summed yet, if any."""
    return {i for i, s in enumerate(network.syndromes) if i not in known and sign in s.members}


def information(rows: Floats) -> float:
    """Mutual information in bits between the answer (rows) and R (columns) of a joint table (answers, causes)."""
    total = rows.sum()
    if total <= 0:
        return 0.0
    joint = rows / total
    product = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    used = joint > 0
    return max(0.0, float((joint[used] * np.log2(joint[used] / product[used])).sum()))
