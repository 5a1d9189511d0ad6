"""Lints on the numbers: figures that contradict one another or cannot be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from fascicle.errors import Issue
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import prevalences, solved_signs
from fascicle.knowledge.figures import Share
from fascicle.knowledge.numbers import at_the_values
from fascicle.knowledge.places import Documents, at, figures, pages, profile_file
from fascicle.knowledge.strict_yaml import Path
from fascicle.model import Level

_ROUNDING = 1e-9
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
    """argues_against belongs to figures below the background, and to signs that no syndrome of the page brings."""
    for page, file in pages(knowledge, documents):
        for name, link in page.signs.items():
            background = knowledge.profile.background.get(name)
            if background is not None and link.argues_against and link.p >= background.p:
                wrong = f"{name} argues against, but {link.p:g} is not below the background {background.p:g}."
                yield at(documents, file, ("signs", name), wrong, "remove argues_against or correct the figure.")
            for state in page.syndromes if link.argues_against else ():
                entry = knowledge.profile.syndromes.get(state)
                if entry is not None and name in entry.members:
                    wrong = f"{name} argues against, but the page's syndrome {state} brings it."
                    yield at(documents, file, ("signs", name), wrong, "remove argues_against, or the syndrome.")


def too_common_together(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """The causes together may not bring a sign or a syndrome more often than ordinary subjects have it."""
    at_values = at_the_values(knowledge)
    signs, states = solved_signs(knowledge, at_values, prevalences(knowledge, at_values))
    file = profile_file(knowledge)
    for sign in signs:
        if sign.leak[0] < 0:
            b = knowledge.profile.background[sign.id].p
            wrong = f"the causes alone bring {sign.id} in {1 - (1 - b) / (1 - sign.leak[0]):.3g}, more than its background {b:g}."
            fix = "lower a prevalence or p, or raise the background; one of them is wrong."
            yield at(documents, file, ("background", sign.id), wrong, fix)
    for state in states:
        if state.leak[0] < 0:
            wrong = f"the causes alone have the syndrome {state.id} more often than its background."
            yield at(documents, file, ("syndromes", state.id), wrong, "lower a share, or raise the background.")


def syndrome_paths(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Syndromes share no member, pages name known ones, and a path alone stays below the figure on the page."""
    file, owner = profile_file(knowledge), dict[str, str]()
    for name, entry in knowledge.profile.syndromes.items():
        for member in entry.members:
            finding = knowledge.findings.get(member)
            if finding is None or finding.about != "sign":
                yield at(
                    documents, file, ("syndromes", name), f"{member} is no sign.", "take it out or correct the id."
                )
                return
            if owner.setdefault(member, name) != name:
                wrong = f"{member} is in {owner[member]} too."
                yield at(documents, file, ("syndromes", name), wrong, "leave it in one.")
                return
    for page, own in pages(knowledge, documents):
        for name in page.syndromes:
            if name not in {*knowledge.profile.syndromes, *knowledge.profile.event_syndromes}:
                yield at(documents, own, ("syndromes", name), f"unknown syndrome {name!r}.", "correct the id.")
                return
    at_values = at_the_values(knowledge)
    causes = list(knowledge.causes.values())
    for sign in solved_signs(knowledge, at_values, prevalences(knowledge, at_values))[0]:
        for x, link in zip(sign.causes, sign.links, strict=True):
            if link[0] < -_ROUNDING:
                page = causes[x]
                wrong = (
                    f"the syndrome alone brings {sign.id} more often than the {page.signs[sign.id].p:g} on the page."
                )
                fix = "lower the share of the syndrome or its strength, or raise p."
                yield at(documents, f"{knowledge.species}/{page.id}.yaml", ("signs", sign.id), wrong, fix)


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


def graded_signs(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A graded sign has two levels or more, ordinary shares for all above the first that fall, and no syndrome."""
    file, profile = profile_file(knowledge), knowledge.profile
    members = {member for entry in profile.syndromes.values() for member in entry.members}
    for finding in knowledge.findings.values():
        if bool(finding.levels) != (finding.id in profile.levels):
            wrong = f"{finding.id} is graded in findings.yaml or in the profile, not in both."
            yield at(documents, file, ("levels",), wrong, "give its levels there and their shares here, or neither.")
        elif finding.levels and (len(finding.levels) < 2 or finding.about != "sign" or finding.id in members):
            wrong = f"{finding.id} cannot be graded: it has one level, is no sign, or belongs to a syndrome."
            yield at(documents, file, ("levels", finding.id), wrong, "make it a plain yes or no.")
    given: list[tuple[str, Path, str, Mapping[str, Share], bool]] = [
        (file, ("levels", name), name, shares, True) for name, shares in profile.levels.items()
    ]
    for page, own in pages(knowledge, documents):
        given += [(own, ("signs", name), name, link.levels, False) for name, link in page.signs.items() if link.levels]
    for where, path, name, shares, whole in given:
        levels = knowledge.findings[name].levels[1:] if name in knowledge.findings else ()
        if not set(shares) <= set(levels) or (whole and set(shares) != set(levels)):
            wrong = f"{name}: the levels given are not those above its first ({', '.join(levels) or 'none'})."
            yield at(documents, where, path, wrong, "name the levels of findings.yaml.")
            continue
        falling = [shares[level].p for level in levels if level in shares]
        if sorted(falling, reverse=True) != falling:
            yield at(documents, where, path, f"{name}: a higher level is likelier than a lower.", "let shares fall.")


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
