"""What to do and what not to do, and the sources the whole answer rests on."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.figures import Figure
from fascicle.model import Care, CareLine, Explanation, Level, PopularClaim, RedFlag, Urgency
from fascicle.scope import asked_for

CARE_FOR = 4
"""Warnings of this many causes are shown; the knowledge says from which probability."""


def lines(explanations: Sequence[Explanation], urgency: Urgency, knowledge: Knowledge) -> Care:
    """What to do and not to do: red flags first, then what fits the urgency, then every warning that may matter.

    What to do is taken from the most urgent of the likely causes, so that a disc's strict rest never stands beside a
    strain's short walks, nor “nothing needs treating” or “wait and see” under “see a vet today”. A harmless cause that only
    its modifiers make urgent says nothing: its page was written for the calm case; nor does one that is less urgent than what a
    red flag asks for, for “in the next weeks” does not go with “within days”. Of the likeliest cause the
    lines stand that hold at any level: the next dose, the eye that does not close, the other dogs. Warnings are those of the
    likeliest causes from the probability the knowledge sets; of an urgent answer, of the urgent causes among them.
    """
    act = {line.text: line for line in asked_for(urgency.red_flags, urgency.level, knowledge)}
    first, likely = list(explanations[:1]), knowledge.triage.also_present_above
    serious = [e for e in explanations if urgency.level < Level.TODAY or e.level >= Level.TODAY]
    warned = [e for e in serious if e.probability >= knowledge.triage.warn_above][:CARE_FOR] or first
    least = urgency.level if urgency.level >= Level.TODAY or act else urgency.level - 1
    fitting = [e for e in explanations if e in first or e.probability >= likely]
    fitting = [e for e in fitting if e.level >= least and knowledge.causes[e.cause].level >= least]
    careful = max((e.level for e in fitting), default=Level.NORMAL)
    doing = [e for e in fitting if e.level == careful]
    other = knowledge.causes[knowledge.profile.other.cause]
    doing = [e for e in doing if not act or e.cause != other.id]
    if not act and not doing:
        soon = knowledge.triage.levels[urgency.level.id].means  # type: ignore[index]
        act = {soon: CareLine(soon)} if urgency.level >= Level.TODAY else {}
        general = other.now if urgency.level < Level.EMERGENCY_NOW else knowledge.wording.on_the_way
        act |= {line.text: CareLine(line.text, None, line.sources) for line in general}

    held = [e for e in first if e.probability >= likely and e not in doing]
    still = [
        CareLine(x.text, e.cause, x.sources) for e in held for x in knowledge.causes[e.cause].now if x.at_any_level
    ]

    def each(section: str, chosen: Sequence[Explanation]) -> tuple[CareLine, ...]:
        pages = [(e.cause, knowledge.causes[e.cause]) for e in chosen]
        found = [
            CareLine(line.text, None if cause == other.id else cause, line.sources)
            for cause, page in pages
            for line in getattr(page, section)
        ]
        return tuple({line.text: line for line in reversed(found)}.values())[::-1]

    def single(section: str) -> tuple[CareLine, ...]:
        found = [(e.cause, getattr(knowledge.causes[e.cause], section)) for e in first]
        return tuple(CareLine(line.text, cause, line.sources) for cause, line in found if line is not None)

    return Care(
        now=(*act.values(), *each("now", doing), *still),
        avoid=new_first(
            told_once(each("avoid", warned)), frozenset(e.cause for e in warned if e.probability >= likely), knowledge
        ),
        watch_for=each("watch_for", warned),
        prevent=each("prevent", first),
        confirm=single("confirm"),
        outlook=single("outlook"),
    )


def told_once(found: Sequence[CareLine]) -> tuple[CareLine, ...]:
    """The warnings without those with which a longer one begins word for word; that one takes the first place of the two.

    Several causes warn of the same thing, one of them with the reason.
    """
    words = {line.text: _words(line.text) for line in found}
    whole: dict[str, CareLine] = {}
    for line in found:
        own = words[line.text]
        longest = max((o for o in found if words[o.text][: len(own)] == own), key=lambda o: len(words[o.text]))
        whole.setdefault(longest.text, longest)
    return tuple(whole.values())


def new_first(found: Sequence[CareLine], likely: Collection[str], knowledge: Knowledge) -> tuple[CareLine, ...]:
    """The warnings in the order in which few of them say most: what can kill, then the first of each cause, and so on.

    Those of the likely causes (ids) stand before those of the others: a disc's second is worth more than a bellyache's first.
    One that mostly repeats an earlier one in other words stands behind those that say something new; none is lost.
    """
    rank: dict[str | None, int] = {}
    grave = frozenset(knowledge.triage.grave_words)
    turns = []
    for line in found:
        rank[line.cause] = turn = rank.get(line.cause, 0) + 1
        turns.append(((grave.isdisjoint(_words(line.text)), line.cause not in likely, turn), line))
    new: list[CareLine] = []
    repeated: list[CareLine] = []
    for _, line in sorted(turns, key=lambda pair: pair[0]):
        again = any(_shared(line.text, other.text, knowledge) >= knowledge.triage.alike_above for other in new)
        (repeated if again else new).append(line)
    return (*new, *repeated)


def _shared(one: str, other: str, knowledge: Knowledge) -> float:
    """The share of the words that carry the shorter of two warnings which stand in the longer one too."""
    alike = {word: group[0] for group in knowledge.triage.alike_words for word in group}
    empty = frozenset(knowledge.triage.empty_words.split())
    short, long = sorted(
        ({alike.get(w, w) for w in _words(text.replace("-", " ")) if w not in empty} for text in (one, other)), key=len
    )
    return len(short & long) / len(short) if short else 0.0


def _words(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.lower().replace("'s", "").replace("’s", ""))


def sources(
    explanations: Sequence[Explanation],
    flags: Sequence[RedFlag],
    care: Care,
    claims: Sequence[PopularClaim],
    knowledge: Knowledge,
) -> tuple[str, ...]:
    """Ids of every source the answer rests on: figures of the listed causes, red flags, care lines, claims set right."""
    used: dict[str, None] = {}
    for flag in flags:
        used.update(dict.fromkeys(flag.sources))
    for explanation in explanations[:CARE_FOR]:
        page = knowledge.causes[explanation.cause]
        figures: list[Figure] = [page.rate, *([page.prevalence] if page.prevalence else [])]
        figures += [*page.context.values(), *page.kinds.values(), *page.event.values(), *page.signs.values()]
        used.update(dict.fromkeys(s for figure in figures for s in figure.sources))
    for section in (care.now, care.avoid, care.watch_for, care.prevent, care.confirm, care.outlook):
        used.update(dict.fromkeys(s for line in section for s in line.sources))
    used.update(dict.fromkeys(s for claim in claims for s in claim.sources))
    return tuple(used)
