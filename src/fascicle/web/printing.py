"""The two sides of paper for the vet or doctor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from fascicle.case_checks import known_breed
from fascicle.knowledge.base import Knowledge
from fascicle.model import Assessment, Contribution, Explanation
from fascicle.report.shares import between, chance, chance_between, percent
from fascicle.report.text import review
from fascicle.web.ages import age_words
from fascicle.web.answering import ANSWERS, LEADING, LISTED, SOONER, moved
from fascicle.web.asking import frame, level_words
from fascicle.web.context_answers import PrintCause, PrintPage
from fascicle.web.instruments import scores
from fascicle.web.questions import about_who, checklist
from fascicle.web.sources import Numbered
from fascicle.web.story import ABSENT, PRESENT, UNSURE, Story
from fascicle.web.subject import asks_weight, breeds_of

SPEAK = 3
"""Answers told for and against a cause, and of each only the strongest; the whole must fit on two sides."""
MOST_CITED = 4


def print_page(story: Story, knowledge: Knowledge, result: Assessment, today: date) -> PrintPage:
    """Two sides of paper: the story, what is so and not so, the red flags looked for, what may explain it, the sources."""
    evidence, findings, cited = result.evidence, knowledge.findings, Numbered(knowledge.sources)
    grouped = {option for options in knowledge.options.values() for option in options}
    overview = "" if knowledge.overview is None else knowledge.overview.id
    said = {f: mark for answer in story.answers for f, mark in answer.said.items()}
    told = _telling_first((f for f in findings if said.get(f) == PRESENT), result)
    ruled = _telling_first((f for f in findings if said.get(f) == ABSENT), result)
    sure = {f: m for each in story.answers if each.question != overview for f, m in each.said.items()}
    looked = [f for q in checklist(knowledge) for f in q.items]
    timeline = tuple(
        (
            group.ask[knowledge.species],
            "; ".join(findings[o].name for o in knowledge.options[name] if o in evidence.present),
        )
        for name, group in knowledge.groups.items()
        if group.about == "event" and not evidence.present.isdisjoint(knowledge.options[name])
    )
    holds = result.outside is None
    reasons = _reasons(result, cited)
    causes = tuple(_cause(e, result, knowledge, cited) for e in result.explanations[:LISTED]) if holds else ()
    unput = _unput(story, result, knowledge) if holds else ()
    return PrintPage(
        title=f"For the {knowledge.profile.expert}",
        at="print",
        then="result",
        who=_who(story, knowledge),
        text=story.text or "",
        urgency=level_words(result.urgency.level, knowledge),
        reasons=reasons,
        present=tuple(findings[f].name for f in told if f not in grouped),
        absent=tuple(findings[f].name for f in ruled if f not in looked),
        unsure=tuple(
            findings[f].name
            for f, mark in sure.items()
            if mark == UNSURE and f in findings and f not in grouped and f not in looked
        ),
        not_asked=unput[:SOONER],
        more_open=len(unput[SOONER:]),
        anything_else=_anything_else(story, overview),
        timeline=timeline,
        flags=tuple(findings[f].name for f in looked if f in evidence.absent),
        unchecked=tuple(findings[f].name for f in looked if f not in evidence.absent and f not in evidence.present),
        causes=causes,
        fits=tuple(f"{e.name}: {_rare(e, knowledge)}" for e in result.fits) if holds else (),
        now=tuple(c.text for c in result.care.now[:ANSWERS]),
        avoid=tuple(c.text for c in result.care.avoid[: knowledge.triage.avoid_first]),
        version=result.knowledge_version,
        review=review(result, knowledge, LISTED),
        on=today.isoformat(),
        sheet=knowledge.wording.sheet if holds else "",
        told_by=knowledge.wording.told_by,
        scores=scores(story, knowledge),
        sources=tuple((each.number, each.words) for each in cited.references()),
        **frame(story, knowledge, result),
    )


def _telling_first(told: Iterable[str], result: Assessment) -> list[str]:
    """Danger signs first, then what moved the likely causes most; the rest in the order of the vocabulary."""
    danger = {f for flag in result.urgency.red_flags for f in flag.findings}
    weight: dict[str, float] = {}
    for step in result.contributions:
        if step.finding is not None:
            weight[step.finding] = max(weight.get(step.finding, 0.0), abs(step.log_odds))
    return sorted(told, key=lambda f: (f not in danger, -weight.get(f, 0.0)))


def _reasons(result: Assessment, cited: Numbered) -> tuple[str, ...]:
    """Why so soon, each red flag with the numbers of its sources."""
    held: dict[str, tuple[str, ...]] = {}
    for flag in result.urgency.red_flags:
        held[flag.why] = (*held.get(flag.why, ()), *flag.sources)
    return tuple(f"{why}{_numbers(cited.cite(held.get(why, ())[:MOST_CITED]))}" for why in result.urgency.reasons)


def _numbers(cites: tuple[tuple[int, str], ...]) -> str:
    return f" [{', '.join(str(number) for number, _ in cites)}]" if cites else ""


def _cause(e: Explanation, result: Assessment, knowledge: Knowledge, cited: Numbered) -> PrintCause:
    """A cause; of the first few also the answers that speak most for and against it, and what its figures rest on."""
    telling, page = knowledge.triage.telling, knowledge.causes[e.cause]
    share, span = percent(e.probability, telling), between(e.low, e.high, telling)
    if e not in result.explanations[:LEADING]:
        return PrintCause(e.name, share, span)
    steps = [_so(c) for c in result.contributions if c.cause == e.cause]
    figures = {**page.kinds, **page.event, **page.signs, **page.context}
    used = [s for f, figure in figures.items() if f in result.evidence.present for s in figure.sources]
    return PrintCause(
        e.name,
        share,
        span,
        moved(sorted((c for c in steps if c.log_odds > 0), key=lambda c: -c.log_odds))[:SPEAK],
        moved(sorted((c for c in steps if c.log_odds < 0), key=lambda c: c.log_odds))[:SPEAK],
        _numbers(cited.cite(tuple(dict.fromkeys((*page.rate.sources, *used)))[:MOST_CITED])),
    )


def _so(step: Contribution) -> Contribution:
    """The step with a no in words that do not stumble behind “against”."""
    return replace(step, text=f"no “{step.text.removeprefix('not: ')}”") if step.text.startswith("not: ") else step


def _unput(story: Story, result: Assessment, knowledge: Knowledge) -> tuple[str, ...]:
    """What was not asked, one line for each question: lists by their question, findings by name.

    What the question of everything else put to them was asked, whether anything was ticked or not.
    """
    evidence, put = result.evidence, set(story.put)
    known = evidence.present | evidence.absent | evidence.disputed
    known |= knowledge.ties.ruled_out(evidence.present)  # a man's pregnancy
    asked: set[str] = set()
    if knowledge.overview is not None and knowledge.overview.id in put:
        asked = {f for family in knowledge.overview.families for f in family.items}
    lists, lines = [], []
    for q in knowledge.questions:
        if q.id in put or q.id in about_who(knowledge):
            continue
        if q.group:
            if q.group not in evidence.options and known.isdisjoint(knowledge.options[q.group]):
                lists.append(q.text[knowledge.species])
        elif missing := [f for f in q.items if f not in known and f not in asked]:
            lines.append("; ".join(knowledge.findings[f].name for f in missing))
    return (*lists, *lines)


def _anything_else(story: Story, overview: str) -> str:
    """What became of the question of everything else, where it was put and brought nothing."""
    answer = story.answer(overview) if overview else None
    if answer is None or answer.marked(PRESENT):
        return ""
    return "could not tell" if answer.marked(UNSURE) else "asked, nothing ticked"


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
    breed = story.breed or ""
    if breed and breeds_of(knowledge) and not known_breed(breed, knowledge):
        breed += " (not in the list, so not used)"
    rows = [("Age", age), ("Sex", sex), ("Breed", breed), ("Weight", weight)]
    unasked = {"Breed": not breeds_of(knowledge), "Weight": not asks_weight(knowledge)}
    return tuple((name, value or "not told") for name, value in rows if value or not unasked.get(name))
