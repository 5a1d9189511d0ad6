"""The pages of sources: what rests on each is found once."""

from __future__ import annotations

import pytest

from fascicle import load
from fascicle.knowledge import emergency
from fascicle.knowledge.loader import species_covered
from fascicle.web import library_sources


@pytest.mark.parametrize("species", ["dog", "person"])
def test_a_source_lists_every_page_that_names_it(species: str) -> None:
    """The causes linked from a source are exactly those in whose page its id stands."""
    knowledge = load(species)
    every = {s: load(s) for s in species_covered()}
    for identity in list(knowledge.sources)[:12]:
        expected = {c.name for c in knowledge.causes.values() if f"'{identity}'" in repr(c)}
        page = library_sources.source(every, identity)
        assert page is not None
        title = f"Causes ({knowledge.profile.one})"
        assert {item.name for name, items in page.links if name == title for item in items} == expected


def test_the_pages_are_read_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second source is looked up in what the first found."""
    every = {"dog": load("dog")}
    first, second, *_ = load("dog").sources
    library_sources.source(every, first)
    monkeypatch.setattr(library_sources, "_named_in", None)
    assert library_sources.source(every, second) is not None


@pytest.mark.parametrize("species", emergency.species_covered())
def test_the_sources_of_first_aid_have_a_page(species: str) -> None:
    """Every “More about this source” of an emergency page leads somewhere, and from there back."""
    every = {s: load(s) for s in species_covered()}
    for read in emergency.sources(species):
        page = library_sources.source(every, read.id)
        assert page is not None
        assert f"/emergency/{species}" in {item.href for _, items in page.links for item in items}
