"""From what somebody told us to what is known: ids checked, contradictions found, implications drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from fascicle.case_checks import REPORTERS, breed_implies, check, current, level_range
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.properties import kind_group
from fascicle.model import Case, Conflict, Evidence, Level, Status, Stop

Statement = tuple[str, Status]


def gather(case: Case, knowledge: Knowledge) -> Evidence:
    """Return the evidence of a case.

    Raises UnknownFinding for an id nobody knows and CaseError for an impossible value; both name the way out.
    Contradictions are not errors: they are listed in `conflicts`, taken out of `scored`, and read by the red flags
    in their worse meaning.
    """
    notes = check(case, knowledge)
    stated = _statements(case, knowledge)
    measured = _measured(case, knowledge)
    conflicts = _conflicts(stated | measured, knowledge)
    disputed = frozenset(finding for conflict in conflicts for finding in conflict.findings)
    settled = {s for s in stated | measured if s[0] not in disputed}
    present = _close(knowledge, (f for f, status in settled if status is Status.PRESENT), forward=True) - disputed
    absent = _close(knowledge, (f for f, status in settled if status is Status.ABSENT), forward=False) - disputed
    present |= _alone(present, absent, disputed, knowledge)
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
        levels=_levels(case, knowledge, present, absent, disputed),
        observed_by={current(f, knowledge): REPORTERS[who] for f, who in case.observed_by.items()},
        stop=_stop(case, knowledge),
        unclear=case.unclear,
    )


def warning(evidence: Evidence, knowledge: Knowledge) -> frozenset[str]:
    """What red flags and raised urgencies take for present: disputed findings too, and what a finding warns as."""
    present = evidence.present | evidence.disputed
    known = (knowledge.findings[f] for f in present if f in knowledge.findings)
    return present.union(*(finding.warns_as for finding in known))


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


def _alone(
    present: frozenset[str], absent: frozenset[str], disputed: frozenset[str], knowledge: Knowledge
) -> frozenset[str]:
    """The kind of movement that a finding means by itself (acting out dreams).

    Empty where a kind is told, or where this one is denied or cannot go with what is told.
    """
    if not (present | disputed).isdisjoint(knowledge.options[kind_group(knowledge)]):
        return frozenset()
    found = knowledge.findings
    not_so = absent.union(*(found[f].excludes for f in present))
    meant = (finding.alone for f, finding in found.items() if f in present and finding.alone is not None)
    return frozenset(k for k in meant if k not in not_so and present.isdisjoint(found[k].excludes))


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
            found.append(gather(_without(case, knowledge, drop, keep), knowledge))
    return found


MEASURED = ("age_years", "sex", "breed", "weight_kg")


def _without(case: Case, knowledge: Knowledge, drop: set[Statement], keep: Statement) -> Case:
    """The case without some of its statements; a measurement or level that says one of them goes too, unless it says `keep`."""
    gone_present = {f for f, s in drop if s is Status.PRESENT}
    gone_absent = {f for f, s in drop if s is Status.ABSENT}

    def goes(said: set[Statement]) -> bool:
        return keep not in said and not said.isdisjoint(drop)

    measures: dict[str, Any] = {name: getattr(case, name) for name in MEASURED}
    for name, value in measures.items():
        only: dict[str, Any] = {name: value}
        if goes(_measured(Case(case.species, **only), knowledge)):
            measures[name] = None
    return replace(
        case,
        present=[f for f in case.present if current(f, knowledge) not in gone_present],
        absent=[f for f in case.absent if current(f, knowledge) not in gone_absent],
        choices={g: o for g, o in case.choices.items() if current(o, knowledge) not in gone_present},
        levels={f: told for f, told in case.levels.items() if not goes(_graded({f: told}, knowledge))},
        **measures,
    )


def stated_present(case: Case, knowledge: Knowledge) -> frozenset[str]:
    """Everything said to be present that this knowledge knows, with what it implies; nothing else is checked."""
    said = (current(f, knowledge) for f in (*case.present, *case.choices.values()))
    return _close(knowledge, (f for f in said if f in knowledge.findings), forward=True)


def _statements(case: Case, knowledge: Knowledge) -> set[Statement]:
    """What was said outright."""
    said = {(current(f, knowledge), Status.PRESENT) for f in case.present}
    said |= {(current(f, knowledge), Status.ABSENT) for f in case.absent}
    said |= _graded(case.levels, knowledge)
    return said | {(current(option, knowledge), Status.PRESENT) for option in case.choices.values()}


def _graded(levels: Mapping[str, str], knowledge: Knowledge) -> set[Statement]:
    """What levels say of findings being there or not."""
    said = set[Statement]()
    for finding, told in levels.items():
        low, high = level_range(finding, told, knowledge)
        if low > 0 or high == 0:
            said.add((current(finding, knowledge), Status.PRESENT if low > 0 else Status.ABSENT))
    return said


def _measured(case: Case, knowledge: Knowledge) -> set[Statement]:
    """What age, sex, breed and weight say."""
    profile, said = knowledge.profile, set[Statement]()
    if case.age_years is not None:
        bands = (b for b in profile.age_bands if b.at_least <= case.age_years)
        said |= {(b.finding, Status.PRESENT) for b in bands if b.below is None or case.age_years < b.below}
    if case.weight_kg is not None:
        for band in profile.weight_bands:
            inside = band.at_least <= case.weight_kg and (band.below is None or case.weight_kg < band.below)
            said.add((band.finding, Status.PRESENT if inside else Status.ABSENT))
    if case.sex is not None:
        sex = profile.sexes[case.sex]
        said |= {(f, Status.PRESENT if f in sex else Status.ABSENT) for f in profile.sex_findings}
    breed = None if case.breed is None else breed_implies(case.breed, knowledge)
    if breed is not None:
        own = _close(knowledge, breed, forward=True)
        decided = knowledge.breeds.decides.get(knowledge.species, ())
        said |= {(f, Status.PRESENT if f in own else Status.ABSENT) for f in decided}
    return said


def _stop(case: Case, knowledge: Knowledge) -> Stop | None:
    """Why the pages do not hold for this subject; the first entry that fits counts."""
    if case.age_years is None:
        return None
    fitting = (entry for entry in knowledge.profile.stops if case.age_years < entry.below_years)
    return next((Stop(Level.of(entry.level), entry.why, entry.sources) for entry in fitting), None)


def _conflicts(stated: set[Statement], knowledge: Knowledge) -> tuple[Conflict, ...]:
    """Pairs of statements that cannot both hold, in the order of the vocabulary."""
    there = {f for f, status in stated if status is Status.PRESENT}
    present = [f for f in knowledge.findings if f in there]
    absent = {f for f, status in stated if status is Status.ABSENT}
    found: dict[tuple[str, ...], str] = {}
    name = {f: knowledge.findings[f].name for f, _ in stated}
    for f in present:
        if f in absent:
            found[(f,)] = f"“{name[f]}” was given as present and as absent."
        for other in sorted(absent & knowledge.ties.generals([f]) - {f}):
            found[(f, other)] = f"“{name[f]}” always means “{name[other]}”, which was given as absent."
        impossible = _impossible_with(f, knowledge)
        for other in present:
            if (other, f) not in found and not impossible.isdisjoint(knowledge.ties.generals([other])):
                found[(f, other)] = f"“{name[f]}” and “{name[other]}” cannot both be so."
    return tuple(Conflict(key, why, _settle(knowledge, key)) for key, why in found.items())


def _impossible_with(finding: str, knowledge: Knowledge) -> frozenset[str]:
    """What cannot be so beside a finding and all it implies: what they exclude, and the rest of a list of which one holds."""
    ties, own = knowledge.ties, knowledge.ties.generals([finding])
    return frozenset().union(*(ties.apart.get(f, frozenset()).union(_alternatives(f, knowledge)) for f in own)) - own


def _alternatives(finding: str, knowledge: Knowledge) -> tuple[str, ...]:
    """The options of its list, where only one of them holds."""
    group = knowledge.findings[finding].group
    return () if group is None or knowledge.groups[group].several else knowledge.options[group]


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
            queue.extend(knowledge.implied_by.get(finding, ()))
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


def _levels(
    case: Case, knowledge: Knowledge, present: frozenset[str], absent: frozenset[str], disputed: frozenset[str]
) -> dict[str, tuple[int, int]]:
    """What is known of the level of graded findings, beyond their being there or not."""
    found = {}
    for name, told in case.levels.items():
        finding = current(name, knowledge)
        low, high = level_range(name, told, knowledge)
        if finding in disputed or finding in absent:
            continue
        low, top = max(low, 1 if finding in present else 0), len(knowledge.findings[finding].levels)
        if (low, high) not in ((0, top), (1, top)):
            found[finding] = (low, high)
    return found


def _asked_before(case: Case, knowledge: Knowledge) -> int:
    """How often this was asked before; ticking the finding counts as often enough."""
    ticked = "asked_before" in case.present
    return max(case.asked_before, knowledge.triage.asked_before.at_least if ticked else 0)
