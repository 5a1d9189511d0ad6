"""The sources of the library, each with everything that rests on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.instruments import Entry
from fascicle.report.plain import source as plain_source
from fascicle.web.context_site import EntryPage, Item, ListPage
from fascicle.web.library import LIBRARY, claims_of, toxins_of
from fascicle.web.sources import reference


def sources(all_known: Mapping[str, Knowledge]) -> ListPage:
    """Everything that was read."""
    found = {s: reference(k.sources[s]) for k in all_known.values() for s in k.sources}
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
    if not holding:
        return None
    knowledge = next(iter(holding.values()))
    entry, shown = plain_source(knowledge, identity), reference(knowledge.sources[identity])
    links = []
    for species, each in holding.items():
        pages = tuple(
            Item(f"/library/{species}/causes/{c.id}", c.name)
            for c in each.causes.values()
            if f"'{identity}'" in _held_in(c)
        )
        poisons = tuple(
            Item(f"/library/{species}/toxins/{t.id}", t.name) for t in toxins_of(each) if f"'{identity}'" in _held_in(t)
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


def _held_in(model: Any) -> str:
    """Everything a page holds as text, to look an id up in."""
    return repr(model)
