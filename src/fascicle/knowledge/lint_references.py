"""Lints on references: every id that is named exists, stands in the right place, and nothing is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fascicle.errors import Issue
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.figures import Distribution
from fascicle.knowledge.places import (
    Documents,
    at,
    counted_elsewhere,
    entry_path,
    figures,
    nearest,
    pages,
    profile_file,
    reports_file,
)
from fascicle.knowledge.strict_yaml import Path


def file_name(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A page stands under its own id and species, and the reports under theirs."""
    for page, file in pages(knowledge, documents):
        if file != f"{page.species}/{page.id}.yaml":
            yield at(documents, file, ("id",), f"the page says {page.species}/{page.id}.", "rename the file or the id.")
    if (said := knowledge.reports.species) != knowledge.species:
        fix = "rename the file or correct the species."
        yield at(documents, reports_file(knowledge), ("species",), f"the reports are those of a {said}.", fix)


def unknown_finding(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every finding a page or the profile names exists for the species."""
    for page, file in pages(knowledge, documents):
        for section in ("context", "kinds", "event", "signs"):
            for name in getattr(page, section):
                if name not in knowledge.findings:
                    fix = nearest(name, knowledge.findings)
                    yield at(documents, file, (section, name), f"unknown finding {name!r}.", fix)
        for index, rule in enumerate(page.urgency.raise_):
            for name in rule.when:
                if name not in knowledge.findings:
                    path = ("urgency", "raise", index)
                    yield at(documents, file, path, f"unknown finding {name!r}.", nearest(name, knowledge.findings))
    profile = knowledge.profile
    for section, entries in {"background": profile.background, "of_events": profile.of_events}.items():
        for name in entries:
            if name not in knowledge.findings:
                fix = nearest(name, knowledge.findings)
                yield at(documents, profile_file(knowledge), (section, name), f"unknown finding {name!r}.", fix)


def _source_uses(knowledge: Knowledge, documents: Documents) -> Iterator[tuple[str, Path, str]]:
    """Every place a source is named."""
    for file, path, figure in figures(knowledge, documents):
        for source in figure.sources:
            yield file, path, source
    for page, file in pages(knowledge, documents):
        for source in page.urgency.sources:
            yield file, ("urgency", "sources"), source
        for section in ("now", "avoid", "watch_for", "prevent", "risk_notes"):
            for index, line in enumerate(getattr(page, section)):
                for source in line.sources:
                    yield file, (section, index), source
        for section in ("confirm", "outlook"):
            line = getattr(page, section)
            for source in line.sources if line else ():
                yield file, (section,), source
        for group, distribution in page.choices.items():
            for source in _distribution_sources(distribution):
                yield file, ("choices", group), source
    for source in knowledge.triage.telling.sources:
        yield "triage.yaml", ("telling", "sources"), source
    profile = knowledge.profile
    for index, stop in enumerate(profile.stops):
        for source in stop.sources:
            yield profile_file(knowledge), ("stops", index), source
    places: dict[Path, Distribution] = {
        ("background_choices", group): d for group, d in profile.background_choices.items()
    }
    places |= {("event_choices", group): d for group, d in profile.event_choices.items()}
    places |= {("event_syndromes", name, "kinds"): entry.kinds for name, entry in profile.event_syndromes.items()}
    for place, distribution in {**places, ("kinds",): profile.kinds}.items():
        for source in _distribution_sources(distribution):
            yield profile_file(knowledge), place, source
    for rule in knowledge.red_flags:
        for source in rule.sources:
            yield "red_flags.yaml", entry_path(documents, "red_flags.yaml", "red_flags", rule.id), source
    for source in (*knowledge.triage.sources, *knowledge.triage.asked_before.sources):
        yield "triage.yaml", (), source
    for key, instead in knowledge.wording.insteads:
        for source in (s for line in (*instead.now, *instead.avoid) for s in line.sources):
            yield "wording.yaml", ("species", knowledge.species, key), source
    for toxin in knowledge.toxins.values():
        for source in toxin.species[knowledge.species].sources:
            yield "toxins.yaml", entry_path(documents, "toxins.yaml", "toxins", toxin.id), source
    for claim in knowledge.claims:
        for source in claim.sources:
            yield "claims.yaml", entry_path(documents, "claims.yaml", "claims", claim.id), source
    for section, entries in (("instruments", knowledge.instruments), ("diaries", knowledge.diaries)):
        for entry in entries.values():
            for source in entry.cited:
                yield "instruments.yaml", entry_path(documents, "instruments.yaml", section, entry.id), source


def _distribution_sources(distribution: Distribution) -> tuple[str, ...]:
    own = (distribution.source,) if distribution.source else ()
    return own + tuple(c.source for c in distribution.from_)


def unknown_source(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every source that is named stands in sources.yaml."""
    for file, path, source in _source_uses(knowledge, documents):
        if source not in knowledge.sources:
            yield at(documents, file, path, f"unknown source {source!r}.", "add it to sources.yaml or correct the id.")


def unused_source(every: Sequence[Knowledge], documents: Documents) -> Iterator[Issue]:
    """A source that no species names is a warning."""
    used = {source for knowledge in every for _, _, source in _source_uses(knowledge, documents)}
    for source in every[0].sources:
        if source not in used:
            path = entry_path(documents, "sources.yaml", "sources", source)
            wrong = f"source {source!r} is used by no figure or line."
            yield at(documents, "sources.yaml", path, wrong, "use it or remove it.", "warning")


def unknown_in_triage(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """What decides about the rule for asking again is in findings.yaml, whichever species has it."""
    entries = documents["findings.yaml"].data["findings"] if "findings.yaml" in documents else []
    known, rule = {entry["id"]: entry for entry in entries}, knowledge.triage.asked_before
    for name in (*rule.unless, *rule.but):
        if known and name not in known:
            yield at(documents, "triage.yaml", ("asked_before",), f"unknown finding {name!r}.", nearest(name, known))


def wrong_place(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Signs stand under signs, event findings under event, kinds under kinds, context under context."""
    wanted = {
        "context": ("context", None),
        "event": ("event", None),
        "signs": ("sign", None),
        "kinds": ("event", "kind"),
    }
    for page, file in pages(knowledge, documents):
        for section, (about, group) in wanted.items():
            for name in getattr(page, section):
                finding = knowledge.findings.get(name)
                if finding is not None and (finding.about != about or finding.group != group):
                    kind = f" of group {finding.group}" if finding.group else ""
                    wrong = f"{name} does not belong here: it is about the {finding.about}{kind}."
                    yield at(documents, file, (section, name), wrong, "put it in the section it belongs to.")


def missing_background(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every sign and exposure has its own background, every event finding its share; there is no default."""
    profile = knowledge.profile
    for finding in knowledge.findings.values():
        if finding.group is not None or finding.id in counted_elsewhere(knowledge):
            continue
        table = profile.of_events if finding.about == "event" else profile.background
        if finding.id not in table:
            section = "of_events" if finding.about == "event" else "background"
            wrong = f"{finding.id} has no figure under {section}."
            yield at(
                documents, profile_file(knowledge), (section,), wrong, "give its frequency, with a range and a reason."
            )


def groups_and_options(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A distribution names exactly the options of its group."""
    for page, file in pages(knowledge, documents):
        for group, distribution in page.choices.items():
            yield from _options(knowledge, documents, file, ("choices", group), group, distribution)
        if page.id != knowledge.profile.other.cause:
            for group, entry in knowledge.groups.items():
                if entry.about == "event" and not entry.several and group not in page.choices:
                    wrong = f"no {group} distribution."
                    yield at(
                        documents, file, ("choices",), wrong, f"add choices.{group} with a share for every option."
                    )
            if not page.kinds:
                yield at(documents, file, (), "no kind of movement.", "list at least one kind with its share.")
    profile, file = knowledge.profile, profile_file(knowledge)
    for section in ("background_choices", "event_choices"):
        for group, distribution in getattr(profile, section).items():
            yield from _options(knowledge, documents, file, (section, group), group, distribution)
    for group, entry in knowledge.groups.items():
        table = profile.background_choices if entry.about == "context" else profile.event_choices
        if not entry.several and group not in table:
            yield at(documents, file, (), f"group {group} has no distribution.", "add it to the profile.")
    kinds = next((name for name, group in knowledge.groups.items() if group.several), "kind")
    yield from _options(knowledge, documents, file, ("kinds",), kinds, profile.kinds)


def _options(
    knowledge: Knowledge, documents: Documents, file: str, path: Path, group: str, distribution: Distribution
) -> Iterator[Issue]:
    if group not in knowledge.groups:
        yield at(documents, file, path, f"unknown group {group!r}.", f"one of {', '.join(knowledge.groups)}.")
        return
    wanted, given = set(knowledge.options[group]), set(distribution.shares)
    if wanted != given:
        wrong = f"options differ: missing {sorted(wanted - given)}, unknown {sorted(given - wanted)}."
        yield at(documents, file, path, wrong, "list every option of the group once.")


def red_flags_known(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Red flags name known findings."""
    for rule in knowledge.red_flags:
        path = entry_path(documents, "red_flags.yaml", "red_flags", rule.id)
        for name in (*rule.all, *rule.any):
            if name not in knowledge.findings:
                fix = nearest(name, knowledge.findings)
                yield at(documents, "red_flags.yaml", path, f"unknown finding {name!r}.", fix)


def emergencies_act(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every cause says what to do and what not to do, and why it has its urgency."""
    for page, file in pages(knowledge, documents):
        for section in ("now", "avoid"):
            if not getattr(page, section):
                yield at(documents, file, (), f"nothing under {section}.", "add at least one line.")
        if page.confirm is None or page.outlook is None:
            yield at(documents, file, (), "confirm or outlook is missing.", "say how it is confirmed and goes on.")
