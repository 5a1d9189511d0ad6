"""Lints on the words of a species: nothing it needs is left out, and no word stands that belongs to another species."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fascicle.errors import Issue
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.places import Documents, at, entry_path, pages
from fascicle.knowledge.strict_yaml import Path

Told = Iterator[tuple[str, Path, str]]
SECTIONS = ("now", "avoid", "watch_for", "prevent", "risk_notes")
NEEDS = {"too_young": "its profile has stops", "no_doses": "it has no poison with doses"}


def wording_complete(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Where the pages do not hold, or there is no table of doses, the wording says what to do instead."""
    needed = {"too_young": bool(knowledge.profile.stops), "no_doses": not knowledge.toxins}
    said = dict(knowledge.wording.insteads)
    for key, so in needed.items():
        if so and key not in said:
            wrong = f"{knowledge.species} has no {key}, and {NEEDS[key]}."
            yield at(documents, "wording.yaml", ("species", knowledge.species), wrong, "say what to do instead.")


def unfit_words(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """No word that words.yaml calls unfit stands in what is said of the species: nobody takes a person to a vet."""
    unfit = knowledge.words.unfit.get(knowledge.species, ())
    if not unfit:
        return
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, unfit))})\b", re.IGNORECASE)
    for file, path, text in _told(knowledge, documents):
        if found := pattern.search(text):
            wrong = f"{found.group()!r} is said of a {knowledge.species}: {text[:60]!r}."
            fix = f"write it otherwise, or give the {knowledge.species} words of its own (instead)."
            yield at(documents, file, path, wrong, fix)


def _told(knowledge: Knowledge, documents: Documents) -> Told:
    """Everything that is shown of a species."""
    species = knowledge.species
    for page, file in pages(knowledge, documents):
        whys = [page.urgency.why, *(each.why for each in page.urgency.raise_)]
        for key, texts in (("name", [page.name, *page.synonyms]), ("summary", [page.summary]), ("urgency", whys)):
            for text in texts:
                yield file, (key,), text
        for key in SECTIONS:
            for index, line in enumerate(getattr(page, key)):
                yield file, (key, index), line.text
        for key in ("confirm", "outlook"):
            line = getattr(page, key)
            if line is not None:
                yield file, (key,), line.text
    for finding in knowledge.findings.values():
        path = entry_path(documents, "findings.yaml", "findings", finding.id)
        for text in (finding.name, finding.ask[species], finding.help, finding.check or ""):
            yield "findings.yaml", path, text
    for name, group in knowledge.groups.items():
        for text in (group.ask[species], group.help):
            yield "findings.yaml", ("groups", name), text
    for entry in (*knowledge.questions, *([knowledge.overview] if knowledge.overview else [])):
        path = entry_path(documents, "questions.yaml", "questions", entry.id)
        for text in (
            entry.text[species],
            *(family.text[species] for family in entry.families if species in family.text),
        ):
            yield "questions.yaml", path, text
    for rule in knowledge.red_flags:
        path = entry_path(documents, "red_flags.yaml", "red_flags", rule.id)
        for text in (rule.why, rule.act):
            yield "red_flags.yaml", path, text
    for level, words in knowledge.triage.levels.items():
        for text in (words.name, words.means):
            yield "triage.yaml", ("levels", level), text
    yield "triage.yaml", ("asked_before",), knowledge.triage.asked_before.why
    yield from _wording(knowledge)


def _wording(knowledge: Knowledge) -> Told:
    """What wording.yaml and the profile say of a species."""
    wording, path = knowledge.wording, ("species", knowledge.species)
    for key, value in wording:
        if isinstance(value, str):
            yield "wording.yaml", (*path, key), value
    for text in wording.film:
        yield "wording.yaml", (*path, "film"), text
    for key, entry in wording.insteads:
        for text in (entry.name, entry.why or "", *(line.text for line in (*entry.now, *entry.avoid))):
            yield "wording.yaml", (*path, key), text
    profile = knowledge.profile
    for text in (profile.one, profile.many, profile.yours, profile.expert, *(stop.why for stop in profile.stops)):
        yield f"profiles/{profile.id}.yaml", (), text
