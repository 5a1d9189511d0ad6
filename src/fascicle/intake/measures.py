"""Numbers that say a finding, such as what a thermometer showed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fascicle.intake.data import Measure, phrases
from fascicle.intake.words import Token
from fascicle.knowledge.base import Knowledge


def read_measures(tokens: Sequence[Token], knowledge: Knowledge) -> Iterator[tuple[str, int]]:
    """Finding and place of each number that says it: “40.3” beside “temperature”, “104 F”; not “40 outside”, “40 cm”."""
    for measure in phrases(knowledge.species).measured:
        if measure.finding in knowledge.findings:
            for place, token in enumerate(tokens):
                if _in_range(token, measure) and _is_told(tokens, place, measure):
                    yield measure.finding, place


def _in_range(token: Token, measure: Measure) -> bool:
    if not (token.text[0].isdecimal() and token.text.isascii()):
        return False
    number = float(token.text.replace(",", "."))
    return any(held.low <= number <= held.high for held in measure.ranges)


def _is_told(tokens: Sequence[Token], place: int, measure: Measure) -> bool:
    """Whether the number is the subject's own measure: by a word near it, else by its unit."""
    same = [p for p, t in enumerate(tokens) if t.sentence == tokens[place].sentence]
    texts = {p: tokens[p].text for p in same}
    after = texts.get(place + 1, "")
    if after in measure.not_after:
        return False
    named = [p for p in same if texts[p] in measure.words and abs(p - place) <= measure.reach]
    if named:
        nearest = min(named, key=lambda p: abs(p - place))
        near = range(min(nearest, place) - 1, max(nearest, place) + 3)
        return not any(texts.get(p) in measure.unless for p in near)
    exact = any(mark in tokens[place].text for mark in ".,")
    unit = after in measure.units or (after in measure.loose and (exact or texts.get(place + 2) in measure.units))
    return unit and not any(text in measure.unless for text in texts.values())
