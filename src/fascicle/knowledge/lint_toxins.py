"""Lints on poisons and on what articles say: references, and doses that ascend."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from fascicle.errors import Issue
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.places import Documents, at, entry_path, nearest
from fascicle.knowledge.strict_yaml import Path
from fascicle.knowledge.toxins import Toxin
from fascicle.model import Level


def toxin_references(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A poison names a known page and a known exposure of the species."""
    for toxin in knowledge.toxins.values():
        exposure, path = toxin.species[knowledge.species], _place(documents, toxin)
        if exposure.cause is not None and exposure.cause not in knowledge.causes:
            wrong = f"{toxin.id} names the cause {exposure.cause!r}, which has no page."
            yield at(documents, "toxins.yaml", path, wrong, "correct the id or leave it out.")
        finding = knowledge.findings.get(exposure.finding or "")
        if exposure.finding is not None and (finding is None or finding.about != "context"):
            wrong = f"{toxin.id} names {exposure.finding!r}, which is no exposure of a {knowledge.species}."
            yield at(documents, "toxins.yaml", path, wrong, nearest(exposure.finding, knowledge.findings))


def doses_ascend(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A higher dose is never less urgent, and no dose is less urgent than what holds for any amount."""
    for toxin in knowledge.toxins.values():
        exposure, path = toxin.species[knowledge.species], _place(documents, toxin)
        doses = [band.above.value for band in exposure.bands]
        levels = [Level.of(band.level) for band in exposure.bands]
        least = [Level.of(rule.level) for rule in (exposure.below, exposure.any_amount) if rule is not None]
        if any(low >= high for low, high in pairwise(doses)):
            yield at(
                documents, "toxins.yaml", path, f"the doses of {toxin.id} do not ascend.", "sort the bands by dose."
            )
        steps = [max(least, default=Level.NORMAL), *levels] if exposure.any_amount is None else levels
        if any(low > high for low, high in pairwise(steps)):
            wrong = f"a higher dose of {toxin.id} is less urgent than a lower one."
            yield at(documents, "toxins.yaml", path, wrong, "let the levels rise with the dose.")


def claim_references(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A claim names a known article, known causes and known findings of the species."""
    for claim in knowledge.claims:
        path = entry_path(documents, "claims.yaml", "claims", claim.id)
        if claim.article not in knowledge.articles:
            yield at(documents, "claims.yaml", path, f"unknown article {claim.article!r}.", "list it under articles.")
        if len(claim.species) > 1:
            continue  # what one species lacks another may have
        for known, names in ((knowledge.causes, claim.causes), (knowledge.findings, claim.findings)):
            for name in names:
                if name not in known:
                    wrong = f"{claim.id} touches {name!r}, which is unknown."
                    yield at(documents, "claims.yaml", path, wrong, nearest(name, known))


def _place(documents: Documents, toxin: Toxin) -> Path:
    return entry_path(documents, "toxins.yaml", "toxins", toxin.id)
