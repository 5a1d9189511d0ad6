"""What popular articles say that touches this case, and what holds."""

from __future__ import annotations

from collections.abc import Sequence

from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.claims import Claim
from fascicle.model import Evidence, Explanation, PopularClaim


def claims(known: Evidence, explanations: Sequence[Explanation], knowledge: Knowledge) -> tuple[PopularClaim, ...]:
    """Return the claims worth setting right in this case: the dangerous ones first, then those that touch the likeliest cause.

    A claim counts when it does not simply hold and touches a cause likely enough to be named, or, where it names findings
    only, one that is present. As many as the knowledge lets stand beside an answer.
    """
    likely = [e.cause for e in explanations if e.probability >= knowledge.triage.also_present_above]
    place = {cause: rank for rank, cause in enumerate(likely)}

    def rank(claim: Claim) -> int | None:
        """How near the claim is to this case; None when it does not touch it."""
        if claim.causes:
            return min((place[cause] for cause in claim.causes if cause in place), default=None)
        return len(likely) if not known.present.isdisjoint(claim.findings) else None

    ranked = [
        (not claim.danger, near, number, claim)
        for number, claim in enumerate(knowledge.claims)
        if claim.verdict != "supported" and (near := rank(claim)) is not None
    ]
    chosen = [claim for *_, claim in sorted(ranked, key=lambda each: each[:-1])]
    return tuple(
        PopularClaim(c.id, knowledge.articles[c.article].name, c.claim, c.verdict, c.danger, c.why, c.sources)
        for c in chosen[: knowledge.triage.also_present_most]
    )
