"""Where things stand in the knowledge files: helpers the lints share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from fascicle.errors import Issue
from fascicle.knowledge import schema
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.figures import Figure
from fascicle.knowledge.reports import REPORTERS, OwnReliability, Reliability
from fascicle.knowledge.strict_yaml import Document, Path

Documents = Mapping[str, Document]


def at(documents: Documents, file: str, path: Path, wrong: str, fix: str, severity: str = "error") -> Issue:
    """An issue at the line of a path in a file."""
    return Issue(file, documents[file].line(path), wrong, fix, severity)


def page_file(knowledge: Knowledge, page: schema.CausePage, documents: Documents) -> str:
    """The file a page stands in, also when its name does not match its id."""
    named = f"{knowledge.species}/{page.id}.yaml"
    if named in documents:
        return named
    return next(
        name
        for name, d in documents.items()
        if name.startswith(f"{knowledge.species}/") and d.data.get("id") == page.id
    )


def pages(knowledge: Knowledge, documents: Documents) -> Iterator[tuple[schema.CausePage, str]]:
    """Every page with its file."""
    for page in knowledge.causes.values():
        yield page, page_file(knowledge, page, documents)


def profile_file(knowledge: Knowledge) -> str:
    """The file of the species profile."""
    return f"profiles/{knowledge.species}.yaml"


def reports_file(knowledge: Knowledge) -> str:
    """The file that says how far reports can be trusted."""
    return f"reports/{knowledge.species}.yaml"


def nearest(word: str, known: Mapping[str, object]) -> str:
    """How to mend an unknown id."""
    close = get_close_matches(word, list(known), n=2)
    return f"did you mean {' or '.join(close)}?" if close else "add it to findings.yaml or correct the id."


def figures(knowledge: Knowledge, documents: Documents) -> Iterator[tuple[str, Path, Figure]]:
    """Every figure with its file and path."""
    for page, file in pages(knowledge, documents):
        yield file, ("rate",), page.rate
        if page.prevalence is not None:
            yield file, ("prevalence",), page.prevalence
        for section in ("context", "kinds", "event", "signs", "syndromes"):
            for name, figure in getattr(page, section).items():
                yield file, (section, name), figure
                for level, share in figure.levels.items() if section == "signs" else ():
                    yield file, (section, name, "levels", level), share
    for toxin in knowledge.toxins.values():
        place = entry_path(documents, "toxins.yaml", "toxins", toxin.id)
        for index, form in enumerate(toxin.forms):
            yield "toxins.yaml", (*place, "forms", index, "holds"), form.holds
        for index, band in enumerate(toxin.species[knowledge.species].bands):
            yield "toxins.yaml", (*place, "species", knowledge.species, "bands", index, "above"), band.above
    profile, file = knowledge.profile, profile_file(knowledge)
    for section in ("background", "of_events"):
        for name, figure in getattr(profile, section).items():
            yield file, (section, name), figure
    for name, levels in profile.levels.items():
        for level, share in levels.items():
            yield file, ("levels", name, level), share
    for name, entry in profile.syndromes.items():
        yield file, ("syndromes", name, "background"), entry.background
        for member, share in entry.members.items():
            yield file, ("syndromes", name, "members", member), share
    for name, event in profile.event_syndromes.items():
        yield file, ("event_syndromes", name, "share"), event.share
        for member, share in event.members.items():
            yield file, ("event_syndromes", name, "members", member), share
    yield file, ("kind_rules", "stray"), profile.kind_rules.stray
    yield file, ("kind_rules", "loose"), profile.kind_rules.loose
    yield file, ("other", "sign"), profile.other.sign
    for section in ("manners", "findings"):
        for name, entry in getattr(knowledge.reports, section).items():
            for reporter in REPORTERS:
                own: Reliability | OwnReliability = getattr(entry, reporter)
                for what in ("sensitivity", "false_report"):
                    if getattr(own, what) is not None:
                        yield reports_file(knowledge), (section, name, reporter, what), getattr(own, what)


def entry_path(documents: Documents, file: str, section: str, identity: str) -> Path:
    """The path of the entry with this id in a list of a shared file, whichever species it is for."""
    for index, item in enumerate(documents[file].data[section]):
        if isinstance(item, dict) and item.get("id") == identity:
            return (section, index)
    return (section,)


def counted_elsewhere(knowledge: Knowledge) -> set[str]:
    """Context findings that need no background: counted elsewhere."""
    return {"asked_before"}
