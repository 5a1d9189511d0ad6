"""The pages that answer, as contexts: the alarm, the result, why not a cause, and the two sides of paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import exp

from fascicle import explain
from fascicle.case_file import MAX_BYTES
from fascicle.knowledge.base import Knowledge
from fascicle.model import Assessment, CareLine, Contribution, Explanation, Level, RedFlag
from fascicle.pipeline import why_not, worse_than
from fascicle.report import charts
from fascicle.report.text import VERDICTS, WORTH_NAMING, between, percent
from fascicle.web.ages import age_words
from fascicle.web.asking import frame, level_words
from fascicle.web.calls import call_groups
from fascicle.web.context import Line, Mention
from fascicle.web.context_answers import AlarmPage, Article, Cause, PrintPage, ResultPage, WhyNot, WhyNotPage
from fascicle.web.home_checks import home_checks
from fascicle.web.instruments import offers, scores
from fascicle.web.library_instruments import diary_links
from fascicle.web.questions import checklist
from fascicle.web.saving import case_yaml
from fascicle.web.sources import Numbered
from fascicle.web.story import ABSENT, PRESENT, Story, case_of

LEADING = 3
LISTED = 8
ANSWERS = 6
SOONER = 6
FILM = (
    "Film it: the whole body first, then the part that moves. Half a minute is enough. Do not bring it on again and again.",
    "Note the time it starts and stops, what came just before, and how it is right after.",
    "Note whether you can break in: by the name, by a treat, by holding the part gently.",
)
FILM_PERSON = (
    "Film it, or let somebody film it: the part that moves, in good light. Half a minute is enough.",
    "Note the time it starts and stops, and what came just before.",
    "Note whether you can stop it by moving or by holding the part.",
)


def alarm_page(
    story: Story, knowledge: Knowledge, result: Assessment, flags: Sequence[RedFlag], then: str
) -> AlarmPage:
    """A red flag the moment it is met: how soon, why, what to do, what not to do."""
    cited = Numbered(knowledge.sources)
    level = max(flag.level for flag in flags)
    words = level_words(level, knowledge)
    return AlarmPage(
        title=words.name,
        at="alarm",
        back=False,
        then=then,
        urgency=words,
        reasons=tuple(flag.why for flag in flags if flag.level == level),
        now=_lines(result.care.now, cited, result),
        avoid=_lines(result.care.avoid[:ANSWERS], cited),
        sources=cited.references(),
        calls=call_groups(knowledge.species),
        **frame(story, knowledge),
    )


def result_page(story: Story, knowledge: Knowledge, result: Assessment) -> ResultPage:
    """The answer, in the order of what to do first."""
    cited = Numbered(knowledge.sources)
    profile, urgency = knowledge.profile, result.urgency
    level = level_words(urgency.level, knowledge)
    care = result.care
    person = profile.id == "person"
    return ResultPage(
        title=level.name,
        at="result",
        wide=True,
        urgency=level,
        reasons=urgency.reasons,
        notes=result.notes,
        now=_lines(care.now, cited, result),
        avoid=_lines(care.avoid, cited),
        watch=_lines(care.watch_for, cited),
        causes=tuple(_cause(e, result, knowledge) for e in result.explanations[:LEADING]),
        others=tuple(_mention(e) for e in result.explanations[LEADING:LISTED]),
        also=tuple(Mention(a.name, percent(a.probability), between(a.low, a.high)) for a in result.also_present),
        recognised=result.recognised,
        why_not=_frightening(story, knowledge, result),
        sooner=_sooner(result, knowledge),
        more=urgency.level < Level.EMERGENCY_NOW,
        risk=_risk(result, knowledge, cited),
        confirm=_lines(care.confirm, cited),
        outlook=_lines(care.outlook, cited),
        prevent=_lines(care.prevent, cited),
        articles=tuple(
            Article(c.claim, c.verdict, VERDICTS[c.verdict], c.danger, cited.line(c.why, c.sources))
            for c in result.claims
        ),
        scores=scores(story, knowledge, cited),
        conflicts=len(result.evidence.conflicts),
        icon_key=charts.icon_key(),
        report=_report(story, knowledge, result),
        review=_review(result, knowledge),
        version=result.knowledge_version,
        many=profile.many,
        sources=cited.references(result.sources),
        calls=call_groups(profile.id) if urgency.level >= Level.TODAY else (),
        film=FILM_PERSON if person else FILM,
        checks=home_checks(result, knowledge),
        offers=offers(story, knowledge, result),
        diaries=diary_links(knowledge),
        **frame(story, knowledge, result),
    )


def why_not_page(story: Story, knowledge: Knowledge, cause: str) -> WhyNotPage:
    """Why not this cause, with the single findings that would put it first. One posterior for each open finding."""
    found = why_not(case_of(story, knowledge), cause, knowledge)
    e = found.explanation
    return WhyNotPage(
        title=f"Why not: {e.name}",
        at="why_not",
        then="result",
        cause=e.cause,
        name=e.name,
        share=percent(e.probability),
        between=between(e.low, e.high),
        against=_moved(found.against),
        in_favour=_moved(found.in_favour),
        would_change=tuple(knowledge.findings[f].name for f in found.would_change[:ANSWERS]),
        **frame(story, knowledge),
    )


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
    level = level_words(result.urgency.level, knowledge)
    return PrintPage(
        title=f"For the {knowledge.profile.expert}",
        at="print",
        then="result",
        who=_who(story),
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
        not_asked=tuple(q.text[knowledge.species] for q in knowledge.questions if q.id not in put and not q.group)[
            :SOONER
        ],
        timeline=timeline,
        flags=tuple(findings[f].name for f in looked if f in evidence.absent),
        unchecked=tuple(findings[f].name for f in looked if f not in evidence.absent and f not in evidence.present),
        causes=tuple(_mention(e) for e in result.explanations[:LISTED]),
        now=tuple(c.text for c in result.care.now[:ANSWERS]),
        avoid=tuple(c.text for c in result.care.avoid[:ANSWERS]),
        version=result.knowledge_version,
        review=_review(result, knowledge),
        on=today.isoformat(),
        scores=scores(story, knowledge),
        **frame(story, knowledge, result),
    )


def _who(story: Story) -> tuple[tuple[str, str], ...]:
    age = "" if story.age_years is None else age_words(story.age_years)
    weight = "" if story.weight_kg is None else f"{story.weight_kg:g} kg"
    sex = (story.sex or "").replace("_", ", ").capitalize()
    rows = (("Age", age), ("Sex", sex), ("Breed", story.breed or ""), ("Weight", weight))
    return tuple((name, value or "not told") for name, value in rows)


def _lines(lines: Iterable[CareLine], cited: Numbered, result: Assessment | None = None) -> tuple[Line, ...]:
    """Lines of care; given the result, one for any cause but the likeliest says for which."""
    names = {e.cause: e.name for e in result.explanations[1:]} if result else {}
    return tuple(cited.line(line.text, line.sources, names.get(line.cause or "", "")) for line in lines)


def _mention(e: Explanation) -> Mention:
    return Mention(e.name, percent(e.probability), between(e.low, e.high))


def _cause(e: Explanation, result: Assessment, knowledge: Knowledge) -> Cause:
    """One explanation with its charts."""
    steps = [c for c in result.contributions if c.cause == e.cause]
    page = knowledge.causes[e.cause]
    basis = "study" if page.rate.basis in ("study", "guideline") else "estimate"
    return Cause(
        e.cause,
        e.name,
        page.summary,
        percent(e.probability),
        between(e.low, e.high),
        explain.natural_frequency(e, knowledge.profile.many),
        basis,
        charts.icon_array(e.probability, e.low, e.high),
        charts.range_bar(e.probability, e.low, e.high),
        charts.waterfall(steps) if steps else "",
        _moved(sorted((c for c in steps if c.finding or c.step != explain.STEPS[0]), key=lambda c: -abs(c.log_odds))),
    )


def _moved(steps: Iterable[Contribution]) -> tuple[str, ...]:
    """What each answer did, in words."""
    told = [c for c in steps if abs(c.log_odds) >= WORTH_NAMING and c.step != explain.STEPS[0]]
    return tuple(f"{c.text}: {_times(c.log_odds)}" for c in told[:ANSWERS])


def _times(log_odds: float) -> str:
    factor = exp(abs(log_odds))
    words = f"{factor:.1f}" if factor < 10 else f"{factor:,.0f}"
    return f"{words} times {'likelier' if log_odds > 0 else 'less likely'}"


def _frightening(story: Story, knowledge: Knowledge, result: Assessment) -> WhyNot | None:
    """The most urgent listed cause that asks for more than the answer does, and what speaks against it."""
    worst = worse_than(result.urgency.level, result.explanations)
    if worst is None:
        return None
    steps = [c for c in result.contributions if c.cause == worst.cause and c.step != explain.STEPS[0]]
    return WhyNot(
        worst.cause,
        worst.name,
        level_words(worst.level, knowledge),
        percent(worst.probability),
        between(worst.low, worst.high),
        _moved(sorted((c for c in steps if c.log_odds < 0), key=lambda c: c.log_odds)),
        _moved(sorted((c for c in steps if c.log_odds > 0), key=lambda c: -c.log_odds)),
    )


def _sooner(result: Assessment, knowledge: Knowledge) -> tuple[str, ...]:
    """Single findings that would make it more urgent: red flags of which one part is missing, near ones first.

    An exposure that was ruled out is not named again.
    """
    evidence = result.evidence
    present = evidence.present | evidence.disputed
    found: dict[str, tuple[bool, int]] = {}
    for rule in knowledge.red_flags:
        level = Level.of(rule.to)
        lacking: list[tuple[str, ...]] = [(f,) for f in rule.all if f not in present]
        lacking += [rule.any] if rule.any and present.isdisjoint(rule.any) else []
        if level <= result.urgency.level or len(lacking) != 1:
            continue
        gone = [f for f in lacking[0] if knowledge.findings[f].about == "context" and f in evidence.absent]
        if len(gone) < len(lacking[0]):
            near = not present.isdisjoint((*rule.all, *rule.any))
            found[rule.why] = max(found.get(rule.why, (False, 0)), (near, int(level)))
    return tuple(sorted(found, key=lambda why: found[why], reverse=True)[:SOONER])


def _risk(result: Assessment, knowledge: Knowledge, cited: Numbered) -> tuple[Line, ...]:
    notes = knowledge.causes[result.explanations[0].cause].risk_notes if result.explanations else ()
    return tuple(cited.line(note.text, note.sources) for note in notes)


def _review(result: Assessment, knowledge: Knowledge) -> str:
    names = {knowledge.causes[e.cause].reviewed_by for e in result.explanations[:LISTED]} - {"none"}
    if not names:
        return f"No {knowledge.profile.expert} has reviewed these pages yet."
    return f"Some of these pages were reviewed by {', '.join(sorted(names))}."


def _report(story: Story, knowledge: Knowledge, result: Assessment) -> str:
    """A text to copy when the answer seems wrong. At most as long as a case file."""
    said = "; ".join(f"{e.name} {percent(e.probability)}" for e in result.explanations[:LEADING])
    head = (
        f"This answer seems wrong to me.\nIt said: {result.urgency.level.id}. {said}.\n"
        f"I think or know it was: \nBecause: \n\nKnowledge {result.knowledge_version}\n\n"
    )
    return (head + case_yaml(story, knowledge, words=False))[:MAX_BYTES]
