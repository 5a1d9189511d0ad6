"""Lay phrases found in a text: in any order of words close together, weighed by how rare their words are."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log

from fascicle.intake.data import Language, language, phrases
from fascicle.intake.words import BARS, CANNOT, NONE, NOT, Spellings, Token, content, forms, spellings
from fascicle.knowledge.base import Knowledge

DETERMINER, NOTHING = "<the>", ""
"""Any “the” or “his”; and the finding of phrases that say nothing: they only take their words from shorter ones."""
WHEN = frozenset({"this", "that"})
TIMES = ("onset", "duration", "frequency")
"""Choice groups of what tells a time."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_JOINS = frozenset({",", "and", "&", "/", "(", ")"})


@dataclass(frozen=True)
class Phrase:
    """A way to say that a finding is there, or is not. literal: every word in its order, where one word alone says too little."""

    finding: str
    present: bool
    words: tuple[str, ...]
    literal: bool = False


@dataclass(frozen=True)
class Match:
    """A phrase in a text. places: of its words; cover: how much of its weight is there; score: less for a changed order.

    join: of two words with an “and” right after the first, as a and c in “a and b c”, the place of the “and”.
    """

    phrase: Phrase
    places: tuple[int, ...]
    cover: float
    score: float
    join: int | None = None


@dataclass(frozen=True)
class Index:
    """Every phrase of a species, by its rarest word."""

    language: Language
    by_word: Mapping[str, tuple[Phrase, ...]]
    weight: Mapping[str, float]
    spellings: Spellings
    also: Mapping[str, tuple[str, ...]]
    lone: Mapping[str, tuple[str, ...]]
    vague: tuple[str, ...]
    times: frozenset[str]


def by_form(knowledge: Knowledge) -> frozenset[str]:
    """The findings that the form settles: age, sex, breed, weight."""
    profile = knowledge.profile
    bands = (*profile.age_bands, *profile.weight_bands)
    breeds = knowledge.breeds.decides.get(knowledge.species, ())
    return frozenset({*breeds, *profile.sex_findings, *(band.finding for band in bands)})


def index(knowledge: Knowledge) -> Index:
    """The phrases of the findings people are asked for, without those the form settles."""
    settled = by_form(knowledge)
    told = tuple((f.id, f.phrases) for f in knowledge.findings.values() if f.id not in settled)
    times = frozenset(option for group in TIMES for option in knowledge.options.get(group, ()))
    return _indexed(knowledge.species, told, knowledge.written, times)


@lru_cache(maxsize=8)
def _indexed(
    species: str, told: tuple[tuple[str, tuple[str, ...]], ...], written: frozenset[str], times: frozenset[str]
) -> Index:
    """Prepared once for each set of findings."""
    words, further = language(species), phrases(species)
    found, spelled = dict[Phrase, None](), Counter[str]()
    for finding, sayings in told:
        skip = further.skip.get(finding, ())
        kinds = ((True, (*sayings, *further.present.get(finding, ()))), (False, further.absent.get(finding, ())))
        for kind, texts in kinds:
            for text in texts:
                if text not in skip:
                    found[_phrase(finding, kind, text, words)] = None
                    spelled.update(set(_plain(text)))
    for text in words.says_nothing:
        found[_phrase(NOTHING, True, text, words)] = None
    counts = Counter(word for phrase in found for word in set(phrase.words))
    weight = {word: log(1 + len(found) / count) for word, count in counts.items()}
    by_word: dict[str, list[Phrase]] = {}
    for phrase in found:
        if phrase.words:
            rarest = max(phrase.words, key=lambda word: (word not in BARS and word != DETERMINER, weight[word], word))
            by_word.setdefault(rarest, []).append(phrase)
    by_rarest = {word: tuple(held) for word, held in by_word.items()}
    return Index(
        words, by_rarest, weight, spellings(spelled, words, written), dict(further.also), dict(further.lone), further.vague,
        times,
    )  # fmt: skip


def _plain(text: str) -> list[str]:
    return [re.sub(r"['’]", "", word) for word in _WORD.findall(text.lower())]


def _phrase(finding: str, present: bool, text: str, words: Language) -> Phrase:
    plain = _plain(text)
    kept = content(plain, words)
    strict = text.startswith("=")
    said = len([word for word in kept if word not in BARS])
    if not strict and (
        len(kept) == len(plain)
        or said >= words.rules.least_content + (len(plain) - len(kept) >= words.rules.small_words)
    ):
        return Phrase(finding, present, kept)
    return Phrase(finding, present, tuple(_line(plain, forms(words).line(plain), words)), literal=True)


def _line(texts: Sequence[str], forms_of: Sequence[str], words: Language) -> list[str]:
    """The words of a text as phrases that are taken word for word see them: any “the” or “his” is one, “this morning” is not."""
    following = [*texts[1:], ""]
    return [
        DETERMINER if text in words.determiners and not (text in WHEN and after in words.moments) else form
        for text, form, after in zip(texts, forms_of, following, strict=False)
    ]


def matches(tokens: Sequence[Token], held: Index, idle: frozenset[int] = frozenset()) -> Iterator[Match]:
    """Every phrase in the text, sentence by sentence. idle: places of words that deny elsewhere but not here."""
    words = held.language
    ignored, ends = frozenset(words.ignore), frozenset(words.ends)
    raw = _line([token.text for token in tokens], [token.form for token in tokens], words)
    sentences: dict[int, list[int]] = {}
    for place, token in enumerate(tokens):
        sentences.setdefault(token.sentence, []).append(place)
    for places in sentences.values():
        kept = [p for p in places if not tokens[p].mark and tokens[p].text not in ignored]
        at: dict[str, list[int]] = {}
        for rank, place in enumerate(kept):
            at.setdefault(tokens[place].form, []).append(rank)
            if tokens[place].form == CANNOT:
                at.setdefault(NOT, []).append(rank)
        forms_here = dict.fromkeys([*at, *(raw[p] for p in places)])
        for form in forms_here:
            for phrase in held.by_word.get(form, ()):
                if phrase.literal:
                    yield from _literally(phrase, raw, places)
                else:
                    yield from _loosely(phrase, form, tokens, kept, at, held, ends, idle)


