"""Draws cases from a network: who is responsible, who is there besides, what can be seen, and what of it is told.

What is told is chosen without looking at what is so: then leaving it out says nothing, as the model assumes. Every
draw goes through one uniform number for each finding. A factor makes some of these depend on one another and leaves
each by itself uniform, so that findings come together more than the model thinks while every frequency stays.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from fascicle.engine.network import Floats, Ints, Network, Observation, Syndrome
from fascicle.engine.posterior import log_shares
from fascicle.knowledge.base import Knowledge

Bools = NDArray[np.bool_]
UNKNOWN = -1
MOST_TOLD = 16
"""Present signs; with more the exact table may be too large, and nobody tells so many."""
PRESENT_OPTION = 0
"""Yes/no attributes have the options present and absent, in this order."""


@dataclass(frozen=True)
class Cases:
    """Simulated cases, the truth and what is told of it.

    responsible: (cases,). there: (cases, causes) bool, the responsible one included. options: attribute -> (cases,)
    the option told. signs: sign -> (cases,) 1 told present, 0 told absent. UNKNOWN in both where nothing is told.
    """

    responsible: Ints
    there: Bools
    options: Mapping[str, Ints]
    signs: Mapping[str, Ints]

    def __len__(self) -> int:
        return len(self.responsible)

    def observations(self, network: Network) -> list[Observation]:
        """What is told of each case, in the engine's terms.

        Telling ends with the sign that is the MOST_TOLD-th present one; whether it does shows in what is told, so that
        leaving out the rest still says nothing.
        """
        weights: list[dict[str, Floats]] = [{} for _ in self.responsible]
        present: list[list[int]] = [[] for _ in self.responsible]
        absent: list[list[int]] = [[] for _ in self.responsible]
        for name, option in self.options.items():
            rows = list(np.eye(network.attributes[name].table.shape[2]))
            for i in np.flatnonzero(option != UNKNOWN).tolist():
                weights[i][name] = rows[option[i]]
        for place, sign in enumerate(network.signs):
            for value, lists in ((1, present), (0, absent)) if sign in self.signs else ():
                for i in np.flatnonzero(self.signs[sign] == value).tolist():
                    if len(present[i]) < MOST_TOLD:
                        lists[i].append(place)
        told = zip(weights, present, absent, strict=True)
        return [Observation(weight, tuple(yes), tuple(no)) for weight, yes, no in told]


@dataclass(frozen=True)
class Factor:
    """A hidden severity, standard normal and the same for all findings of one case: the copula of a one-factor probit.

    loadings: sign or attribute -> correlation with the severity, -1 to 1; two findings with loadings a and b have
    normal correlation a b. options: the option a loading speaks of, where it is not the first (present).
    """

    loadings: Mapping[str, float]
    options: Mapping[str, int] = field(default_factory=dict)


def draw_cases(
    network: Network,
    draw: Ints,
    told: Mapping[str, Bools],
    rng: np.random.Generator,
    factors: Sequence[Factor] = (),
) -> Cases:
    """Draw one case from each of these parameter draws of a network.

    draw: (cases,) index. told: sign or attribute -> (cases,) whether it is told, never where it is not named. factors
    share no finding; margins given who is there stay exactly the network's. Bystanders follow the covariates that are
    told, as in the network, which is silent on the others. A graded sign is told as present at any level or absent.
    Linear in cases x links.
    """
    uniform = _uniforms([*network.attributes, *network.signs], len(draw), factors, rng)
    shares: Floats = np.exp(log_shares(network.log_rate))
    responsible = _pick(shares[draw], rng.random(len(draw)))
    options = _options(network, draw, responsible, uniform, {n: o for f in factors for n, o in f.options.items()}, rng)
    known = {name: np.where(told[name], option, UNKNOWN) for name, option in options.items() if name in told}
    there = rng.random(shares[draw].shape) < _prevalence(network, draw, known)
    there[np.arange(len(draw)), responsible] = True
    seen = _signs(network, draw, responsible, there, uniform)
    signs = {
        sign: np.where(told[sign], seen[:, place], UNKNOWN) for place, sign in enumerate(network.signs) if sign in told
    }
    return Cases(responsible, there, known, signs)


def told_at_random(
    questions: Sequence[Sequence[str]], count: int, rng: np.random.Generator, *, put: float, answered: float
) -> dict[str, Bools]:
    """What is told in `count` cases: each question is put with one chance, each of its items answered with another."""
    told: dict[str, Bools] = {}
    for names in questions:
        asked = rng.random(count) < put
        told.update({name: asked & (rng.random(count) < answered) for name in names})
    return told


def interviewed(
    knowledge: Knowledge, network: Network, count: int, rng: np.random.Generator, *, put: float, answered: float
) -> dict[str, Bools]:
    """`told_at_random` with the questions of an interview; the kind of movement is always asked.

    Of findings that imply or exclude one another one at random is told: the network takes them for unrelated.
    """
    names = {*network.attributes, *network.signs}
    kind = [[q.group] for q in knowledge.questions if q.group and knowledge.groups[q.group].several]
    rest = [[q.group] if q.group else [i for i in q.items if i in names] for q in knowledge.questions]
    told = told_at_random([q for q in rest if q not in kind], count, rng, put=put, answered=answered)
    told |= told_at_random(kind, count, rng, put=1.0, answered=1.0)
    for family in _families(knowledge, set(told)):
        kept = rng.integers(len(family), size=count)
        told |= {name: told[name] & (kept == i) for i, name in enumerate(family)}
    return told


def misreported(
    cases: Cases, rng: np.random.Generator, missed: Mapping[str, float], imagined: Mapping[str, float]
) -> Cases:
    """The cases with answers flipped: told absent though present at one rate, present though absent at the other.

    missed, imagined: sign or yes/no property -> rate, the same names in both; what they do not name stays as told.
    """

    def flipped(name: str, value: Ints, present: int) -> Ints:
        """The two answers are 0 and 1; one of them means present."""
        if name not in missed:
            return value
        wrong = rng.random(len(value)) < np.where(value == present, missed[name], imagined[name])
        return np.where(wrong & (value != UNKNOWN), 1 - value, value)

    return replace(
        cases,
        options={name: flipped(name, value, PRESENT_OPTION) for name, value in cases.options.items()},
        signs={name: flipped(name, value, 1) for name, value in cases.signs.items()},
    )


def without_syndromes(network: Network, gone: Sequence[Syndrome] | None = None) -> Network:
    """The network with signs independent given who is there, and every P(sign | cause) and background kept.

    gone: the syndromes of the network to be taken away, by default all.

    Pages are often silent on a sign that their syndrome brings, so leaving syndromes out of the knowledge would change
    whole figures too. Here each member gets a leak and links of its own that give back what both paths gave, exactly.
    """
    gone = network.syndromes if gone is None else gone
    members = [(s, place) for s in gone for place in range(len(s.members))]
    places = np.array([s.members[place] for s, place in members], dtype=np.int64)
    kept = ~np.isin(network.link_sign, [*places, *(s.node for s in gone)])
    leak, causes = network.leak.copy(), np.arange(len(network.causes))
    links, certain = [network.link[:, kept]], [network.link_responsible[:, kept]]
    for syndrome, place in members:
        leak[:, syndrome.members[place]], link, sure = _alone(network, syndrome, place)
        links.append(link)
        certain.append(sure)
    return replace(
        network,
        leak=leak,
        link_sign=np.concatenate([network.link_sign[kept], np.repeat(places, len(causes))]),
        link_cause=np.concatenate([network.link_cause[kept], np.tile(causes, len(places))]),
        link=np.concatenate(links, axis=1),
        link_responsible=np.concatenate(certain, axis=1),
        syndromes=tuple(s for s in network.syndromes if all(s is not one for one in gone)),
    )


def _prevalence(network: Network, draw: Ints, options: Mapping[str, Ints]) -> Floats:
    """Prevalence of every cause as a bystander once the told covariates moved its odds: (cases, causes)."""
    log_odds = np.zeros((len(draw), len(network.causes)))
    for name, option in options.items():
        attribute = network.attributes[name]
        if attribute.background is None or attribute.moves_prevalence is None:
            continue
        ratio = attribute.table[draw, :, option] / attribute.background[draw, option][:, None]
        moves = (option != UNKNOWN)[:, None] & attribute.moves_prevalence
        with np.errstate(divide="ignore"):
            log_odds += np.where(moves, np.log(ratio), 0.0)
    there = network.prevalence[draw] * np.exp(log_odds)
    found: Floats = there / (1 - network.prevalence[draw] + there)
    return found


def _uniforms(
    names: Sequence[str], count: int, factors: Sequence[Factor], rng: np.random.Generator
) -> dict[str, Floats]:
    """A uniform number for every finding and case; those of one factor depend on one another. Small means present."""
    uniform: dict[str, Floats] = dict(zip(names, rng.random((len(names), count)), strict=True))
    normal_to_uniform = np.vectorize(lambda z: 0.5 * math.erfc(-z / math.sqrt(2)), otypes=[np.float64])
    for factor in factors:
        severity = rng.standard_normal(count)
        for name, loading in factor.loadings.items():
            own = rng.standard_normal(count)
            uniform[name] = normal_to_uniform(-loading * severity + math.sqrt(1 - loading**2) * own)
    return uniform


def _pick(share: Floats, uniform: Floats, first: int = 0) -> Ints:
    """The option a uniform number falls on, (cases,) for (cases, options) shares; small numbers on `first`."""
    count = share.shape[1]
    upper = np.cumsum(np.roll(share, -first, axis=1), axis=1)
    place = (upper < (uniform * upper[:, -1])[:, None]).sum(axis=1)
    found: Ints = (np.minimum(place, count - 1) + first) % count
    return found


def _options(
    network: Network,
    draw: Ints,
    responsible: Ints,
    uniform: Mapping[str, Floats],
    first: Mapping[str, int],
    rng: np.random.Generator,
) -> dict[str, Ints]:
    """The option of every attribute given R: each by itself, but for those of one event syndrome given its state."""
    share = {name: attribute.table[draw, responsible] for name, attribute in network.attributes.items()}
    for syndrome in network.event_syndromes:
        on = (rng.random(len(draw)) < syndrome.share[draw, responsible])[:, None]
        share |= {
            name: np.where(on, table[draw, responsible], syndrome.off[name][draw, responsible])
            for name, table in syndrome.on.items()
        }
    return {name: _pick(share[name], uniform[name], first.get(name, 0)) for name in share}


def _signs(network: Network, draw: Ints, responsible: Ints, there: Bools, uniform: Mapping[str, Floats]) -> Bools:
    """Whether every sign, hidden states included, is present: (cases, signs)."""
    silent = np.log1p(-network.leak)[draw]
    bystander, certain = np.log1p(-network.link), np.log1p(-network.link_responsible)
    for column, (sign, cause) in enumerate(zip(network.link_sign.tolist(), network.link_cause.tolist(), strict=True)):
        by = np.where(responsible == cause, certain[draw, column], bystander[draw, column])
        silent[:, sign] += np.where(there[:, cause], by, 0.0)
    for syndrome in network.syndromes:
        on = uniform[network.signs[syndrome.node]] < -np.expm1(silent[:, syndrome.node])
        silent[:, syndrome.members] += np.where(on[:, None], np.log1p(-syndrome.strength)[draw], 0.0)
    numbers = np.stack([uniform[sign] for sign in network.signs], axis=1)
    found: Bools = numbers < -np.expm1(silent)
    return found


def _alone(network: Network, syndrome: Syndrome, place: int) -> tuple[Floats, Floats, Floats]:
    """Leak, and links of each cause as a bystander and as R, of one member without its hidden state.

    P(absent) and P(absent | cause there) are worked out with the state, then solved for leak and links (knowledge.links).
    """
    member, strength, pi = int(syndrome.members[place]), syndrome.strength[:, [place]], network.prevalence
    (own, sure), (brings, surely) = _by_cause(network, member), _by_cause(network, syndrome.node)
    off, none = 1 - pi * own, 1 - pi + pi * (1 - own) * (1 - brings)
    silent = 1 - network.leak[:, [member]]
    direct = silent * (1 - strength) * off.prod(axis=1, keepdims=True)
    state_off = silent * strength * (1 - network.leak[:, [syndrome.node]]) * none.prod(axis=1, keepdims=True)
    absent = direct + state_off
    if_there = (1 - own) * (direct / off + state_off / none * (1 - brings))
    if_responsible = (1 - sure) * (direct / off + state_off / none * (1 - surely))
    link = np.maximum((absent - if_there) / (absent - pi * if_there), 0.0)
    alone = 1 - pi * link
    return 1 - absent[:, 0] / alone.prod(axis=1), link, 1 - if_responsible * alone / absent


def _by_cause(network: Network, sign: int) -> tuple[Floats, Floats]:
    """Strength with which each cause brings a sign as a bystander and as R: (draws, causes) each, 0 without a link."""
    silent = np.ones((2, network.draws, len(network.causes)))
    for column in np.flatnonzero(network.link_sign == sign).tolist():
        silent[0, :, network.link_cause[column]] *= 1 - network.link[:, column]
        silent[1, :, network.link_cause[column]] *= 1 - network.link_responsible[:, column]
    return 1 - silent[0], 1 - silent[1]


def _families(knowledge: Knowledge, names: set[str]) -> list[list[str]]:
    """Findings of these names that are tied by implying or excluding one another, each family once."""
    family = {name: {name} for name in names}
    for name in sorted(names & knowledge.findings.keys()):
        for other in (*knowledge.findings[name].implies, *knowledge.findings[name].excludes):
            if other in names and family[other] is not family[name]:
                family[name] |= family[other]
                family.update(dict.fromkeys(family[name], family[name]))
    return [list(f) for f in sorted({tuple(sorted(f)) for f in family.values() if len(f) > 1})]
