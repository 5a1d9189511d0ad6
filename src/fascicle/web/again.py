"""When to look again, in words: never as if nobody had been seen, nor as if the case had been saved."""

from __future__ import annotations

from datetime import date, timedelta

from fascicle.knowledge.base import Knowledge
from fascicle.model import Level

NEWS = "comes more often, lasts longer, or something new joins it"
KEPT = "If you saved this case, open the file at the start of the questions; without it answer them afresh."


def look_again(level: Level, knowledge: Knowledge, today: date) -> str:
    """What to say of looking again at this urgency; empty for an emergency, which leaves no time for it."""
    days = knowledge.triage.levels[level.id].look_again_days  # type: ignore[index]
    expert = knowledge.profile.expert
    if level is Level.EMERGENCY_NOW:
        return ""
    if level is Level.TODAY:
        return f"If it gets worse or something new joins it before the {expert} has seen it, do not wait: ring again."
    if days is not None:
        on = today + timedelta(days=days)
        return (
            f"Look again on {on:%A} {on.day} {on:%B}, in {days} days: if it has not gone by then, answer again. "
            f"Do so sooner if it {NEWS}. {KEPT}"
        )
    if level is Level.NORMAL:
        return f"No date is needed. If it {NEWS}, answer again. {KEPT}"
    return f"If it {NEWS} before the {expert} has seen it, answer again: it may then be more urgent. {KEPT}"
