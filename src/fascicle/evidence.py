"""From what somebody told us to what is known: ids checked, contradictions found, implications drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from fascicle.errors import SHOWN, CaseError, UnknownFinding, shown
from fascicle.knowledge.base import Knowledge
from fascicle.model import Case, Conflict, Evidence, Status

REPORTERS = {"lay": "lay", "clinician": "examination", "recording": "recording"}
"""What a case file says, and what the knowledge calls it."""
Statement = tuple[str, Status]


def gather(case: Case, knowledge: Knowledge) -> Evidence:
    """Return the evidence of a case.

    Raises UnknownFinding for an id nobody knows and CaseError for an impossible value; both name the way out.
    Contradictions are not errors: they are listed in `conflicts`, taken out of `scored`, and read by the red flags
    in their worse meaning.
    """
    notes = _check(case, knowledge)
    stated = _statements(case, knowledge)
    measured = _measured(case, knowledge)
    conflicts = _conflicts(stated | measured, knowledge)
    disputed = frozenset(finding for conflict in conflicts for finding in conflict.findings)
    settled = {s for s in stated | measured if s[0] not in disputed}
    present = _close(knowledge, (f for f, status in settled if status is Status.PRESENT), forward=True) - disputed
    absent = _close(knowledge, (f for f, status in settled if status is Status.ABSENT), forward=False) - disputed
    present -= absent
    return Evidence(
        species=case.species,
        present=present,
        absent=absent,
        scored=_scored(knowledge, present, absent),
        options=_options(knowledge, present, absent),
        disputed=disputed,
        conflicts=conflicts,
        notes=notes,
        asked_before=_asked_before(case, knowledge),
        observed_by={current(f, knowledge): REPORTERS[who] for f, who in case.observed_by.items()},
    )


def with_present(evidence: Evidence, finding: str, knowledge: Knowledge) -> Evidence:
    """The evidence if one more finding were present: what it implies goes with it, other options of its group go."""
    group = knowledge.findings[finding].group
    alone = group is not None and not knowledge.groups[group].several
    replaced = frozenset(knowledge.options[group]) if alone and group else frozenset()
    present = (evidence.present - replaced) | _close(knowledge, [finding], forward=True)
    absent = evidence.absent - present
    return replace(
        evidence,
        present=present,
        absent=absent,
        scored=_scored(knowledge, present, absent),
        options=_options(knowledge, present, absent),
    )


def _scored(knowledge: Knowledge, present: frozenset[str], absent: frozenset[str]) -> dict[str, Status]:
    """The findings the network sees: of nested ones the most special present and the most general absent."""
    grouped = {option for group in knowledge.options.values() for option in group}
    special = {f for f in present if not any(f in knowledge.findings[p].implies for p in present)}
    general = {f for f in absent if not any(g in absent for g in knowledge.findings[f].implies)}
    found = dict.fromkeys(special, Status.PRESENT) | dict.fromkeys(general, Status.ABSENT)
    return {f: status for f, status in found.items() if f not in grouped}


def readings(case: Case, knowledge: Knowledge) -> list[Evidence]:
    """Every way to read each contradiction, one contradiction settled at a time."""
    conflicts = gather(case, knowledge).conflicts
    found = []
    for conflict in conflicts:
        statements = [s for s in _statements(case, knowledge) | _measured(case, knowledge) if s[0] in conflict.findings]
        for keep in sorted(statements):
            drop = {s for s in statements if s != keep}
            found.append(gather(_without(case, knowledge, drop), knowledge))
    return found


def _without(case: Case, knowledge: Knowledge, drop: Iterable[Statement]) -> Case:
    """The case without some of its statements; a measurement that says one of them goes too."""
    gone_present = {f for f, s in drop if s is Status.PRESENT}
    gone_absent = {f for f, s in drop if s is Status.ABSENT}
    bands = {band.finding for band in knowledge.profile.age_bands}
    return replace(
        case,
        present=[f for f in case.present if current(f, knowledge) not in gone_present],
        absent=[f for f in case.absent if current(f, knowledge) not in gone_absent],
        choices={g: o for g, o in case.choices.items() if current(o, knowledge) not in gone_present},
        age_years=None if gone_present & bands and _band(case, knowledge) & gone_present else case.age_years,
        sex=None if gone_present & set(knowledge.profile.sex_findings) else case.sex,
    )


def _band(case: Case, knowledge: Knowledge) -> set[str]:
    return {
        f for f, s in _measured(replace(case, sex=None, breed=None, weight_kg=None), knowledge) if s is Status.PRESENT
    }


def current(finding: str, knowledge: Knowledge) -> str:
    """Today's id of a finding that may have been renamed."""
    return knowledge.renamed.findings.get(finding, finding)


def _check(case: Case, knowledge: Knowledge) -> tuple[str, ...]:
    """Refuse what cannot be; return notes on what is kept but not yet weighed."""
    named = [*case.present, *case.absent, *case.levels, *case.observed_by]
    for finding in named:
        if current(finding, knowledge) not in knowledge.findings:
            raise UnknownFinding(_unknown(finding, knowledge))
    for group, option in case.choices.items():
        if group not in knowledge.groups:
            raise CaseError(f"choices: there is no group {shown(group)}. Groups: {', '.join(knowledge.groups)}.")
        if current(option, knowledge) not in knowledge.options[group]:
            raise CaseError(
                f"choices: {shown(option)} is no option of {group}. Options: {', '.join(knowledge.options[group])}."
            )
    for finding in case.levels:
        raise CaseError(f"levels: {finding!r} is not graded; write it under present or absent.")
    for finding, who in case.observed_by.items():
        if who not in REPORTERS:
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
    if case.breed is not None and _breed(case.breed, knowledge) is None:
        notes.append(f"The breed {shown(case.breed)} is not in the list, so it was not used.")
    return tuple(notes)


