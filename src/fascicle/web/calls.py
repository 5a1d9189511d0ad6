"""Whom to ring, and what to do in an emergency, as the pages show it."""

from __future__ import annotations

from typing import Any

from fascicle.knowledge import emergency, regions
from fascicle.knowledge.regions import Contact, Region
from fascicle.web.context import Line, Reference
from fascicle.web.context_answers import Call, CallGroup
from fascicle.web.context_site import EmergencySection
from fascicle.web.sources import Numbered


def call_groups(species: str) -> tuple[CallGroup, ...]:
    """Emergency numbers and poison lines by region."""
    return tuple(_group(region, species) for region in regions.regions())


def _group(region: Region, species: str) -> CallGroup:
    served = region.help_for(species)
    calls = [_call(contact, region.name) for contact in (*served.emergency, *served.poison, *served.crisis)]
    advice = [each.text for each in served.find] + ([served.unchecked] if served.unchecked else [])
    number = next((contact.phone for contact in served.emergency if region.id != regions.ELSEWHERE), "")
    return CallGroup(region.name, tuple(calls), tuple(advice), number)


def _call(contact: Contact, region: str) -> Call:
    notes = tuple(str(n) for n in (contact.note, contact.hours, contact.cost) if n)
    return Call(
        contact.name,
        contact.phone,
        contact.dial,
        region,
        notes,
        contact.checked_on.isoformat(),
        contact.source,
        contact.website or contact.address,
    )


def emergency_page(
    species: str,
) -> tuple[tuple[Line, ...], tuple[EmergencySection, ...], tuple[Reference, ...]]:
    """What holds in any emergency, what to do and not to do in each, and the sources."""
    page = emergency.steps(species)
    cited = Numbered({source.id: source for source in emergency.sources(species)})

    def lines(held: Any) -> tuple[Line, ...]:
        return tuple(cited.line(line.text, line.sources) for line in held)

    first = lines(page.first)
    sections = tuple(
        EmergencySection(s.id, s.title, s.looks_like.text, lines(s.do), lines(s.do_not), lines(s.say))
        for s in page.sections
    )
    return first, sections, cited.references()