def _literally(phrase: Phrase, raw: Sequence[str], places: Sequence[int]) -> Iterator[Match]:
    size = len(phrase.words)
    for start in range(places[0], places[-1] + 2 - size):
        there = raw[start : start + size]
        if (
            all(a == b or (a, b) == (CANNOT, NOT) for a, b in zip(there, phrase.words, strict=False))
            and len(there) == size
        ):
            yield Match(phrase, tuple(range(start, start + size)), 1.0, float(size))


def _loosely(
    phrase: Phrase,
    rarest: str,
    tokens: Sequence[Token],
    kept: Sequence[int],
    at: Mapping[str, Sequence[int]],
    held: Index,
    ends: frozenset[str],
    idle: frozenset[int],
) -> Iterator[Match]:
    """The phrase round each place of its rarest word: the nearest places of the others, with few words between."""
    rules, size = held.language.rules, len(phrase.words)
    for rank in at.get(rarest, ()):
        ranks: list[int | None] = []
        used = {rank}
        for word in phrase.words:
            if word == rarest and rank not in ranks:
                ranks.append(rank)
                continue
            places, reach = at.get(word, ()), size - 1 + rules.gap
            window = places[bisect_left(places, rank - reach) : bisect_right(places, rank + reach)]
            near = [r for r in window if r not in used]
            best = min(near, key=lambda r: (abs(r - rank), r), default=None)
            ranks.append(best)
            if best is not None:
                used.add(best)
        got = [r for r in ranks if r is not None]
        weights = [held.weight[word] for word in phrase.words]
        cover = sum(w for w, r in zip(weights, ranks, strict=True) if r is not None) / sum(weights)
        if cover < (rules.cover if size > rules.firm else 1.0) or (
            BARS.intersection(phrase.words) and not _denies_next(phrase.words, ranks)
        ):
            continue
        low, high = min(got), max(got)
        turned = sum(a > b for a, b in pairwise(got))
        between = [tokens[kept[r]] for r in range(low, high + 1) if r not in got and kept[r] not in idle]
        joins = sum(token.text in _JOINS for token in tokens[kept[low] : kept[high] + 1])
        gap = len(between) + joins
        if gap > (rules.gap if size > 2 or not turned else 1) or any(t.form in BARS or t.text in NONE for t in between):
            continue
        if joins and (
            turned or (size <= rules.one_clause and any(tokens[p].mark for p in range(kept[low], kept[high])))
        ):
            continue  # “up, goes stiff”: two words of two clauses
        if turned and any(
            tokens[p].text in ends for p in range(kept[low] + 1, kept[high]) if p not in {kept[r] for r in got}
        ):
            continue  # “she yelped, but I only touched …”: the order changes what is said
        join = _join(tokens, kept[low], kept[high]) if joins and size <= rules.one_clause else None
        yield Match(phrase, tuple(sorted(kept[r] for r in got)), cover, len(got) * cover - (gap + turned) / 10, join)


def _join(tokens: Sequence[Token], first: int, last: int) -> int | None:
    """The place of the “and” right after the first of two words, if there is one."""
    return first + 1 if first + 1 < last and tokens[first + 1].text in _JOINS else None


def _denies_next(words: Sequence[str], ranks: Sequence[int | None]) -> bool:
    """Whether the “not” of a phrase stands right before the word it belongs to: “cannot see”, not “no fleas that I can see”."""
    at = next(place for place, word in enumerate(words) if word in BARS)
    here, after = ranks[at], ranks[at + 1] if at + 1 < len(ranks) else None
    return here is not None and (after is None or after - here == 1)


def longest(found: Sequence[Match], held: Index) -> list[Match]:
    """Matches without those whose words a longer or better match of another finding takes, unless they say both.

    One that tells a time takes nothing: “fits for hours” are fits.
    """
    also = held.also
    kept: list[Match] = []
    by_place: dict[int, list[Match]] = {}
    best: dict[tuple[str, tuple[int, ...]], Match] = {}
    for match in found:
        key = (match.phrase.finding, match.places)
        if key not in best or match.score > best[key].score:
            best[key] = match
    for match in sorted(best.values(), key=lambda m: (-len(m.places), -m.score, m.phrase.finding, m.places)):
        own, finding = set(match.places), match.phrase.finding
        says = match.phrase.present
        if any(m.phrase.finding == NOTHING for place in own for m in by_place.get(place, ())):
            continue
        if match.join is not None and any(
            len(m.places) > 1 and m.places[0] > match.join and m.phrase.finding != finding
            for m in by_place.get(match.places[-1], ())
        ):
            continue  # “trembles and holds his head low”: the head is held, what trembles is not said
        rivals = [
            m
            for m in by_place.get(match.places[0], ())
            if own <= set(m.places)
            and (m.phrase.finding, m.phrase.present) != (finding, says)
            and (m.phrase.finding not in held.times or finding in held.times)
        ]
        if all(says and m.phrase.present and finding in also.get(m.phrase.finding, ()) for m in rivals):
            kept.append(match)
            for place in own:
                by_place.setdefault(place, []).append(match)
    return [match for match in kept if match.phrase.finding != NOTHING]
