"""The age a text tells of the subject, as a suggestion for the form: never a time that something has lasted.

A number is an age where “old” or “age” says so, or where it stands right beside a word for the subject: “my lab, 9,”, “68 woman”.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from fascicle.intake.data import Language
from fascicle.intake.words import Token

_YEARS = frozenset({"year", "years", "yr", "yrs", "y", "yo"})
_MONTHS = frozenset({"month", "months", "mth", "mths", "mo", "mos"})
_WEEKS = frozenset({"week", "weeks", "wk", "wks"})
_TIMED = _YEARS | _MONTHS | _WEEKS
_OLD = frozenset({"old", "olds", "young", "o"})
_OF_AGE = (("and", "a", "half", "old"), ("of", "age"), ("/", "o"))
_MONTHS_IN_YEAR, _WEEKS_IN_YEAR = 12, 52
_ON = frozenset({"and", "she", "he", "now", "but", "with", "who", "has", "is", "keeps", "my"})
"""Words after a bare number that is an age: “he is 9 and”; next, words after a time that is none, and before one."""
_NOT_AGES = frozenset(
    {"ago", "after", "before", "in", "now", "on", "since", "later", "pregnant", "of", "into", "for", "post"}
)
_HELD = frozenset({"had", "have", "having", "owned", "for", "with"})
_ABOUT = frozenset({"about", "almost", "nearly", "around", "roughly", "just", "over", "only", "approximately", "now"})
"""Words that may stand before an age and leave it one: “he is almost 9”."""
_THEN = frozenset({"at", "since", "from", "until", "by", "under"})
"""Words before “age 9” that tell when something was, not how old anybody is now."""
_BETWEEN = frozenset({",", "(", "is", "of", "x"})
"""What may stand between a word for the subject and its age: “our tabby (7)”, “a lab x 6 yrs”."""


def ages(
    tokens: Sequence[Token], names: Collection[int], sexes: Collection[int], numbers: Sequence[float | None],
    words: Language, limits: tuple[float, float],
) -> Iterator[tuple[float, tuple[int, int], bool]]:  # fmt: skip
    """Each age in years, the text it was read from, and whether it was plainly said.

    names, sexes: places of words for the subject and of words that tell its sex. numbers: the number at each place.
    limits: youngest and oldest age in years. “9 yr old”, “nine-year-old”, “aged 9”, “10yo”, “he is 9”; not “for two years”.
    """
    for at, number in enumerate(numbers):
        if number is None:
            continue
        after = [t.text for t in tokens[at + 1 : at + 6]] + [""] * 5
        before = [t.text for t in tokens[max(0, at - 3) : at]]
        used, half = 0, 0.0
        if after[:3] == ["and", "a", "half"]:
            used, half = 3, 0.5
        unit = after[used]
        years = number + half
        timed = unit in _TIMED
        if timed:
            used += 1
            years /= _MONTHS_IN_YEAR if unit in _MONTHS else _WEEKS_IN_YEAR if unit in _WEEKS else 1
        old = after[used] in _OLD or any(tuple(after[used : used + len(said)]) == said for said in _OF_AGE)
        plain = unit == "yo" or (timed and old and not _THEN & set(before[-1:]))
        aged = before[-1:] == ["aged"] or before[-2:-1] == ["aged"] or _called_age(before)
        bare = _is_span_age(before, after[used]) if timed else _is_age(before, after[used], words)
        theirs = not words.me and _of_young(before, after[used : used + 3], words)
        if theirs or not (plain or aged or bare or _beside(tokens, at, at + used, timed, names, sexes, bool(words.me))):
            continue
        if limits[0] <= years <= limits[1]:
            last = tokens[min(at + used + (plain and unit != "yo"), len(tokens) - 1)]
            yield round(years, 2), (tokens[at].start, last.end), plain or aged


def _called_age(before: Sequence[str]) -> bool:
    """“age 9”, “age: 9”, “his age is 9”; not “at age 9”, which tells when something was."""
    said = list(before[:-1]) if before[-1:] in ([":"], ["is"]) else list(before)
    return said[-1:] == ["age"] and not (len(said) > 1 and said[-2] in _THEN)


def _beside(
    tokens: Sequence[Token],
    at: int,
    last: int,
    timed: bool,
    names: Collection[int],
    sexes: Collection[int],
    person: bool,
) -> bool:
    """Whether a number stands right beside a word for the subject: “my lab, 9, keeps”, “cat (15)”, “male 3”, “68 woman”.

    at, last: places of the number and of its unit. A bare number needs a comma, a bracket, “is” or “of” between, or a word
    for the sex: “gave my dog 2” is none; nor is a time that somebody was had for.
    """
    back, after = at - 1, last + 1
    while back > 0 and tokens[back].text in _ABOUT:
        back -= 1
    rest = tokens[after].text if after < len(tokens) and not tokens[after].mark else ""
    ends = not rest or rest in _ON
    if not _HELD.isdisjoint(t.text for t in tokens[max(0, at - 3) : at]):
        return False
    if timed and (after in sexes or after in names):
        return True
    if person and after in sexes:  # not “2 female cats”
        further = tokens[after + 1] if after + 1 < len(tokens) else None
        written_on = tokens[at].end == tokens[after].start
        return further is None or further.mark or further.text in _ON or written_on
    if back in sexes or (timed and back in names):
        return ends or (timed and rest not in _NOT_AGES) or tokens[back].end == tokens[at].start
    of_it = back > 0 and tokens[back].text in _BETWEEN and (back - 1 in names or back - 1 in sexes)
    return of_it and (ends or (timed and tokens[back].text == "of" and rest not in _NOT_AGES))


def _is_span_age(before: Sequence[str], after: str) -> bool:
    """Whether “12 years” without “old” is an age: “she is 12 yrs,”; not “for 12 years”."""
    ends = not after or not after[0].isalnum()
    return (before[-1:] in (["hes"], ["shes"]) or before[-2:] in (["he", "is"], ["she", "is"])) and (
        ends or after == "and"
    )


def _of_young(before: Sequence[str], after: Sequence[str], words: Language) -> bool:
    """Whether an age is that of children or of a litter: “nursing 3 week old kittens”, “her pups are 3 weeks old”."""
    known = {*words.children, *words.young} - ({*words.pet_names} if not words.me else set())
    return any(word in known for word in after) or not {*before}.isdisjoint(words.young)


def _is_age(before: Sequence[str], after: str, words: Language) -> bool:
    """Whether a bare number is an age: “he is 9.”, “she's only 3,”, “at ten and a half”, “I am 34 and”, “my wife, 62,”."""
    ends = not after or not after[0].isalnum() or after in _ON
    kin = words.kin
    he = {*words.sexes.he, *words.sexes.she, *kin}
    nearer = [word for word in before if word not in _ABOUT]
    mine = nearer[-1:] == ["am"] and nearer[-2:-1] != [] and nearer[-2] in words.me
    if ends and (mine or (nearer[-1:] == ["im"] and "im" in words.me) or (before[-1:] != [] and before[-1] in kin)):
        return True
    about = before[-1:] == ["about"]
    says = about or (before[-1:] in (["is"], ["hes"], ["shes"], ["only"]) and bool(he & set(before)))
    return ends and (says or before[-1:] in (["hes"], ["shes"], ["turned"]) or before[-2:] == ["now", "at"])
