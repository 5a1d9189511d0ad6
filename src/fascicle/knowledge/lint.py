"""What the schema cannot see: references between files, and numbers that contradict one another.

Each lint takes the knowledge and the documents (for file and line) and yields issues. A warning is printed by
`fascicle lint` and does not stop the program; an error does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from fascicle.errors import Issue
from fascicle.knowledge import schema
from fascicle.model import Level

if TYPE_CHECKING:
    from fascicle.knowledge.loader import Knowledge
    from fascicle.knowledge.strict_yaml import Document, Path

SAME_WHY_AT_MOST = 5
"""A reason that stands behind more numbers than this was not thought through for each of them."""

Documents = Mapping[str, "Document"]


def run(knowledge: Knowledge, documents: Documents) -> list[Issue]:
    """Every issue of every lint."""
    lints = (
        unknown_finding, unknown_source, unused_source, wrong_place, missing_background, file_name, groups_and_options,
        same_why, physiology_without_signs, below_background, too_common_together, believable_rate, nested_exposures,
        red_flags_known, emergencies_act, loss_table, confusion_table, questions_complete, breeds_and_bands,
        implications, phrases_unique, renamed_ids,
    )  # fmt: skip
    return [issue for lint in lints for issue in lint(knowledge, documents)]


def _at(documents: Documents, file: str, path: Path, wrong: str, fix: str, severity: str = "error") -> Issue:
    return Issue(file, documents[file].line(path), wrong, fix, severity)


def _page(knowledge: Knowledge, page: schema.CausePage, documents: Documents) -> str:
    """The file a page stands in, also when its name does not match its id."""
    named = f"{knowledge.species}/{page.id}.yaml"
    if named in documents:
        return named
    return next(
        name
        for name, d in documents.items()
        if name.startswith(f"{knowledge.species}/") and d.data.get("id") == page.id
    )


def _pages(knowledge: Knowledge, documents: Documents) -> Iterator[tuple[schema.CausePage, str]]:
    for page in knowledge.causes.values():
        yield page, _page(knowledge, page, documents)


def _profile(knowledge: Knowledge) -> str:
    return f"profiles/{knowledge.species}.yaml"


def _nearest(word: str, known: Mapping[str, object]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), n=2)
    return f"did you mean {' or '.join(close)}?" if close else "add it to findings.yaml or correct the id."


def file_name(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A page stands under its own id and species."""
    for page, file in _pages(knowledge, documents):
        if file != f"{page.species}/{page.id}.yaml":
            yield _at(
                documents, file, ("id",), f"the page says {page.species}/{page.id}.", "rename the file or the id."
            )


