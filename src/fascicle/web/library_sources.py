"""The sources of the library, each with everything that rests on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fascicle.knowledge import emergency
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.instruments import Entry
from fascicle.knowledge.schema import Source
from fascicle.pipeline import load
from fascicle.report.plain import source as plain_source
from fascicle.web.context_site import EntryPage, Item, ListPage
from fascicle.web.library import LIBRARY, claims_of, toxins_of
from fascicle.web.sources import reference


def sources(all_known: Mapping[str, Knowledge]) -> ListPage:
    """Everything that was read."""
    found = {s: reference(k.sources[s]) for k in all_known.values() for s in k.sources}
    found |= {s: reference(each) for read in _first_aid().values() for s, each in read.items() if s not in found}
    items = tuple(Item(f"/library/sources/{s}", r.words, f"read: {r.read}") for s, r in found.items())
    return ListPage(
        title="Sources",
        trail=(LIBRARY,),
        lede="Everything the figures and lines rest on, and what was read of it.",
        groups=(("All sources", items),),
    )


def source(all_known: Mapping[str, Knowledge], identity: str) -> EntryPage | None:
    """One source and everything that rests on it."""
    holding = {s: k for s, k in all_known.items() if identity in k.sources}
    helping = {s: read for s, read in _first_aid().items() if identity in read}
    if not holding and not helping:
        return None
    found = next((k.sources for k in holding.values()), None) or next(iter(helping.values()))
    entry, shown = plain_source(found[identity]), reference(found[identity])
    links = []
    if helping:
        first = tuple(Item(f"/emergency/{s}", load(s).profile.one) for s in helping)
        links.append(("What to do in an emergency", first))
    for species, each in holding.items():
        resting = _resting_on(each)
        pages = tuple(
            Item(f"/library/{species}/causes/{c.id}", c.name)
            for c in each.causes.values()
            if identity in resting.causes[c.id]
        )
        poisons = tuple(
            Item(f"/library/{species}/toxins/{t.id}", t.name)
            for t in toxins_of(each)
            if identity in resting.toxins[t.id]
        )
        said = tuple(
            Item(f"/library/{species}/claims#{c.id}", c.claim) for c in claims_of(each) if identity in c.sources
        )
        entries: tuple[Entry, ...] = (*each.instruments.values(), *each.diaries.values())
        forms = tuple(Item(f"/library/{species}/instruments/{f.id}", f.name) for f in entries if identity in f.cited)
        links += [
            (f"{name} ({each.profile.one})", items)
            for name, items in (("Causes", pages), ("Poisons", poisons), ("Claims", said), ("Questionnaires", forms))
            if items
        ]
    facts = [
        ("What was read", str(entry["read"])),
        ("Read on", str(entry["accessed"])),
        *([("Note", str(entry["note"]))] if "note" in entry else []),
    ]
    return EntryPage(
        title=str(entry["title"]),
        kicker="Source",
        lede=shown.words,
        trail=(LIBRARY, ("/library/sources", "Sources")),
        facts=tuple(facts),
        links=tuple(links),
        address=shown.address,
    )


def _first_aid() -> Mapping[str, Mapping[str, Source]]:
    """The sources of each species' page of what to do in an emergency."""
    return {s: {each.id: each for each in emergency.sources(s)} for s in emergency.species_covered()}


@dataclass(frozen=True)
class _Resting:
    """The sources of each cause and each poison."""

    causes: Mapping[str, frozenset[str]]
    toxins: Mapping[str, frozenset[str]]


_RESTING: dict[str, tuple[Knowledge, _Resting]] = {}
_QUOTED = re.compile(r"'(\w+)'")


def _resting_on(knowledge: Knowledge) -> _Resting:
    """What rests on what, read through once for each knowledge: that takes longer than showing a page."""
    species = knowledge.species
    if species not in _RESTING or _RESTING[species][0] is not knowledge:
        resting = _Resting(
            {c.id: _named_in(c, knowledge) for c in knowledge.causes.values()},
            {t.id: _named_in(t, knowledge) for t in toxins_of(knowledge)},
        )
        _RESTING[species] = (knowledge, resting)
    return _RESTING[species][1]


def _named_in(page: object, knowledge: Knowledge) -> frozenset[str]:
    """The sources that stand anywhere in a page."""
    return frozenset(_QUOTED.findall(repr(page))) & knowledge.sources.keys()
