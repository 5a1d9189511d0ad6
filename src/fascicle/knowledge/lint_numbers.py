"""Lints on the numbers: figures that contradict one another or cannot be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from fascicle.errors import Issue
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.places import Documents, at, figures, pages, profile_file
from fascicle.knowledge.strict_yaml import Path
from fascicle.model import Level

SAME_WHY_AT_MOST = 5
"""A reason that stands behind more numbers than this was not thought through for each of them."""


def same_why(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """The same reason behind many numbers was not thought through singly."""
    places: dict[str, list[tuple[str, Path]]] = defaultdict(list)
    for file, path, figure in figures(knowledge, documents):
        if figure.why:
            places[figure.why].append((file, path))
    for why, found in places.items():
        if len(found) > SAME_WHY_AT_MOST:
            file, path = found[SAME_WHY_AT_MOST]
            wrong = f"the same reason stands behind {len(found)} numbers ({why[:50]!r})."
            yield at(documents, file, path, wrong, "think each one through and give its own reason.")


def physiology_without_signs(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A cause without prevalence (normal physiology) brings no signs; one with signs needs a prevalence."""
    for page, file in pages(knowledge, documents):
        if page.prevalence is None and page.signs:
            yield at(documents, file, ("signs",), "signs without a prevalence.", "add prevalence: or remove the signs.")


def below_background(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """argues_against belongs to figures below the background, and needs room in the leak."""
    for page, file in pages(knowledge, documents):
        for name, link in page.signs.items():
            background = knowledge.profile.background.get(name)
            if background is not None and link.argues_against and link.p >= background.p:
                wrong = f"{name} argues against, but {link.p:g} is not below the background {background.p:g}."
                yield at(documents, file, ("signs", name), wrong, "remove argues_against or correct the figure.")


def too_common_together(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """The causes together may not bring a sign more often than ordinary subjects have it."""
    for name, background in knowledge.profile.background.items():
        silent = 1.0
        for page in knowledge.causes.values():
            link = page.signs.get(name)
            if link is not None and page.prevalence is not None and link.p > background.p:
                silent *= 1 - page.prevalence.value * _q(link.p, background.p, page.prevalence.value)
        if silent < 1 - background.p:
            wrong = f"the causes alone bring {name} in {1 - silent:.3g}, more than its background {background.p:g}."
            fix = "lower a prevalence or p, or raise the background; one of them is wrong."
            yield at(documents, profile_file(knowledge), ("background", name), wrong, fix)


def _q(p: float, b: float, prevalence: float) -> float:
    return (p - b) / ((1 - b) - (1 - p) * prevalence)


def believable_rate(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Complaints cannot outnumber the subjects ten to one, nor one affected subject complain daily."""
    for page, file in pages(knowledge, documents):
        if page.prevalence is None:
            continue
        per_affected_year = page.rate.value / (1000 * page.prevalence.value)
        if per_affected_year > 366:
            wrong = f"{per_affected_year:.0f} complaints for each year a subject is affected."
            yield at(documents, file, ("rate",), wrong, "correct the rate or the prevalence (chance on the day).")


def nested_exposures(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A general exposure is at least as likely as each special one it contains."""
    for page, file in pages(knowledge, documents):
        for name, effect in page.context.items():
            finding = knowledge.findings.get(name)
            for general in finding.implies if finding else ():
                wider = page.context.get(general)
                if wider is not None and wider.p is not None and effect.p is not None and wider.p < effect.p:
                    wrong = f"{general} ({wider.p:g}) contains {name} ({effect.p:g}) and cannot be rarer."
                    yield at(documents, file, ("context", general), wrong, "raise the general one.")


def loss_table(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """The loss table is whole, free of cost where right, and dearer the further off."""
    for chosen in Level:
        row = knowledge.triage.loss.get(chosen.id, {})  # type: ignore[call-overload]
        if set(row) != {level.id for level in Level}:
            yield at(documents, "triage.yaml", ("loss", chosen.id), "not every level is listed.", "list all six.")
            continue
        costs = [row[level.id] for level in Level]
        if costs[chosen] != 0:
            yield at(documents, "triage.yaml", ("loss", chosen.id), "the right choice costs something.", "set it to 0.")
        low, high = costs[: chosen + 1], costs[chosen:]
        if sorted(low, reverse=True) != low or sorted(high) != high:
            yield at(documents, "triage.yaml", ("loss", chosen.id), "a further miss costs less.", "order the costs.")


def confusion_table(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """How often one kind is called another names known kinds and leaves room for the right name."""
    kinds = set(knowledge.profile.kinds.shares)
    for kind, called in knowledge.profile.kind_rules.called.items():
        path = ("kind_rules", "called", kind)
        for name in {kind, *called} - kinds:
            yield at(documents, profile_file(knowledge), path, f"unknown kind {name!r}.", "use a kind of the list.")
        if kind in called or sum(called.values()) >= 0.6:
            wrong = "the wrong names take too much, or the kind names itself."
            yield at(documents, profile_file(knowledge), path, wrong, "list wrong names only, together below 0.6.")
