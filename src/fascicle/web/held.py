"""What holds of a case that could not be worked out in time: its red flags, which need no numbers."""

from __future__ import annotations

from fascicle import scope, triage
from fascicle.evidence import gather
from fascicle.knowledge.base import Knowledge
from fascicle.model import Case


def held(case: Case, knowledge: Knowledge) -> str:
    """How soon to act by the red flags alone, why and what to do, the most urgent first; empty where none is met."""
    flags = triage.red_flags(gather(case, knowledge), knowledge)
    if not flags:
        return ""
    level = flags[0].level
    why = dict.fromkeys(flag.why for flag in flags if flag.level == level)
    name = knowledge.triage.levels[level.id].name  # type: ignore[index]
    told = (*why, *(line.text for line in scope.asked_for(flags, level, knowledge)))
    return f"{name}. {' '.join(told)}"
