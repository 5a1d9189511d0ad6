"""Whether the pages are about this case at all, and what to do where they are not."""

from __future__ import annotations

from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.properties import kind_group
from fascicle.knowledge.wording import Instead
from fascicle.model import Assessment, Care, CareLine, Evidence, Level, Outside, Question, Urgency


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


def care(found: Outside, urgency: Urgency, knowledge: Knowledge) -> Care:
    """What to do: what the red flags ask for, or the level where none asks for as much, then what stands in place of an answer.

    In an emergency nothing else is said; nor is “ask how soon” where it is said already.
    """
    acts = {rule.id: rule.act for rule in knowledge.red_flags}
    lines = [CareLine(acts[flag.id], None, flag.sources) for flag in urgency.red_flags]
    if urgency.level >= Level.TODAY and all(flag.level < urgency.level for flag in urgency.red_flags):
        lines = [CareLine(knowledge.triage.levels[urgency.level.id].means), *lines]  # type: ignore[index]
    if urgency.level < Level.EMERGENCY_NOW:
        lines += found.now
    if urgency.level < Level.TODAY and found.ask is not None:
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