def _unknown(finding: str, knowledge: Knowledge) -> str:
    close = get_close_matches(finding[:SHOWN], list(knowledge.findings), n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(repr(c) for c in close)}? " if close else ""
    return (
        f"no finding has the id {shown(finding)} (knowledge {knowledge.version}, {knowledge.species}). "
        f"{hint}List them: fascicle findings --species {knowledge.species}"
    )


def stated_present(case: Case, knowledge: Knowledge) -> frozenset[str]:
    """Everything said to be present that this knowledge knows, with what it implies; nothing else is checked."""
    said = (current(f, knowledge) for f in (*case.present, *case.choices.values()))
    return _close(knowledge, (f for f in said if f in knowledge.findings), forward=True)


def _statements(case: Case, knowledge: Knowledge) -> set[Statement]:
    """What was said outright."""
    said = {(current(f, knowledge), Status.PRESENT) for f in case.present}
    said |= {(current(f, knowledge), Status.ABSENT) for f in case.absent}
    return said | {(current(option, knowledge), Status.PRESENT) for option in case.choices.values()}


def _measured(case: Case, knowledge: Knowledge) -> set[Statement]:
    """What age, sex, breed and weight say."""
    profile, said = knowledge.profile, set[Statement]()
    if case.age_years is not None:
        band = next(b for b in profile.age_bands if b.below is None or case.age_years < b.below)
        said.add((band.finding, Status.PRESENT))
    if case.weight_kg is not None:
        for band in profile.weight_bands:
            inside = band.at_least <= case.weight_kg and (band.below is None or case.weight_kg < band.below)
            said.add((band.finding, Status.PRESENT if inside else Status.ABSENT))
    if case.sex is not None:
        sex = profile.sexes[case.sex]
        said |= {(f, Status.PRESENT if f in sex else Status.ABSENT) for f in profile.sex_findings}
    breed = None if case.breed is None else _breed(case.breed, knowledge)
    if breed is not None:
        own = _close(knowledge, breed, forward=True)
        decided = knowledge.breeds.decides.get(knowledge.species, ())
        said |= {(f, Status.PRESENT if f in own else Status.ABSENT) for f in decided}
    return said


def _breed(name: str, knowledge: Knowledge) -> tuple[str, ...] | None:
    """The context findings a breed implies, None when the breed is not listed."""
    wanted = " ".join(name.lower().replace("-", " ").split())
    for breed in knowledge.breeds.breeds:
        names = [" ".join(n.lower().replace("-", " ").split()) for n in (breed.name, *breed.also)]
        if breed.species == knowledge.species and wanted in names:
            return breed.implies
    return None


def _conflicts(stated: set[Statement], knowledge: Knowledge) -> tuple[Conflict, ...]:
    """Pairs of statements that cannot both hold, in the order of the vocabulary."""
    present = [f for f in knowledge.findings if (f, Status.PRESENT) in stated]
    absent = {f for f, status in stated if status is Status.ABSENT}
    found: dict[tuple[str, ...], str] = {}
    name = {f: knowledge.findings[f].name for f in knowledge.findings}
    for f in present:
        if f in absent:
            found[(f,)] = f"“{name[f]}” was given as present and as absent."
        for other in knowledge.findings[f].implies:
            if other in absent:
                found[(f, other)] = f"“{name[f]}” always means “{name[other]}”, which was given as absent."
        for other in present:
            excluded = other in knowledge.findings[f].excludes
            group = knowledge.findings[f].group
            same = (
                group is not None and group == knowledge.findings[other].group and not knowledge.groups[group].several
            )
            if f != other and (excluded or same) and (other, f) not in found:
                found[(f, other)] = f"“{name[f]}” and “{name[other]}” cannot both be so."
    return tuple(Conflict(key, why, _settle(knowledge, key)) for key, why in found.items())


def _settle(knowledge: Knowledge, findings: tuple[str, ...]) -> str:
    """The question that decides between contradicting answers."""
    asks = [knowledge.findings[f].ask[knowledge.species] for f in findings]
    return asks[0] if len(asks) == 1 else "Which of these is right: " + " / ".join(asks)


def _close(knowledge: Knowledge, findings: Iterable[str], *, forward: bool) -> frozenset[str]:
    """Add what present findings imply, or the special findings an absent general one rules out."""
    found, queue = set[str](), list(findings)
    while queue:
        finding = queue.pop()
        if finding in found:
            continue
        found.add(finding)
        if forward:
            queue.extend(knowledge.findings[finding].implies)
        else:
            queue.extend(f.id for f in knowledge.findings.values() if finding in f.implies)
    return frozenset(found)


def _options(knowledge: Knowledge, present: frozenset[str], absent: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Options still possible in each group that anything is known about."""
    known = {}
    for group, options in knowledge.options.items():
        chosen = frozenset(options) & present
        left = chosen or frozenset(options) - absent
        if left and left != frozenset(options):
            known[group] = left
    return known


def _asked_before(case: Case, knowledge: Knowledge) -> int:
    """How often this was asked before; ticking the finding counts as often enough."""
    ticked = "asked_before" in case.present
    return max(case.asked_before, knowledge.triage.asked_before.at_least if ticked else 0)
