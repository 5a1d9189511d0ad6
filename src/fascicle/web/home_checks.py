"""What can be looked at safely at home, once no danger presses: open signs that would tell most between the likely causes."""

from __future__ import annotations

from math import log2

from fascicle.knowledge.base import Knowledge
from fascicle.model import Assessment, Level
from fascicle.web.context import Choice

CAUSES, CHECKS = 3, 4
"""Signs of so many leading causes are weighed, and so many are shown."""


def home_checks(result: Assessment, knowledge: Knowledge) -> tuple[Choice, ...]:
    """Signs that nothing is known of, with how to look for each safely (`check` in findings.yaml); none where somebody
    should be rung today.

    In the order of the chance that the sign is there because of a leading cause, times how much that would say for it.
    """
    if result.urgency.level >= Level.TODAY:
        return ()
    known = result.evidence.present | result.evidence.absent | result.evidence.disputed
    background, worth = knowledge.profile.background, dict[str, float]()
    for explanation in result.explanations[:CAUSES]:
        for sign, link in knowledge.causes[explanation.cause].signs.items():
            if knowledge.findings[sign].check and sign not in known and link.p > background[sign].p:
                told = explanation.probability * link.p * log2(link.p / background[sign].p)
                worth[sign] = worth.get(sign, 0.0) + told
    best = sorted(worth, key=lambda sign: -worth[sign])[:CHECKS]
    return tuple(Choice(sign, knowledge.findings[sign].name, knowledge.findings[sign].check or "") for sign in best)
