"""What a page has to know of the species it is about."""

from __future__ import annotations

from typing import Any

from fascicle.knowledge.base import Knowledge


def named(knowledge: Knowledge) -> dict[str, Any]:
    """What every page about a species has."""
    profile, wording = knowledge.profile, knowledge.wording
    return {"species": knowledge.species, "yours": profile.yours, "expert": profile.expert, "asks": wording.asks}


def breeds_of(knowledge: Knowledge) -> tuple[str, ...]:
    """The breeds to choose from, with the first word for one of no breed; none for a species that has none."""
    named = tuple(b.name for b in knowledge.breeds.breeds if b.species == knowledge.species)
    return (*knowledge.breeds.mixed.get(knowledge.species, ())[:1], *named)


def asks_weight(knowledge: Knowledge) -> bool:
    """Whether the weight changes anything: a finding, or the dose of a poison."""
    return bool(knowledge.profile.weight_bands or knowledge.toxins)
