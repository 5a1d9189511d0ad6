"""Every species is spoken of in words of its own."""

from __future__ import annotations

import pytest

from fascicle import Level, load
from fascicle.knowledge.wording import ALL


@pytest.mark.parametrize("species", ALL)
def test_levels_name_who_is_to_be_seen(species: str) -> None:
    """A vet for animals, a doctor for people, on every page alike."""
    knowledge = load(species)
    words = " ".join(f"{level.name} {level.means}" for level in knowledge.triage.levels.values()).lower()
    assert knowledge.profile.expert in words
    assert ("vet" in words.split()) is (knowledge.profile.expert == "vet")


def test_what_a_species_does_not_say_otherwise_stays() -> None:
    """Only the words that differ are written twice."""
    dog, person = (load(species).triage.levels for species in ("dog", "person"))
    assert person[Level.NORMAL.id] == dog[Level.NORMAL.id]  # type: ignore[index]
    assert person[Level.WITHIN_DAYS.id].means == dog[Level.WITHIN_DAYS.id].means  # type: ignore[index]


def test_people_have_what_to_do_where_the_pages_do_not_hold() -> None:
    """For a child, for a case without a movement and for a poison, each with a source where it tells when to call help."""
    said = dict(load("person").wording.insteads)
    assert set(said) == {"no_movement", "too_young", "no_doses"}
    assert all(line.sources for line in said["no_doses"].now)
    assert sum(bool(line.sources) for line in said["no_movement"].now) == 2
