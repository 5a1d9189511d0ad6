"""Published cases with the answer that was confirmed: format, loader and split. See vignettes/README.md."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from fascicle.errors import CaseError, Issue, shown
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.figures import Id, Published, Strict, Text
from fascicle.knowledge.loader import species_covered
from fascicle.knowledge.schema import LevelId
from fascicle.knowledge.strict_yaml import read_yaml
from fascicle.model import Case, Level


class VignetteSource(Published):
    """Where the case was published and what of it was read."""

    read: Literal["full text", "abstract", "page"]
    read_on: date


class Chosen(Strict):
    """An option of a choice group, with the place in the source."""

    option: Id
    place: Text


class OwnerKnew(Strict):
    """What the owner could know before the diagnosis; every finding with its place in the source."""

    age_years: float | None = None
    sex: Id | None = None
    breed: Text | None = None
    weight_kg: float | None = None
    present: dict[Id, Text]
    absent: dict[Id, Text] = {}
    choices: dict[Id, Chosen] = {}


class Accepted(Strict):
    """Causes with full and half credit, and why."""

    full: Annotated[tuple[Id, ...], Field(min_length=1)]
    half: tuple[Id, ...] = ()
    why: Text


class AcceptedUrgency(Strict):
    """The range of acceptable urgency, judged by what the owner knew."""

    least: LevelId
    most: LevelId
    why: Text

    @model_validator(mode="after")
    def _order(self) -> Self:
        if Level.of(self.least) > Level.of(self.most):
            raise ValueError("least is more urgent than most; swap them")
        return self


class Vignette(Strict):
    """One published case."""

    id: Id
    species: Id
    scope: Literal["in", "out"] = "in"
    category: Literal[
        "harmless",
        "skin",
        "pain",
        "toxic",
        "metabolic",
        "infectious",
        "neurological",
        "behavioural",
        "drug",
        "internal",
    ]
    difficulty: Literal["easy", "typical", "hard"]
    source: VignetteSource
    told: Text
    case: OwnerKnew
    accepted: Accepted
    urgency: AcceptedUrgency

    @model_validator(mode="after")
    def _told_something(self) -> Self:
        if self.scope == "in" and not self.case.present:
            raise ValueError("present is empty; a case in scope shows at least one finding")
        return self

    @property
    def split(self) -> Literal["tuned", "held_back"]:
        """Which half the case belongs to, by a hash of its source's DOI or address."""
        where = self.source.doi or self.source.url or self.id
        return "tuned" if hashlib.sha256(where.encode()).digest()[0] % 2 else "held_back"

    def as_case(self) -> Case:
        """The case the program is given."""
        knew = self.case
        return Case(
            species=self.species,
            age_years=knew.age_years,
            sex=knew.sex,
            breed=knew.breed,
            weight_kg=knew.weight_kg,
            present=tuple(knew.present),
            absent=tuple(knew.absent),
            choices={group: chosen.option for group, chosen in knew.choices.items()},
        )


class VignetteFaults(CaseError):
    """Faults in vignette files, all of them."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))


def load_vignettes(folder: Path) -> list[Vignette]:
    """Return every vignette below a folder, sorted by id. Raises CaseError listing every fault with file and line."""
    if not folder.is_dir():
        raise CaseError(f"{folder} is not a folder of vignettes.")
    files = sorted(folder.rglob("*.yaml"))
    if not files:
        raise CaseError(f"{folder} holds no vignettes (*.yaml).")
    found, issues = [], []
    for file in files:
        name = str(file.relative_to(folder))
        try:
            raw = file.read_bytes()
        except OSError as error:
            issues.append(Issue(name, 1, f"this cannot be read ({error.strerror}).", "give a file, or take it away."))
            continue
        document = read_yaml(name, raw)
        issues += document.issues
        if document.issues:
            continue
        try:
            vignette = Vignette.model_validate_json(json.dumps(document.data))
        except ValidationError as error:
            for fault in error.errors():
                where = ".".join(str(part) for part in fault["loc"])
                line = document.line(tuple(fault["loc"]))
                issues.append(Issue(document.file, line, f"{where}: {fault['msg']}.", "see vignettes/README.md."))
            continue
        if vignette.id != file.stem:
            issues.append(Issue(document.file, 1, f"the id is {vignette.id}.", "let file name and id agree."))
        found.append(vignette)
    if issues:
        raise VignetteFaults(issues)
    return sorted(found, key=lambda v: v.id)


def with_pages(vignettes: Iterable[Vignette]) -> tuple[list[Vignette], dict[str, int]]:
    """Those of species that have pages, and of every other species how many: cases are collected before pages are written."""
    known, covered, waiting = list[Vignette](), species_covered(), Counter[str]()
    for vignette in vignettes:
        if vignette.species in covered:
            known.append(vignette)
        else:
            waiting[vignette.species] += 1
    return known, dict(sorted(waiting.items()))


def some_of(vignettes: Sequence[Vignette], most: int) -> list[Vignette]:
    """Return at most so many, in their order, chosen by a hash of their ids: by nothing they are about, always the same."""
    chosen = sorted(vignettes, key=lambda v: hashlib.sha256(v.id.encode()).hexdigest())[:most]
    names = {vignette.id for vignette in chosen}
    return [vignette for vignette in vignettes if vignette.id in names]


def lint(vignettes: Iterable[Vignette], knowledge: Knowledge) -> list[Issue]:
    """Return what a vignette names that the knowledge does not know: findings, groups, options, accepted causes, a sex.

    Only vignettes of the species are looked at. A breed that is not listed is no fault: people have such dogs.
    """
    issues = []
    for vignette in vignettes:
        if vignette.species != knowledge.species:
            continue
        knew = vignette.case
        named: list[tuple[str, str, Mapping[str, object]]] = [("present", f, knowledge.findings) for f in knew.present]
        named += [("absent", f, knowledge.findings) for f in knew.absent]
        named += [("choices", group, knowledge.groups) for group in knew.choices]
        named += [
            (f"choices.{group}", chosen.option, dict.fromkeys(knowledge.options.get(group, ())))
            for group, chosen in knew.choices.items()
        ]
        named += [("accepted", c, knowledge.causes) for c in (*vignette.accepted.full, *vignette.accepted.half)]
        named += [("sex", knew.sex, knowledge.profile.sexes)] if knew.sex is not None else []
        for where, name, known in named:
            if name not in known and knowledge.renamed.findings.get(name, name) not in known:
                close = get_close_matches(name, list(known), n=2)
                fix = f"did you mean {' or '.join(close)}?" if close else "correct the id."
                issues.append(Issue(f"{vignette.id}.yaml", 1, f"{where}: {shown(name)} is not known.", fix))
    return issues
