"""The case as a file that `fascicle assess` reads, and back. The file goes to the reader; nothing is kept here."""

from __future__ import annotations

import json

from fascicle.knowledge.base import Knowledge
from fascicle.web.instruments import scores
from fascicle.web.story import Story, case_of


def case_yaml(story: Story, knowledge: Knowledge, *, words: bool = True) -> str:
    """Return the case as YAML. words: with the free text, age and all else; else only what the answer rests on."""
    case = case_of(story, knowledge)
    lines = [f"species: {case.species}"]
    plain = {"age_years": case.age_years, "weight_kg": case.weight_kg}
    lines += [f"{name}: {value:g}" for name, value in plain.items() if value is not None]
    quoted = {"sex": case.sex, "breed": case.breed, "region": case.region, "text": case.text if words else None}
    lines += [f"{name}: {_quoted(value)}" for name, value in quoted.items() if value]
    for name in ("present", "absent"):
        values = list(getattr(case, name))
        if values:
            lines.append(f"{name}: [{', '.join(values)}]")
    for name in ("choices", "levels", "observed_by"):
        held = getattr(case, name)
        if held:
            lines.append(f"{name}: {{{', '.join(f'{key}: {json.dumps(value)}' for key, value in held.items())}}}")
    if case.asked_before:
        lines.append(f"asked_before: {case.asked_before}")
    if case.unclear:
        lines.append("unclear: true")
    lines += [f"# {each.words}" for each in scores(story, knowledge)] if words else []
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text in the double quotes of YAML and JSON; what YAML does not take as it is, such as control characters, by number."""
    return "".join(
        each if each.isprintable() or each == " " else json.dumps(each)[1:-1]
        for each in json.dumps(text, ensure_ascii=False)
    )
