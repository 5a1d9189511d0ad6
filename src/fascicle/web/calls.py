"""Whom to ring, and what to do in an emergency, as the pages show it."""

from __future__ import annotations

from typing import Any

from fascicle.knowledge.base import Knowledge
from fascicle.model import Level
from fascicle.web import rooms
from fascicle.web.context import Call, CallGroup, EmergencySection, Line
from fascicle.web.sources import Numbered


def call_groups(species: str) -> tuple[CallGroup, ...]:
    """Emergency numbers and poison lines by region; none while the list is not there."""
    module = rooms.room("fascicle.knowledge.regions")
    return () if module is None else tuple(_group(region, species) for region in module.regions())


def _group(region: Any, species: str) -> CallGroup:
    served = region.help_for(species)
    calls = [_call(contact, region.name) for contact in (*served.emergency, *served.poison)]
    advice = [each.text for each in served.find] + ([served.unchecked] if served.unchecked else [])
    return CallGroup(region.name, tuple(calls), tuple(advice))


def _call(contact: Any, region: str) -> Call:
    notes = tuple(str(n) for n in (contact.note, contact.hours, contact.cost) if n)
    return Call(
        contact.name, contact.phone, contact.dial, region, notes, contact.checked_on.isoformat(), contact.source,
        contact.website or contact.address,
    )  # fmt: skip


def emergency_sections(species: str, knowledge: Knowledge, cited: Numbered) -> tuple[EmergencySection, ...]:
    """What to do and not to do in each emergency; without that page, what the red flags for any animal say."""
    module = rooms.room("fascicle.knowledge.emergency")
    if module is not None:
        return tuple(_section(section, cited) for section in module.steps(species).sections)
    worst = [rule for rule in knowledge.red_flags if rule.general and rule.to == Level.EMERGENCY_NOW.id]
    return tuple(EmergencySection(r.id, r.why.rstrip("."), (cited.line(r.act, r.sources),), ()) for r in worst)


def _section(section: Any, cited: Numbered) -> EmergencySection:
    def lines(*names: str) -> tuple[Line, ...]:
        held = next((getattr(section, name) for name in names if hasattr(section, name)), None) or ()
        return tuple(cited.line(line.text, getattr(line, "sources", ())) for line in held)

    name = getattr(section, "title", None) or section.name
    return EmergencySection(section.id, name, lines("do", "now"), lines("dont", "do_not", "avoid"), lines("call"))
