"""What can be looked at safely at home, once no danger presses: open signs that would tell most between the likely causes."""

from __future__ import annotations

from math import log2

from fascicle.knowledge.base import Knowledge
from fascicle.model import Assessment, Level
from fascicle.web.context import Choice

CAUSES, CHECKS = 3, 4
"""Signs of so many leading causes are weighed, and so many are shown."""


def home_checks(result: Assessment, knowledge: Knowledge) -> tuple[Choice, ...]:
    """Signs that nothing is known of, with how to look for each; none where somebody should be rung today.

    Only what a question lets an owner look at or feel (effort 2): no signs of pain, for a sore place must not be tried out,
    and no danger signs or poisons, which are no checks for a quiet hour. In the order of the chance that the sign is there
    because of a leading cause, times how much that would say for it.
    """
    if result.urgency.level >= Level.TODAY:
        return ()
    evidence, background = result.evidence, knowledge.profile.background
    sore = {sign for syndrome in knowledge.profile.syndromes.values() for sign in syndrome.members}
    looked_at = {item for q in knowledge.questions if q.effort == 2 and not q.first for item in q.items} - sore
    worth: dict[str, float] = {}
    for explanation in result.explanations[:CAUSES]:
        for sign, link in knowledge.causes[explanation.cause].signs.items():
            open_yet = sign not in evidence.present and sign not in evidence.absent and sign not in evidence.disputed
            if open_yet and sign in looked_at and link.p > background[sign].p:
                told = explanation.probability * link.p * log2(link.p / background[sign].p)
                worth[sign] = worth.get(sign, 0.0) + told
    best = sorted(worth, key=lambda sign: -worth[sign])[:CHECKS]
    return tuple(Choice(sign, knowledge.findings[sign].name, knowledge.findings[sign].help) for sign in best)
