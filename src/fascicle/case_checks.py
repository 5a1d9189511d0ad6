"""What a case may hold: ids that exist, values that can be, levels and reporters. Anything else is refused with a way out."""

from __future__ import annotations

from difflib import get_close_matches

from fascicle.errors import SHOWN, CaseError, UnknownFinding, shown
from fascicle.knowledge.base import Knowledge, plain_name
from fascicle.model import Case

REPORTERS = {"lay": "lay", "clinician": "examination", "recording": "recording"}
"""What a case file says, and what the knowledge calls it."""


def check(case: Case, knowledge: Knowledge) -> tuple[str, ...]:
    """Refuse what cannot be; return notes on what is kept but not yet weighed."""
    named = [*case.present, *case.absent, *case.levels, *case.observed_by]
    for finding in named:
        if current(finding, knowledge) not in knowledge.findings:
            raise UnknownFinding(_no_such(finding, knowledge))
    for group, option in case.choices.items():
        if group not in knowledge.groups:
            raise CaseError(f"choices: there is no group {shown(group)}. Groups: {', '.join(knowledge.groups)}.")
        if current(option, knowledge) not in knowledge.options[group]:
            raise CaseError(
                f"choices: {shown(option)} is no option of {group}. Options: {', '.join(knowledge.options[group])}."
            )
    for finding, told in case.levels.items():
        level_range(finding, told, knowledge)
    for finding, who in case.observed_by.items():
        if not isinstance(who, str) or who not in REPORTERS:
            raise CaseError(f"observed_by: {finding}: {shown(who)} is none of {', '.join(REPORTERS)}.")
    limits = knowledge.profile.limits
    for name in ("age_years", "weight_kg"):
        value, limit = getattr(case, name), getattr(limits, name)
        if value is None:
            continue
        if not limit.low <= value <= limit.high:
            raise CaseError(
                f"{name}: {shown(value)} is not possible; give {limit.low:g} to {limit.high:g} {limit.unit}."
            )
    if case.sex is not None and case.sex not in knowledge.profile.sexes:
        raise CaseError(f"sex: {shown(case.sex)} is not known. One of: {', '.join(knowledge.profile.sexes)}.")
    if case.asked_before < 0:
        raise CaseError(f"asked_before: {shown(case.asked_before)} is not possible; give 0 or more.")
    notes = []
    if case.text:
        notes.append("The free text was kept but not read; tick the findings it mentions.")
    if case.region:
        notes.append("The region was kept; no figure depends on it yet.")
    if case.breed is not None and not known_breed(case.breed, knowledge):
        notes.append(f"The breed {shown(case.breed)} is not in the list, so it was not used.")
    return tuple(notes)


def current(finding: str, knowledge: Knowledge) -> str:
    """Return today's id of a finding that may have been renamed."""
    return knowledge.renamed.findings.get(finding, finding)


def breed_implies(name: str, knowledge: Knowledge) -> tuple[str, ...] | None:
    """Return the context findings a breed implies, None when the breed is not listed."""
    return knowledge.breeds_by_name.get(plain_name(name))


def known_breed(name: str, knowledge: Knowledge) -> bool:
    """Whether a breed is listed, or a word for one of no breed."""
    mixed = knowledge.breeds.mixed.get(knowledge.species, ())
    return breed_implies(name, knowledge) is not None or plain_name(name) in {plain_name(each) for each in mixed}


def level_range(finding: str, told: str, knowledge: Knowledge) -> tuple[int, int]:
    """Return the lowest and highest level that was told, 0 being not there at all.

    told: a level, “level or more”, “level or less”, or “level to level”; “none” is level 0. Raises CaseError.
    """
    entry = knowledge.findings[current(finding, knowledge)]
    if not entry.levels:
        raise CaseError(f"levels: {shown(finding)} is not graded; write it under present or absent.")
    names = ("none", *entry.levels)
    first, _, rest = told.strip().partition(" ")
    second = rest.removeprefix("to ").strip()
    if first in names and (rest in ("", "or more", "or less") or (rest.startswith("to ") and second in names)):
        low = names.index(first)
        span = {"": (low, low), "or more": (low, len(names) - 1), "or less": (0, low)}
        found = span[rest] if rest in span else (low, names.index(second))
        if found[0] <= found[1]:
            return found
    ways = f"{entry.levels[-1]}, “{entry.levels[0]} or more”, “{entry.levels[0]} or less”, “{names[0]} to {entry.levels[0]}”"
    raise CaseError(
        f"levels: {shown(finding)}: {shown(told)} is no level. Levels: {', '.join(names)}; write for example {ways}."
    )


def _no_such(finding: str, knowledge: Knowledge) -> str:
    close = get_close_matches(finding[:SHOWN], list(knowledge.findings), n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(repr(c) for c in close)}? " if close else ""
    return (
        f"no finding has the id {shown(finding)} (knowledge {knowledge.version}, {knowledge.species}). "
        f"{hint}List them: fascicle findings --species {knowledge.species}"
    )
