"""The knowledge of one species as one frozen value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from fascicle.knowledge import schema
from fascicle.knowledge.claims import Article, Claim
from fascicle.knowledge.instruments import Diary, Instrument
from fascicle.knowledge.pages_say import PagesSayFile
from fascicle.knowledge.questions import InterviewRules, QuestionEntry
from fascicle.knowledge.reports import ReportsFile
from fascicle.knowledge.species import BreedsFile, Profile
from fascicle.knowledge.ties import Ties
from fascicle.knowledge.toxins import Toxin
from fascicle.knowledge.wording import Wording
from fascicle.knowledge.words import WordsFile
from fascicle.model import Level


@dataclass(frozen=True)
class Modifier:
    """What makes a cause more urgent. beside: as a bystander too, for it brings these signs itself, or they say whom it meets.

    Dullness makes trembling urgent when fear is to explain it; it does not make urgent that a dog with a sore tail is a
    fearful dog as well.
    """

    cause: str
    when: frozenset[str]
    level: Level
    beside: bool


@dataclass(frozen=True)
class Knowledge:
    """Everything known about one species, checked. version names the exact content."""

    version: str
    species: str
    findings: Mapping[str, schema.Finding]
    groups: Mapping[str, schema.Group]
    options: Mapping[str, tuple[str, ...]]
    questions: tuple[QuestionEntry, ...]
    overview: QuestionEntry | None
    interview: InterviewRules
    sources: Mapping[str, schema.Source]
    red_flags: tuple[schema.RedFlagRule, ...]
    triage: schema.TriageFile
    breeds: BreedsFile
    renamed: schema.RenamedFile
    profile: Profile
    reports: ReportsFile
    causes: Mapping[str, schema.CausePage]
    toxins: Mapping[str, Toxin]
    toxins_elsewhere: tuple[Toxin, ...]
    """Poisons with doses for other animals and none for this species."""
    articles: Mapping[str, Article]
    claims: tuple[Claim, ...]
    pages_say: PagesSayFile
    instruments: Mapping[str, Instrument]
    diaries: Mapping[str, Diary]
    words: WordsFile
    wording: Wording

    @cached_property
    def written(self) -> frozenset[str]:
        """Every word the findings and pages are written with, in small letters: words that are spelled right."""
        texts = (entry.model_dump_json().lower() for entry in (*self.findings.values(), *self.causes.values()))
        return frozenset(word for text in texts for word in re.findall("[a-z]+", text))

    @cached_property
    def implied_by(self) -> Mapping[str, tuple[str, ...]]:
        """Finding -> the more special findings that imply it."""
        found: dict[str, list[str]] = {}
        for finding in self.findings.values():
            for general in finding.implies:
                found.setdefault(general, []).append(finding.id)
        return {general: tuple(special) for general, special in found.items()}

    @cached_property
    def ties(self) -> Ties:
        """Which findings hang together."""
        return Ties.of(self.findings)

    @cached_property
    def modifiers(self) -> tuple[Modifier, ...]:
        """The modifiers of all causes, in their order."""
        found = []
        for page in self.causes.values():
            own = {sign for sign, link in page.signs.items() if not link.argues_against}
            for entry in page.urgency.raise_:
                beside = all(f in own or self.findings[f].about == "context" for f in entry.when)
                found.append(Modifier(page.id, frozenset(entry.when), Level.of(entry.to), beside))
        return tuple(found)

    @cached_property
    def breeds_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """Breed, its name as `plain_name` writes it -> the context findings it implies; of equal names the first counts."""
        found: dict[str, tuple[str, ...]] = {}
        for breed in self.breeds.breeds:
            if breed.species == self.species:
                for name in (breed.name, *breed.also):
                    found.setdefault(plain_name(name), breed.implies)
        return found


def plain_name(name: str) -> str:
    """A name without capitals, hyphens and doubled spaces."""
    return " ".join(name.lower().replace("-", " ").split())
