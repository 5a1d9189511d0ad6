"""What has to be said about an answer: whether anything was recognised, what is worse and still possible, and how rough it is."""

from __future__ import annotations

from collections.abc import Sequence

from fascicle import scope
from fascicle.inference import Answer
from fascicle.knowledge.base import Knowledge
from fascicle.model import Evidence, Explanation, Level


def worse_than(level: Level, explanations: Sequence[Explanation]) -> Explanation | None:
    """Return the most urgent listed cause, of today at least, that asks for more than this level; of equals the likeliest."""
    worse = [e for e in explanations if e.level > level and e.level >= Level.TODAY]
    return max(worse, key=lambda e: (e.level, e.probability), default=None)


def recognised(known: Evidence, knowledge: Knowledge, explanations: Sequence[Explanation]) -> bool:
    """Return whether there is a movement to explain and a cause with a page leads."""
    leads = bool(explanations) and explanations[0].cause != knowledge.profile.other.cause
    return leads and scope.movement_told(known, knowledge)


def notes_on(known: Evidence, knowledge: Knowledge, answer: Answer) -> tuple[str, ...]:
    """Return what has to be said about an answer besides what was said about the case."""
    notes, explanations = [], answer.explanations
    if not answer.whole:
        notes.append(
            "With so many findings at once there are no reasons in figures, no further question, and the ranges are rough."
        )
    if len(known.scored) + len(known.options) < knowledge.triage.few_answers:
        notes.append("With so few answers this is little more than how common each cause is among such questions.")
    if not scope.movement_told(known, knowledge):
        if known.unclear:
            notes.append(
                "What the movement looks like is not known, so this is a rough guess. Film it and answer again."
            )
        elif scope.outside(known, knowledge) is None:
            notes.append(
                f"No kind of movement was told. This is for a twitch, spasm, tremor, fit or flinch; for anything else the "
                f"figures below mean nothing. Ask a {knowledge.profile.expert}, at once if it looks bad."
            )
    elif explanations and explanations[0].cause == knowledge.profile.other.cause:
        notes.append("Not recognised: none of the causes with a page explains this well. Have it looked at.")
    return tuple(notes)
