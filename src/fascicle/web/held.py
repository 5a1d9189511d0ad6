"""What holds of a case that could not be worked out in time: its red flags, which need no numbers."""

from __future__ import annotations

from fascicle import triage
from fascicle.evidence import gather
from fascicle.knowledge.base import Knowledge
from fascicle.model import Case


def held(case: Case, knowledge: Knowledge) -> str:
    """How soon to act by the red flags alone, why and what to do, the most urgent first; empty where none is met."""
    flags = triage.red_flags(gather(case, knowledge), knowledge)
    if not flags:
        return ""
    acts = {rule.id: rule.act for rule in knowledge.red_flags}
    name = knowledge.triage.levels[flags[0].level.id].name  # type: ignore[index]
    told = dict.fromkeys(f"{flag.why} {acts[flag.id]}" for flag in flags)
    return f"{name}. {' '.join(told)}"
