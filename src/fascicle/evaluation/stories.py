"""From the story alone: each published case as somebody would type it, read for findings, and answered without a question.

The story of a vignette is written in plain words from its source, and no phrase was written for a held-back one. All that is
read is taken as said, wrong readings too; on the pages people look it over first, and the questions come after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fascicle import intake
from fascicle.evaluation import table
from fascicle.evaluation.answering import answers
from fascicle.evaluation.metrics import counts
from fascicle.evaluation.score import Count, Scored
from fascicle.evaluation.table import count_text, markdown, parts
from fascicle.evaluation.vignettes import Chosen, Vignette
from fascicle.intake.phrases import by_form
from fascicle.knowledge.base import Knowledge
from fascicle.model import Status


@dataclass(frozen=True)
class Told:
    """The answers from the stories alone. as_in_file: what was read of what the file holds; denied: of it read as its opposite.

    further: readings the file does not hold, right or wrong, for each case.
    """

    scored: Sequence[Scored]
    as_in_file: Mapping[str, Count]
    denied: Mapping[str, Count]
    further: Mapping[str, float]


def as_told(vignette: Vignette, knowledge: Knowledge) -> Vignette:
    """The case with what its story says in place of what the file holds; age, sex, breed and weight stay: the form asks them."""
    said = intake.read(vignette.told, knowledge).suggestions
    place = {s.finding: vignette.told[slice(*s.words)] for s in said}
    present = [s.finding for s in sorted(said, key=lambda s: not s.sure) if s.status is Status.PRESENT]
    group_of = {option: group for group, options in knowledge.options.items() for option in options}
    chosen: dict[str, str] = {}
    for finding in present:
        group = group_of.get(finding)
        if group is not None and not knowledge.groups[group].several:
            chosen.setdefault(group, finding)
    alone = {
        option
        for group, options in knowledge.options.items()
        if not knowledge.groups[group].several
        for option in options
    }
    absent = [s.finding for s in said if s.status is Status.ABSENT and s.finding not in alone]
    asked = {f: where for f, where in vignette.case.present.items() if f in by_form(knowledge)}
    told = vignette.case.model_copy(
        update={
            "present": asked | {f: place[f] for f in present if f not in alone},
            "absent": {f: place[f] for f in absent},
            "choices": {g: Chosen(option=f, place=place[f]) for g, f in chosen.items()},
        }
    )
    return vignette.model_copy(update={"case": told})


def tell(vignettes: Sequence[Vignette], knowledge: Knowledge) -> Told:
    """Read and answer every story in scope of the species; some ten milliseconds a case to read and as many to answer."""
    mine = [v for v in vignettes if v.species == knowledge.species and v.scope == "in"]
    told = [as_told(v, knowledge) for v in mine]
    answered = answers(told, knowledge) or []
    halves = {
        half: [pair for pair in zip(mine, told, strict=True) if half in ("all", pair[0].split)] for half in _HALVES
    }
    read, denied, further = {}, {}, {}
    for half, pairs in halves.items():
        held = sum(len(_present(file, knowledge)) for file, _ in pairs)
        same = sum(len(_present(file, knowledge) & _present(story, knowledge)) for file, story in pairs)
        against = sum(len(_present(file, knowledge) & set(story.case.absent)) for file, story in pairs)
        more = sum(len(_present(story, knowledge) - _present(file, knowledge)) for file, story in pairs)
        read[half], denied[half] = Count(same, held), Count(against, held)
        further[half] = more / len(pairs) if pairs else 0.0
    return Told(answered, read, denied, further)


_HALVES = ("all", "tuned", "held_back")


def _present(vignette: Vignette, knowledge: Knowledge) -> set[str]:
    """The findings a case holds as present, but for those the form asks."""
    chosen = {c.option for c in vignette.case.choices.values()}
    return (set(vignette.case.present) | chosen) - {"asked_before", *by_form(knowledge)}


def plain(found: Told) -> dict[str, Any]:
    """The same as JSON-ready data."""
    return {
        "read": {half: asdict(count) for half, count in found.as_in_file.items()},
        "read as the opposite": {half: asdict(count) for half, count in found.denied.items()},
        "further": dict(found.further),
        "answers": table.plain(found.scored)["totals"],
    }


def section(found: Told) -> list[str]:
    """The part of the page."""
    halves = parts(found.scored)
    counted = {name: counts(part) for name, part in halves.items()}
    rows = [
        ["findings of the file that are read in the story", *(count_text(found.as_in_file[name]) for name in halves)],
        ["read as the opposite", *(count_text(found.denied[name]) for name in halves)],
        ["further readings for each story, right or wrong", *(f"{found.further[name]:.1f}" for name in halves)],
        *([metric, *(count_text(one[metric]) for one in counted.values())] for metric in counted["all"]),
    ]
    return [
        "## From the story alone",
        "",
        "Each case as its owner or the person would type it, answered at once: no question asked, and everything that was read "
        "taken as said, wrong readings too. What the story does not say, such as how it began or where, the file may still hold.",
        "",
        *markdown(["", *(f"{name}, {len(part)}" for name, part in halves.items())], rows),
    ]
