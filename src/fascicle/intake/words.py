"""Running text as words with their places, each brought to one form: ending, synonym and spelling do not matter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fascicle.intake.data import Language

LONGEST = 10_000
"""Characters that are read; what comes after is left."""
_WORD = re.compile(r"[^\W\d_]+(?:['’`´][^\W\d_]+)*|\d+(?:[.,]\d+)?|[.!?;:\n…]+|[,()/–—]|(?<=\s)-+(?=\s)|&")
_SENTENCE_END = frozenset(".!?;\n…")
NOT, CANNOT, NO, NUMBER, BACK, REAR, OLD = "not", "cannot", "no", "#", "back", "rear", "old"
BARS = frozenset({NOT, CANNOT, NO})
"""“Not eating”, “cannot stand” and “no energy”: the kinds of denial a phrase may hold. Who cannot also does not."""
DAYS, WEEK = ("day", "days"), 7
NONE = ("nothing", "none", "nobody")
"""They deny, but in a phrase such as “chews on nothing” they are words like others."""


@dataclass(frozen=True)
class Token:
    """One word or mark. text: in small letters, without apostrophes; form: what is compared with phrases.

    sentence: number of its sentence. mended: the spelling was corrected.
    """

    text: str
    form: str
    start: int
    end: int
    sentence: int
    mended: bool = False

    @property
    def mark(self) -> bool:
        """Whether it is punctuation."""
        return not self.text[0].isalnum()


@dataclass(frozen=True)
class Forms:
    """The language prepared for comparing words."""

    lemma: dict[str, str]
    stems: dict[str, str]
    same: dict[str, str]
    denying: frozenset[str]
    unable: frozenset[str]
    numbers: frozenset[str]
    units: frozenset[str]
    rear_before: frozenset[str]
    figures: dict[str, str]

    def line(self, words: Sequence[str]) -> list[str]:
        """The forms of words that follow each other: a number before days or years is any number, “back legs” are hind legs."""
        before, following = ["", *words], [*words[1:], "", ""]
        return [
            self._any_number(word, after, then) or self._beside(last, word, after) or self.of(word)
            for last, word, after, then in zip(before, words, following, following[1:], strict=False)
        ]

    def _beside(self, last: str, word: str, after: str) -> str | None:
        """The form a word has only beside another: “back” legs, and “not” after “could” or before “able”."""
        if word == BACK and after in self.rear_before:
            return REAR
        return CANNOT if word == NOT and (last in ("can", "could") or after == "able") else None

    def _any_number(self, word: str, after: str, then: str) -> str | None:
        """NUMBER for a number of days (up to a week), weeks, months or years; an age (“four weeks old”) stays as it is."""
        if after not in self.units or then == OLD or not (word in self.numbers or word.isdecimal()):
            return None
        return None if after in DAYS and _many(word, self.figures) else NUMBER

    def of(self, word: str) -> str:
        """The form of a word: the same for all its endings and synonyms."""
        if word in self.denying and word not in NONE:
            return NO if word in ("no", "without") else CANNOT if word in self.unable else NOT
        word = self.figures.get(word, word)
        lemma = self.lemma.get(word) or self.stems.get(stem(word)) or stem(word)
        return self.same.get(word) or self.same.get(lemma) or lemma


_PREPARED: dict[int, tuple[Language, Forms]] = {}


def forms(language: Language) -> Forms:
    """The language prepared, once for each."""
    if id(language) not in _PREPARED:
        _PREPARED[id(language)] = (language, _prepared(language))
    return _PREPARED[id(language)][1]


def _prepared(language: Language) -> Forms:
    lemma = {form: base for base, others in language.forms.items() for form in (base, *others)}
    stems = {stem(base): base for base, others in language.forms.items() if base not in others}
    none = frozenset[str]()
    alone = Forms(lemma, stems, {}, none, none, none, none, none, {})
    found: dict[str, str] = {}
    for first, others in language.same.items():
        for word in (first, *others):
            found.setdefault(word, alone.of(first))
            if word not in lemma or lemma[word] != word:
                found.setdefault(alone.of(word), alone.of(first))
    figures = {str(number): word for word, number in language.numbers.items()}
    counts = frozenset({*language.numbers, *language.counts})
    return Forms(
        lemma,
        stems,
        found,
        frozenset(language.denying),
        frozenset(language.unable),
        counts,
        frozenset(language.units),
        frozenset(language.rear_before),
        figures,
    )


def _many(word: str, figures: dict[str, str]) -> bool:
    """Whether a number of days is more than a week, which is no matter of days any more."""
    return (word.isdecimal() and int(word[:9]) > WEEK) or word in {w for f, w in figures.items() if int(f) > WEEK}


@dataclass(frozen=True)
class Spellings:
    """Stems of the words that phrases use, by their first letter (which people seldom get wrong), each with its form.

    right: words that need no mending, although a word of a phrase may be near.
    """

    forms: frozenset[str]
    by_first: Mapping[str, tuple[tuple[str, str], ...]]
    right: frozenset[str]


def spellings(words: Mapping[str, int], language: Language, written: frozenset[str] = frozenset()) -> Spellings:
    """The right spellings of these words and of those that mean the same. words: with the number of phrases each stands in.

    written: further words known to be right.
    """
    prepared = forms(language)
    counts = Counter[str]()
    for word, count in words.items():
        counts[prepared.of(word)] += count
    known = frozenset(counts)
    targets = {form for form, count in counts.items() if count >= language.rules.mended_from}
    used = {word: prepared.of(word) for word in words if prepared.of(word) in targets}
    for first, others in language.same.items():
        used |= {word: prepared.of(word) for word in (first, *others) if prepared.of(word) in targets}
    found: dict[str, dict[str, str]] = {}
    for word, form in sorted(used.items()):
        if word[0].isalpha():
            for spelling in (word, stem(word)):
                found.setdefault(word[0], {}).setdefault(spelling, form)
    right = written.union(language.correct, language.ignore)
    return Spellings(known, {letter: tuple(held.items()) for letter, held in found.items()}, right)


def stem(word: str) -> str:
    """A word without its endings: scratches, scratching, scratched and scratchy are one."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3]
    for ending in ("ness", "ingly", "edly", "ing", "ed", "ly", "es", "s"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= 3 and re.search("[aeiouy]", rest):
            if ending == "s" and rest.endswith(("s", "u", "i")):
                break
            if ending == "es" and not rest.endswith(("s", "x", "z", "ch", "sh")):
                rest += "e"
            if ending in ("ing", "ed") and len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "lsz":
                rest = rest[:-1]
            word = rest
            break
    if len(word) > 3 and word[-1] in "ey" and word[-2] not in "aeiou":
        word = word[:-1]
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word


def tokens(text: str, language: Language, spellings: Spellings) -> tuple[Token, ...]:
    """The words and marks of a text; a word near one that phrases use is mended."""
    found, sentence, mendings = list[Token](), 0, dict[str, str | None]()
    read = [(match, re.sub(r"['’`´]", "", match[0].lower())) for match in _WORD.finditer(text[:LONGEST])]
    read = [(match, word) for match, word in read if word]
    lines = forms(language).line([word for _, word in read])
    for (match, word), form in zip(read, lines, strict=True):
        mended = False
        name = match[0][0].isupper() and bool(found) and found[-1].sentence == sentence
        if word[0].isalpha() and form not in spellings.forms and not name:
            if word not in mendings:
                mendings[word] = _mend(word, spellings, language)
            near = mendings[word]
            form, mended = (near, True) if near else (form, False)
        found.append(Token(word, form, match.start(), match.end(), sentence, mended))
        if word[0] in _SENTENCE_END:
            sentence += 1
    return tuple(found)


def _mend(word: str, spellings: Spellings, language: Language) -> str | None:
    """The one form within one or two slips, None for a short word, a right one or more than one such form."""
    rules = language.rules
    if len(word) < rules.least_letters or word in spellings.right:
        return None
    slips = 2 if len(word) >= rules.two_slips_from else 1
    best: dict[int, set[str]] = {}
    for other, form in spellings.by_first.get(word[0], ()):
        for bare in dict.fromkeys((word, stem(word))):
            if abs(len(other) - len(bare)) <= slips and len(other) >= rules.least_letters - 1:
                distance = _slips(bare, other, slips)
                if distance <= slips:
                    best.setdefault(distance, set()).add(form)
    nearest = best[min(best)] if best else set()
    return nearest.pop() if len(nearest) == 1 else None


def _slips(one: str, other: str, most: int) -> int:
    """Letters wrong, missing, extra or exchanged with their neighbour; anything above `most` counts as most + 1."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, row = row, now
    return row[-1]


def content(words: Sequence[str], language: Language) -> tuple[str, ...]:
    """Forms of the words of a phrase that carry its meaning."""
    ignored = frozenset(language.ignore)
    return tuple(form for word, form in zip(words, forms(language).line(words), strict=True) if word not in ignored)
