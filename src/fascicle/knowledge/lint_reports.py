"""Lints on what is told and what comes together: reports/<species>.yaml and the event syndromes of the profile."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from fascicle.errors import Issue
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.places import Documents, at, counted_elsewhere, nearest, profile_file, reports_file
from fascicle.knowledge.strict_yaml import Path

MOST_WRONG = 0.6
"""Wrong names of one option may not take more than this together; above it the option is no word for the thing."""


def measured(knowledge: Knowledge) -> frozenset[str]:
    """Findings that age, weight, sex and breed decide; nobody reports them."""
    profile = knowledge.profile
    bands = (band.finding for band in (*profile.age_bands, *profile.weight_bands))
    return frozenset((*bands, *profile.sex_findings, *knowledge.breeds.decides.get(knowledge.species, ())))


def reports_complete(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every finding somebody reports says how it comes to be known, and every manner is one of the list and used."""
    file, reports = reports_file(knowledge), knowledge.reports
    reported = {f.id for f in knowledge.findings.values() if f.group is None} - measured(knowledge)
    for name in sorted(reported - set(reports.findings) - counted_elsewhere(knowledge)):
        yield at(documents, file, ("findings",), f"{name} has no entry.", "say in which manner it comes to be known.")
    for name, entry in reports.findings.items():
        if name not in knowledge.findings:
            fix = nearest(name, knowledge.findings)
            yield at(documents, file, ("findings", name), f"unknown finding {name!r}.", fix)
        elif name not in reported:
            wrong = f"{name} is measured or one of a group; nobody reports it singly."
            yield at(documents, file, ("findings", name), wrong, "remove the entry.")
        if entry.manner not in reports.manners:
            wrong = f"unknown manner {entry.manner!r}."
            yield at(documents, file, ("findings", name), wrong, f"one of {', '.join(reports.manners)}.")
    for manner in sorted(set(reports.manners) - {entry.manner for entry in reports.findings.values()}):
        yield at(documents, file, ("manners", manner), f"no finding has the manner {manner}.", "use it or remove it.")
    for manner in sorted(set(reports.manners) & set(reports.findings)):
        wrong = f"{manner} is a manner and a finding; their figures would be taken for one another."
        yield at(documents, file, ("manners", manner), wrong, "rename the manner.")


def reports_tell(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A report says something: it comes more often when the thing is there than when it is not."""
    file, reports = reports_file(knowledge), knowledge.reports
    for name, entry in reports.findings.items():
        manner = reports.manners.get(entry.manner)
        for reporter in ("lay", "examination", "recording") if manner else ():
            own, usual = getattr(entry, reporter), getattr(manner, reporter)
            sensitivity, false = own.sensitivity or usual.sensitivity, own.false_report or usual.false_report
            if sensitivity.p <= false.p:
                wrong = f"{reporter}: reported as often when absent ({false.p:g}) as when there ({sensitivity.p:g})."
                yield at(documents, file, ("findings", name), wrong, "correct one of the two.")


def confusion_tables(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """How often one option is called another names known options and leaves room for the right name."""
    kinds = knowledge.profile.kind_rules.called
    options = set(knowledge.profile.kinds.shares)
    yield from _called(documents, profile_file(knowledge), ("kind_rules", "called"), kinds, options)
    for group, entry in knowledge.reports.choices.items():
        file, path = reports_file(knowledge), ("choices", group, "called")
        if group not in knowledge.groups or knowledge.groups[group].several:
            fix = "name a choice group; names of kinds stand in the profile."
            yield at(documents, file, ("choices", group), f"{group!r} is no choice group.", fix)
            continue
        yield from _called(documents, file, path, entry.called, knowledge.options[group])


def _called(
    documents: Documents, file: str, place: Path, table: Mapping[str, Mapping[str, float]], options: Collection[str]
) -> Iterator[Issue]:
    for option, called in table.items():
        path = (*place, option)
        for name in sorted({option, *called} - set(options)):
            yield at(documents, file, path, f"unknown option {name!r}.", "use an option of the list.")
        if option in called or sum(called.values()) >= MOST_WRONG:
            wrong = "the wrong names take too much, or the option names itself."
            yield at(documents, file, path, wrong, f"list wrong names only, together below {MOST_WRONG:g}.")


def event_syndromes(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """An event syndrome has yes/no properties of the event, shared with no other, and every kind."""
    file, owner = profile_file(knowledge), dict[str, str]()
    kinds = next((set(knowledge.options[name]) for name, group in knowledge.groups.items() if group.several), set())
    for name, entry in knowledge.profile.event_syndromes.items():
        if name in knowledge.profile.syndromes:
            wrong = f"{name} is a syndrome of signs too; a page could mean either."
            yield at(documents, file, ("event_syndromes", name), wrong, "rename one of the two.")
        for member in entry.members:
            path = ("event_syndromes", name, "members", member)
            finding = knowledge.findings.get(member)
            if finding is None or finding.about != "event" or finding.group is not None:
                yield at(documents, file, path, f"{member} is no yes/no property of the event.", "remove it.")
            first = owner.setdefault(member, name)
            if first != name:
                yield at(documents, file, path, f"{member} is a member of {first} too.", "leave it with one.")
        if set(entry.kinds.shares) != kinds:
            wrong = "the kinds are not those of the group."
            yield at(documents, file, ("event_syndromes", name, "kinds"), wrong, "list every kind once.")
    if len(knowledge.profile.event_syndromes) > 1:
        fix = "keep one until kinds of movement can belong to two."
        yield at(documents, file, ("event_syndromes",), "several event syndromes claim the kinds.", fix)
