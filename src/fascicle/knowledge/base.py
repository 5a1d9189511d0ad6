"""The knowledge of one species as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fascicle.knowledge import schema
from fascicle.knowledge.reports import ReportsFile
from fascicle.knowledge.species import BreedsFile, Profile


@dataclass(frozen=True)
class Knowledge:
    """Everything known about one species, checked. version names the exact content."""

    version: str
    species: str
    findings: Mapping[str, schema.Finding]
    groups: Mapping[str, schema.Group]
    options: Mapping[str, tuple[str, ...]]
    questions: tuple[schema.QuestionEntry, ...]
    interview: schema.InterviewRules
    sources: Mapping[str, schema.Source]
    red_flags: tuple[schema.RedFlagRule, ...]
    triage: schema.TriageFile
    breeds: BreedsFile
    renamed: schema.RenamedFile
    profile: Profile
    reports: ReportsFile
    causes: Mapping[str, schema.CausePage]
