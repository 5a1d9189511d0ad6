"""What each unasked finding would change: joint probabilities under hypothetical answers, all in one pass.

An absent sign only changes the absorbed priors, so all candidates share one cover table with a row per candidate;
present is the rest. Covariates also move bystanders and get rows of their own; event attributes need no table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fascicle.engine.attributes import attribute_evidence, log_factor, options_given
from fascicle.engine.network import Floats, Network, Observation
from fascicle.engine.posterior import Missed, absorbed, log_shares, present_likelihood
from fascicle.engine.reduce import active, patterns, reduced


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
    """Compute every hypothetical answer on a network of one draw.

    members: (causes,) the set that must hold no bystander (all false for the plain posterior). scale: a log
    evidence to divide by. Exact; one cover with a row for each sign and each option of a covariate.
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
    factors = [log_factor(network.attributes[n], _one_hot(network, n, o))[0] for n, o in covariates]
    moved = [_moved(network, name, factor) for (name, _), factor in zip(covariates, factors, strict=True)]

    def rows(chosen: frozenset[int], asked: Sequence[int], factor: Floats, odds: Floats) -> Floats:
        """Joint for the present state, for each asked sign absent, and for each covariate option."""
        count = 1 + len(asked) + len(factor)
        shift, move = np.zeros((count, causes)), np.zeros((count, causes))
        shift[1 + len(asked) :], move[1 + len(asked) :] = factor, odds
        with np.errstate(over="ignore"):
            weight = prevalence * np.exp(move)
        chance = weight / (1 - prevalence + weight)
        log_absent = np.where(members[None, :], np.log1p(-chance), 0.0)
        others = log_absent.sum(axis=1, keepdims=True) - log_absent
        emptied = np.where(members[None, :], 0.0, chance)
        total = np.zeros((count, causes))
        for pattern in patterns(network, observation, chosen):
            plain, told, constant = reduced(*pattern)
            missed, more = absorbed(plain, told.absent), _sign_rows(plain, asked)
            added = Missed(
                missed.leak + _pad(more.leak, count),
                missed.bystander + _pad(more.bystander, count),
                missed.responsible + _pad(more.responsible, count),
            )
            seen = present_likelihood(plain, told.present, added, emptied)
            total += np.exp(base + shift + others + constant + seen)
        return total

    known = frozenset(active(network, observation))
    none = np.zeros((0, causes))
    first = [s for s in signs if not _further(network, s, known)]
    joint = rows(known, first, np.array(factors).reshape(-1, causes), np.array(moved).reshape(-1, causes))
    absent = {sign: joint[1 + i] for i, sign in enumerate(first)}
    for index in range(len(network.syndromes)):  # a sign of a syndrome nobody was asked about makes it active
        asked = [s for s in signs if _further(network, s, known) == {index}]
        if asked:
            more = rows(known | {index}, asked, none, none)
            absent |= {sign: more[1 + i] for i, sign in enumerate(asked)}
    now = joint[0]
    options: dict[str, Floats] = {}
    for row, (name, option) in enumerate(covariates, start=1 + len(first)):
        attribute = network.attributes[name]
        assert attribute.background is not None
        table = options.setdefault(name, np.zeros((attribute.table.shape[2], causes)))
        table[option] = joint[row] * attribute.background[0, option]
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


def _one_hot(network: Network, name: str, option: int) -> Floats:
    weight = np.zeros(network.attributes[name].table.shape[2])
    weight[option] = 1.0
    return weight


def _moved(network: Network, name: str, factor: Floats) -> Floats:
    """The part of a covariate's log factor that also moves the odds of bystanders."""
    moves = network.attributes[name].moves_prevalence
    return np.zeros_like(factor) if moves is None else np.where(moves, factor, 0.0)


def _pad(rows: Floats, count: int) -> Floats:
    """Rows for the signs stand after the row of the present state; all other rows add nothing."""
    out = np.zeros((count, rows.shape[1]))
    out[1 : 1 + len(rows)] = rows
    return out


def _sign_rows(network: Network, signs: Sequence[int]) -> Missed:
    """What each sign, if absent, adds to the absorbed evidence: one row a sign."""
    causes = len(network.causes)
    leak = np.log1p(-network.leak[0, list(signs)])[:, None]
    bystander, responsible = np.zeros((len(signs), causes)), np.zeros((len(signs), causes))
    place = {sign: row for row, sign in enumerate(signs)}
    for column, sign in enumerate(network.link_sign.tolist()):
        if sign in place:
            cause = int(network.link_cause[column])
            bystander[place[sign], cause] += np.log1p(-network.link[0, column])
            responsible[place[sign], cause] += np.log1p(-network.link_responsible[0, column])
    return Missed(leak, bystander, responsible)
