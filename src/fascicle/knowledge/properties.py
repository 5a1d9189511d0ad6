"""Tables of the categorical properties: kinds of movement, choice groups, yes/no answers, and events that come together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fascicle.engine.network import Attribute, EventSyndrome, Floats
from fascicle.knowledge import schema
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.numbers import Columns

_ALMOST_ONE = 1 - 1e-9


def attributes(knowledge: Knowledge, at: Columns) -> dict[str, Attribute]:
    """Every categorical property, as it is in fact."""
    return {**_kinds(knowledge, at), **_choices(knowledge, at), **_answers(knowledge, at)}


def event_syndromes(knowledge: Knowledge, at: Columns, whole: Mapping[str, Attribute]) -> tuple[EventSyndrome, ...]:
    """The hidden states of the event, so solved that on and off together are the whole tables of the properties.

    A page that does not list the state never has it; asked-about events without a page have it at the profile's share.
    Given the state off, a property has what is left of its whole share; where the figures leave less than nothing, the
    page's own figure stands and the strength within the state gives way.
    """
    kinds, found = kind_group(knowledge), []
    for name, entry in knowledge.profile.event_syndromes.items():
        share = np.zeros((at.values.shape[0], len(knowledge.causes)))
        for x, page in enumerate(knowledge.causes.values()):
            if name in page.syndromes:
                share[:, x] = at(f"{page.id}/syndromes/{name}")
            elif page.id == knowledge.profile.other.cause:
                share[:, x] = at(f"event syndrome/{name}")
        strength = {member: _two(at(f"event syndrome/{name}/{member}")) for member in entry.members}
        shares = [at(f"event syndrome/{name}/kinds/{kind}") for kind in knowledge.options[kinds]]
        strength[kinds] = np.stack(shares, axis=-1)
        tables = {member: _split(whole[member].table, share, given[:, None, :]) for member, given in strength.items()}
        found.append(
            EventSyndrome(share, {m: on for m, (on, _) in tables.items()}, {m: off for m, (_, off) in tables.items()})
        )
    return tuple(found)


def _split(whole: Floats, share: Floats, given: Floats) -> tuple[Floats, Floats]:
    """Tables given the state on and off, (draws, causes, options); share on + (1 - share) off is the whole again."""
    share = share[..., None]
    left = np.maximum(whole - share * given, 0.0)
    total = left.sum(axis=-1, keepdims=True)
    off = np.where(total > 0, left / np.where(total > 0, total, 1.0), whole)
    fits = np.minimum(given, whole / np.where(share > 0, share, 1.0))
    on = fits + np.maximum(1 - fits.sum(axis=-1, keepdims=True), 0.0) * off
    return np.where(share > 0, on, whole), off


def kind_group(knowledge: Knowledge) -> str:
    """The choice group of which several options may be ticked."""
    return next(name for name, group in knowledge.groups.items() if group.several)


def _kinds(knowledge: Knowledge, at: Columns) -> dict[str, Attribute]:
    """P(kind | R): listed shares; strays for the rest, by how common each is among all that is asked about."""
    group = kind_group(knowledge)
    options = knowledge.options[group]
    common = {kind: at(f"ordinary/kinds/{kind}") for kind in options}
    stray = {kind: at("ordinary/stray") * share for kind, share in common.items()}
    rows = []
    for page in knowledge.causes.values():
        own = common
        if page.id != knowledge.profile.other.cause:
            listed = 1 - sum(stray[kind] for kind in options if kind not in page.kinds)
            own = {k: at(f"{page.id}/kinds/{k}") * listed if k in page.kinds else stray[k] for k in options}
        rows.append(np.stack([own[kind] for kind in options], axis=1))
    return {group: Attribute(np.stack(rows, axis=1))}


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
    part shares the ratio of the listed general one (a French bulldog is a long-backed breed), or of what the page's other parts
    leave of it (where nearly all cases ate slug bait, few are left for other poisons). What they leave of a share of the cases is
    not for a part that another page names by its share, a breed apart: a dog's flea drops on a cat speak for permethrin, not for
    “another tremor poison”.
    """
    effect = page.context.get(finding.id)
    if effect is not None:
        value = at(f"{page.id}/context/{finding.id}")
        return value if effect.p is not None else b * value / (1 - b + b * value)
    wider = [general for general in finding.implies if general in page.context]
    parts = [name for name in page.context if finding.id in knowledge.findings[name].implies]
    shares = b
    named = any(e.p is not None for p in knowledge.causes.values() if (e := p.context.get(finding.id)) is not None)
    elsewhere = named and finding.id not in knowledge.breeds.decides.get(knowledge.species, ())
    for name in (*wider, *parts):
        ordinary = at(f"ordinary/{name}")
        listed = _exposed(knowledge, page, knowledge.findings[name], ordinary, at)
        if name in parts:
            shares = np.maximum(shares, listed)
            continue
        beside = [part for part in page.context if name in knowledge.findings[part].implies]
        if beside and elsewhere and page.context[name].p is not None:
            continue
        if beside:
            taken = [at(f"ordinary/{part}") for part in beside]
            known = [
                _exposed(knowledge, page, knowledge.findings[p], o, at) for p, o in zip(beside, taken, strict=True)
            ]
            listed = np.maximum(listed - np.max(known, axis=0), 0.0)
            ordinary = np.maximum(ordinary - np.sum(taken, axis=0), b)
        shares = np.clip(b * listed / ordinary, b if beside else 0.0, _ALMOST_ONE)
    return shares


def _two(p: Floats) -> Floats:
    """Probabilities of (present, absent) along a new last axis."""
    return np.stack([p, 1 - p], axis=-1)
