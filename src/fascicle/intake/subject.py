"""Age, sex, breed and weight as a text tells them, as suggestions for the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from fascicle.intake.data import Language, language
from fascicle.intake.words import Token
from fascicle.knowledge.base import Knowledge, plain_name
from fascicle.units import MASS, WORDS

_YEARS = frozenset({"year", "years", "yr", "yrs", "y", "yo"})
_MONTHS = frozenset({"month", "months", "mth", "mths", "mo", "mos"})
_WEEKS = frozenset({"week", "weeks", "wk", "wks"})
_OLD = frozenset({"old", "olds", "young", "o"})
_MONTHS_IN_YEAR, _WEEKS_IN_YEAR = 12, 52
_ON = frozenset({"and", "she", "he", "now", "but", "with", "who", "has", "is", "keeps", "my"})
"""Words after a bare number that is an age: “he is 9 and”; next, words after a time that is none, and before one."""
_NOT_AGES = frozenset(
    {"ago", "after", "before", "in", "now", "on", "since", "later", "pregnant", "of", "into", "for", "post"}
)
_HELD = frozenset({"had", "have", "having", "owned", "for", "with"})


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


def _ages(tokens: Sequence[Token], knowledge: Knowledge, words: Language) -> Iterator[Detail]:
    """“9 yr old”, “nine-year-old”, “8 weeks old”, “aged 9”, “10yo”, “he is 9”; not “for two years”."""
    limit = knowledge.profile.limits.age_years
    shown = [t for t in tokens if not t.text.startswith("-") and t.text not in ("–", "—")]
    for at, token in enumerate(shown):
        number = _number(token, words)
        if number is None:
            continue
        after = [t.text for t in shown[at + 1 : at + 6]] + [""] * 5
        before = [t.text for t in shown[max(0, at - 3) : at]]
        used, half = 0, 0.0
        if after[:3] == ["and", "a", "half"]:
            used, half = 3, 0.5
        unit, old = after[used], after[used + 1]
        years = number + half
        if unit in _MONTHS | _WEEKS | _YEARS:
            used += 1
            years /= _MONTHS_IN_YEAR if unit in _MONTHS else _WEEKS_IN_YEAR if unit in _WEEKS else 1
        timed = unit in _MONTHS | _WEEKS | _YEARS
        plain = unit == "yo" or (timed and (old in _OLD or after[used : used + 4] == ["and", "a", "half", "old"]))
        aged = before[-1:] == ["aged"] or before[-2:-1] == ["aged"]
        bare = (not timed and _is_age(before, after[used], words)) or (
            timed and _is_span_age(before, after[used], words)
        )
        theirs = not words.me and _of_young(before, after[used : used + 3], words)
        if not (plain or aged or bare) or theirs:
            continue
        if limit.low <= years <= limit.high:
            end = shown[min(at + used + (1 if plain and unit != "yo" else 0), len(shown) - 1)].end
            yield Detail("age_years", round(years, 2), (token.start, end), plain or aged)


def _is_span_age(before: Sequence[str], after: str, words: Language) -> bool:
    """Whether “12 years” without “old” is an age: “she is 12 yrs,”, “my puppy 10 weeks has”; not “for 12 years”."""
    ends = not after or not after[0].isalnum()
    if before[-1:] in (["hes"], ["shes"]) or before[-2:] in (["he", "is"], ["she", "is"]):
        return ends or after == "and"
    comma = before[-1:] == [","]
    name = "".join(before[-2:-1] if comma else before[-1:])
    one = name in words.kin or any(name.startswith(called) for called in words.called)  # “puppy” is a “pup”
    return one and (ends if comma else after not in _NOT_AGES and not _HELD & set(before))


def _of_young(before: Sequence[str], after: Sequence[str], words: Language) -> bool:
    """Whether an age is that of children or of a litter: “nursing 3 week old kittens”, “her pups are 3 weeks old”."""
    known = {*words.children, *words.young} - ({*words.pet_names} if not words.me else set())
    return any(word in known for word in after) or not {*before}.isdisjoint(words.young)


def _is_age(before: Sequence[str], after: str, words: Language) -> bool:
    """Whether a bare number is an age: “he is 9.”, “she's only 3,”, “at ten and a half”, “I am 34 and”, “my wife, 62,”."""
    ends = not after or not after[0].isalnum() or after in _ON
    kin = words.kin
    he = {*words.sexes.he, *words.sexes.she, *kin}
    mine = before[-1:] == ["am"] and before[-2:-1] != [] and before[-2] in words.me
    if ends and (
        mine
        or (before[-1:] == ["im"] and "im" in words.me)
        or (before[-1:] == [","] and before[-2:-1] != [] and before[-2] in kin)
        or (before[-1:] != [] and before[-1] in kin)
    ):
        return True
    about = before[-1:] == ["about"]
    says = about or (before[-1:] in (["is"], ["hes"], ["shes"], ["only"]) and bool(he & set(before)))
    return ends and (says or before[-1:] in (["hes"], ["shes"], ["turned"]) or before[-2:] == ["now", "at"])


def _sexes(tokens: Sequence[Token], knowledge: Knowledge, words: Language) -> Iterator[Detail]:
    """Plain words for it, else “he” or “she” where only one of them stands in the text."""
    held, known = words.sexes, knowledge.profile.sexes
    texts = [token.text for token in tokens]
    male = [t for t in tokens if t.text in (*held.male, *words.adults.get("male", ()))]
    female = [t for t in tokens if t.text in (*held.female, *words.adults.get("female", ()))]
    he, she = [t for t in tokens if t.text in held.he], [t for t in tokens if t.text in held.she]
    done = [t for t in tokens if t.text in held.neutered]
    entire = [t for t in tokens if t.text in held.entire]
    plain = male or female
    sex = None
    if bool(male) != bool(female):
        sex = "male" if male else "female"
    elif bool(he) != bool(she) and not (male and female):
        sex = "male" if he else "female"
    if sex is None:
        return
    denied = any(
        not {*words.denying}.isdisjoint(texts[max(0, tokens.index(t) - words.rules.neuter_reach) : tokens.index(t)])
        for t in done
    )
    neutered = bool(done) and not entire and not denied
    value = f"{sex}_neutered" if neutered and f"{sex}_neutered" in known else sex
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
