"""Age, sex, breed and weight as a text tells them, as suggestions for the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from fascicle.intake.age import ages
from fascicle.intake.data import Language, language
from fascicle.intake.words import Token
from fascicle.knowledge.base import Knowledge, plain_name
from fascicle.units import MASS, WORDS

_FAR = frozenset({"from", "away", "off", "down", "further", "apart", "high", "long"})
"""Words after “4m” that make it metres."""


@dataclass(frozen=True)
class Detail:
    """What the form asks for. field: age_years, sex, breed or weight_kg, as a case file has them."""

    field: str
    value: float | str
    words: tuple[int, int]
    sure: bool


def read_subject(tokens: Sequence[Token], knowledge: Knowledge) -> tuple[Detail, ...]:
    """At most one detail of each field: the first plain one, else the first."""
    words = language(knowledge.species)
    readers: tuple[Callable[[Sequence[Token], Knowledge, Language], Iterator[Detail]], ...]
    tokens = _counted(tokens, words)
    readers = (_ages, _sexes, _breeds, _weights)
    found = []
    for reader in readers:
        told = list(reader(tokens, knowledge, words))
        if told:
            found.append(min(told, key=lambda d: (not d.sure, d.words[0])))
    return tuple(found)


def _number(token: Token, words: Language) -> float | None:
    """A number in figures or words."""
    if token.text[0].isdecimal() and token.text.isascii():
        return float(token.text.replace(",", "."))
    return words.numbers.get(token.text)


def _counted(tokens: Sequence[Token], words: Language) -> tuple[Token, ...]:
    """The words with “thirty-six” and “thirty” as figures, each one word."""
    found: list[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        ones = words.numbers.get(token.text, 0)
        if last is not None and last.text in words.tens and 0 < ones < 10:
            found[-1] = replace(last, text=str(words.tens[last.text] + ones), end=token.end)
        else:
            found.append(token)
    return tuple(replace(t, text=str(words.tens[t.text])) if t.text in words.tens else t for t in found)


def _ages(tokens: Sequence[Token], knowledge: Knowledge, words: Language) -> Iterator[Detail]:
    """The age of the subject, by the words for it, its breed and its sex."""
    limit = knowledge.profile.limits.age_years
    shown = [t for t in tokens if not t.text.startswith("-") and t.text not in ("–", "—")]
    breeds = [detail.words for detail in _breeds(shown, knowledge, words)]
    letters = _letters(shown, words)
    adults = (word for of_sex in words.adults.values() for word in of_sex)
    telling = {*words.sexes.male, *words.sexes.female, *adults} - {*words.sexes.neutered}
    sexes = {p for p, t in enumerate(shown) if t.text in telling or p in letters}
    names = {
        p
        for p, t in enumerate(shown)
        if t.text in words.kin
        or any(t.text.startswith(called) for called in words.called)  # “puppy” is a “pup”
        or any(start <= t.start and t.end <= end for start, end in breeds)
    }
    numbers = [_number(token, words) for token in shown]
    for years, span, sure in ages(shown, names, sexes, numbers, words, (limit.low, limit.high)):
        yield Detail("age_years", years, span, sure)


def _letters(tokens: Sequence[Token], words: Language) -> Mapping[int, str]:
    """Places of an “M” or “F” written on to a number where a sentence or a bracket begins: “34M”, “F68”; not “ran 100m”."""
    found: dict[int, str] = {}
    for at, (first, second) in enumerate(pairwise(tokens)):
        opens = at == 0 or tokens[at - 1].mark or tokens[at - 1].text in (*words.me, "am", "a")
        far = at + 2 < len(tokens) and tokens[at + 2].text in _FAR
        if not opens or far or first.end != second.start:
            continue
        for letter, number, place in ((first, second, at), (second, first, at + 1)):
            if letter.text in words.sexes.letters and _number(number, words) is not None:
                found[place] = words.sexes.letters[letter.text]
    return found


def _sexes(tokens: Sequence[Token], knowledge: Knowledge, words: Language) -> Iterator[Detail]:
    """Plain words for it, else “he” or “she” where only one of them stands in the text."""
    held, known = words.sexes, knowledge.profile.sexes
    texts = [token.text for token in tokens]
    letters = _letters(tokens, words)
    man, woman = ((*held.male, *words.adults.get("male", ())), (*held.female, *words.adults.get("female", ())))
    male = [t for p, t in enumerate(tokens) if t.text in man or letters.get(p) == "male"]
    female = [t for p, t in enumerate(tokens) if t.text in woman or letters.get(p) == "female"]
    he, she = [t for t in tokens if t.text in held.he], [t for t in tokens if t.text in held.she]
    done = [t for t in tokens if t.text in held.neutered]
    entire = [t for t in tokens if t.text in held.entire]
    plain = male or female
    told: str | None = None
    if bool(male) != bool(female):
        told = "male" if male else "female"
    elif bool(he) != bool(she) and not (male and female):
        told = "male" if he else "female"
    if told is None:
        return
    denied = any(
        not {*words.denying}.isdisjoint(texts[max(0, tokens.index(t) - words.rules.neuter_reach) : tokens.index(t)])
        for t in done
    )
    neutered = bool(done) and not entire and not denied
    value = f"{told}_neutered" if neutered and f"{told}_neutered" in known else told
    token = (done or male or female or he or she)[0]
    if value in known:
        yield Detail("sex", value, (token.start, token.end), bool(plain))


@lru_cache(maxsize=4)
def _names(names: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """First word -> every name that begins with it, longest first, with the breed it names."""
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for breed, others in names:
        for name in (breed, *others):
            parts = tuple(plain_name(name).split())
            found.setdefault(parts[0], {}).setdefault(parts, breed)
    return {first: tuple(sorted(ns.items(), key=lambda n: (-len(n[0]), n))) for first, ns in found.items()}


def _breeds(tokens: Sequence[Token], knowledge: Knowledge, words: Language) -> Iterator[Detail]:
    """The longest name of a breed that stands at a place, singular or plural."""
    names = _names(tuple((b.name, b.also) for b in knowledge.breeds.breeds if b.species == knowledge.species))
    shown = [t for t in tokens if not t.mark]
    at = 0
    while at < len(shown):
        parts, breed = _breed_at(shown, at, names)
        if breed:
            span = (shown[at].start, shown[at + len(parts) - 1].end)
            yield Detail("breed", breed, span, len(parts) > 1 or len(parts[0]) > words.rules.least_letters)
        at += max(1, len(parts))


def _breed_at(
    shown: Sequence[Token], at: int, names: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
) -> tuple[tuple[str, ...], str]:
    """The longest name that begins at this word, and its breed; empty where none does."""
    for first in (shown[at].text, shown[at].text.removesuffix("s")):
        for parts, breed in names.get(first, ()):
            here = (first, *(t.text for t in shown[at + 1 : at + len(parts)]))
            if here == parts or (*here[:-1], here[-1].removesuffix("s")) == parts:
                return parts, breed
    return (), ""


def _weights(tokens: Sequence[Token], knowledge: Knowledge, words: Language) -> Iterator[Detail]:
    """“70 kg”, “45 pounds”, “30lb”; not what was lost, gained or is too much."""
    limit = knowledge.profile.limits.weight_kg
    shown = [t for t in tokens if not t.mark]
    for place, (token, unit) in enumerate(pairwise(shown)):
        number, measure = _number(token, words), WORDS.get(unit.text, unit.text)
        if number is None or measure not in ("kg", "lb"):
            continue
        kilograms = number * MASS[measure] / MASS["kg"]
        near = {t.text for t in shown[max(0, place - 4) : place + 5]}
        if near & {"lost", "lose", "gained", "gain", "overweight", "heavier", "lighter", "off", "extra"}:
            continue
        if limit.low <= kilograms <= limit.high:
            yield Detail("weight_kg", round(kilograms, 1), (token.start, unit.end), "weighs" in near or measure == "kg")
