"""The two sides of paper for the vet or doctor."""

from __future__ import annotations

from datetime import date

from fascicle.knowledge.base import Knowledge
from fascicle.model import Assessment, Explanation
from fascicle.report.shares import chance, chance_between
from fascicle.report.text import review
from fascicle.web.ages import age_words
from fascicle.web.answering import ANSWERS, LISTED, SOONER
from fascicle.web.asking import frame, level_words, mention
from fascicle.web.context_answers import PrintPage
from fascicle.web.instruments import scores
from fascicle.web.questions import checklist
from fascicle.web.story import ABSENT, PRESENT, Story
from fascicle.web.subject import asks_weight, breeds_of


def print_page(story: Story, knowledge: Knowledge, result: Assessment, today: date) -> PrintPage:
    """Two sides of paper: the story, what is so and not so, the red flags looked for, what may explain it."""
    evidence, findings = result.evidence, knowledge.findings
    grouped = {option for options in knowledge.options.values() for option in options}
    said = {f: mark for answer in story.answers for f, mark in answer.said.items()}
    told = [f for f in findings if said.get(f) == PRESENT]
    ruled = [f for f in findings if said.get(f) == ABSENT]
    put = set(story.put)
    looked = [f for q in checklist(knowledge) for f in q.items]
    timeline = tuple(
        (
            group.ask[knowledge.species],
            "; ".join(findings[o].name for o in knowledge.options[name] if o in evidence.present),
        )
        for name, group in knowledge.groups.items()
        if group.about == "event" and not evidence.present.isdisjoint(knowledge.options[name])
    )
    known = evidence.present | evidence.absent | evidence.disputed
    unput = (q.items for q in knowledge.questions if q.id not in put and not q.group and not known.issuperset(q.items))
    open_items = [tuple(f for f in items if f not in known) for items in unput]
    level = level_words(result.urgency.level, knowledge)
    return PrintPage(
        title=f"For the {knowledge.profile.expert}",
        at="print",
        then="result",
        who=_who(story, knowledge),
        text=story.text or "",
        urgency=level,
        reasons=result.urgency.reasons,
        present=tuple(findings[f].name for f in told if f not in grouped),
        absent=tuple(findings[f].name for f in ruled if f not in looked),
        unsure=tuple(
            findings[f].name
            for f, mark in said.items()
            if mark == "?" and f in findings and f not in grouped and f not in looked
        ),
        not_asked=tuple("; ".join(findings[f].name for f in items) for items in open_items[:SOONER])
        if result.outside is None
        else (),
        timeline=timeline,
        flags=tuple(findings[f].name for f in looked if f in evidence.absent),
        unchecked=tuple(findings[f].name for f in looked if f not in evidence.absent and f not in evidence.present),
        causes=tuple(mention(e, knowledge) for e in result.explanations[:LISTED]) if result.outside is None else (),
        fits=tuple(f"{e.name}: {_rare(e, knowledge)}" for e in result.fits) if result.outside is None else (),
        now=tuple(c.text for c in result.care.now[:ANSWERS]),
        avoid=tuple(c.text for c in result.care.avoid[:ANSWERS]),
        version=result.knowledge_version,
        review=review(result, knowledge, LISTED),
        on=today.isoformat(),
        sheet=knowledge.wording.sheet if result.outside is None else "",
        told_by=knowledge.wording.told_by,
        scores=scores(story, knowledge),
        **frame(story, knowledge, result),
    )


def _rare(e: Explanation, knowledge: Knowledge) -> str:
    """How likely it is all the same, with its range."""
    telling = knowledge.triage.telling
    span = chance_between(e.probability, e.low, e.high, telling)
    return chance(e.probability, telling) + (f" (could be {span})" if span else "")


def _who(story: Story, knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """Who it is, as far as the page of the subject asks for it."""
    age = "" if story.age_years is None else age_words(story.age_years)
    weight = "" if story.weight_kg is None else f"{story.weight_kg:g} kg"
    sex = (story.sex or "").replace("_", ", ").capitalize()
    rows = [("Age", age), ("Sex", sex), ("Breed", story.breed or ""), ("Weight", weight)]
    unasked = {"Breed": not breeds_of(knowledge), "Weight": not asks_weight(knowledge)}
    return tuple((name, value or "not told") for name, value in rows if value or not unasked.get(name))
