"""How well free text is read, on the labelled sentences: `python -m tests.intake.measuring [--errors]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fascicle.intake import Reading, read
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.loader import load
from fascicle.knowledge.strict_yaml import read_yaml
from fascicle.model import Status

FILE = Path(__file__).parent / "sentences.yaml"
SAID, DANGER = FILE.parent / "said.yaml", FILE.parent / "danger.yaml"
HALVES = ("building", "held out")


@dataclass(frozen=True)
class Sentence:
    """One labelled sentence."""

    text: str
    source: dict[str, str]
    present: frozenset[str]
    absent: frozenset[str] = frozenset()
    fair: frozenset[str] = frozenset()
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def half(self) -> str:
        """The half it belongs to, by its source."""
        address = self.source.get("url") or self.source["doi"]
        return HALVES[1 - sha256(address.encode()).digest()[0] % 2]


@dataclass(frozen=True)
class Counts:
    """Suggestions that are right, of the wrong polarity, or of nothing the sentence says; expected ones that are missed."""

    right: int
    wrong_polarity: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of suggestions that are right."""
        return self.right / max(1, self.right + self.wrong_polarity + self.extra)

    @property
    def recall(self) -> float:
        """Share of what is expected that came out."""
        return self.right / max(1, self.right + self.missed)

    @property
    def wrong(self) -> float:
        """Share of suggestions of the wrong polarity."""
        return self.wrong_polarity / max(1, self.right + self.wrong_polarity + self.extra)


@cache
def sentences() -> tuple[Sentence, ...]:
    """All labelled sentences."""
    document = read_yaml(FILE.name, FILE.read_bytes())
    if document.issues:
        raise ValueError(document.issues)
    sets = ("present", "absent", "fair")
    return tuple(
        Sentence(**{key: frozenset(value) if key in sets else value for key, value in entry.items()})
        for entry in json.loads(json.dumps(document.data))["sentences"]
    )


@cache
def flagged(species: str = "dog") -> frozenset[str]:
    """Findings that a red flag looks at."""
    return frozenset(name for rule in load(species).red_flags for name in (*rule.all, *rule.any))


def compared(sentence: Sentence, reading: Reading, knowledge: Knowledge) -> dict[str, set[str]]:
    """Findings by what became of them. What a present finding implies is fair too, and any place that is named.

    A place is not asked back as a line; it only stands ticked on the map that follows.
    """
    said = {s.finding: s.status for s in reading.suggestions}
    implied = {name for finding in sentence.present for name in knowledge.findings[finding].implies}
    fair = (sentence.fair | implied | set(knowledge.options["place"])) - sentence.present - sentence.absent
    truth = dict.fromkeys(sentence.present, Status.PRESENT) | dict.fromkeys(sentence.absent, Status.ABSENT)
    expected = {n: s for n, s in truth.items() if s is Status.PRESENT or n not in flagged()}
    return {
        "right": {n for n, s in said.items() if truth.get(n) is s},
        "wrong_polarity": {n for n, s in said.items() if n in truth and truth[n] is not s},
        "extra": {n for n in said if n not in truth and n not in fair},
        "missed": {n for n, s in expected.items() if said.get(n) is not s},
    }


def measured(half: str) -> Counts:
    """The counts over one half."""
    knowledge = load("dog")
    found = [compared(s, read(s.text, knowledge), knowledge) for s in sentences() if s.half == half]
    return Counts(**{name: sum(len(each[name]) for each in found) for name in Counts.__dataclass_fields__})


def details(half: str) -> tuple[int, int, int]:
    """Details for the form over one half: right, wrong, missed (only where the sentence is labelled with them)."""
    knowledge, right, wrong, missed = load("dog"), 0, 0, 0
    for sentence in (s for s in sentences() if s.half == half):
        said = {d.field: d.value for d in read(sentence.text, knowledge).details}
        for name, value in sentence.about.items():
            got = said.get(name)
            fits = got is not None if name == "breed" else got == value
            right, wrong, missed = right + fits, wrong + (not fits and got is not None), missed + (got is None)
    return right, wrong, missed


@cache
def said(file: Path = SAID) -> dict[str, dict[str, list[str]]]:
    """Sentences by who is told of (person, animals) and by the finding each says."""
    document = read_yaml(file.name, file.read_bytes())
    if document.issues:
        raise ValueError(document.issues)
    found: dict[str, dict[str, list[str]]] = document.data
    return found


def understood(file: Path, group: str) -> dict[str, list[bool]]:
    """For every sentence of a group whether its finding is read, or one that implies it; animals as of dog and cat."""
    species = ("dog", "cat") if group == "animals" else (group,)
    found: dict[str, list[bool]] = {}
    for knowledge in map(load, species):
        for finding, texts in said(file)[group].items():
            if finding not in knowledge.findings:
                continue
            for text in texts:
                present = {s.finding for s in read(text, knowledge).suggestions if s.status is Status.PRESENT}
                implied = {name for f in present for name in knowledge.findings[f].implies}
                found.setdefault(text, []).append(finding in present | implied)
    return found


def share(group: str) -> float:
    """The share of said.yaml that is understood."""
    every = [one for each in understood(SAID, group).values() for one in each]
    return sum(every) / len(every)


def table() -> str:
    """Both halves, with counts."""
    lines = ["half      sentences  right  wrong polarity  extra  missed  precision  recall  wrong polarity"]
    for half in HALVES:
        c, size = measured(half), sum(s.half == half for s in sentences())
        lines.append(
            f"{half:9} {size:9}  {c.right:5}  {c.wrong_polarity:14}  {c.extra:5}  {c.missed:6}  {c.precision:9.3f}"
            f"  {c.recall:6.3f}  {100 * c.wrong:12.1f} %"
        )
    for half in HALVES:
        lines.append(f"form, {half}: %d right, %d wrong, %d missed" % details(half))
    return "\n".join(lines)


def errors() -> str:
    """What went wrong in the half for building; the other half's errors are never shown."""
    knowledge, lines = load("dog"), []
    for sentence in (s for s in sentences() if s.half == HALVES[0]):
        reading = read(sentence.text, knowledge)
        became = compared(sentence, reading, knowledge)
        spans = {s.finding: sentence.text[slice(*s.words)] for s in reading.suggestions}
        kinds = [(kind, name) for kind in ("wrong_polarity", "extra", "missed") for name in sorted(became[kind])]
        wrong = [f"  {kind} {name} {spans.get(name, '')!r}" for kind, name in kinds]
        if wrong:
            lines += [sentence.text, *wrong]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    """Print the table, with --errors also those of the half for building."""
    print(table())
    for group in said():
        print(f"said otherwise, {group}: {100 * share(group):.0f} % understood")
    if "--errors" in arguments:
        print(errors())


if __name__ == "__main__":
    main(sys.argv[1:])
