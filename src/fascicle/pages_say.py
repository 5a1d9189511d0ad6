"""What web pages talk about beside how likely it is in this case: two things that are easily taken for one."""

from __future__ import annotations

from collections.abc import Sequence

from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.pages_say import Topic
from fascicle.model import Assessment, Evidence, Explanation, Level
from fascicle.page_counts import PageRow, PagesSay


def pages_say(result: Assessment, every: Sequence[Explanation], knowledge: Knowledge) -> PagesSay | None:
    """Return what pages name for this movement, with the probability of each cause in this case.

    every: all causes, likeliest first, with exact probabilities; empty where these cannot be had, and then None is returned.

    The causes named most, of equals the less likely first, and below them the likeliest one if it is not among them. None
    where no topic fits, where the pages of this program do not hold, where nothing was recognised, and whenever it could
    soothe against a danger: with a red flag, or from a level of today on. Computes nothing anew.
    """
    topic = _fitting(result.evidence, knowledge)
    if topic is None or not every or result.outside is not None or not result.recognised:
        return None
    if result.urgency.red_flags or result.urgency.level >= Level.TODAY:
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


def _chosen(every: Sequence[Explanation], topic: Topic, known: Evidence, knowledge: Knowledge) -> list[Explanation]:
    """The causes to show. every: all causes, likeliest first."""
    shown = knowledge.pages_say
    named = [
        e
        for e in every
        if topic.named.get(e.cause, 0) >= shown.least_pages and topic.not_for.get(e.cause) not in known.present
    ]
    rows = sorted(named, key=lambda e: (-topic.named[e.cause], e.probability))[: shown.most_rows]
    return rows if every[0] in rows else [*rows, every[0]]
