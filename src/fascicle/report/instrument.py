"""A questionnaire, its score and a diary as plain text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.figures import Share
from fascicle.knowledge.instruments import Accuracy, Diary, Entry, Instrument
from fascicle.knowledge.schema import Line
from fascicle.model import Status
from fascicle.report.text import bullet, cited, paragraph, source_list, titled
from fascicle.scoring import Score

PRIVATE = "It ran on this computer and sent nothing anywhere."
OPEN = "It leaves open whether “{name}” is so."
SO = {Status.PRESENT: "so", Status.ABSENT: "not so"}
STANDS = "In a case file it stands for  {status}: [{finding}]"


def text(found: Score, knowledge: Knowledge) -> str:
    """Return the score, what it means and does not mean, and which answer it stands for, as text."""
    return "\n".join(_text(found, knowledge)) + "\n"


def data(found: Score, knowledge: Knowledge) -> dict[str, Any]:
    """Return the score as JSON-ready data."""
    instrument, band = found.instrument, found.band
    return {
        "instrument": instrument.id,
        "name": instrument.name,
        "answers": list(found.answers),
        "score": found.total,
        "highest": instrument.highest,
        "band": band.name,
        "means": band.means,
        "limit": _line(instrument.limit),
        "finding": instrument.finding if found.status else None,
        "status": found.status.value if found.status else None,
        "care": [_line(line) for line in band.care],
        "sources": [knowledge.sources[s].model_dump(mode="json", exclude_none=True) for s in instrument.cited],
    }


def about(entry: Entry, knowledge: Knowledge) -> dict[str, Any]:
    """Return a questionnaire or diary whole, as JSON-ready data."""
    return {"kind": kind(entry), "species": knowledge.species} | entry.model_dump(
        mode="json", exclude_none=True, by_alias=True, exclude={"species"}
    )


def kind(entry: Entry) -> str:
    """What it is, in one word."""
    return "diary" if isinstance(entry, Diary) else "questionnaire"


def questions(instrument: Instrument) -> str:
    """Return the questions with their choices, as text."""
    lines = [instrument.name, paragraph(f"What it looks at: {instrument.measures}."), "", paragraph(instrument.asks)]
    lines += [paragraph(f"{number}. {words}", 2) for number, words in enumerate(instrument.items, start=1)]
    lines += ["", *(f"  {option.score}  {option.text}" for option in instrument.options)]
    if instrument.credit:
        lines += ["", paragraph(instrument.credit)]
    return "\n".join(lines) + "\n"


def diary(entry: Diary) -> str:
    """Return a diary as text: what to write down, and what in it is a reason to see somebody."""
    lines = [entry.name, paragraph(f"What it keeps: {entry.measures}."), "", "How to fill it in"]
    lines += [bullet(line.text + cited(line.sources)) for line in entry.how]
    for table in entry.tables:
        lines += ["", f"{table.name} ({table.rows} rows)"]
        lines += [bullet(f"{c.name} ({c.hint})" if c.hint else c.name) for c in table.columns]
    lines += ["", "See somebody"]
    lines += [bullet(line.text + cited(line.sources)) for line in entry.act]
    lines += ["", paragraph(f"As a page to print: fascicle serve, then Library. {entry.licence.text}")]
    return "\n".join(lines) + "\n"


def accuracy(found: Accuracy) -> str:
    """How well a cut finds an illness, in people out of a hundred."""
    parts = []
    if found.sensitivity is not None:
        parts.append(f"of 100 with it, about {_of_hundred(found.sensitivity)} score {found.cut} or more")
    if found.specificity is not None:
        parts.append(f"of 100 without it, about {_of_hundred(found.specificity)} score less than {found.cut}")
    return f"{found.of[:1].upper()}{found.of[1:]}: {'; '.join(parts)}."


def _text(found: Score, knowledge: Knowledge) -> Iterator[str]:
    instrument, band = found.instrument, found.band
    yield found.words
    yield paragraph(band.means, 2)
    yield from titled("What to do", band.care)
    yield ""
    yield "What it does not say"
    yield bullet(instrument.limit.text + cited(instrument.limit.sources))
    yield from (bullet(accuracy(each) + cited(_figures(each))) for each in instrument.accuracy)
    yield ""
    yield "What it stands for"
    if found.status is not None and band.why is not None:
        name = knowledge.findings[str(instrument.finding)].name
        yield bullet(f"“{name}” is {SO[found.status]}. {band.why.text}{cited(band.why.sources)}")
        yield f"    {STANDS.format(status=found.status.value, finding=instrument.finding)}"
    elif instrument.finding is not None:
        yield bullet(OPEN.format(name=knowledge.findings[instrument.finding].name))
    yield from source_list(instrument.cited, knowledge)
    yield ""
    yield paragraph(" ".join(filter(None, (instrument.credit, instrument.licence.text, PRIVATE))))


def _of_hundred(figure: Share) -> str:
    return f"{100 * figure.p:.0f} ({100 * figure.low:.0f} to {100 * figure.high:.0f})"


def _figures(found: Accuracy) -> tuple[str, ...]:
    used = [s for figure in (found.sensitivity, found.specificity) if figure is not None for s in figure.sources]
    return tuple(dict.fromkeys(used))


def _line(line: Line) -> dict[str, Any]:
    return {"text": line.text, "sources": list(line.sources)}
