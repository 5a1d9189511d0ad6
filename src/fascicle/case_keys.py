"""The keys of a case and what each may hold: the same in a file, in JSON and from Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from typing import Any

from fascicle.errors import CaseError, shown
from fascicle.frozen import Frozen


def is_text(value: Any) -> bool:
    """Words."""
    return isinstance(value, str)


def is_truth(value: Any) -> bool:
    """Yes or no."""
    return isinstance(value, bool)


def is_number(value: Any) -> bool:
    """A number of any kind, numpy's too; yes and no are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_count(value: Any) -> bool:
    """A whole number."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_list(value: Any) -> bool:
    """Several words; one word by itself, or a mapping, is no list."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        return False
    return all(isinstance(item, str) for item in value)


def is_mapping(value: Any) -> bool:
    """Words to words."""
    return isinstance(value, Mapping) and all(isinstance(item, str) for pair in value.items() for item in pair)


KEYS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "species": (is_text, "a word such as dog"),
    "age_years": (is_number, "a number of years such as 4.5"),
    "sex": (is_text, "a word such as male_neutered"),
    "breed": (is_text, "a name in words"),
    "weight_kg": (is_number, "a number of kilograms such as 12"),
    "present": (is_list, "a list of finding ids"),
    "absent": (is_list, "a list of finding ids"),
    "choices": (is_mapping, "a mapping of group to option"),
    "levels": (is_mapping, "a mapping of finding to level"),
    "observed_by": (is_mapping, "a mapping of finding to lay, clinician or recording"),
    "region": (is_text, "a country code such as GB"),
    "text": (is_text, "free words in quotes"),
    "asked_before": (is_count, "a whole number"),
    "unclear": (is_truth, "true or false"),
}
MAY_BE_NONE = ("age_years", "sex", "breed", "weight_kg", "region", "text")


def held(name: str, value: Any) -> Any:
    """Return the value of a key as a case holds it: lists once each and in order, mappings frozen. Raises CaseError."""
    fits, words = KEYS[name]
    if fits is is_list:
        value = () if value is None else value
        value = tuple(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping) else value
    elif fits is is_mapping and value is None:
        value = {}
    if not fits(value) and not (value is None and name in MAY_BE_NONE):
        raise CaseError(f"{name}: {shown(value)} does not fit; give {words}.")
    if fits is is_list:
        return tuple(dict.fromkeys(value))
    return Frozen(value) if fits is is_mapping else value
