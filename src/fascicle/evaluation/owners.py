"""A simulated owner, who knows what a published case says and nothing else, and an interview with one.

What the case is silent on the owner cannot tell, and it is never taken for a no: of a list some are ticked, some denied,
and the rest stay unknown, through the same `interview.answered` as in the terminal. Age, sex, breed and weight are told
before the first question; everything else only when it is asked for, or under a line of the overview.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import partial
from itertools import accumulate, zip_longest
from typing import Any

from fascicle import pipeline
from fascicle.case_checks import current
from fascicle.evaluation.vignettes import Vignette
from fascicle.evidence import gather
from fascicle.interview import answered
from fascicle.knowledge.base import Knowledge
from fascicle.model import Assessment, Case, Level, Question

SHOWN = 3
"""Causes kept of each moment, likeliest first."""
MISLED = {
    "a relative says it is nothing": ("My brother-in-law has had dogs all his life. It is nothing, he says.", "GB"),
    "an alarming article was read": ("I read that it means poison, a fit or a tumour. Every minute counts!", None),
}
"""Words and a region that state no finding."""


@dataclass(frozen=True)
class Noise:
    """How an owner strays from what is so.

    unsure: share of what they know that they are not sure of when asked, the movement they came about excepted.
    wrong: share told wrongly; None is each finding's own rate for people at home (missed, imagined, or one option of a
    group called another). With a share, what stands in a red flag rule and every context finding is told as it is.
    """

    unsure: float = 0.0
    wrong: float | None = 0.0


HONEST = Noise()


@dataclass(frozen=True)
class Owner:
    """says: finding -> whether it is so, by this owner's word; what is not in it they cannot tell."""

    vignette: Vignette
    says: Mapping[str, bool]


def owner_of(vignette: Vignette, knowledge: Knowledge, noise: Noise = HONEST, seed: int = 0) -> Owner:
    """Return the owner of a published case.

    Chance depends on vignette, seed and finding alone. So the order of the questions plays no part, and with one seed
    two noises differ in what they ask for, not in luck. What follows from a finding (slug bait is a poison) is known
    with it. Below a millisecond.
    """
    guarded = _guarded(knowledge)
    says: dict[str, bool] = {}
    for finding, so in _stated(vignette, knowledge).items():
        group = knowledge.findings[finding].group
        unsure, luck = (_chance(vignette.id, seed, finding, what) for what in ("unsure", "wrong"))
        came_about = group is not None and knowledge.groups[group].several
        if unsure < noise.unsure and not came_about:
            continue
        if group is None:
            says[finding] = so != (luck < _wrong(finding, so, knowledge, noise, guarded))
        else:
            says[_called(finding, knowledge, noise, guarded, luck) if so else finding] = so
    return Owner(vignette, _closed(says, knowledge))


def _stated(vignette: Vignette, knowledge: Knowledge) -> dict[str, bool]:
    """What the case says outright, by today's ids."""
    case = vignette.as_case()
    said = dict.fromkeys(case.absent, False) | dict.fromkeys((*case.present, *case.choices.values()), True)
    return {current(finding, knowledge): so for finding, so in said.items()}


def _closed(says: Mapping[str, bool], knowledge: Knowledge) -> dict[str, bool]:
    """With what follows from it; what was said outright stands."""
    present, absent = ([f for f, so in says.items() if so is wanted] for wanted in (True, False))
    known = gather(Case(knowledge.species, present=present, absent=absent), knowledge)
    return dict.fromkeys(sorted(known.absent), False) | dict.fromkeys(sorted(known.present), True) | dict(says)


def _guarded(knowledge: Knowledge) -> frozenset[str]:
    """What a fixed share of wrong answers leaves alone: parts of red flags, context, and whatever implies one."""
    parts = {f for rule in knowledge.red_flags for f in (*rule.all, *rule.any)}
    parts |= {f.id for f in knowledge.findings.values() if f.about == "context"}
    return frozenset(f.id for f in knowledge.findings.values() if parts & {f.id, *f.implies})


def _wrong(finding: str, so: bool, knowledge: Knowledge, noise: Noise, guarded: frozenset[str]) -> float:
    """How often this yes or no is told the other way round; what is measured is not."""
    if noise.wrong is not None:
        return 0.0 if finding in guarded else noise.wrong
    entry = knowledge.reports.findings.get(finding)
    if entry is None:
        return 0.0
    usual, own = knowledge.reports.manners[entry.manner].lay, entry.lay
    return 1 - (own.sensitivity or usual.sensitivity).p if so else (own.false_report or usual.false_report).p


