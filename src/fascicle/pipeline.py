"""assess(): the whole flow on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from fascicle import care, explain, faults, interview, popular, scope, triage
from fascicle import evidence as evidences
from fascicle.errors import CaseError, SpeciesNotCovered, TooManyFindings, shown
from fascicle.inference import LONG, Answer, infer, least_loss, least_loss_of_some, told
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.loader import DATA, species_covered
from fascicle.knowledge.loader import load as read_knowledge
from fascicle.model import (
    Assessment,
    Care,
    Case,
    Contribution,
    Evidence,
    Explanation,
    Level,
    Outside,
    PopularClaim,
    Question,
    RedFlag,
    Urgency,
)
from fascicle.networks import Compiled, compiled
from fascicle.pages_say import pages_say
from fascicle.remarks import notes_on, recognised, worse_than

CONTRIBUTIONS_FOR = 5
"""Contributions are worked out for this many of the likeliest causes, and for the one that asks for more than the answer does
(`worse_than`); `explain.why_not` gives any other."""


@lru_cache(maxsize=8)
def load(species: str = "dog", data: Path = DATA) -> Knowledge:
    """Return the checked knowledge of a species, kept for the life of the process."""
    return read_knowledge(species, data)


def _knowledge_for(case: Case) -> Knowledge:
    """The knowledge of the case's species; for an uncovered one, an error that says what still holds."""
    try:
        return load(case.species)
    except SpeciesNotCovered as error:
        known = [load(species) for species in species_covered()]
        rules = {rule.id: rule for knowledge in known for rule in knowledge.red_flags if rule.general}
        present = frozenset(f for knowledge in known for f in evidences.stated_present(case, knowledge))
        met = triage.flags_in(present, tuple(rules.values()))
        if met:
            held = "What was told is urgent in any animal or person: " + " ".join(
                f"{flag.why} {rules[flag.id].act}" for flag in met
            )
        else:
            worst = (r for r in rules.values() if r.to == Level.EMERGENCY_NOW.id)
            held = "Urgent in any animal or person: " + " ".join(rule.why for rule in worst)
        raise SpeciesNotCovered(f"{error} {held}") from None


def assess(
    case: Case,
    knowledge: Knowledge | None = None,
    *,
    skip: Iterable[str] = (),
    reasons: bool = True,
    further: bool = True,
) -> Assessment:
    """Return the assessment of a case.

    skip: ids of questions already put, which are not asked again. reasons, further: whether contributions and `pages_say`,
    and the next question, are wanted; each takes about a third of the time, and nothing else depends on them.
    Raises CaseError for what cannot be, never for contradictions, improbable answers or a failure of the numbers: then the
    red flags stand alone. 20 to 100 ms with the knowledge loaded and few present signs, a second or two at 14; then ranges get
    coarser and reasons are left out, so that it takes some ten seconds at most, twice that where answers contradict each other.
    """
    knowledge = _knowledge_for(case) if knowledge is None else knowledge
    known, skip = evidences.gather(case, knowledge), tuple(skip)
    flags = triage.red_flags(known, knowledge)
    if known.stop is not None:
        return _stopped(case, known, knowledge, flags, skip if further else None)
    try:
        networks = compiled(knowledge, known.observed_by)
        answer = infer(known, knowledge, networks)
        urgency = _urgency(case, known, knowledge, flags, networks, answer)
    except Exception as error:  # whatever goes wrong in the numbers, the red flags must still be told
        level = _by_some(known, knowledge, flags) if isinstance(error, TooManyFindings) else None
        urgency = triage.decide(known, knowledge, flags, level)
        question = interview.safety_question(known, knowledge, skip) if further else None
        return replace(_without_inference(case, known, knowledge, urgency, _unweighed(error)), next_question=question)
    return _with_inference(case, known, knowledge, urgency, networks, answer, skip if further else None, reasons)


