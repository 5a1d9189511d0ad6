"""Reads the knowledge of one species: every fault at once, with file and line, or a checked, frozen value.

Reading YAML strictly takes most of the time, so what was read and found clean is kept as JSON in the user's cache,
under a key made of the files' bytes. A missing or unwritable cache only costs time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from fascicle import __version__
from fascicle.errors import Issue, KnowledgeError, SpeciesNotCovered, shown
from fascicle.knowledge import cache, lint, schema
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.claims import ClaimsFile
from fascicle.knowledge.instruments import InstrumentsFile
from fascicle.knowledge.pages_say import PagesSayFile
from fascicle.knowledge.questions import QuestionsFile
from fascicle.knowledge.reports import ReportsFile
from fascicle.knowledge.species import BreedsFile, Profile
from fascicle.knowledge.strict_yaml import Document, read_yaml
from fascicle.knowledge.toxins import ToxinsFile
from fascicle.knowledge.wording import WordingFile
from fascicle.knowledge.words import WordsFile

DATA: Path = Path(__file__).parent / "data"
SHARED: Mapping[str, type[BaseModel]] = {
    "findings.yaml": schema.FindingsFile,
    "questions.yaml": QuestionsFile,
    "sources.yaml": schema.SourcesFile,
    "red_flags.yaml": schema.RedFlagsFile,
    "triage.yaml": schema.TriageFile,
    "breeds.yaml": BreedsFile,
    "renamed.yaml": schema.RenamedFile,
    "toxins.yaml": ToxinsFile,
    "claims.yaml": ClaimsFile,
    "pages_say.yaml": PagesSayFile,
    "instruments.yaml": InstrumentsFile,
    "words.yaml": WordsFile,
    "wording.yaml": WordingFile,
}


def species_covered(data: Path = DATA) -> tuple[str, ...]:
    """The species that have pages."""
    return tuple(sorted(p.stem for p in (data / "profiles").glob("*.yaml") if (data / p.stem).is_dir()))


def load(species: str, data: Path = DATA, *, use_cache: bool = True) -> Knowledge:
    """Return the knowledge of a species.

    Raises SpeciesNotCovered, or KnowledgeError with every fault of every file. Reading and checking all YAML takes
    a second or two the first time, building it from the cache 0.1 to 0.2 s after that; `pipeline.load` keeps it.
    """
    covered = species_covered(data)
    if species not in covered:
        raise SpeciesNotCovered(
            f"there are no pages for {shown(species)} yet; covered: {', '.join(covered) or 'none'}."
        )
    raw, missing = _read_files(species, data)
    digest = cache.digest([__version__, species, *(x for name, content in raw.items() for x in (name, content))])
    version, name = digest[:12], f"knowledge-{digest}.json"
    plain = cache.read_json(name) if use_cache and not missing else None
    if isinstance(plain, dict):
        try:
            return _build(species, version, {n: _kind_of(n).model_validate_json(text) for n, text in plain.items()})
        except (ValidationError, KeyError, TypeError):
            pass  # an old or damaged copy: read the files again
    knowledge, issues, documents = _check(species, version, raw)
    errors = [issue for issue in [*missing, *issues] if issue.severity == "error"]
    if knowledge is None or errors:
        raise KnowledgeError(errors)
    if use_cache:
        cache.write_json(name, {n: json.dumps(document.data) for n, document in documents.items()})
    return knowledge


def check(species: str, data: Path = DATA) -> list[Issue]:
    """Return every fault and warning in the knowledge of a species, read afresh."""
    return _check_files(species, data)[1]


def check_all(data: Path = DATA) -> list[Issue]:
    """Return every fault and warning of all species, each once, and what only all of them together can show."""
    checked = [_check_files(species, data) for species in species_covered(data)]
    issues = [issue for _, found, _ in checked for issue in found]
    whole = [knowledge for knowledge, _, _ in checked if knowledge is not None]
    if whole and len(whole) == len(checked):
        issues += lint.run_across(whole, {name: document for *_, read in checked for name, document in read.items()})
    return list(dict.fromkeys(issues))


def _check_files(species: str, data: Path) -> tuple[Knowledge | None, list[Issue], dict[str, Document]]:
    raw, missing = _read_files(species, data)
    knowledge, issues, documents = _check(species, "", raw)
    return knowledge, missing + issues, documents


def _check(
    species: str, version: str, raw: Mapping[str, bytes]
) -> tuple[Knowledge | None, list[Issue], dict[str, Document]]:
    """The knowledge if it can be put together, and every fault; the lints run on whatever pages are whole."""
    documents = {name: read_yaml(name, content) for name, content in raw.items()}
    issues = [issue for document in documents.values() for issue in document.issues]
    values: dict[str, BaseModel] = {}
    for name, document in documents.items():
        if document.data is None:
            if not document.issues:
                issues.append(Issue(name, 1, "this file is empty.", "fill it in or remove it."))
            continue
        try:
            values[name] = _kind_of(name).model_validate_json(json.dumps(document.data))
        except ValidationError as error:
            issues.extend(explained(document, error))
    needed = {*SHARED, *_of_species(species)}
    if not needed <= set(values) or not _has_other(species, values):
        if needed <= set(values) == set(documents):
            issues.append(_no_other(species, values, documents))
        return None, issues, documents
    knowledge = _build(species, version, values)
    whole = {name: document for name, document in documents.items() if name in values}
    return knowledge, issues + lint.run(knowledge, whole), documents


def _has_other(species: str, values: Mapping[str, Any]) -> bool:
    """Whether the page of the unknown cause is there and whole."""
    other = values[f"profiles/{species}.yaml"].other.cause if f"profiles/{species}.yaml" in values else None
    return f"{species}/{other}.yaml" in values


def _no_other(species: str, values: Mapping[str, Any], documents: Mapping[str, Document]) -> Issue:
    file = f"profiles/{species}.yaml"
    wrong = f"other.cause is {values[file].other.cause!r}, which has no page."
    return Issue(file, documents[file].line(("other", "cause")), wrong, f"add {species}/<id>.yaml or correct the id.")


def _read_files(species: str, data: Path) -> tuple[dict[str, bytes], list[Issue]]:
    """The bytes of every file a species needs, by its name below the data folder, and what cannot be read."""
    names = [*SHARED, *_of_species(species)]
    names += sorted(f"{species}/{page.name}" for page in (data / species).glob("*.yaml"))
    raw, missing = {}, []
    for name in names:
        try:
            raw[name] = (data / name).read_bytes()
        except OSError as error:
            missing.append(Issue(name, 1, f"cannot be read ({error.strerror}).", "put the file in place."))
    return raw, missing


def _kind_of(name: str) -> type[BaseModel]:
    if name in SHARED:
        return SHARED[name]
    folder = name.partition("/")[0]
    kinds: dict[str, type[BaseModel]] = {"profiles": Profile, "reports": ReportsFile}
    return kinds.get(folder, schema.CausePage)


def _of_species(species: str) -> tuple[str, str]:
    """The files of one species beside its pages."""
    return f"profiles/{species}.yaml", f"reports/{species}.yaml"


def _build(species: str, version: str, values: Mapping[str, Any]) -> Knowledge:
    """Put the files together, keeping only what concerns the species."""
    found: schema.FindingsFile = values["findings.yaml"]
    questions: QuestionsFile = values["questions.yaml"]
    red_flags: schema.RedFlagsFile = values["red_flags.yaml"]
    foreign = {f.id for f in found.findings if species not in f.ask}
    findings = {f.id: f.of(species, foreign) for f in found.findings if species in f.ask}
    options = {
        group: tuple(f.id for f in findings.values() if f.group == group)
        for group, entry in found.groups.items()
        if species in entry.ask
    }
    causes = {page.id: page for name, page in values.items() if name.startswith(f"{species}/")}
    return Knowledge(
        version=version,
        species=species,
        findings=MappingProxyType(findings),
        groups=MappingProxyType({name: group for name, group in found.groups.items() if species in group.ask}),
        options=MappingProxyType(options),
        questions=tuple(q for q in questions.questions if species in q.text),
        overview=questions.everything_else(species),
        interview=questions.rules,
        sources=MappingProxyType({s.id: s for s in values["sources.yaml"].sources}),
        red_flags=tuple(r for r in red_flags.red_flags if species in r.species),
        triage=values["triage.yaml"].of(species),
        breeds=values["breeds.yaml"],
        renamed=values["renamed.yaml"],
        profile=values[f"profiles/{species}.yaml"],
        reports=values[f"reports/{species}.yaml"],
        causes=MappingProxyType(causes),
        toxins=MappingProxyType({t.id: t for t in values["toxins.yaml"].toxins if species in t.species}),
        toxins_elsewhere=tuple(t for t in values["toxins.yaml"].toxins if species not in t.species),
        articles=MappingProxyType({a.id: a for a in values["claims.yaml"].articles}),
        claims=tuple(c for c in values["claims.yaml"].claims if species in c.species),
        pages_say=values["pages_say.yaml"].of(species),
        instruments=MappingProxyType({i.id: i for i in values["instruments.yaml"].instruments if species in i.species}),
        diaries=MappingProxyType({d.id: d for d in values["instruments.yaml"].diaries if species in d.species}),
        words=values["words.yaml"],
        wording=values["wording.yaml"].species[species],
    )


_FIXES = {
    "missing": "add the key.",
    "extra_forbidden": "remove it, or correct the spelling; keys are closed.",
    "string_pattern_mismatch": "use lower-case letters, digits and underscores.",
    "float_type": "write a plain number without quotes.",
    "int_type": "write a whole number without quotes.",
    "less_than_equal": "use a value inside the range.",
    "greater_than_equal": "use a value inside the range.",
    "greater_than": "use a value inside the range.",
    "date_parsing": "write a date such as 2026-11-20.",
    "date_from_datetime_parsing": "write a date such as 2026-11-20.",
    "date_type": "write a date such as 2026-11-20.",
}


def explained(document: Document, error: ValidationError) -> list[Issue]:
    """pydantic's findings as issues with file, line and fix."""
    issues = []
    for fault in error.errors():
        path = tuple(part for part in fault["loc"] if part != "[key]")
        where = ".".join(str(part) for part in path) or "the file"
        message, _, advice = fault["msg"].removeprefix("Value error, ").partition("; ")
        if not advice:
            advice = _FIXES.get(fault["type"], "correct the value.")
        if fault["type"] == "extra_forbidden":
            message = "this key is not known"
        if fault["type"] not in ("missing", "extra_forbidden", "value_error"):
            message += f" (it is {str(fault['input'])[:60]!r})"
        issues.append(Issue(document.file, document.line(path), f"{where}: {message}.", advice.rstrip(".") + "."))
    return issues
