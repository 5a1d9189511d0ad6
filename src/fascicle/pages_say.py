"""What web pages talk about beside how likely it is in this case: two things that are easily taken for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fascicle.errors import FascicleError
from fascicle.inference import infer
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.pages_say import Topic
from fascicle.model import Assessment, Evidence, Explanation, Level
from fascicle.networks import compiled


@dataclass(frozen=True)
class PageRow:
    """One cause: how many pages name it, and how likely it is here."""

    cause: str
    name: str
    named: int
    probability: float
    low: float
    high: float


@dataclass(frozen=True)
class PagesSay:
    """The topic that fits and its causes, the most often named first. give_likelihood: pages that gave any number."""

    topic: str
    about: str
    pages: int
    give_likelihood: int
    read_on: date
    rows: tuple[PageRow, ...]


def pages_say(result: Assessment, knowledge: Knowledge) -> PagesSay | None:
    """Return what pages name for this movement, with the probability of each cause in this case.

    The causes named most, of equals the less likely first, and below them the likeliest one if it is not among them. None
    where no topic fits, where the pages of this program do not hold, where nothing was recognised, where exact numbers
    cannot be had, and whenever it could soothe against a danger: with a red flag, or from a level of today on. One exact
    inference, a few milliseconds.
    """
    topic = _fitting(result.evidence, knowledge)
    if topic is None or result.outside is not None or not result.recognised:
        return None
    if result.urgency.red_flags or result.urgency.level >= Level.TODAY:
        return None
    try:
        networks = compiled(knowledge, result.evidence.observed_by)
        every = infer(result.evidence, knowledge, networks, least=0.0).explanations
    except FascicleError:  # the answer stands without it
        return None
    rows = tuple(
        PageRow(e.cause, e.name, topic.named.get(e.cause, 0), e.probability, e.low, e.high)
        for e in _chosen(every, topic, result.evidence, knowledge)
    )
    return PagesSay(topic.id, topic.about, topic.pages, topic.give_likelihood, topic.read_on, rows)


def _fitting(known: Evidence, knowledge: Knowledge) -> Topic | None:
    """The first topic that fits: one of its kinds, and one of what it needs."""
    for topic in knowledge.pages_say.topics:
        needed = not topic.needs or not known.present.isdisjoint(topic.needs)
        if needed and not known.present.isdisjoint(topic.kinds):
            return topic
    return None


def _chosen(every: tuple[Explanation, ...], topic: Topic, known: Evidence, knowledge: Knowledge) -> list[Explanation]:
    """The causes to show. every: all causes, likeliest first."""
    shown = knowledge.pages_say
    named = [
        e
        for e in every
        if topic.named.get(e.cause, 0) >= shown.least_pages and topic.not_for.get(e.cause) not in known.present
    ]
    rows = sorted(named, key=lambda e: (-topic.named[e.cause], e.probability))[: shown.most_rows]
    return rows if every[0] in rows else [*rows, every[0]]