def unknown_finding(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every finding a page or the profile names exists for the species."""
    for page, file in _pages(knowledge, documents):
        for section in ("context", "kinds", "event", "signs"):
            for name in getattr(page, section):
                if name not in knowledge.findings:
                    fix = _nearest(name, knowledge.findings)
                    yield _at(documents, file, (section, name), f"unknown finding {name!r}.", fix)
        for index, rule in enumerate(page.urgency.raise_):
            for name in rule.when:
                if name not in knowledge.findings:
                    path = ("urgency", "raise", index)
                    yield _at(documents, file, path, f"unknown finding {name!r}.", _nearest(name, knowledge.findings))
    profile = knowledge.profile
    for section, entries in {"background": profile.background, "of_events": profile.of_events}.items():
        for name in entries:
            if name not in knowledge.findings:
                fix = _nearest(name, knowledge.findings)
                yield _at(documents, _profile(knowledge), (section, name), f"unknown finding {name!r}.", fix)


def _figures(knowledge: Knowledge, documents: Documents) -> Iterator[tuple[str, Path, schema.Figure]]:
    """Every figure with its file and path."""
    for page, file in _pages(knowledge, documents):
        yield file, ("rate",), page.rate
        if page.prevalence is not None:
            yield file, ("prevalence",), page.prevalence
        for section in ("context", "kinds", "event", "signs"):
            for name, figure in getattr(page, section).items():
                yield file, (section, name), figure
    profile, file = knowledge.profile, _profile(knowledge)
    for section in ("background", "of_events"):
        for name, figure in getattr(profile, section).items():
            yield file, (section, name), figure
    yield file, ("kind_rules", "stray"), profile.kind_rules.stray
    yield file, ("other", "sign"), profile.other.sign


def _source_uses(knowledge: Knowledge, documents: Documents) -> Iterator[tuple[str, Path, str]]:
    """Every place a source is named."""
    for file, path, figure in _figures(knowledge, documents):
        for source in figure.sources:
            yield file, path, source
    for page, file in _pages(knowledge, documents):
        for source in page.urgency.sources:
            yield file, ("urgency", "sources"), source
        for section in ("now", "avoid", "watch_for", "prevent", "risk_notes"):
            for index, line in enumerate(getattr(page, section)):
                for source in line.sources:
                    yield file, (section, index), source
        for section in ("confirm", "outlook"):
            line = getattr(page, section)
            for source in line.sources if line else ():
                yield file, (section,), source
        for group, distribution in page.choices.items():
            for source in _distribution_sources(distribution):
                yield file, ("choices", group), source
    profile = knowledge.profile
    distributions = {**profile.background_choices, **profile.event_choices, "kinds": profile.kinds}
    for group, distribution in distributions.items():
        for source in _distribution_sources(distribution):
            yield _profile(knowledge), ("event_choices", group), source
    for index, rule in enumerate(knowledge.red_flags):
        for source in rule.sources:
            yield "red_flags.yaml", ("red_flags", index), source
    for source in (*knowledge.triage.sources, *knowledge.triage.asked_before.sources):
        yield "triage.yaml", (), source


def _distribution_sources(distribution: schema.Distribution) -> tuple[str, ...]:
    own = (distribution.source,) if distribution.source else ()
    return own + tuple(c.source for c in distribution.from_)


def unknown_source(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every source that is named stands in sources.yaml."""
    for file, path, source in _source_uses(knowledge, documents):
        if source not in knowledge.sources:
            yield _at(documents, file, path, f"unknown source {source!r}.", "add it to sources.yaml or correct the id.")


def unused_source(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A source nobody names is a warning: other species may still need it."""
    used = {source for _, _, source in _source_uses(knowledge, documents)}
    for index, source in enumerate(knowledge.sources):
        if source not in used:
            wrong = f"source {source!r} is used by no {knowledge.species} figure or line."
            yield _at(documents, "sources.yaml", ("sources", index), wrong, "use it or remove it.", "warning")


def wrong_place(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Signs stand under signs, event findings under event, kinds under kinds, context under context."""
    wanted = {
        "context": ("context", None),
        "event": ("event", None),
        "signs": ("sign", None),
        "kinds": ("event", "kind"),
    }
    for page, file in _pages(knowledge, documents):
        for section, (about, group) in wanted.items():
            for name in getattr(page, section):
                finding = knowledge.findings.get(name)
                if finding is not None and (finding.about != about or finding.group != group):
                    wrong = f"{name} is a {finding.about} finding" + (
                        f" of group {finding.group}." if finding.group else "."
                    )
                    yield _at(documents, file, (section, name), wrong, "put it in the section it belongs to.")


def missing_background(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every sign and exposure has its own background, every event finding its share; there is no default."""
    profile = knowledge.profile
    for finding in knowledge.findings.values():
        if finding.group is not None or finding.id in _measured(knowledge):
            continue
        table = profile.of_events if finding.about == "event" else profile.background
        if finding.id not in table:
            section = "of_events" if finding.about == "event" else "background"
            wrong = f"{finding.id} has no figure under {section}."
            yield _at(
                documents, _profile(knowledge), (section,), wrong, "give its frequency, with a range and a reason."
            )


def _measured(knowledge: Knowledge) -> set[str]:
    """Context findings that need no background: counted elsewhere."""
    return {"asked_before"}


def groups_and_options(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A distribution names exactly the options of its group."""
    for page, file in _pages(knowledge, documents):
        for group, distribution in page.choices.items():
            yield from _options(knowledge, documents, file, ("choices", group), group, distribution)
        if page.id != knowledge.profile.other.cause:
            for group, entry in knowledge.groups.items():
                if entry.about == "event" and not entry.several and group not in page.choices:
                    wrong = f"no {group} distribution."
                    yield _at(
                        documents, file, ("choices",), wrong, f"add choices.{group} with a share for every option."
                    )
            if not page.kinds:
                yield _at(documents, file, (), "no kind of movement.", "list at least one kind with its share.")
    profile, file = knowledge.profile, _profile(knowledge)
    for section in ("background_choices", "event_choices"):
        for group, distribution in getattr(profile, section).items():
            yield from _options(knowledge, documents, file, (section, group), group, distribution)
    for group, entry in knowledge.groups.items():
        table = profile.background_choices if entry.about == "context" else profile.event_choices
        if not entry.several and group not in table:
            yield _at(documents, file, (), f"group {group} has no distribution.", "add it to the profile.")
    kinds = next((name for name, group in knowledge.groups.items() if group.several), "kind")
    yield from _options(knowledge, documents, file, ("kinds",), kinds, profile.kinds)


def _options(
    knowledge: Knowledge, documents: Documents, file: str, path: Path, group: str, distribution: schema.Distribution
) -> Iterator[Issue]:
    if group not in knowledge.groups:
        yield _at(documents, file, path, f"unknown group {group!r}.", f"one of {', '.join(knowledge.groups)}.")
        return
    wanted, given = set(knowledge.options[group]), set(distribution.shares)
    if wanted != given:
        wrong = f"options differ: missing {sorted(wanted - given)}, unknown {sorted(given - wanted)}."
        yield _at(documents, file, path, wrong, "list every option of the group once.")


def same_why(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """The same reason behind many numbers was not thought through singly."""
    places: dict[str, list[tuple[str, Path]]] = defaultdict(list)
    for file, path, figure in _figures(knowledge, documents):
        if figure.why:
            places[figure.why].append((file, path))
    for why, found in places.items():
        if len(found) > SAME_WHY_AT_MOST:
            file, path = found[SAME_WHY_AT_MOST]
            wrong = f"the same reason stands behind {len(found)} numbers ({why[:50]!r})."
            yield _at(documents, file, path, wrong, "think each one through and give its own reason.")


def physiology_without_signs(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A cause without prevalence (normal physiology) brings no signs; one with signs needs a prevalence."""
    for page, file in _pages(knowledge, documents):
        if page.prevalence is None and page.signs:
            yield _at(
                documents, file, ("signs",), "signs without a prevalence.", "add prevalence: or remove the signs."
            )
        if page.prevalence is not None and page.prevalence.value >= 1:
            yield _at(documents, file, ("prevalence",), "a prevalence must be below 1.", "give a share of subjects.")


def below_background(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """argues_against belongs to figures below the background, and needs room in the leak."""
    for page, file in _pages(knowledge, documents):
        for name, link in page.signs.items():
            background = knowledge.profile.background.get(name)
            if background is not None and link.argues_against and link.p >= background.p:
                wrong = f"{name} argues against, but {link.p:g} is not below the background {background.p:g}."
                yield _at(documents, file, ("signs", name), wrong, "remove argues_against or correct the figure.")


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
            yield _at(documents, _profile(knowledge), ("background", name), wrong, fix)


def _q(p: float, b: float, prevalence: float) -> float:
    return (p - b) / ((1 - b) - (1 - p) * prevalence)


def believable_rate(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Complaints cannot outnumber the subjects ten to one, nor one affected subject complain daily."""
    for page, file in _pages(knowledge, documents):
        if page.prevalence is None:
            continue
        per_affected_year = page.rate.value / (1000 * page.prevalence.value)
        if per_affected_year > 366:
            wrong = f"{per_affected_year:.0f} complaints for each year a subject is affected."
            yield _at(documents, file, ("rate",), wrong, "correct the rate or the prevalence (chance on the day).")


def nested_exposures(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A general exposure is at least as likely as each special one it contains."""
    for page, file in _pages(knowledge, documents):
        for name, effect in page.context.items():
            finding = knowledge.findings.get(name)
            for general in finding.implies if finding else ():
                wider = page.context.get(general)
                if wider is not None and wider.p is not None and effect.p is not None and wider.p < effect.p:
                    wrong = f"{general} ({wider.p:g}) contains {name} ({effect.p:g}) and cannot be rarer."
                    yield _at(documents, file, ("context", general), wrong, "raise the general one.")


def red_flags_known(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Red flags name known findings and stand once."""
    seen: Counter[str] = Counter()
    for index, rule in enumerate(knowledge.red_flags):
        seen[rule.id] += 1
        if seen[rule.id] > 1:
            path = ("red_flags", index)
            yield _at(documents, "red_flags.yaml", path, f"red flag {rule.id!r} stands twice.", "keep one.")
        for name in (*rule.all, *rule.any):
            if name not in knowledge.findings:
                fix = _nearest(name, knowledge.findings)
                yield _at(documents, "red_flags.yaml", ("red_flags", index), f"unknown finding {name!r}.", fix)


def emergencies_act(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every cause says what to do and what not to do, and why it has its urgency."""
    for page, file in _pages(knowledge, documents):
        for section in ("now", "avoid"):
            if not getattr(page, section):
                yield _at(documents, file, (), f"nothing under {section}.", "add at least one line.")
        if page.confirm is None or page.outlook is None:
            yield _at(documents, file, (), "confirm or outlook is missing.", "say how it is confirmed and goes on.")


def loss_table(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """The loss table is whole, free of cost where right, and dearer the further off."""
    for chosen in Level:
        row = knowledge.triage.loss.get(chosen.id, {})  # type: ignore[call-overload]
        if set(row) != {level.id for level in Level}:
            yield _at(documents, "triage.yaml", ("loss", chosen.id), "not every level is listed.", "list all six.")
            continue
        costs = [row[level.id] for level in Level]
        if costs[chosen] != 0:
            yield _at(
                documents, "triage.yaml", ("loss", chosen.id), "the right choice costs something.", "set it to 0."
            )
        low, high = costs[: chosen + 1], costs[chosen:]
        if sorted(low, reverse=True) != low or sorted(high) != high:
            yield _at(documents, "triage.yaml", ("loss", chosen.id), "a further miss costs less.", "order the costs.")


def confusion_table(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """How often one kind is called another names known kinds and leaves room for the right name."""
    kinds = set(knowledge.profile.kinds.shares)
    for kind, called in knowledge.profile.kind_rules.called.items():
        path = ("kind_rules", "called", kind)
        for name in {kind, *called} - kinds:
            yield _at(documents, _profile(knowledge), path, f"unknown kind {name!r}.", "use a kind of the list.")
        if kind in called or sum(called.values()) >= 0.6:
            wrong = "the wrong names take too much, or the kind names itself."
            yield _at(documents, _profile(knowledge), path, wrong, "list wrong names only, together below 0.6.")


def questions_complete(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every finding a person can be asked for stands in exactly one question."""
    asked: Counter[str] = Counter()
    for index, question in enumerate(knowledge.questions):
        asked.update(knowledge.options.get(question.group, ()) if question.group else question.items)
        for name in question.items:
            if name not in knowledge.findings:
                fix = _nearest(name, knowledge.findings)
                yield _at(documents, "questions.yaml", ("questions", index), f"unknown finding {name!r}.", fix)
        if question.group and question.group not in knowledge.groups:
            path = ("questions", index)
            yield _at(documents, "questions.yaml", path, f"unknown group {question.group!r}.", "correct the group.")
    for name in knowledge.findings:
        if asked[name] != 1 and name not in _measured(knowledge):
            wrong = f"{name} stands in {asked[name]} questions."
            yield _at(documents, "questions.yaml", ("questions",), wrong, "put it in exactly one.")


def breeds_and_bands(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Breeds, bands and sexes imply known context findings; bands leave no gap."""
    profile, file = knowledge.profile, _profile(knowledge)
    names = [n for breed in knowledge.breeds.breeds if breed.species == knowledge.species for n in breed.implies]
    names += knowledge.breeds.decides.get(knowledge.species, ())
    for name in sorted(set(names)):
        if name not in knowledge.findings:
            yield _at(documents, "breeds.yaml", ("breeds",), f"unknown finding {name!r}.", "add it to findings.yaml.")
    used = [*profile.sex_findings, *(n for ns in profile.sexes.values() for n in ns)]
    used += [band.finding for band in (*profile.age_bands, *profile.weight_bands)]
    for name in sorted(set(used)):
        if name not in knowledge.findings:
            yield _at(documents, file, (), f"unknown finding {name!r}.", "add it to findings.yaml.")
    for first, second in zip(profile.age_bands, profile.age_bands[1:], strict=False):
        if first.below != second.at_least:
            yield _at(documents, file, ("age_bands",), "the age bands leave a gap.", "let each begin where one ends.")


def implications(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """implies and excludes name known findings and never both."""
    for index, finding in enumerate(knowledge.findings.values()):
        path = ("findings", index)
        for name in (*finding.implies, *finding.excludes):
            if name not in knowledge.findings:
                fix = _nearest(name, knowledge.findings)
                yield _at(documents, "findings.yaml", path, f"{finding.id}: unknown finding {name!r}.", fix)
        if set(finding.implies) & set(finding.excludes):
            yield _at(documents, "findings.yaml", path, f"{finding.id} implies and excludes one thing.", "choose one.")


def phrases_unique(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A lay phrase belongs to one finding."""
    owner: dict[str, str] = {}
    for index, finding in enumerate(knowledge.findings.values()):
        for phrase in finding.phrases:
            other = owner.setdefault(phrase.lower(), finding.id)
            if other != finding.id:
                wrong = f"the phrase {phrase!r} belongs to {other} and {finding.id}."
                yield _at(documents, "findings.yaml", ("findings", index), wrong, "leave it with one.")


def renamed_ids(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """An old id is not in use and leads to one that is."""
    for old, new in knowledge.renamed.findings.items():
        if old in knowledge.findings or new not in knowledge.findings:
            wrong = f"{old} -> {new} does not lead from an old id to one in use."
            yield _at(documents, "renamed.yaml", ("findings", old), wrong, "correct or remove the line.")
