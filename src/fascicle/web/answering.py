"""The pages that answer, as contexts: the alarm, the result, why not a cause, and the two sides of paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from fascicle import explain
from fascicle.case_file import MAX_BYTES
from fascicle.evidence import warning
from fascicle.knowledge.base import Knowledge
from fascicle.model import Assessment, CareLine, Contribution, Explanation, Level, RedFlag
from fascicle.pipeline import why_not
from fascicle.remarks import worse_than
from fascicle.report import charts
from fascicle.report.shares import WORTH_NAMING, between, chance, chance_between, percent, times
from fascicle.report.text import VERDICTS, gave, review
from fascicle.scope import by_flags
from fascicle.web.again import look_again
from fascicle.web.asking import frame, level_words, mention
from fascicle.web.calls import call_groups
from fascicle.web.context import Line
from fascicle.web.context_answers import (
    AlarmPage,
    Article,
    Cause,
    NotFor,
    PageCause,
    PagesTalk,
    ResultPage,
    WhyNot,
    WhyNotPage,
)
from fascicle.web.home_checks import home_checks
from fascicle.web.instruments import offers, scores
from fascicle.web.library_instruments import diary_links
from fascicle.web.questions import kind_question
from fascicle.web.saving import case_yaml
from fascicle.web.sources import Numbered
from fascicle.web.story import Story, case_of

LEADING = 3
LISTED = 8
ANSWERS = 6
SOONER = 6
MEND = {
    "too_young": ("show:who", "The age is wrong: change it"),
    "no_movement": ("show:movement", "Something did move: tell what it looks like"),
}
"""Where to tell it otherwise, where the pages do not hold."""
ASK = ("show:movement", "Tell what it looks like")
NOT_YET = ("You have not said yet what it looks like", "Without that nothing can be weighed, so no cause is shown.")
"""What stands in its place when the answer was wanted before the movement was asked for."""


def alarm_page(
    story: Story, knowledge: Knowledge, result: Assessment, flags: Sequence[RedFlag], then: str
) -> AlarmPage:
    """A red flag the moment it is met: how soon, why, what to do, what not to do; what the answer would say, and no less.

    Before the movement was asked for, what to do where nothing moves does not belong here.
    """
    cited = Numbered(knowledge.sources)
    level = result.urgency.level
    words = level_words(level, knowledge)
    outside = result.outside.why if result.outside else ""
    unasked = result.outside is not None and result.outside.id == "no_movement"
    now = by_flags(result.urgency, knowledge) if unasked else result.care.now
    lesser = {flag.why for flag in flags if flag.level < max(each.level for each in flags)}
    return AlarmPage(
        title=words.name,
        at="alarm",
        back=False,
        then=then,
        urgency=words,
        reasons=tuple(why for why in result.urgency.reasons if why != outside and why not in lesser),
        now=_lines(now, cited, result),
        avoid=_lines(result.care.avoid[:ANSWERS], cited),
        drive=knowledge.wording.drive,
        sources=cited.references(),
        calls=call_groups(knowledge.species),
        **frame(story, knowledge, result, causes=False),
    )


def result_page(story: Story, knowledge: Knowledge, result: Assessment, today: date) -> ResultPage:
    """The answer, in the order of what to do first."""
    cited = Numbered(knowledge.sources)
    profile, urgency = knowledge.profile, result.urgency
    level = level_words(urgency.level, knowledge)
    care, not_for = result.care, _not_for(story, knowledge, result, cited)
    held = result.explanations if not_for is None else ()
    avoid = _lines(care.avoid, cited)
    return ResultPage(
        title=level.name,
        at="result",
        wide=True,
        urgency=level,
        reasons=tuple(why for why in urgency.reasons if result.outside is None or why != result.outside.why),
        notes=result.notes,
        now=tuple(line for line in _lines(care.now, cited, result) if not_for is None or line not in not_for.now),
        avoid=avoid[: knowledge.triage.avoid_first],
        avoid_more=avoid[knowledge.triage.avoid_first :],
        watch=_lines(care.watch_for, cited),
        causes=tuple(_cause(e, result, knowledge) for e in held[:LEADING]),
        others=tuple(mention(e, knowledge) for e in held[LEADING:LISTED]),
        also=tuple(mention(a, knowledge) for a in result.also_present if held),
        recognised=result.recognised,
        why_not=_frightening(knowledge, result) if held else None,
        every=_every(knowledge) if held else (),
        pages_talk=_pages_talk(result, knowledge),
        sooner=_sooner(result, knowledge),
        more=urgency.level < Level.EMERGENCY_NOW and not_for is None,
        risk=_risk(result, knowledge, cited) if held else (),
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
        review=review(result, knowledge, LISTED),
        version=result.knowledge_version,
        many=profile.many,
        sources=cited.references(result.sources),
        calls=call_groups(profile.id) if urgency.level >= Level.TODAY else (),
        film=() if result.outside and result.outside.id == "no_movement" else knowledge.wording.film,
        checks=home_checks(result, knowledge) if held else (),
        not_for=not_for,
        offers=offers(story, knowledge, result),
        diaries=diary_links(knowledge) if held else (),
        again=look_again(urgency.level, knowledge, today) if not_for is None else "",
        **frame(story, knowledge, result),
    )


def why_not_page(story: Story, knowledge: Knowledge, cause: str) -> WhyNotPage:
    """Why not this cause, with the single findings that would put it first. Costs what `explain.why_not` does."""
    found = why_not(case_of(story, knowledge), cause, knowledge)
    e = found.explanation
    return WhyNotPage(
        title=f"Why not: {e.name}",
        at="why_not",
        then="result",
        cause=e.cause,
        name=e.name,
        share=percent(e.probability, knowledge.triage.telling),
        between=between(e.low, e.high, knowledge.triage.telling),
        against=moved(found.against),
        in_favour=moved(found.in_favour),
        would_change=tuple(knowledge.findings[f].name for f in found.would_change[:ANSWERS]),
        leads=found.leads,
        weighed=found.weighed,
        **frame(story, knowledge),
    )


def _lines(lines: Iterable[CareLine], cited: Numbered, result: Assessment | None = None) -> tuple[Line, ...]:
    """Lines of care; given the result, one for any cause but the likeliest says for which."""
    names = {e.cause: e.name for e in result.explanations[1:]} if result else {}
    return tuple(cited.line(line.text, line.sources, names.get(line.cause or "", "")) for line in lines)


def _cause(e: Explanation, result: Assessment, knowledge: Knowledge) -> Cause:
    """One explanation with its charts."""
    steps = [c for c in result.contributions if c.cause == e.cause]
    page = knowledge.causes[e.cause]
    basis = "study" if page.rate.basis in ("study", "guideline") else "estimate"
    return Cause(
        e.cause,
        e.name,
        page.summary,
        percent(e.probability, knowledge.triage.telling),
        between(e.low, e.high, knowledge.triage.telling),
        explain.natural_frequency(e, knowledge),
        basis,
        charts.icon_array(e.probability, e.low, e.high),
        charts.range_bar(e.probability, e.low, e.high, knowledge.triage.telling),
        charts.waterfall(steps) if steps else "",
        moved(sorted((c for c in steps if c.finding or c.step != explain.STEPS[0]), key=lambda c: -abs(c.log_odds))),
    )


def moved(steps: Iterable[Contribution]) -> tuple[str, ...]:
    """What each answer did, in words."""
    told = [c for c in steps if abs(c.log_odds) >= WORTH_NAMING and c.step != explain.STEPS[0]]
    return tuple(f"{c.text}: {times(c.log_odds)}" for c in told[:ANSWERS])


def _every(knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """Every cause with a page, by name, to ask why it is not the answer."""
    other = knowledge.profile.other.cause
    named = [(page.id, page.name) for page in knowledge.causes.values() if page.id != other]
    return tuple(sorted(named, key=lambda pair: pair[1].lower()))


def _not_for(story: Story, knowledge: Knowledge, result: Assessment, cited: Numbered) -> NotFor | None:
    """Why the pages do not hold, what to do instead, and where to tell it otherwise."""
    found = result.outside
    if found is None:
        return None
    instead = tuple(line for line in result.care.now if line in found.now or line == found.ask)
    unasked = found.id == "no_movement" and kind_question(knowledge).id not in story.put
    name, why = NOT_YET if unasked else (found.name, found.why)
    return NotFor(name, why, _lines(instead, cited), *(ASK if unasked else MEND[found.id]))


def _frightening(knowledge: Knowledge, result: Assessment) -> WhyNot | None:
    """The most urgent listed cause that asks for more than the answer does, and what speaks against it."""
    worst = worse_than(result.urgency.level, result.explanations)
    if worst is None:
        return None
    steps = [c for c in result.contributions if c.cause == worst.cause and c.step != explain.STEPS[0]]
    return WhyNot(
        worst.cause,
        worst.name,
        level_words(worst.level, knowledge),
        percent(worst.probability, knowledge.triage.telling),
        between(worst.low, worst.high, knowledge.triage.telling),
        moved(sorted((c for c in steps if c.log_odds < 0), key=lambda c: c.log_odds)),
        moved(sorted((c for c in steps if c.log_odds > 0), key=lambda c: -c.log_odds)),
    )


def _pages_talk(result: Assessment, knowledge: Knowledge) -> PagesTalk | None:
    """What web pages name, beside how likely it is here; None where that has no place."""
    found = result.pages_say
    if found is None:
        return None
    return PagesTalk(
        found.about,
        found.pages,
        gave(found),
        f"{found.read_on:%B} {found.read_on.year}",
        tuple(
            PageCause(
                row.cause,
                row.name,
                f"{row.named} of {found.pages}",
                _kept(chance(row.probability, knowledge.triage.telling)),
                _kept(chance_between(row.probability, row.low, row.high, knowledge.triage.telling)),
            )
            for row in found.rows
        ),
    )


def _kept(words: str) -> str:
    """A figure that no narrow column tears apart."""
    return words.replace(" %", "\u00a0%").replace(" in ", "\u00a0in\u00a0")


def _sooner(result: Assessment, knowledge: Knowledge) -> tuple[str, ...]:
    """Single findings that would make it more urgent: red flags of which one part is missing, near ones first.

    Of these the ones come first whose missing part the likely causes bring along most often, so that a spider's bite does not
    stand under sleep starts. An exposure that was ruled out, or has nothing to do with what was told, is not named.
    """
    evidence = result.evidence
    present = warning(evidence, knowledge)
    never = knowledge.ties.ruled_out(evidence.present)
    found: dict[str, tuple[bool, float]] = {}
    for rule in knowledge.red_flags:
        level = Level.of(rule.to)
        lacking: list[tuple[str, ...]] = [(f,) for f in rule.all if f not in present]
        lacking += [rule.any] if rule.any and present.isdisjoint(rule.any) else []
        if level <= result.urgency.level or len(lacking) != 1:
            continue
        near = not present.isdisjoint((*rule.all, *rule.any))
        met = [f for f in lacking[0] if knowledge.findings[f].about == "context" and (f in evidence.absent or not near)]
        if len(never.union(met).intersection(lacking[0])) < len(lacking[0]):
            rank = (near, max(_brought(f, result, knowledge) for f in lacking[0]))
            found[rule.why] = max(found.get(rule.why, rank), rank)
    return tuple(sorted(found, key=lambda why: found[why], reverse=True)[:SOONER])


def _brought(finding: str, result: Assessment, knowledge: Knowledge) -> float:
    """How often the likely causes bring a finding along, by the figures of their pages."""
    pages = [(e.probability, knowledge.causes[e.cause]) for e in result.explanations[:LISTED]]
    figures = [
        (p, part.get(finding)) for p, page in pages for part in (page.kinds, page.event, page.signs, page.context)
    ]
    return sum(p * figure.p for p, figure in figures if figure is not None and figure.p is not None)


def _risk(result: Assessment, knowledge: Knowledge, cited: Numbered) -> tuple[Line, ...]:
    notes = knowledge.causes[result.explanations[0].cause].risk_notes if result.explanations else ()
    return tuple(cited.line(note.text, note.sources) for note in notes)


def _report(story: Story, knowledge: Knowledge, result: Assessment) -> str:
    """A text to copy when the answer seems wrong. At most as long as a case file."""
    said = "; ".join(
        f"{e.name} {percent(e.probability, knowledge.triage.telling)}" for e in result.explanations[:LEADING]
    )
    head = (
        f"This answer seems wrong to me.\nIt said: {result.urgency.level.id}. {said}.\n"
        f"I think or know it was: \nBecause: \n\nKnowledge {result.knowledge_version}\n\n"
    )
    return (head + case_yaml(story, knowledge, words=False))[:MAX_BYTES]