def _urgency(
    case: Case,
    known: Evidence,
    knowledge: Knowledge,
    flags: tuple[RedFlag, ...],
    networks: Compiled,
    answer: Answer,
) -> Urgency:
    """How soon to act, every reading of a contradiction counted; none is worked out where nothing could be more urgent."""
    settled = max([answer.level, *(flag.level for flag in flags)]) == Level.EMERGENCY_NOW
    ways = [] if settled else evidences.readings(case, knowledge)
    readings = [_level(each, knowledge, networks, len(ways)) for each in ways]
    return triage.decide(
        known, knowledge, flags, answer.level, answer.losses, readings, answer.explanations, answer.loss_ranges
    )


def _with_inference(
    case: Case,
    known: Evidence,
    knowledge: Knowledge,
    urgency: Urgency,
    networks: Compiled,
    answer: Answer,
    skip: Iterable[str] | None,
    reasons: bool,
) -> Assessment:
    """The whole answer; skip: None for no further question. What fails here is left out, and the urgency stands."""
    lost: list[str] = []
    worst = worse_than(urgency.level, answer.explanations)
    moved = [*answer.explanations[:CONTRIBUTIONS_FOR], *([worst] if worst else [])] if answer.whole and reasons else []
    causes = list(dict.fromkeys(e.cause for e in moved))
    without = scope.outside(known, knowledge)
    weighed = answer.explanations if without is None else ()
    lines = faults.unless_it_fails(
        lambda: _care(weighed, without, urgency, knowledge),
        Care(now=scope.by_flags(urgency, knowledge)),
        "what else to do",
        lost,
    )
    said = faults.unless_it_fails(
        lambda: popular.claims(known, weighed, knowledge), tuple[PopularClaim, ...](), "what articles say", lost
    )
    point = networks.point
    shifts = faults.unless_it_fails(
        lambda: explain.contributions(known, knowledge, point, causes) if causes else (),
        tuple[Contribution, ...](),
        "the reasons",
        lost,
    )
    question = None
    if answer.whole and skip is not None:
        question = faults.unless_it_fails(
            lambda: interview.next_question(known, knowledge, point, answer.observation, skip),
            interview.safety_question(known, knowledge, skip),
            "the next question",
            lost,
        )
    found = Assessment(
        case=case,
        evidence=known,
        knowledge_version=knowledge.version,
        urgency=urgency,
        explanations=answer.explanations,
        also_present=answer.also_present,
        contributions=shifts,
        care=lines,
        next_question=question,
        sources=care.sources(weighed, urgency.red_flags, lines, said, knowledge),
        recognised=recognised(known, knowledge, answer.explanations),
        notes=known.notes + notes_on(known, knowledge, answer),
        claims=said,
        outside=without,
        fits=answer.fits,
    )
    counts = faults.unless_it_fails(
        lambda: pages_say(found, answer.every, knowledge) if reasons else None, None, "what web pages say", lost
    )
    return replace(found, pages_say=counts, notes=found.notes + faults.note(lost))


def _care(weighed: Sequence[Explanation], without: Outside | None, urgency: Urgency, knowledge: Knowledge) -> Care:
    """What to do and not to do, or what stands in place of an answer."""
    return care.lines(weighed, urgency, knowledge) if without is None else scope.care(without, urgency, knowledge)


def next_question(case: Case, knowledge: Knowledge | None = None, *, skip: Iterable[str] = ()) -> Question | None:
    """Return the question most worth asking next, or None when the interview is over.

    For a subject the pages are not about it is asked only what can change how soon to act.
    """
    knowledge = _knowledge_for(case) if knowledge is None else knowledge
    known, put = evidences.gather(case, knowledge), tuple(skip)
    try:
        question = _next(known, knowledge, put)
    except Exception as error:  # the questions that can raise a red flag need no numbers
        faults.words(error)
        question = interview.safety_question(known, knowledge, put)
    return question if known.stop is None else scope.urgent_part(question)


def _next(known: Evidence, knowledge: Knowledge, skip: Iterable[str]) -> Question | None:
    """The question most worth asking; fails where the numbers do."""
    networks = compiled(knowledge, known.observed_by)
    observation, _ = told(known, knowledge, networks, LONG)
    return interview.next_question(known, knowledge, networks.point, observation, skip)