def _called(option: str, knowledge: Knowledge, noise: Noise, guarded: frozenset[str], luck: float) -> str:
    """The option of its group that this one is called; only options that people confuse with it."""
    group = knowledge.findings[option].group or ""
    own = knowledge.reports.choices.get(group)
    several = knowledge.groups[group].several
    called = knowledge.profile.kind_rules.called if several else own.called if own is not None else {}
    names, scale = called.get(option, {}), 1.0
    if noise.wrong is not None:
        names = {} if option in guarded else {name: share for name, share in names.items() if name not in guarded}
        scale = noise.wrong / (sum(names.values()) or 1.0)
    upper = 0.0
    for name, share in names.items():
        upper += share * scale
        if luck < upper:
            return name
    return option


def _chance(*about: object) -> float:
    """A number from 0 to 1 that is the same for the same words on every machine."""
    return int(hashlib.sha256("\n".join(map(str, about)).encode()).hexdigest()[:16], 16) / 2**64


@dataclass(frozen=True)
class Answer:
    """What an owner says to one question: these items are so (or this option), these are not, of these not sure."""

    ticked: tuple[str, ...]
    denied: tuple[str, ...]
    unsure: tuple[str, ...]


def answer(owner: Owner, question: Question) -> Answer:
    """Return the owner's answer, item by item; options of a group left unticked, and lines not opened, are without a word."""
    said = {item: owner.says.get(item) for item in question.findings}
    read = question.findings if question.group else question.opened_by([item for item, so in said.items() if so])
    said = {item: so if item in read else None for item, so in said.items()}
    ticked, denied, unsure = (tuple(f for f, so in said.items() if so is wanted) for wanted in (True, False, None))
    return Answer(ticked, (), ()) if question.group is not None and ticked else Answer(ticked, denied, unsure)


def told(case: Case, question: Question, reply: Answer, knowledge: Knowledge) -> Case:
    """Return the case with one answer added: as if only what the owner is sure of had been on the list.

    Of a group the ticked options are taken; there is no place for a no.
    """
    if question.group is not None:
        return answered(case, question, reply.ticked, knowledge)
    sure = tuple(item for item in question.findings if item not in reply.unsure)
    return answered(case, replace(question, findings=sure), reply.ticked, knowledge)


def start(owner: Owner) -> Case:
    """What the program knows before the first question: species, age, sex, breed and weight."""
    return replace(owner.vignette.as_case(), present=(), absent=(), choices={})


@dataclass(frozen=True)
class Moment:
    """What the program says at one point: how soon, by which red flags, the likeliest causes, and what it asks next."""

    level: Level
    flags: tuple[str, ...]
    first: tuple[tuple[str, float], ...]
    question: Question | None


