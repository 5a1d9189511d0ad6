"""Turns pages and profile into a network: complaint rates to weights, frequencies to links and leaks.

Four rules decide the arithmetic, all so that what stands on a page is what the network says:
- p on a page is the whole P(sign | cause); the link is solved so that cause, leak and ordinary bystanders give p.
- b in the profile is the whole frequency in ordinary subjects; the leak is solved so that leak and bystanders give b.
- the p of kinds on a page are made to add up to 1, as the kind a person names first;
- a kind of movement a page does not list has only its small stray probability, never a background.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fascicle.engine.network import Attribute, Floats, Network, Observation, Syndrome
from fascicle.knowledge import schema
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.links import Path, solve
from fascicle.knowledge.numbers import Columns, columns
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


def build(knowledge: Knowledge, values: Floats) -> Network:
    """Return the network for (draws, numbers) values in the order of `numbers`."""
    at = columns(knowledge, values)
    causes, prevalence = tuple(knowledge.causes), prevalences(knowledge, at)
    signs, leak, links = _signs(knowledge, at, prevalence)
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
        attributes={**_kinds(knowledge, at), **_choices(knowledge, at), **_answers(knowledge, at)},
        syndromes=_syndromes(knowledge, at, signs),
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


def kind_group(knowledge: Knowledge) -> str:
    """The choice group of which several options may be ticked."""
    return next(name for name, group in knowledge.groups.items() if group.several)


def _kinds(knowledge: Knowledge, at: Columns) -> dict[str, Attribute]:
    """P(called this kind | R): listed shares, strays for the rest, then how people confuse kinds."""
    group = kind_group(knowledge)
    options = knowledge.options[group]
    rules = knowledge.profile.kind_rules
    called = np.eye(len(options))
    for kind, names in rules.called.items():
        row = options.index(kind)
        for name, share in names.items():
            called[row, options.index(name)] = share
        called[row, row] = 1 - sum(names.values())
    stray = at("ordinary/stray")
    rows = []
    for page in knowledge.causes.values():
        if page.id == knowledge.profile.other.cause:
            rows.append(np.stack([at(f"ordinary/kinds/{kind}") for kind in options], axis=1))
            continue
        listed = 1 - stray * (len(options) - len(page.kinds))
        rows.append(
            np.stack([at(f"{page.id}/kinds/{k}") * listed if k in page.kinds else stray for k in options], axis=1)
        )
    return {group: Attribute(np.stack(rows, axis=1) @ called)}


def _choices(knowledge: Knowledge, at: Columns) -> dict[str, Attribute]:
    """Groups of which one option holds: of the event, or of the subject (against its background)."""
    found = {}
    for name, group in knowledge.groups.items():
        if group.several:
            continue
        options = knowledge.options[name]
        ordinary = np.stack([at(f"ordinary/{name}/{option}") for option in options], axis=1)
        rows = []
        for page in knowledge.causes.values():
            own = page.choices.get(name)
            rows.append(
                ordinary if own is None else np.stack([at(f"{page.id}/choices/{name}/{o}") for o in options], axis=1)
            )
        listed = np.array([name in page.choices for page in knowledge.causes.values()])
        table = np.stack(rows, axis=1)
        context = group.about == "context"
        found[name] = Attribute(table, ordinary if context else None, listed if context else None)
    return found


def _answers(knowledge: Knowledge, at: Columns) -> dict[str, Attribute]:
    """Yes/no event findings and context findings, options (present, absent)."""
    found = {}
    for finding in knowledge.findings.values():
        known = knowledge.profile.background if finding.about == "context" else knowledge.profile.of_events
        if finding.about == "sign" or finding.group is not None or finding.id not in known:
            continue
        ordinary = at(f"ordinary/{finding.id}")
        if finding.about == "event":
            shares = [
                at(f"{page.id}/event/{finding.id}") if finding.id in page.event else ordinary
                for page in knowledge.causes.values()
            ]
            found[finding.id] = Attribute(_two(np.stack(shares, axis=1)))
        else:
            exposed = [_exposed(knowledge, page, finding, ordinary, at) for page in knowledge.causes.values()]
            pages = zip(knowledge.causes.values(), exposed, strict=True)
            moves = [share is not ordinary and _moves(page, finding.id) for page, share in pages]
            found[finding.id] = Attribute(_two(np.stack(exposed, axis=1)), _two(ordinary), np.array(moves))
    return found


def _moves(page: schema.CausePage, finding: str) -> bool:
    effect = page.context.get(finding)
    return effect is None or effect.acts_on == "both"


def _exposed(knowledge: Knowledge, page: schema.CausePage, finding: schema.Finding, b: Floats, at: Columns) -> Floats:
    """Share of this cause's cases with a context finding.

    A page that is silent still says something: a general exposure is at least as common as its listed parts, and a
    part shares the ratio of the listed general one (a French bulldog is a long-backed breed).
    """
    effect = page.context.get(finding.id)
    if effect is not None:
        value = at(f"{page.id}/context/{finding.id}")
        return value if effect.p is not None else b * value / (1 - b + b * value)
    wider = [general for general in finding.implies if general in page.context]
    parts = [name for name in page.context if finding.id in knowledge.findings[name].implies]
    shares = b
    for name in (*wider, *parts):
        ordinary = at(f"ordinary/{name}")
        listed = _exposed(knowledge, page, knowledge.findings[name], ordinary, at)
        shares = np.minimum(b * listed / ordinary, _ALMOST_ONE) if name in wider else np.maximum(shares, listed)
    return shares


def _two(p: Floats) -> Floats:
    """Probabilities of (present, absent) along a new last axis."""
    return np.stack([p, 1 - p], axis=-1)


def observe(knowledge: Knowledge, evidence: Evidence, network: Network) -> Observation:
    """Say in the engine's terms what is known in one case."""
    kinds = kind_group(knowledge)
    weights: dict[str, Floats] = {}
    for group, possible in evidence.options.items():
        options = knowledge.options[group]
        weight = np.array([1.0 if option in possible else 0.0 for option in options])
        ticked = group == kinds and any(option in evidence.present for option in possible)
        weights[group] = weight / weight.sum() if ticked else weight
    place = {sign: i for i, sign in enumerate(network.signs)}
    present: list[int] = []
    absent: list[int] = []
    for finding, status in sorted(evidence.scored.items()):
        if finding in place:
            (present if status is Status.PRESENT else absent).append(place[finding])
        elif finding in network.attributes:
            weights[finding] = np.array([1.0, 0.0] if status is Status.PRESENT else [0.0, 1.0])
    return Observation(weights, tuple(sorted(present)), tuple(sorted(absent)))