def why_not(case: Case, cause: str, knowledge: Knowledge | None = None) -> explain.WhyNot:
    """Return what speaks against a cause in this case, and which single finding would make it the likeliest.

    Raises CaseError for an unknown cause, NotForThis for a subject the pages are not about, ImpossibleEvidence or
    TooManyFindings when nothing can be computed.
    """
    knowledge = _knowledge_for(case) if knowledge is None else knowledge
    if cause not in knowledge.causes:
        raise CaseError(f"no cause has the id {shown(cause)}. List them: fascicle causes --species {knowledge.species}")
    known = evidences.gather(case, knowledge)
    networks = compiled(knowledge, known.observed_by)
    told(known, knowledge, networks, LONG)
    every = infer(known, knowledge, networks, least=0.0).explanations
    explanation = next(e for e in every if e.cause == cause)
    return explain.why_not(explanation, known, knowledge, networks.point)


def _unweighed(error: Exception) -> str:
    """Why there are no probabilities."""
    why = faults.words(error)
    return why if isinstance(error, TooManyFindings) else f"The probabilities could not be computed: {why}"


def _by_some(known: Evidence, knowledge: Knowledge, flags: tuple[RedFlag, ...]) -> Level | None:
    """The urgency by as many signs as can be weighed at once, those of danger signs first; None where even that fails."""
    first = {finding for flag in flags for finding in flag.findings}
    try:
        return least_loss_of_some(known, knowledge, compiled(knowledge, known.observed_by), first)
    except Exception as error:  # the danger signs stand without it
        faults.words(error)
        return None


def _level(reading: Evidence, knowledge: Knowledge, networks: Compiled, ways: int) -> Level:
    """The urgency of one of so many readings of contradictions: its red flags, and its probabilities where there are any."""
    flags = triage.red_flags(reading, knowledge)
    try:
        probabilistic = least_loss(reading, knowledge, networks, ways)
    except Exception as error:  # the other reading, and the flags of this one, must not be lost with it
        faults.words(error)
        probabilistic = None
    return triage.decide(reading, knowledge, flags, probabilistic).level


def _stopped(
    case: Case, known: Evidence, knowledge: Knowledge, flags: tuple[RedFlag, ...], skip: Iterable[str] | None
) -> Assessment:
    """The answer for a subject the pages are not about: the urgent part alone, and the questions that belong to it.

    Where a danger sign is met a child is not treated as less urgent than a grown-up with the same signs: the rules are written
    as the least to do, to which the probabilities add in a grown-up.
    """
    urgency, why = triage.decide(known, knowledge, flags, None), None
    grown = evidences.gather(replace(case, age_years=None), knowledge)
    if flags and grown.stop is None and urgency.level < Level.EMERGENCY_NOW:
        try:
            level = least_loss(grown, knowledge, compiled(knowledge, grown.observed_by))
        except Exception as error:  # the danger signs stand without them
            level, why = Level.NORMAL, _unweighed(error)
        if level > urgency.level:
            why_so = triage.AS_GROWN_UP.format(knowledge.triage.levels[level.id].name)  # type: ignore[index]
            urgency = replace(urgency, level=level, reasons=(why_so, *urgency.reasons))
    found = _without_inference(case, known, knowledge, urgency, why)
    if skip is None:
        return found
    return replace(found, next_question=next_question(case, knowledge, skip=skip))


def _without_inference(
    case: Case, known: Evidence, knowledge: Knowledge, urgency: Urgency, why: str | None
) -> Assessment:
    """The answer when there are no probabilities: red flags and caution still stand. why: None where that was said."""
    without = scope.outside(known, knowledge)
    told = _care((), without, urgency, knowledge)
    note = () if why is None else (why,)
    sources = (known.stop.sources if known.stop else ()) + care.sources((), urgency.red_flags, told, (), knowledge)
    return Assessment(
        case=case,
        evidence=known,
        knowledge_version=knowledge.version,
        urgency=urgency,
        explanations=(),
        also_present=(),
        contributions=(),
        care=told,
        next_question=None,
        sources=tuple(dict.fromkeys(sources)),
        recognised=False,
        notes=known.notes + note,
        outside=without,
    )
