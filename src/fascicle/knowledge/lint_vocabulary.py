"""Lints on the vocabulary itself: questions, families, breeds, what implies what, ids and phrases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fascicle.errors import Issue
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.places import Documents, at, counted_elsewhere, entry_path, nearest, profile_file
from fascicle.knowledge.properties import kind_group


def questions_complete(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every finding a person can be asked for stands in exactly one question."""
    asked: Counter[str] = Counter()
    for question in knowledge.questions:
        path = entry_path(documents, "questions.yaml", "questions", question.id)
        asked.update(knowledge.options.get(question.group, ()) if question.group else question.items)
        for name in question.items:
            if name not in knowledge.findings:
                fix = nearest(name, knowledge.findings)
                yield at(documents, "questions.yaml", path, f"unknown finding {name!r}.", fix)
        if question.group and question.group not in knowledge.groups:
            yield at(documents, "questions.yaml", path, f"unknown group {question.group!r}.", "correct the group.")
    for name in knowledge.findings:
        if asked[name] != 1 and name not in counted_elsewhere(knowledge):
            wrong = f"{name} stands in {asked[name]} questions."
            yield at(documents, "questions.yaml", ("questions",), wrong, "put it in exactly one.")


def families_complete(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Where a group is asked by families, each of its options is in exactly one, so that none can go unseen."""
    for question in knowledge.questions:
        path = entry_path(documents, "questions.yaml", "questions", question.id)
        families = [family for family in question.families if knowledge.species in family.text]
        if not question.families:
            continue
        options = knowledge.options.get(question.group or "", ())
        if not options:
            yield at(documents, "questions.yaml", path, "families without a group.", "name the group they divide.")
            continue
        held = Counter(name for family in families for name in family.items)
        for name in held.keys() - set(options):
            wrong = f"{name} is in a family but no option of {question.group}."
            yield at(documents, "questions.yaml", path, wrong, "correct the id or take it out.")
        for name in options:
            if held[name] != 1:
                wrong = f"{name} is in {held[name]} families."
                yield at(documents, "questions.yaml", path, wrong, "put it in exactly one.")
        for name, times in Counter(family.id for family in families).items():
            if times > 1:
                yield at(documents, "questions.yaml", path, f"two families are called {name}.", "give each its own id.")


def themes_known(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every theme of a question is a line of the overview, and every line of this species holds findings."""
    told = documents["questions.yaml"].data.get("overview") or {"lines": []}
    lines = {line["id"]: index for index, line in enumerate(told["lines"]) if knowledge.species in line["text"]}
    for question in knowledge.questions:
        if question.theme is not None and question.theme not in lines:
            path = entry_path(documents, "questions.yaml", "questions", question.id)
            wrong = f"{question.id}: unknown theme {question.theme!r} for a {knowledge.species}."
            yield at(documents, "questions.yaml", path, wrong, "name a line of the overview that has words for it.")
    for name in lines.keys() - {question.theme for question in knowledge.questions}:
        path = ("overview", "lines", lines[name])
        yield at(documents, "questions.yaml", path, f"no question has the theme {name!r}.", "give one or take it out.")


def breeds_and_bands(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Breeds, bands and sexes imply known context findings; bands leave no gap."""
    profile, file = knowledge.profile, profile_file(knowledge)
    names = [n for breed in knowledge.breeds.breeds if breed.species == knowledge.species for n in breed.implies]
    names += knowledge.breeds.decides.get(knowledge.species, ())
    for name in sorted(set(names)):
        if name not in knowledge.findings:
            yield at(documents, "breeds.yaml", ("breeds",), f"unknown finding {name!r}.", "add it to findings.yaml.")
    used = [*profile.sex_findings, *(n for ns in profile.sexes.values() for n in ns)]
    used += [band.finding for band in (*profile.age_bands, *profile.weight_bands)]
    for name in sorted(set(used)):
        if name not in knowledge.findings:
            yield at(documents, file, (), f"unknown finding {name!r}.", "add it to findings.yaml.")
    ends = [band.below for band in profile.age_bands]
    starts = [*(band.at_least for band in profile.age_bands[1:]), None]
    least = max([profile.limits.age_years.low, *(stop.below_years for stop in profile.stops)])
    if ends != starts or profile.age_bands[0].at_least > least:
        fix = "let each begin where one ends, the first at the least age that is no stop, and the last have no end."
        yield at(documents, file, ("age_bands",), "the age bands leave a gap.", fix)


def implications(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """implies, excludes and warns_as name known findings, the first two never the same; alone names a kind of movement."""
    kinds = dict.fromkeys(knowledge.options[kind_group(knowledge)])
    for finding in knowledge.findings.values():
        path = entry_path(documents, "findings.yaml", "findings", finding.id)
        for name in (*finding.implies, *finding.excludes, *finding.warns_as):
            if name not in knowledge.findings:
                fix = nearest(name, knowledge.findings)
                yield at(documents, "findings.yaml", path, f"{finding.id}: unknown finding {name!r}.", fix)
        if finding.alone is not None and finding.alone not in kinds:
            fix = nearest(finding.alone, kinds)
            yield at(documents, "findings.yaml", path, f"{finding.id}: {finding.alone!r} is no kind of movement.", fix)
        if finding.id in (*finding.implies, *finding.excludes):
            yield at(documents, "findings.yaml", path, f"{finding.id} implies or excludes itself.", "take it out.")
        if set(finding.implies) & set(finding.excludes):
            yield at(documents, "findings.yaml", path, f"{finding.id} implies and excludes one thing.", "choose one.")


def phrases_unique(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A lay phrase belongs to one finding."""
    owner: dict[str, str] = {}
    for finding in knowledge.findings.values():
        path = entry_path(documents, "findings.yaml", "findings", finding.id)
        for phrase in finding.phrases:
            other = owner.setdefault(phrase.lower(), finding.id)
            if other != finding.id:
                wrong = f"the phrase {phrase!r} belongs to {other} and {finding.id}."
                yield at(documents, "findings.yaml", path, wrong, "leave it with one.")


def ids_once(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """No id stands twice: of pages, findings, questions, sources, red flags, poisons, claims, topics, forms or diaries."""
    owner: dict[str, str] = {}
    for file, document in sorted(documents.items()):
        if file.startswith(f"{knowledge.species}/"):
            first = owner.setdefault(document.data["id"], file)
            if first != file:
                wrong = f"the id {document.data['id']!r} is that of {first} too."
                yield at(documents, file, ("id",), wrong, "give each page its own id.")
    elsewhere = {"diaries": "instruments.yaml", "topics": "pages_say.yaml"}
    for section in ("findings", "questions", "sources", "red_flags", "toxins", "claims", "instruments", *elsewhere):
        file, seen = elsewhere.get(section, f"{section}.yaml"), set[str]()
        for index, item in enumerate(documents[file].data[section]):
            if item["id"] in seen:
                yield at(documents, file, (section, index), f"the id {item['id']!r} stands twice.", "keep one.")
            seen.add(item["id"])


def renamed_ids(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """An old id is not in use and leads to one that is, of whichever species."""
    findings = {item["id"] for item in documents["findings.yaml"].data["findings"]}
    for old, new in knowledge.renamed.findings.items():
        if old in findings or new not in findings:
            wrong = f"{old} -> {new} does not lead from an old id to one in use."
            yield at(documents, "renamed.yaml", ("findings", old), wrong, "correct or remove the line.")
    for old, new in knowledge.renamed.causes.items():
        if old in knowledge.causes:
            wrong = f"{old} -> {new}: the old id is in use."
            yield at(documents, "renamed.yaml", ("causes", old), wrong, "correct or remove the line.")