@dataclass(frozen=True)
class Transcript:
    """Who answered, the moment before the first question and after each answer; the last may hold one not answered."""

    owner: Owner
    moments: tuple[Moment, ...]

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions answered, in order."""
        return tuple(m.question for m in self.moments[:-1] if m.question is not None)

    @property
    def items(self) -> tuple[int, ...]:
        """Items read by each moment, all questions before it together; of families those are opened that hold a tick."""
        read = (question.read(answer(self.owner, question).ticked) for question in self.asked)
        return tuple(accumulate(read, initial=0))


@dataclass(frozen=True, eq=False)
class Program:
    """The program as an interview meets it: every answer is that of `pipeline.assess`, draws included.

    keep: what was worked out for a case is looked up when the same is told again, in whatever order. Then each case
    costs one assessment, and each further set of questions put before it one `next_question`: some 20 and 10 ms.
    """

    knowledge: Knowledge
    keep: bool = True
    _known: dict[Hashable, Moment] = field(default_factory=dict)
    _found: dict[Hashable, Moment] = field(default_factory=dict)

    def at(self, case: Case, put: Sequence[str]) -> Moment:
        """The moment when this was told and these questions were put."""
        same = _same(case)
        key = same, frozenset(put)
        if not self.keep or same not in self._known:
            self._known[same] = self._found[key] = _moment(pipeline.assess(case, self.knowledge, skip=put))
        elif key not in self._found:
            try:
                question = pipeline.next_question(case, self.knowledge, skip=put)
            except Exception:  # assess() goes on with the red flags alone and asks nothing more
                question = None
            self._found[key] = replace(self._known[same], question=question)
        return self._found[key]


def _moment(result: Assessment) -> Moment:
    first = tuple((e.cause, e.probability) for e in result.explanations[:SHOWN])
    flags = tuple(flag.id for flag in result.urgency.red_flags)
    return Moment(result.urgency.level, flags, first, result.next_question)


def _same(case: Case) -> Hashable:
    """Equal for cases that say the same, in whatever order."""
    parts = (getattr(case, part.name) for part in fields(case))
    plain = (tuple(part.items()) if isinstance(part, Mapping) else part for part in parts)
    return tuple(frozenset(part) if isinstance(part, tuple) else part for part in plain)


def interview(
    owner: Owner, program: Program, most: int | None = None, retold: Callable[[Case], Case] = lambda case: case
) -> Transcript:
    """Return the interview from the first question to the last, or until the owner gives up after `most`.

    retold: what becomes of the case before the program sees it. An emergency does not end the interview, as it would
    for most people; how soon it was told is counted from the moments.
    """
    case, put = start(owner), list[str]()
    moments = [program.at(retold(case), put)]
    while (question := moments[-1].question) is not None and (most is None or len(put) < most):
        case = told(case, question, answer(owner, question), program.knowledge)
        put.append(question.id)
        moments.append(program.at(retold(case), put))
    return Transcript(owner, tuple(moments))


def steps(transcript: Transcript) -> list[dict[str, Any]]:
    """The interview as JSON-ready data: what was asked and said, and what the program said after it; first, before it."""
    replies = [{"question": q.id, **asdict(answer(transcript.owner, q))} for q in transcript.asked]
    return [
        {**reply, "level": moment.level.id, "red_flags": list(moment.flags), "first": dict(moment.first)}
        for reply, moment in zip([{}, *replies], transcript.moments, strict=True)
    ]


def misled_differences(honest: Transcript, knowledge: Knowledge) -> list[str]:
    """Where words, a region or the order within the case changed what the program said; nothing should.

    Two interviews as long as the honest one, in which nothing is looked up.
    """
    found, owner = [], honest.owner
    for name, (text, region) in MISLED.items():
        chance = random.Random(f"{owner.vignette.id} {name}")
        retold = partial(_retold, chance=chance, text=text, region=region)
        again = interview(owner, Program(knowledge, keep=False), len(honest.asked), retold)
        pairs = enumerate(zip_longest(honest.moments, again.moments))
        changed = [k for k, (one, other) in pairs if one != other]
        if changed:
            found.append(f"{owner.vignette.id}: {name}: another answer after {changed[0]} questions")
    return found


def order_differences(
    honest: Transcript, knowledge: Knowledge, times: int = 3, assess: Callable[..., Assessment] = pipeline.assess
) -> list[str]:
    """Which parts of the assessment change when the same answers are given in another order; none should.

    The questions are answered in other orders, and within the case what is present, absent and chosen is shuffled. Each
    of the `times` orders, and the honest one, costs one assessment; nothing is looked up.
    """
    name, results = honest.owner.vignette.id, list[Assessment]()
    for i in range(times + 1):
        chance, case = random.Random(f"{name} order {i}"), start(honest.owner)
        asked = chance.sample(honest.asked, len(honest.asked)) if i else honest.asked
        for question in asked:
            case = told(case, question, answer(honest.owner, question), knowledge)
        case = _retold(case, chance) if i else case
        results.append(assess(case, knowledge, skip=[question.id for question in asked]))
    parts = [part.name for part in fields(Assessment) if part.name != "case"]
    changed = [part for part in parts if any(getattr(other, part) != getattr(results[0], part) for other in results)]
    return [f"{name}: another order of the same answers changes {part}" for part in changed]


def _retold(case: Case, chance: random.Random, text: str | None = None, region: str | None = None) -> Case:
    """The same findings in another order, perhaps with words beside them."""
    present, absent = (sorted(part, key=lambda _: chance.random()) for part in (case.present, case.absent))
    choices = dict(sorted(case.choices.items(), key=lambda _: chance.random()))
    return replace(case, present=present, absent=absent, choices=choices, text=text, region=region)
