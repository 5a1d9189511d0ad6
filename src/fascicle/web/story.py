"""What one person has told so far: everything the pages know of a case, as one frozen value that travels in the form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.properties import kind_group
from fascicle.model import Case, Level

PRESENT, ABSENT, UNSURE = "+", "-", "?"
WORDS, FILE, SETTLED = "own_words", "case_file", "settled"
"""Answers that belong to no question of the knowledge: confirmed from text, read from a file, given to settle a contradiction."""


@dataclass(frozen=True)
class Answer:
    """What was said to one question. said: finding -> present, absent or unsure; an empty one is “none” or “skipped”."""

    question: str
    said: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "said", MappingProxyType(dict(self.said)))

    def marked(self, mark: str) -> tuple[str, ...]:
        """The findings with this mark."""
        return tuple(finding for finding, each in self.said.items() if each == mark)


@dataclass(frozen=True)
class Story:
    """Who it is about, what was said in own words, and every answer in the order it was given.

    shown: the urgency that a red flag has already shown. patience: how often more questions were wanted. levels, observed_by,
    region, asked_before: as a case file gave them. scores: questionnaire -> its answers.
    """

    species: str
    age_years: float | None = None
    sex: str | None = None
    breed: str | None = None
    weight_kg: float | None = None
    text: str | None = None
    answers: tuple[Answer, ...] = ()
    shown: Level = Level.NORMAL
    patience: int = 0
    levels: Mapping[str, str] = field(default_factory=dict)
    observed_by: Mapping[str, str] = field(default_factory=dict)
    region: str | None = None
    asked_before: int = 0
    scores: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("levels", "observed_by", "scores"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def answer(self, question: str) -> Answer | None:
        """The answer to one question, None when it was not put."""
        return next((each for each in self.answers if each.question == question), None)

    def answered(self, *given: Answer) -> Story:
        """The story with these answers, each in the place of an earlier one to the same question."""
        new = {each.question: each for each in given}
        kept = [new.pop(each.question, each) for each in self.answers]
        return replace(self, answers=(*kept, *new.values()))

    def without(self, questions: Collection[str]) -> Story:
        """The story as if these questions had not been put."""
        return replace(self, answers=tuple(a for a in self.answers if a.question not in questions))

    @property
    def put(self) -> tuple[str, ...]:
        """The questions that were put."""
        return tuple(each.question for each in self.answers)


def case_of(story: Story, knowledge: Knowledge) -> Case:
    """Return the case that a story tells. An option of a list of which one holds becomes the choice."""
    present: list[str] = []
    absent: list[str] = []
    choices: dict[str, str] = {}
    for answer in story.answers:
        for finding, mark in answer.said.items():
            group = knowledge.findings[finding].group if finding in knowledge.findings else None
            alone = group is not None and not knowledge.groups[group].several
            if mark == PRESENT and alone and group is not None and group not in choices:
                choices[group] = finding
            elif mark == PRESENT:
                present.append(finding)
            elif mark == ABSENT:
                absent.append(finding)
    return Case(
        species=story.species,
        age_years=story.age_years,
        sex=story.sex,
        breed=story.breed,
        weight_kg=story.weight_kg,
        present=[f for f in present if f not in choices.values()],
        absent=absent,
        choices=choices,
        levels=story.levels,
        observed_by=story.observed_by,
        region=story.region,
        text=story.text,
        asked_before=story.asked_before,
        unclear=_unclear(story, knowledge),
    )


def _unclear(story: Story, knowledge: Knowledge) -> bool:
    """Whether the movement was asked for and could not be told."""
    kinds = story.answer(_kind_question(knowledge))
    return kinds is not None and bool(kinds.marked(UNSURE))


def _kind_question(knowledge: Knowledge) -> str:
    return next(q.id for q in knowledge.questions if q.group == kind_group(knowledge))


def story_of(case: Case, knowledge: Knowledge) -> Story:
    """Return the story of a case read from a file: its findings are one answer, those of whole questions count as put."""
    said = dict.fromkeys(case.absent, ABSENT) | dict.fromkeys((*case.present, *case.choices.values()), PRESENT)
    both = set(case.present) & set(case.absent)
    file = Answer(FILE, said)
    disputed = Answer(SETTLED, dict.fromkeys(sorted(both), ABSENT))
    options = knowledge.options[kind_group(knowledge)]
    kinds = dict.fromkeys((f for f in options if f in case.present), PRESENT)
    if case.unclear and not kinds:
        kinds = dict.fromkeys(options, UNSURE)
    movement = Answer(_kind_question(knowledge), kinds)
    answers = [*([file] if said else []), *([disputed] if both else []), *([movement] if kinds else [])]
    return Story(
        species=case.species,
        age_years=None if case.age_years is None else float(case.age_years),
        sex=case.sex,
        breed=case.breed,
        weight_kg=None if case.weight_kg is None else float(case.weight_kg),
        text=case.text,
        answers=tuple(answers),
        levels=case.levels,
        observed_by=case.observed_by,
        region=case.region,
        asked_before=case.asked_before,
    )


def settle(story: Story, said: Mapping[str, str]) -> Story:
    """Return the story with these findings taken out of every answer and said once, the way that settles it."""
    earlier = story.answer(SETTLED)
    before = {} if earlier is None else {f: mark for f, mark in earlier.said.items() if f not in said}
    return _unsaid(story, said).without([SETTLED]).answered(Answer(SETTLED, {**before, **said}))


def scored(story: Story, questionnaire: str, answers: tuple[int, ...], said: Mapping[str, str]) -> Story:
    """Return the story with the answers to a questionnaire; what they say of a finding stands for every earlier word on it."""
    told = replace(_unsaid(story, said), scores={**story.scores, questionnaire: answers})
    return told.without([questionnaire]).answered(Answer(questionnaire, said)) if said else told


def unscored(story: Story, questionnaire: str) -> Story:
    """Return the story without a questionnaire and without what its score said."""
    kept = {name: answers for name, answers in story.scores.items() if name != questionnaire}
    return replace(story.without([questionnaire]), scores=kept)


def _unsaid(story: Story, findings: Collection[str]) -> Story:
    """The story with these findings taken out of every answer."""
    kept = (replace(a, said={f: mark for f, mark in a.said.items() if f not in findings}) for a in story.answers)
    return replace(story, answers=tuple(kept))
