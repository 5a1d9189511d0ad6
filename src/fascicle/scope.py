"""Whether the pages are about this case at all, and what to do where they are not."""

from __future__ import annotations

from collections.abc import Sequence

from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.properties import kind_group
from fascicle.knowledge.wording import Instead
from fascicle.model import Assessment, Care, CareLine, Evidence, Level, Outside, Question, RedFlag, Urgency


def movement_told(known: Evidence, knowledge: Knowledge) -> bool:
    """Whether any kind of movement is known to be there, or disputed."""
    return not (known.present | known.disputed).isdisjoint(knowledge.options[kind_group(knowledge)])


def outside(known: Evidence, knowledge: Knowledge) -> Outside | None:
    """Why the pages do not hold for this case, None where they do.

    Either its subject is none of theirs, or something was told of it and nothing moves. With nothing told but who it is,
    the answer is how common each cause is, and holds; so it does when nobody can tell how it moves.
    """
    wording = knowledge.wording
    if known.stop is not None:
        instead = wording.too_young or wording.no_movement
        return _outside("too_young", instead, known.stop.why, known.stop.level)
    if known.unclear:
        return None
    told = (known.present | known.absent | known.disputed) & knowledge.findings.keys()
    if movement_told(known, knowledge) or all(knowledge.findings[f].about == "context" for f in told):
        return None
    instead = wording.no_movement
    return _outside("no_movement", instead, instead.why or "", Level.of(instead.level or Level.NORMAL.id))


def asked_for(flags: Sequence[RedFlag], level: Level, knowledge: Knowledge) -> tuple[CareLine, ...]:
    """What the red flags that ask for this level want done; one thing wanted by two stands once, with the sources of both.

    What a rule of a lesser level wants (“within days”) would contradict the level, and is left out.
    """
    acts = {rule.id: rule.act for rule in knowledge.red_flags}
    found: dict[str, CareLine] = {}
    for flag in flags:
        if flag.level == level:
            text = acts[flag.id]
            before = found[text].sources if text in found else ()
            found[text] = CareLine(text, None, tuple(dict.fromkeys((*before, *flag.sources))))
    return tuple(found.values())


def by_flags(urgency: Urgency, knowledge: Knowledge) -> tuple[CareLine, ...]:
    """What stands when nothing can be weighed: what the red flags want, or where none asks for so much what the level means."""
    means = CareLine(knowledge.triage.levels[urgency.level.id].means)  # type: ignore[index]
    return asked_for(urgency.red_flags, urgency.level, knowledge) or (means,)


def care(found: Outside, urgency: Urgency, knowledge: Knowledge) -> Care:
    """What to do: by the red flags where it is urgent, then what stands in place of an answer.

    In an emergency nothing else is said; nor is “ask how soon” where it is said already.
    """
    calm = urgency.level < Level.TODAY
    lines = [*(asked_for(urgency.red_flags, urgency.level, knowledge) if calm else by_flags(urgency, knowledge))]
    if urgency.level < Level.EMERGENCY_NOW:
        lines += found.now
    if calm and found.ask is not None:
        lines.insert(0, found.ask)
    return Care(now=tuple({line.text: line for line in lines}.values()))


def urgent_part(question: Question | None) -> Question | None:
    """The question where it can change how soon to act; the rest of the interview is about causes."""
    return question if question is not None and (question.red_flags or question.group) else None


def worth_asking(result: Assessment) -> Question | None:
    """The next question of an interview; where the pages do not hold only what is urgent is asked."""
    return result.next_question if result.outside is None else urgent_part(result.next_question)


def _outside(identity: str, instead: Instead, why: str, least: Level) -> Outside:
    now = tuple(CareLine(line.text, None, line.sources) for line in instead.now)
    ask = None if instead.ask is None else CareLine(instead.ask.text, None, instead.ask.sources)
    return Outside(identity, instead.name, why, least, now, ask)
