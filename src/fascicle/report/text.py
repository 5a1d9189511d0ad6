"""An assessment as plain text for a terminal: what to do first, then what explains it, then why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill

from fascicle.explain import WhyNot, natural_frequency
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.schema import Line
from fascicle.model import Assessment, CareLine, Contribution, Level, RedFlag
from fascicle.page_counts import PagesSay
from fascicle.report.shares import WORTH_NAMING, between, chance, chance_between, percent, times
from fascicle.scope import worth_asking

WIDTH = 88
LISTED = 6
ANSWERS = 8
VERDICTS = {
    "partly": "This holds in part.",
    "contested": "Sources do not bear this out.",
    "refuted": "This is wrong.",
    "unverified": "No source for this was found.",
}
DISCLAIMER = (
    "This is not a diagnosis and does not replace a {expert}. It weighs what you told it by published figures and marked "
    "estimates. {review} It ran on this computer and sent nothing anywhere."
)


def assessment(result: Assessment, knowledge: Knowledge) -> str:
    """Return the whole answer as text."""
    return "\n".join(_assessment(result, knowledge)) + "\n"


def _assessment(result: Assessment, knowledge: Knowledge) -> Iterator[str]:
    yield from urgency(result, knowledge)
    if result.outside is not None:
        yield ""
        yield result.outside.name
    if result.notes:
        yield ""
        yield "Please note"
        yield from (bullet(note) for note in result.notes)
    yield from _care("What to do now", result.care.now, result)
    yield from _care("What not to do", result.care.avoid)
    yield from _care("Watch for", result.care.watch_for)
    yield from _conflicts(result)
    yield from _explanations(result, knowledge)
    yield from _why(result)
    yield from _risk(result, knowledge)
    yield from _care("How it is confirmed", result.care.confirm)
    yield from _care("How it usually goes on", result.care.outlook)
    yield from _care("Preventing it", result.care.prevent)
    yield from _claims(result)
    yield from _pages(result, knowledge)
    question = worth_asking(result)
    if question is not None and result.urgency.level < Level.EMERGENCY_NOW:
        yield ""
        yield "What would sharpen this" if result.outside is None else "What still decides how soon"
        alone = question.group is None and len(question.findings) == 1
        asks = knowledge.findings[question.findings[0]].ask[knowledge.species] if alone else question.text
        yield bullet(f"{asks} ({question.why})")
    yield from source_list(result.sources, knowledge)
    yield ""
    yield fill(DISCLAIMER.format(expert=knowledge.profile.expert, review=review(result, knowledge)), WIDTH)


def review(result: Assessment, knowledge: Knowledge, listed: int = LISTED) -> str:
    """Who has reviewed the pages of the causes that an answer lists."""
    names = {knowledge.causes[e.cause].reviewed_by for e in result.explanations[:listed]} - {"none"}
    if not names:
        return f"No {knowledge.profile.expert} has reviewed these pages yet."
    return f"Some of these pages were reviewed by {', '.join(sorted(names))}."


def urgency(result: Assessment, knowledge: Knowledge) -> Iterator[str]:
    """The urgency with its reasons."""
    text = knowledge.triage.levels[result.urgency.level.id]  # type: ignore[index]
    yield f"How soon: {text.name.upper() if result.urgency.level >= Level.TODAY else text.name}"
    yield _indent(text.means)
    yield from (bullet(reason) for reason in result.urgency.reasons)


def red_flag(flag: RedFlag, act: str, knowledge: Knowledge) -> str:
    """One red flag the moment it is met."""
    name = knowledge.triage.levels[flag.level.id].name  # type: ignore[index]
    return f"{name.upper()}\n{_indent(flag.why)}\n{_indent(act)}"


def why_not(found: WhyNot, knowledge: Knowledge) -> str:
    """What speaks for and against one cause."""
    e, telling = found.explanation, knowledge.triage.telling
    lines = ["", f"Why {e.name} stands at {percent(e.probability, telling)} ({between(e.low, e.high, telling)})"]
    if not found.against and not found.in_favour:
        lines.append(_indent("No answer has moved it yet; this is how common it is."))
    for word, answers in (("against", found.against), ("in favour", found.in_favour)):
        told = [c for c in answers[:ANSWERS] if abs(c.log_odds) >= WORTH_NAMING]
        lines += [bullet(f"{word}: {c.text} ({times(c.log_odds)})") for c in told]
    if found.leads:
        lines.append(bullet("it is the likeliest already"))
    elif not found.weighed:
        lines.append(bullet("with so many signs at once no further finding was tried"))
    elif found.would_change:
        names = [knowledge.findings[f].name for f in found.would_change[:3]]
        lines.append(bullet("would come first if this were present: " + "; ".join(names)))
    else:
        lines.append(bullet("no single further finding would put it first"))
    return "\n".join(lines) + "\n"


def _explanations(result: Assessment, knowledge: Knowledge) -> Iterator[str]:
    if not result.explanations or result.outside is not None:
        return
    telling = knowledge.triage.telling
    yield ""
    yield "What may explain it (in brackets the range the figures allow, 9 in 10 times)"
    for e in result.explanations[:LISTED]:
        yield f"  {percent(e.probability, telling):>6}  {e.name} ({between(e.low, e.high, telling)})"
    yield _indent(f"In numbers: {natural_frequency(result.explanations[0], knowledge)}.")
    if result.also_present:
        yield ""
        yield "May be there as well, whether or not it explains this"
        for a in result.also_present:
            yield f"  {percent(a.probability, telling):>6}  {a.name} ({between(a.low, a.high, telling)})"


def _why(result: Assessment) -> Iterator[str]:
    if not result.explanations or result.outside is not None:
        return
    top = result.explanations[0]
    steps = [c for c in result.contributions if c.cause == top.cause]
    answers = sorted((c for c in steps if c.step != "base rate"), key=lambda c: -abs(c.log_odds))
    if not answers:
        return
    yield ""
    yield f"Why {top.name} (what each answer did to the odds)"
    for c in answers[:ANSWERS]:
        if abs(c.log_odds) >= WORTH_NAMING:
            yield bullet(f"{c.text}: {times(c.log_odds)}")
    yield from _matters(answers)


def _risk(result: Assessment, knowledge: Knowledge) -> Iterator[str]:
    """What else is known to make the likeliest cause more common."""
    held = result.explanations[:1] if result.outside is None else ()
    notes = knowledge.causes[held[0].cause].risk_notes if held else ()
    yield from _care("What makes it more common", (CareLine(n.text, None, n.sources) for n in notes))


def _claims(result: Assessment) -> Iterator[str]:
    """What was perhaps read elsewhere, and what holds."""
    if result.claims:
        yield ""
        yield "You may have read"
    for claim in result.claims:
        danger = " This can do harm." if claim.danger else ""
        yield bullet(f"“{claim.claim}” {VERDICTS[claim.verdict]}{danger} {claim.why}{cited(claim.sources)}")


def _pages(result: Assessment, knowledge: Knowledge) -> Iterator[str]:
    """How many web pages name a cause, beside how likely it is here."""
    found = result.pages_say
    if found is None:
        return
    yield ""
    yield "What pages talk about, and how likely it is for you"
    yield _indent(
        f"Of {found.pages} web pages about {found.about}, {gave(found)} gave any number of how likely a cause is."
    )
    for row in found.rows:
        span = chance_between(row.probability, row.low, row.high, knowledge.triage.telling)
        likely = chance(row.probability, knowledge.triage.telling) + (f" ({span})" if span else "")
        told = f"{likely} {row.name}: named by {row.named} of {found.pages}"
        yield bullet(told)


def gave(found: PagesSay) -> str:
    """How many pages gave any number, in words."""
    return f"only {found.give_likelihood}" if found.give_likelihood else "none"


def _matters(answers: Sequence[Contribution]) -> Iterator[str]:
    """The answer without which the odds would differ most."""
    weighed = [(abs(c.weight), c) for c in answers if c.weight is not None]
    if weighed:
        weight, most = max(weighed, key=lambda pair: pair[0])
        if weight >= WORTH_NAMING:
            assert most.weight is not None
            yield bullet(f"matters most: {most.text}; without it {times(-most.weight)}")


def _conflicts(result: Assessment) -> Iterator[str]:
    if result.evidence.conflicts:
        yield ""
        yield "Two answers that do not fit together"
        for conflict in result.evidence.conflicts:
            yield bullet(f"{conflict.why} {conflict.question}")


def _care(title: str, lines: Iterable[CareLine], result: Assessment | None = None) -> Iterator[str]:
    """Lines of care; given the result, a line for any cause but the likeliest says for which."""
    found = list(lines)
    names = {e.cause: e.name for e in result.explanations[1:]} if result else {}
    if found:
        yield ""
        yield title
        for line in found:
            case = f"If it is “{names[line.cause]}”: " if line.cause in names else ""
            yield bullet(case + line.text + cited(line.sources))


def cited(sources: Sequence[str]) -> str:
    """The ids of sources behind a line, in brackets."""
    return f" [{', '.join(sources)}]" if sources else ""


def source_list(sources: Sequence[str], knowledge: Knowledge) -> Iterator[str]:
    """What was read, with what was read of it."""
    if not sources:
        return
    yield ""
    yield "Sources (what was read of each stands in brackets)"
    for identity in sources:
        entry = knowledge.sources[identity]
        who = f"{_first(entry.authors).rstrip('.')}. " if entry.authors else ""
        year = f" {entry.year}." if entry.year else ""
        where = f"doi:{entry.doi}" if entry.doi else entry.url
        yield bullet(f"{identity}: {who}{entry.title}.{year} {where} [{entry.read}]")


def _first(authors: str) -> str:
    """The first author and “et al.”, or a short name whole."""
    first, rest, _ = authors.partition(", ")
    if "(" in first and ")" not in first:
        return authors
    return f"{first} et al." if rest else first


def titled(title: str, lines: Iterable[Line]) -> Iterator[str]:
    """Lines of advice under a title; nothing where there are none."""
    shown = list(lines)
    if shown:
        yield ""
        yield title
        yield from (bullet(line.text + cited(line.sources)) for line in shown)


def bullet(text: str) -> str:
    """One line of a list, wrapped."""
    return fill(
        text, WIDTH, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False, break_long_words=False
    )


def _indent(text: str) -> str:
    return fill(
        text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False, break_long_words=False
    )


def paragraph(text: str, indent: int = 0) -> str:
    """Wrapped text."""
    space = " " * indent
    return fill(text, WIDTH, initial_indent=space, subsequent_indent=space, break_on_hyphens=False)


def item(number: int, text: str) -> str:
    """One numbered line of a list."""
    return fill(text, WIDTH, initial_indent=f"  {number:>2}  ", subsequent_indent="      ", break_on_hyphens=False)
