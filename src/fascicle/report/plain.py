"""An assessment as plain data for JSON: the contract other programs rely on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fascicle.explain import WhyNot
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.schema import Source
from fascicle.model import Assessment, CareLine, Contribution, Explanation, Outside, Question
from fascicle.page_counts import PagesSay

CONTRACT = 1
"""Raised when a key is removed or changes its meaning; added keys do not raise it."""


def assessment(result: Assessment, knowledge: Knowledge) -> dict[str, Any]:
    """Return the assessment as JSON-ready data. Probabilities are in 0..1, log_odds natural logarithms."""
    urgency = result.urgency
    return {
        "contract": CONTRACT,
        "knowledge_version": result.knowledge_version,
        "species": result.case.species,
        "urgency": {
            "level": urgency.level.id,
            "reasons": list(urgency.reasons),
            "red_flags": [
                {
                    "id": flag.id,
                    "level": flag.level.id,
                    "why": flag.why,
                    "findings": list(flag.findings),
                    "sources": list(flag.sources),
                }
                for flag in urgency.red_flags
            ],
            "by_probabilities": None if urgency.probabilistic is None else urgency.probabilistic.id,
            "losses": dict(urgency.losses),
            "loss_ranges": {level: list(span) for level, span in urgency.loss_ranges.items()},
        },
        "recognised": result.recognised,
        "outside": None if result.outside is None else _outside(result.outside),
        "explanations": [_explanation(e) for e in result.explanations],
        "fits": [_explanation(e) for e in result.fits],
        "also_present": [
            {"cause": a.cause, "name": a.name, "probability": a.probability, "low": a.low, "high": a.high}
            for a in result.also_present
        ],
        "care": {
            section: _lines(getattr(result.care, section))
            for section in ("now", "avoid", "watch_for", "prevent", "confirm", "outlook")
        },
        "contributions": [_contribution(c) for c in result.contributions],
        "conflicts": [
            {"findings": list(c.findings), "why": c.why, "question": c.question} for c in result.evidence.conflicts
        ],
        "next_question": None if result.next_question is None else question(result.next_question),
        "claims": [
            {
                "id": c.id,
                "article": c.article,
                "claim": c.claim,
                "verdict": c.verdict,
                "danger": c.danger,
                "why": c.why,
                "sources": list(c.sources),
            }
            for c in result.claims
        ],
        "pages_say": _pages(result.pages_say),
        "sources": [source(knowledge.sources[identity]) for identity in result.sources],
        "notes": list(result.notes),
    }


def question(asked: Question) -> dict[str, Any]:
    """Return a question as JSON-ready data."""
    return {
        "id": asked.id,
        "text": asked.text,
        "findings": list(asked.findings),
        "group": asked.group,
        "families": [{"id": f.id, "text": f.text, "findings": list(f.findings)} for f in asked.families],
        "why": asked.why,
        "red_flags": asked.red_flags,
    }


def source(entry: Source) -> dict[str, Any]:
    """Return one source as JSON-ready data."""
    return entry.model_dump(mode="json", exclude_none=True)


def why_not(found: WhyNot) -> dict[str, Any]:
    """Return what speaks for and against a cause as JSON-ready data."""
    return {
        **_explanation(found.explanation),
        "against": [_contribution(c) for c in found.against],
        "in_favour": [_contribution(c) for c in found.in_favour],
        "would_change": list(found.would_change),
        "leads": found.leads,
        "weighed": found.weighed,
    }


def _pages(found: PagesSay | None) -> dict[str, Any] | None:
    if found is None:
        return None
    rows = [
        {
            "cause": row.cause,
            "name": row.name,
            "named": row.named,
            "probability": row.probability,
            "low": row.low,
            "high": row.high,
        }
        for row in found.rows
    ]
    return {
        "topic": found.topic,
        "about": found.about,
        "pages": found.pages,
        "give_likelihood": found.give_likelihood,
        "read_on": found.read_on.isoformat(),
        "rows": rows,
    }


def _explanation(e: Explanation) -> dict[str, Any]:
    return {
        "cause": e.cause,
        "name": e.name,
        "probability": e.probability,
        "low": e.low,
        "high": e.high,
        "level": e.level.id,
    }


def _contribution(step: Contribution) -> dict[str, Any]:
    return {
        "cause": step.cause,
        "step": step.step,
        "finding": step.finding,
        "text": step.text,
        "log_odds": step.log_odds,
        "weight": step.weight,
    }


def _outside(found: Outside) -> dict[str, Any]:
    return {"id": found.id, "name": found.name, "why": found.why, "now": _lines(found.now)}


def _lines(lines: Iterable[CareLine]) -> list[dict[str, Any]]:
    return [{"text": line.text, "cause": line.cause, "sources": list(line.sources)} for line in lines]
