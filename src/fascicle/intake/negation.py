"""Which words a text denies, guesses, or says of somebody else: clause by clause, after NegEx (triggers, ends, lists)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fascicle.intake.data import Language
from fascicle.intake.words import Token, forms

NOUN = frozenset({"no", "without", "nor", "neither", "none", "never", "denies", "nothing"})
_JOINS = frozenset({",", "/", "&", "and", "or", "nor"})


@dataclass(frozen=True)
class Said:
    """What holds of each word by its place: the trigger that denies it, whether it is a guess, of whom it is said.

    of_others: place of the word for somebody else whom the clause is about.
    of_kin: said of one of the family by somebody who tells of themself. span_elsewhere: whether it tells a time, in a clause
    about a medicine, an operation or the like. idle: places of words that deny elsewhere but not here (“won't stop”).
    """

    denied_by: tuple[int | None, ...]
    unsure: tuple[bool, ...]
    of_others: tuple[int | None, ...]
    of_kin: tuple[bool, ...]
    span_elsewhere: tuple[bool, ...]
    idle: frozenset[int]


@lru_cache(maxsize=32)
def _split(sayings: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(saying.split()) for saying in sayings)


def _places(words: Sequence[str], sayings: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Start and end of every saying in the words; the apostrophe is gone from both."""
    firsts: dict[str, list[tuple[str, ...]]] = {}
    for saying in _split(sayings):
        firsts.setdefault(saying[0], []).append(saying)
    for at, word in enumerate(words):
        for saying in firsts.get(word, ()):
            if tuple(words[at : at + len(saying)]) == saying:
                yield at, at + len(saying)


def read_polarity(tokens: Sequence[Token], language: Language) -> Said:
    """Where each word stands: denied, guessed, said of somebody else."""
    words = [token.text for token in tokens]
    denied: list[int | None] = [None] * len(words)
    denying = frozenset(language.denying)
    idle = frozenset(i for start, end in _places(words, language.no_denial) for i in range(start, end))
    harmless = set(idle)
    for start, end in _places(words, language.after):
        if words[end - 1] == "any" and end < len(tokens) and not tokens[end].mark and words[end] not in _JOINS:
            continue  # “could not find any” denies what went before only where nothing follows
        harmless.update(range(start, end))
        for place in _back(tokens, start, language):
            denied[place] = start
    for at, token in enumerate(tokens):
        if token.text in denying and at not in harmless:
            for place in _reach(tokens, at, language):
                denied[place] = at
    others, elsewhere = _of_others(tokens, language), _elsewhere(tokens, language)
    return Said(tuple(denied), _guessed(tokens, language), others, _of_kin(tokens, language), elsewhere, idle)


def _reach(tokens: Sequence[Token], at: int, language: Language) -> Iterator[int]:
    """The places a trigger denies: to the end of its clause, through a list, no further than the rules say."""
    ends, ignored, rules = frozenset(language.ends), frozenset(language.ignore), language.rules
    listing, counted = tokens[at].text in NOUN and not _told_one_by_one(tokens, at), 0
    for place in range(at + 1, len(tokens)):
        token = tokens[place]
        if token.sentence != tokens[at].sentence or token.text in language.denying or counted >= rules.reach:
            return
        if token.text in ends and place > at + 1:
            return
        if token.text in _JOINS:
            if not _list_goes_on(tokens, place, listing, language):
                return
        elif token.mark:
            return
        elif token.text not in ignored:
            counted += 1
        yield place


def _told_one_by_one(tokens: Sequence[Token], at: int) -> bool:
    """Whether a “no” is one of several, each with one item: “no fever, no pain, calf twitches” does not deny the twitch."""
    before = [t.text for t in tokens[:at] if t.sentence == tokens[at].sentence]
    if before[-1:] not in ([","], ["and"]):
        return False
    last = next((text for text in reversed(before[:-1]) if text in NOUN or text in _JOINS), "")
    return last in NOUN


def _list_goes_on(tokens: Sequence[Token], place: int, listing: bool, language: Language) -> bool:
    """Whether what follows a comma, “and” or “or” is one more item under the same “no”."""
    item, following = [], ""
    for token in tokens[place + 1 :]:
        if token.sentence != tokens[place].sentence or token.mark or token.text in _JOINS:
            following = token.text
            break
        item.append(token)
    subjects = frozenset(language.subjects)
    barred = subjects.union(language.auxiliaries, language.ends, language.denying)
    if not item:
        return following in ("or", "nor", "and")
    if len(item) > language.rules.list_item or any(t.text in barred for t in item):
        return tokens[place].text in ("or", "nor") and not any(t.text in subjects for t in item[:2])
    return listing or tokens[place].text in ("or", "nor") or following in ("or", "nor")


def _back(tokens: Sequence[Token], start: int, language: Language) -> Iterator[int]:
    """The places that words such as “was ruled out” deny, back to the start of their clause."""
    ends = frozenset(language.ends)
    for place in range(start - 1, max(-1, start - 1 - language.rules.reach), -1):
        token = tokens[place]
        if token.sentence != tokens[start].sentence or token.mark or token.text in ends or token.text == "and":
            return
        yield place


def _guessed(tokens: Sequence[Token], language: Language) -> tuple[bool, ...]:
    """Words in a question, or a few words after “maybe” and the like."""
    asked = {token.sentence for token in tokens if token.text.startswith("?")}
    guesses, last, found = frozenset(language.unsure), -len(tokens) - language.rules.reach, []
    for place, token in enumerate(tokens):
        if token.text in guesses:
            last = place
        if token.mark or token.text in language.ends:
            last = -len(tokens) - language.rules.reach
        found.append(token.sentence in asked or place - last <= language.rules.reach)
    return tuple(found)


def _of_others(tokens: Sequence[Token], language: Language) -> tuple[int | None, ...]:
    """For the words of a clause that tells of another animal the place of the word for it."""
    found: list[int | None] = [None] * len(tokens)
    for start, end in _places([token.text for token in tokens], language.others):
        for place in range(start, len(tokens)):
            if tokens[place].mark or tokens[place].sentence != tokens[start].sentence:
                break
            found[place] = end - 1
    return tuple(found)


def _of_kin(tokens: Sequence[Token], language: Language) -> tuple[bool, ...]:
    """Words of a clause with “my brother”, once “I” has been said; not of whom the story is about.

    Only for people, who alone speak of themselves. “I found my brother on the floor” is about him; “I twitch, my brother has
    fits” is not.
    """
    found, told, until = [False] * len(tokens), False, -1
    patients = set[str]()
    for place, token in enumerate(tokens):
        told = told or token.text in language.me
        if token.text in language.kin and place and tokens[place - 1].text == "my":
            joined = place > 1 and (tokens[place - 2].mark or tokens[place - 2].text in _JOINS)
            if not told or (token.sentence == tokens[0].sentence and not joined):
                patients.add(token.text)
            elif token.text not in patients:
                until = token.sentence
        if token.mark or token.text in language.me:
            until = -1
        found[place] = token.sentence == until
    return tuple(found)


def _elsewhere(tokens: Sequence[Token], language: Language) -> tuple[bool, ...]:
    """Words of time in a clause about something that has its own times: “I took it for ten years”."""
    told_of = frozenset(forms(language).line(language.elsewhere))
    spans = frozenset({*language.spans, *language.units, *language.counts, *language.numbers, *language.determiners})
    found: list[bool] = []
    clause: list[Token] = []
    for token in (*tokens, None):
        if token is None or token.mark or token.text in language.ends or token.text == "and":
            other = any(t.form in told_of for t in clause)
            found += [other and (t.text in spans or t.text.isdecimal()) for t in clause]
            clause = []
            if token is not None:
                found.append(False)
        else:
            clause.append(token)
    return tuple(found)
