"""Turns pages and profile into a network: complaint rates to weights, frequencies to links and leaks.

Four rules decide the arithmetic, all so that what stands on a page is what the network says:
- p on a page is the whole P(sign | cause); the link is solved so that cause, leak and ordinary bystanders give p.
- b in the profile is the whole frequency in ordinary subjects; the leak is solved so that leak and bystanders give b.
- the p of kinds on a page become the chance that just this one is named;
- a kind of movement a page does not list has only its small stray chance, never a background.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fascicle.engine.network import Floats, Network, Observation, Syndrome
from fascicle.knowledge import schema
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.graded import grades
from fascicle.knowledge.links import Path, solve
from fascicle.knowledge.numbers import Columns
from fascicle.knowledge.properties import attributes, event_syndromes, kind_group
from fascicle.model import Evidence, Status

_ALMOST_ONE = 1 - 1e-9
_LEAST_LEAK = 1e-3
"""A draw may make the bystanders alone reach b; some leak is kept so that no draw calls a finding impossible."""


def prevalences(knowledge: Knowledge, at: Columns) -> Floats:
    """(draws, causes) chance of each cause as a bystander, 0 for physiology and the unknown cause."""
    found = np.zeros((at.values.shape[0], len(knowledge.causes)))
    for x, page in enumerate(knowledge.causes.values()):
        if page.prevalence is not None:
            found[:, x] = np.minimum(at(f"{page.id}/prevalence"), _ALMOST_ONE)
    return found


def build(knowledge: Knowledge, at: Columns) -> Network:
    """Return the network of facts for values of `numbers`; `heard` makes it one of reports."""
    causes, prevalence = tuple(knowledge.causes), prevalences(knowledge, at)
    signs, leak, links = _signs(knowledge, at, prevalence)
    properties = attributes(knowledge, at)
    return Network(
        causes=causes,
        signs=signs,
        log_rate=np.log(np.stack([at(f"{cause}/rate") for cause in causes], axis=1)),
        prevalence=prevalence,
        leak=leak,
        link_sign=np.array([sign for sign, _, _, _ in links], dtype=np.int64),
        link_cause=np.array([cause for _, cause, _, _ in links], dtype=np.int64),
        link=np.stack([q for _, _, q, _ in links], axis=1),
        link_responsible=np.stack([q for _, _, _, q in links], axis=1),
        attributes=properties,
        grades=grades(knowledge, at, signs, leak, links),
        syndromes=_syndromes(knowledge, at, signs),
        event_syndromes=event_syndromes(knowledge, at, properties),
    )


@dataclass(frozen=True)
class SolvedSign:
    """One sign or syndrome with its leak and links as solved, before any bound; causes by index."""

    id: str
    leak: Floats
    causes: tuple[int, ...]
    links: tuple[Floats, ...]


def solved_signs(knowledge: Knowledge, at: Columns, prevalence: Floats) -> tuple[list[SolvedSign], list[SolvedSign]]:
    """Signs, and syndromes, solved. A figure at or below the background brings nothing."""
    pages = list(knowledge.causes.values())
    states: dict[str, SolvedSign] = {}
    for name in knowledge.profile.syndromes:
        with_it = [x for x, page in enumerate(pages) if name in page.syndromes]
        shares = [at(f"{pages[x].id}/syndromes/{name}") for x in with_it]
        leak, found = solve(at(f"syndrome/{name}"), shares, [prevalence[:, x] for x in with_it])
        states[name] = SolvedSign(name, leak, tuple(with_it), tuple(found))
    signs = []
    for sign in (f.id for f in knowledge.findings.values() if f.about == "sign"):
        b = at(f"ordinary/{sign}")
        least = knowledge.profile.background[sign].p
        own = {x: at(f"{page.id}/signs/{sign}") for x, page in enumerate(pages) if _raises(page, sign, least)}
        state = next((n for n, s in knowledge.profile.syndromes.items() if sign in s.members), None)
        by_state = dict(zip(states[state].causes, states[state].links, strict=True)) if state else {}
        causes = sorted({*own, *by_state})
        path = None
        if state:
            zero = np.zeros_like(b)
            strength = at(f"syndrome/{state}/{sign}")
            path = Path(strength, np.maximum(states[state].leak, 0.0), [by_state.get(x, zero) for x in causes])
        leak, found = solve(b, [own.get(x) for x in causes], [prevalence[:, x] for x in causes], path)
        signs.append(SolvedSign(sign, leak, tuple(causes), tuple(found)))
    return signs, list(states.values())


def _raises(page: schema.CausePage, sign: str, background: float) -> bool:
    """Whether a page gives the sign a figure above its background."""
    return sign in page.signs and page.signs[sign].p > background


def _signs(
    knowledge: Knowledge, at: Columns, prevalence: Floats
) -> tuple[tuple[str, ...], Floats, list[tuple[int, int, Floats, Floats]]]:
    """Sign ids, leaks, and links as (sign, cause, strength as bystander, as responsible); syndromes stand last."""
    pages = list(knowledge.causes.values())
    other = [page.id for page in pages].index(knowledge.profile.other.cause)
    signs, states = solved_signs(knowledge, at, prevalence)
    links: list[tuple[int, int, Floats, Floats]] = []
    leaks = []
    for j, sign in enumerate([*signs, *states]):
        state = j >= len(signs)
        b = at(f"syndrome/{sign.id}" if state else f"ordinary/{sign.id}")
        leak = np.maximum(sign.leak, _LEAST_LEAK * b)
        leaks.append(leak)
        links += [
            (j, x, q, q) for x, q in zip(sign.causes, (np.clip(q, 0.0, _ALMOST_ONE) for q in sign.links), strict=True)
        ]
        if state:
            continue
        none = np.zeros_like(b)
        links.append((j, other, none, (np.maximum(at("other/sign"), b) - b) / (1 - b)))
        for x, page in enumerate(pages):
            if sign.id in page.signs and page.signs[sign.id].argues_against:
                p = at(f"{page.id}/signs/{sign.id}")
                links.append((j, x, none, np.clip((p - b) / (1 - b), -leak / (1 - leak), 0.0)))
    names = tuple(s.id for s in signs) + tuple(f"syndrome {s.id}" for s in states)
    return names, np.stack(leaks, axis=1), links


def _syndromes(knowledge: Knowledge, at: Columns, signs: tuple[str, ...]) -> tuple[Syndrome, ...]:
    """The hidden states with their members."""
    return tuple(
        Syndrome(
            signs.index(f"syndrome {name}"),
            np.array([signs.index(member) for member in entry.members], dtype=np.int64),
            np.stack([at(f"syndrome/{name}/{member}") for member in entry.members], axis=1),
        )
        for name, entry in knowledge.profile.syndromes.items()
    )


def observe(knowledge: Knowledge, evidence: Evidence, network: Network) -> Observation:
    """Say in the engine's terms what is known in one case."""
    kinds = kind_group(knowledge)
    weights: dict[str, Floats] = {}
    for group, possible in evidence.options.items():
        options = knowledge.options[group]
        weight = np.array([1.0 if option in possible else 0.0 for option in options])
        ticked = group == kinds and any(option in evidence.present for option in possible)
        weights[group] = weight
        if ticked:
            shares = np.array([knowledge.profile.kinds.shares[option].p for option in options])
            weights[group] = _ticks(weight, shares, knowledge.profile.kind_rules.loose.p)
    place = {sign: i for i, sign in enumerate(network.signs)}
    present: list[int] = []
    absent: list[int] = []
    for finding, status in sorted(evidence.scored.items()):
        if finding in evidence.levels:
            continue
        if finding in place:
            (present if status is Status.PRESENT else absent).append(place[finding])
        elif finding in network.attributes:
            weights[finding] = np.array([1.0, 0.0] if status is Status.PRESENT else [0.0, 1.0])
    ranges = {place[finding]: span for finding, span in evidence.levels.items()}
    return Observation(weights, tuple(sorted(present)), tuple(sorted(absent)), ranges=ranges)


def _ticks(ticked: Floats, shares: Floats, loose: float) -> Floats:
    """The report of the kinds ticked, as `engine.attributes.chance` reads it: (options,), or for several (ticks, ticks, options).

    Any of them may be the first that came to mind; each of the others was ticked because the movement is of that kind too, or
    has nothing to do with it and is as common as among all asked-about events (shares): the sum over i of P(i | R) times
    the product over the others of (1 - loose) P(j | R) + loose share_j. Rows of the table add up to 1, so that is linear.
    """
    rows: Floats = np.eye(len(ticked))[ticked > 0]
    if len(rows) == 1:
        only: Floats = rows[0]
        return only
    weight = np.tile((1.0 - loose) * rows + loose * (rows @ shares)[:, None], (len(rows), 1, 1))
    weight[np.arange(len(rows)), np.arange(len(rows))] = rows
    return weight
