"""Lints on questionnaires: the findings and places they name. That the bands leave no score out is a rule of the schema."""

from __future__ import annotations

from collections.abc import Iterator

from fascicle.errors import Issue
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.places import Documents, at, entry_path, nearest


def instrument_references(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A questionnaire speaks of a known finding, and is offered where a known place is; its id is no question's."""
    asked = {question.id for question in knowledge.questions}
    for instrument in knowledge.instruments.values():
        path = entry_path(documents, "instruments.yaml", "instruments", instrument.id)
        where = instrument.offer.where if instrument.offer else ()
        for name in (*([instrument.finding] if instrument.finding else []), *where):
            if name not in knowledge.findings:
                wrong = f"{instrument.id} names {name!r}, which is no finding of a {knowledge.species}."
                yield at(documents, "instruments.yaml", path, wrong, nearest(name, knowledge.findings))
        if instrument.id in asked or instrument.id in knowledge.diaries:
            wrong = f"{instrument.id} is also the id of a question or a diary."
            yield at(documents, "instruments.yaml", path, wrong, "give it an id of its own.")
