"""Free text read for suggestions: findings present or absent with the words they came from, to be confirmed by a person.

Nothing is taken silently. The absence of a red-flag finding is never suggested, nor that of one place or time of many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fascicle.intake.data import Language
from fascicle.intake.measures import read_measures
from fascicle.intake.negation import Said, read_polarity
from fascicle.intake.phrases import Index, Match, index, longest, matches
from fascicle.intake.subject import Detail, read_subject
from fascicle.intake.words import BARS, LONGEST, Token, tokens
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.properties import kind_group
from fascicle.model import Status

ASKED = "asked_before"
"""Whoever says that all was found fine has been seen."""


@dataclass(frozen=True)
class Suggestion:
    """A finding somebody may have meant. words: (start, end) of what it was read from; sure: plainly said, word for word."""

    finding: str
    status: Status
    words: tuple[int, int]
    sure: bool


@dataclass(frozen=True)
class Reading:
    """What a text may say. details: for the form (age, sex, breed, weight); unread: sentences nothing was read from."""

    suggestions: tuple[Suggestion, ...] = ()
    details: tuple[Detail, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing at all was understood."""
        return not self.suggestions and not self.details


def read(text: str, knowledge: Knowledge) -> Reading:
    """Return what the text suggests about findings of this species; never raises for what the text holds."""
    held = index(knowledge)
    words = tokens(text, held.language, held.spellings)
    said = read_polarity(words, held.language)
    flagged = {name for rule in knowledge.red_flags for name in (*rule.all, *rule.any)}
    found: dict[str, list[Suggestion]] = {}
    candidates = list(matches(words, held, said.idle))
    by_place = _by_place(m for m in candidates if m.phrase.present)
    whole = [m for m in candidates if not _part_of_denied(m, by_place, words, said, held.language)]
    for match in longest(whole, held):
        suggestion = _suggested(match, words, said, held.language)
        if suggestion is not None:
            found.setdefault(suggestion.finding, []).append(suggestion)
    for finding, place in read_measures(words, knowledge):
        if said.denied_by[place] is None and said.of_others[place] is None:
            span = (words[place].start, words[place].end)
            found.setdefault(finding, []).append(Suggestion(finding, Status.PRESENT, span, sure=not said.unsure[place]))
    suggestions = [_settled(same) for same in _told_closely(found, text, held, knowledge).values()]
    silent = flagged.union([ASKED], *(o for g, o in knowledge.options.items() if not knowledge.groups[g].several))
    taken = [s for s in suggestions if s.status is Status.PRESENT or s.finding not in silent]
    taken += _meant(taken, held, knowledge)
    details = read_subject(words, knowledge)
    return Reading(
        tuple(sorted(taken, key=lambda s: (s.words, s.finding))),
        details,
        _unread(text, words, [*(s.words for s in suggestions), *(d.words for d in details)]),
    )


def _by_place(found: Iterable[Match]) -> dict[int, list[Match]]:
    """The matches that each word is part of."""
    held: dict[int, list[Match]] = {}
    for match in found:
        for place in match.places:
            held.setdefault(place, []).append(match)
    return held


def _part_of_denied(
    match: Match, others: Mapping[int, Sequence[Match]], words: Sequence[Token], said: Said, language: Language
) -> bool:
    """Whether a phrase with “not” is only a part of a longer one that is denied: “has not eaten chocolate” eats all right."""
    bars = {place for place in match.places if words[place].form in BARS}
    rest = {place for place in match.places if words[place].text not in language.ignore} - bars
    if not bars or not rest:
        return False
    near = others.get(min(rest), ())
    return any(rest < set(other.places) and said.denied_by[other.places[0]] in bars for other in near)


def _suggested(match: Match, words: Sequence[Token], said: Said, language: Language) -> Suggestion | None:
    """The suggestion of one match: a denial turns it round."""
    first, places = match.places[0], match.places
    others = {said.of_others[place] for place in places} - {None}
    if not others <= {*places} or all(said.span_elsewhere[place] for place in places):
        return None  # of the other animal; but “licked the dog after its flea drops” names it itself
    own = {place for place in places if words[place].form in BARS}
    by = {said.denied_by[place] for place in places if words[place].form not in BARS} - {None} - own
    # “bladder is fine” and “nothing stays down” hold their denial themselves
    by = {at for at in by if at not in places and not (at is not None and places[0] < at <= places[-1])}
    present, sure = match.phrase.present, match.cover >= language.rules.sure_cover
    if by:
        if own:
            return None  # “not not eating”: nobody can tell
        if not present and min(abs(first - at) for at in by if at is not None) > 2:
            by = set()  # “no cough and eats well” denies the cough only
    if by:
        present, sure = not present, sure and match.phrase.present
    sure = sure and not any(said.unsure[place] or words[place].mended for place in places)
    if all(said.of_kin[place] for place in places):  # “my father has epilepsy”; “my father shakes too” names him itself
        sure = sure and any(words[place].text in language.kin for place in places)
    span = (words[places[0]].start, words[places[-1]].end)
    return Suggestion(match.phrase.finding, Status.PRESENT if present else Status.ABSENT, span, sure)


def _settled(same: Sequence[Suggestion]) -> Suggestion:
    """One suggestion for a finding: present goes before absent, and said both ways is not sure."""
    best = min(same, key=lambda s: (s.status is not Status.PRESENT, not s.sure, s.words))
    sure = best.sure and len({s.status for s in same}) == 1
    return Suggestion(best.finding, best.status, best.words, sure)


def _told_closely(
    found: Mapping[str, list[Suggestion]], text: str, held: Index, knowledge: Knowledge
) -> dict[str, list[Suggestion]]:
    """The suggestions without a vague kind read from one bare word beside another kind: “her eyelid flickers, like a twitch”."""
    kinds = set(knowledge.options[kind_group(knowledge)])
    told = {f for f, same in found.items() if f in kinds and any(s.status is Status.PRESENT for s in same)}
    kept = {}
    for finding, same in found.items():
        if finding in held.vague and told - {finding}:
            same = [s for s in same if len(text[slice(*s.words)].split()) > 1]
        if same:
            kept[finding] = same
    return kept


def _meant(taken: Sequence[Suggestion], held: Index, knowledge: Knowledge) -> list[Suggestion]:
    """The kind of movement that pain told by itself means, for people to confirm; none where a movement is told."""
    told = {s.finding: s for s in taken if s.status is Status.PRESENT}
    if not told.keys().isdisjoint(knowledge.options[kind_group(knowledge)]):
        return []
    found = ((kind, next((told[f] for f in of if f in told), None)) for kind, of in held.lone.items())
    return [Suggestion(kind, Status.PRESENT, first.words, sure=False) for kind, first in found if first][:1]


def _unread(text: str, words: Sequence[Token], read_from: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Sentences without any word that a suggestion came from, and what is beyond the longest text."""
    sentences: dict[int, list[Token]] = {}
    for word in words:
        if not word.mark:
            sentences.setdefault(word.sentence, []).append(word)
    left = [
        text[held[0].start : held[-1].end]
        for held in sentences.values()
        if not any(start < held[-1].end and end > held[0].start for start, end in read_from)
    ]
    return (*left, text[LONGEST:]) if len(text) > LONGEST else tuple(left)
