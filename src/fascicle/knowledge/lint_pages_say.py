"""Lint on what web pages name: references, and counts that can be."""

from __future__ import annotations

from collections.abc import Iterator

from fascicle.errors import Issue
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.places import Documents, at, entry_path, nearest

FILE = "pages_say.yaml"


def pages_counted(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """A topic names known kinds, findings and causes of its species, and no count is above the pages read."""
    for topic in knowledge.pages_say.topics:
        path = entry_path(documents, FILE, "topics", topic.id)
        for kind in topic.kinds:
            if kind not in knowledge.findings or knowledge.findings[kind].group != "kind":
                wrong = f"{topic.id} names {kind!r}, which is no kind of movement."
                yield at(documents, FILE, path, wrong, nearest(kind, knowledge.findings))
        for known, names in (
            (knowledge.findings, (*topic.needs, *topic.not_for.values())),
            (knowledge.causes, (*topic.named, *topic.not_for)),
        ):
            for name in names:
                if name not in known:
                    wrong = f"{topic.id} names {name!r}, which is unknown."
                    yield at(documents, FILE, path, wrong, nearest(name, known))
        for name, count in {"give_likelihood": topic.give_likelihood, **topic.named}.items():
            if count > topic.pages:
                wrong = f"{topic.id} counts {count} of {topic.pages} pages for {name}."
                yield at(documents, FILE, path, wrong, "count again.")
