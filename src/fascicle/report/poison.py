"""A dose of a poison as plain text and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fascicle.doses import Dose
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.figures import Rate
from fascicle.knowledge.schema import Line
from fascicle.knowledge.toxins import Band
from fascicle.knowledge.wording import Instead
from fascicle.model import Level
from fascicle.report.text import bullet, paragraph, source_list, titled

UNKNOWN_DOSE = "Give --weight and --amount (and --form or --concentration) to work out the dose."
DISCLAIMER = (
    "This is not a diagnosis. Doses come from single cases and small series; a {expert} or poison line knows more. It ran "
    "on this computer and sent nothing anywhere."
)


def text(found: Dose, knowledge: Knowledge) -> str:
    """Return the dose, how soon to act, and what to do and not to do, as text."""
    return "\n".join(_text(found, knowledge)) + "\n"


def data(found: Dose, knowledge: Knowledge) -> dict[str, Any]:
    """Return the dose as JSON-ready data; doses in mg per kg of body weight, None where they are not known."""
    exposure, calm = found.exposure, at_home(found, knowledge)
    return {
        "toxin": found.toxin.id,
        "name": found.toxin.name,
        "substance": found.toxin.substance,
        "species": knowledge.species,
        "form": found.form.id if found.form else None,
        "urgency": {"level": found.level.id, "why": found.why},
        "dose": {"mg_per_kg": found.mg_per_kg, "low": found.low, "high": found.high},
        "any_amount": exposure.any_amount is not None,
        "bands": [
            {
                "above": _figure(band.above),
                "level": band.level,
                "expect": band.expect,
                "reached": band in found.reached,
                "possible": found.high is not None and found.high >= band.above.low,
            }
            for band in exposure.bands
        ],
        "forms": [
            {"id": form.id, "name": form.name, "unit": form.unit, "mg": _figure(form.holds)}
            for form in found.toxin.forms
        ],
        "onset": _line(exposure.onset),
        "first_signs": _line(exposure.first_signs),
        "now": [_line(line) for line in (calm.now if calm else exposure.now)],
        "if_worse": [_line(line) for line in exposure.now] if calm else [],
        "avoid": [_line(line) for line in exposure.avoid],
        "notes": [_line(line) for line in exposure.notes],
        "sources": [knowledge.sources[s].model_dump(mode="json", exclude_none=True) for s in sources(found)],
    }


def instead(knowledge: Knowledge) -> str:
    """What to do where there is no table of doses, as text; empty where there is one."""
    said = knowledge.wording.no_doses
    if said is None:
        return ""
    lines = [said.name, *([paragraph(said.why, 2)] if said.why else [])]
    lines += [*titled("What to do now", said.now), *titled("What not to do", said.avoid)]
    lines += [*source_list(_named(said), knowledge), ""]
    return "\n".join(lines)


def instead_data(knowledge: Knowledge) -> dict[str, Any]:
    """The same as JSON-ready data."""
    said = knowledge.wording.no_doses
    if said is None:
        return {}
    return {
        "species": knowledge.species,
        "name": said.name,
        "why": said.why,
        "now": [_line(line) for line in said.now],
        "avoid": [_line(line) for line in said.avoid],
        "sources": [knowledge.sources[s].model_dump(mode="json", exclude_none=True) for s in _named(said)],
    }


def _named(said: Instead) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for line in (*said.now, *said.avoid) for s in line.sources))


def at_home(found: Dose, knowledge: Knowledge) -> Instead | None:
    """What to do at home where the dose asks for no more; None where somebody has to be rung.

    The steps of a poison are written for a dose that matters, and “ring now” does not go with “watch at home”.
    """
    return knowledge.wording.low_dose if found.level < Level.WITHIN_DAYS else None


def sources(found: Dose) -> tuple[str, ...]:
    """Ids of every source the answer rests on."""
    figures = [*(band.above for band in found.exposure.bands), *(form.holds for form in found.toxin.forms)]
    used = [source for figure in figures for source in figure.sources]
    return tuple(dict.fromkeys([*used, *found.exposure.sources]))


def _text(found: Dose, knowledge: Knowledge) -> Iterator[str]:
    level = knowledge.triage.levels[found.level.id]  # type: ignore[index]
    yield f"{found.toxin.name}: {level.name.upper() if found.level >= Level.TODAY else level.name}"
    calm = at_home(found, knowledge)
    yield paragraph(calm.why or level.means if calm else level.means, 2)
    yield bullet(found.why)
    yield from _dose(found)
    exposure = found.exposure
    if calm:
        yield from titled("What to do now", calm.now)
        yield from titled(calm.name, exposure.now)
    else:
        yield from titled("What to do now", exposure.now)
    yield from titled("What not to do", exposure.avoid)
    yield from titled("What comes first", (exposure.first_signs,))
    yield from titled("How fast", (exposure.onset,))
    yield from _bands(found.exposure.bands, found, knowledge)
    yield from titled("Good to know", exposure.notes)
    yield from source_list(sources(found), knowledge)
    yield ""
    yield paragraph(DISCLAIMER.format(expert=knowledge.profile.expert))


def _dose(found: Dose) -> Iterator[str]:
    substance = found.toxin.substance
    if found.mg_per_kg is None:
        if found.exposure.bands:  # else no dose would change the answer
            yield bullet(UNKNOWN_DOSE)
    elif found.low == found.high:
        yield bullet(f"The dose is about {amount(found.mg_per_kg)} mg of {substance} per kg of body weight.")
    else:
        assert found.low is not None and found.high is not None
        about, of = ("up to about", ", that of the strongest product") if found.any_product else ("about", "")
        yield bullet(
            f"The dose is {about} {amount(found.mg_per_kg)} mg of {substance} per kg of body weight{of}; products differ, so "
            f"it may be {amount(found.low)} to {amount(found.high)}."
        )


def _bands(bands: Iterable[Band], found: Dose, knowledge: Knowledge) -> Iterator[str]:
    shown = list(bands)
    if shown:
        yield ""
        yield f"Doses (mg of {found.toxin.substance} per kg; in brackets the range sources allow)"
    for band in shown:
        mark = " <- reached" if band in found.reached else ""
        figure = band.above
        level = knowledge.triage.levels[band.level].name
        yield bullet(
            f"from {amount(figure.value)} ({amount(figure.low)} to {amount(figure.high)}): {band.expect} [{level}; "
            f"{', '.join(figure.sources) or figure.basis}]{mark}"
        )


def amount(value: float) -> str:
    """A dose with two digits that count."""
    return f"{float(f'{value:.2g}'):g}" if value < 1e6 else f"{value:.2g}"


def _line(line: Line) -> dict[str, Any]:
    return {"text": line.text, "sources": list(line.sources)}


def _figure(figure: Rate) -> dict[str, Any]:
    return figure.model_dump(mode="json", exclude_none=True, by_alias=True)
