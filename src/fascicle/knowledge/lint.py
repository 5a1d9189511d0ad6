"""Every lint: what the schema cannot see. A warning is printed by `fascicle lint`; an error stops the program."""

from __future__ import annotations

from collections.abc import Sequence

from fascicle.errors import Issue
from fascicle.knowledge import (
    lint_instruments,
    lint_numbers,
    lint_pages_say,
    lint_reading,
    lint_references,
    lint_reports,
    lint_toxins,
    lint_vocabulary,
    lint_wording,
)
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.places import Documents

LINTS = (
    lint_references.unknown_finding,
    lint_references.unknown_source,
    lint_references.wrong_place,
    lint_references.missing_background,
    lint_references.file_name,
    lint_references.groups_and_options,
    lint_numbers.same_why,
    lint_numbers.physiology_without_signs,
    lint_numbers.below_background,
    lint_numbers.too_common_together,
    lint_numbers.syndrome_paths,
    lint_numbers.believable_rate,
    lint_numbers.nested_exposures,
    lint_references.red_flags_known,
    lint_references.emergencies_act,
    lint_numbers.graded_signs,
    lint_numbers.loss_table,
    lint_references.unknown_in_triage,
    lint_reports.reports_complete,
    lint_reports.reports_tell,
    lint_reports.confusion_tables,
    lint_reports.event_syndromes,
    lint_vocabulary.questions_complete,
    lint_vocabulary.families_complete,
    lint_vocabulary.themes_known,
    lint_vocabulary.breeds_and_bands,
    lint_vocabulary.implications,
    lint_vocabulary.phrases_unique,
    lint_vocabulary.renamed_ids,
    lint_toxins.toxin_references,
    lint_toxins.doses_ascend,
    lint_toxins.claim_references,
    lint_pages_say.pages_counted,
    lint_instruments.instrument_references,
    lint_vocabulary.ids_once,
    lint_wording.wording_complete,
    lint_wording.unfit_words,
    lint_reading.hard_words,
    lint_reading.reading_age,
)
"""Each takes the knowledge and the documents (for file and line) and yields issues."""
ACROSS = (lint_references.unused_source,)
"""Each takes the knowledge of all species, for what only all of them together can show."""
SOLVED = (lint_numbers.too_common_together, lint_numbers.syndrome_paths)
"""Those that solve for leaks and links, which needs a background for every sign."""


def run(knowledge: Knowledge, documents: Documents) -> list[Issue]:
    """Every issue of every lint; what has to be solved for only where every sign has its background."""
    incomplete = [*lint_references.unknown_finding(knowledge, documents)]
    incomplete += lint_references.missing_background(knowledge, documents)
    lints = [lint for lint in LINTS if not incomplete or lint not in SOLVED]
    return [issue for lint in lints for issue in lint(knowledge, documents)]


def run_across(every: Sequence[Knowledge], documents: Documents) -> list[Issue]:
    """What shows only where all species are looked at; every must hold at least one."""
    return [issue for lint in ACROSS for issue in lint(every, documents)]
