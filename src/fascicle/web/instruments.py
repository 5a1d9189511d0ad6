"""Questionnaires in the interview: when one is offered, its page, its answers read into the story, its score shown."""

from __future__ import annotations

from fascicle import scoring
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.instruments import Instrument
from fascicle.knowledge.schema import CausePage
from fascicle.model import Assessment, Level, Status
from fascicle.web.asking import frame
from fascicle.web.context import InstrumentPage, Offered, Scored, ScoreRow, Wrong
from fascicle.web.forms import BadForm, Form
from fascicle.web.sources import Numbered
from fascicle.web.steps import Mend
from fascicle.web.story import ABSENT, PRESENT, Story, scored, unscored

LISTED = 8
MARKS = {Status.PRESENT: PRESENT, Status.ABSENT: ABSENT}


def offers(story: Story, knowledge: Knowledge, result: Assessment) -> tuple[Offered, ...]:
    """The questionnaires worth filling in here and not filled in yet.

    None in an emergency, where they would hold somebody up, and none for a subject the pages are not about.
    """
    if result.outside is not None or result.urgency.level >= Level.EMERGENCY_NOW:
        return ()
    listed = [knowledge.causes[e.cause] for e in result.explanations[:LISTED]]
    return tuple(
        Offered(each.id, each.offer.words)
        for each in knowledge.instruments.values()
        if each.offer is not None and each.id not in story.scores and _fits(each, result, listed)
    )


def _fits(instrument: Instrument, result: Assessment, listed: list[CausePage]) -> bool:
    """Whether its finding is open or matters to a listed cause; bound to a place, whether it is ticked or open there."""
    present, finding = result.evidence.present, str(instrument.finding)
    unknown = finding not in present and finding not in result.evidence.absent
    where = instrument.offer.where if instrument.offer else ()
    if where:
        return finding in present or (unknown and not present.isdisjoint(where))
    return unknown or any(finding in page.signs for page in listed)


def scores(story: Story, knowledge: Knowledge, cited: Numbered | None = None) -> tuple[Scored, ...]:
    """The scores of the questionnaires that were filled in."""
    numbered = cited or Numbered(knowledge.sources)
    found = (
        scoring.score(knowledge.instruments[name], answers)
        for name, answers in story.scores.items()
        if name in knowledge.instruments
    )
    return tuple(
        Scored(
            each.instrument.id,
            each.instrument.name,
            each.words,
            each.band.means,
            numbered.line(each.instrument.limit.text, each.instrument.limit.sources),
            tuple(numbered.line(line.text, line.sources) for line in each.band.care),
        )
        for each in found
    )


def instrument_page(
    story: Story, knowledge: Knowledge, name: str, form: Form, wrong: tuple[Wrong, ...] = ()
) -> InstrumentPage:
    """A questionnaire to fill in, with what was answered before. Raises BadForm where there is no such one."""
    instrument = _instrument(name, knowledge)
    before = [str(answer) for answer in story.scores.get(name, ())] or [""] * len(instrument.items)
    rows = tuple(
        ScoreRow(_field(number), words, form.one(_field(number)) if wrong else before[number])
        for number, words in enumerate(instrument.items)
    )
    return InstrumentPage(
        title=instrument.offer.words if instrument.offer else instrument.name,
        at="instrument",
        then=form.one("then"),
        instrument=instrument.id,
        stem=instrument.asks,
        rows=rows,
        options=tuple((str(option.score), option.text) for option in instrument.options),
        limit=instrument.limit.text,
        credit=instrument.credit or "",
        done=name in story.scores,
        errors=wrong,
        **frame(story, knowledge),
    )


def read_instrument(story: Story, form: Form, knowledge: Knowledge) -> Story:
    """The story with a questionnaire answered, or taken out again."""
    instrument = _instrument(form.one("instrument"), knowledge)
    if form.one("go") == "skip":
        return unscored(story, instrument.id)
    known = {str(option.score): option.score for option in instrument.options}
    told = [form.one(_field(number)) for number in range(len(instrument.items))]
    open_rows = [number for number, each in enumerate(told) if each not in known]
    if open_rows:
        raise Mend(
            *(Wrong(_field(n), f"Question {n + 1}, “{instrument.items[n]}”: choose an answer.") for n in open_rows)
        )
    found = scoring.score(instrument, [known[each] for each in told])
    said = {} if found.status is None else {str(instrument.finding): MARKS[found.status]}
    return scored(story, instrument.id, found.answers, said)


def _instrument(name: str, knowledge: Knowledge) -> Instrument:
    if name not in knowledge.instruments:
        raise BadForm("There is no such questionnaire. Go back and choose another page.")
    return knowledge.instruments[name]


def _field(number: int) -> str:
    return f"q{number}"
