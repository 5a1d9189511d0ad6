"""The frozen values: what they refuse, and that they can be copied and sent on."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import asdict
from typing import Any

import pytest

from fascicle import Case, CaseError, assess
from fascicle.model import Assessment

TOLD = Case(
    species="dog",
    age_years=4,
    present=["itching", "back_skin_twitch_on_touch", "vomiting"],
    absent=["vomiting"],
    choices={"onset": "onset_over_days"},
    observed_by={"itching": "clinician"},
)


@pytest.fixture(scope="module")
def answer() -> Assessment:
    """An answer with a contradiction, choices and reporters."""
    return assess(TOLD)


def test_values_can_be_pickled_and_copied(answer: Assessment) -> None:
    """A case, its evidence and its assessment come back equal from pickle and from a deep copy, and still cannot be changed."""
    for value in (TOLD, answer.evidence, answer):
        assert pickle.loads(pickle.dumps(value)) == value
        assert copy.deepcopy(value) == value
    again = copy.deepcopy(TOLD)
    with pytest.raises(TypeError, match="cannot be changed"):
        again.choices["onset"] = "since_puppyhood"  # type: ignore[index]


def test_values_become_plain_data(answer: Assessment) -> None:
    """dataclasses.asdict works throughout; that of a case is JSON and makes the same case again."""
    assert asdict(answer)["case"] == asdict(TOLD)
    assert asdict(answer)["evidence"]["observed_by"] == {"itching": "examination"}
    assert Case(**json.loads(json.dumps(asdict(TOLD)))) == TOLD


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"age_years": "9"}, "age_years: '9' does not fit; give a number of years such as 4.5."),
        ({"weight_kg": True}, "weight_kg: True does not fit; give a number of kilograms such as 12."),
        ({"breed": 3}, "breed: 3 does not fit; give a name in words."),
        ({"sex": ["male"]}, "sex: ['male'] does not fit; give a word such as male_neutered."),
        ({"present": "itching"}, "present: 'itching' does not fit; give a list of finding ids."),
        ({"absent": 5}, "absent: 5 does not fit; give a list of finding ids."),
        ({"present": [None]}, "present: (None,) does not fit; give a list of finding ids."),
        ({"choices": ["onset"]}, "choices: ['onset'] does not fit; give a mapping of group to option."),
        ({"levels": {"itching": 2}}, "levels: {'itching': 2} does not fit; give a mapping of finding to level."),
        ({"asked_before": "2"}, "asked_before: '2' does not fit; give a whole number."),
        ({"asked_before": None}, "asked_before: None does not fit; give a whole number."),
        ({"unclear": "yes"}, "unclear: 'yes' does not fit; give true or false."),
        ({"species": ["dog"]}, "species: ['dog'] does not fit; give a word such as dog."),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_in_words(told: dict[str, Any], message: str) -> None:
    """Python callers get the same refusal as a case file, not a bare TypeError from inside."""
    with pytest.raises(CaseError) as caught:
        Case(**{"species": "dog", **told})
    assert str(caught.value) == message


def test_any_iterable_and_any_number_will_do() -> None:
    """Generators and numpy numbers are taken; what is told twice counts once."""
    import numpy as np

    case = Case("dog", age_years=np.float64(3), present=(f for f in ["itching", "itching"]), asked_before=np.int64(1))
    assert (case.age_years, case.present, case.asked_before) == (3.0, ("itching",), 1)
