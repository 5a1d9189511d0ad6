"""Quantities as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fascicle import units
from fascicle.errors import CaseError


@pytest.mark.parametrize(
    ("told", "value", "unit"),
    [
        ("50g", 50.0, "g"),
        ("50 grams", 50.0, "g"),
        ("500 mg", 0.5, "g"),
        ("250 µg", 0.00025, "g"),
        ("1.5 kg", 1500.0, "g"),
        ("1,5 kg", 1500.0, "g"),
        ("1/2 tsp", 2.5, "ml"),
        ("half a tablet", 0.5, "piece"),
        ("1 1/2 tablets", 1.5, "piece"),
        ("2½ tablets", 2.5, "piece"),
        ("one and a half tablets", 1.5, "piece"),
        ("a clove of garlic", 1.0, "piece"),
        ("two squares of milk chocolate", 2.0, "piece"),
        ("10 stone", 63502.9318, "g"),
        ("2 Tablets", 2.0, "piece"),
        ("3 patches", 3.0, "piece"),
        ("1 lb", 453.59237, "g"),
        ("16 oz", 453.59237, "g"),
        ("0.3 l", 300.0, "ml"),
    ],
)
def test_a_number_with_a_known_unit_is_read(told: str, value: float, unit: str) -> None:
    """Masses come out in grams, volumes in millilitres, pieces as they are; the pound is 453.59237 g by definition."""
    read = units.amount(told)
    assert (read.value, read.unit) == (pytest.approx(value, rel=1e-12), unit)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("50", "has no unit"),
        ("50 furlongs", "a unit we do not know"),
        ("-3 g", "not understood"),
        ("0 g", "is nothing; write how much"),
        ("1/0 g", "is nothing; write how much"),
        ("9999999 g", "more than can be"),
        ("a lot", "a unit we do not know"),
        ("5000 IU", "turn them into mg"),
        ("1 bar", "look on the pack"),
        ("half a tube", "look on the pack"),
        ("half a bar", "look on the pack"),
        ("", "not understood"),
        ("nan g", "not understood"),
        ("1e9 g", "not understood"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(told: str, says: str) -> None:
    """Nonsense units, bare numbers and impossible numbers get one clear message."""
    with pytest.raises(CaseError, match=says):
        units.amount(told)


@pytest.mark.parametrize("told", ["1,000mg", "1,000 mg", "12,500 mg", "200,000 ug"])
def test_a_comma_that_may_part_the_thousands_is_refused(told: str) -> None:
    """A thousand milligrams read as one would call a poisonous dose harmless; both readings are named."""
    number = told.rstrip(" mgu")
    with pytest.raises(CaseError, match=f"may be {number.replace(',', '')} or {float(number.replace(',', '.')):g};"):
        units.amount(told)
    with pytest.raises(CaseError, match="without the comma"):
        units.concentration(f"{told}/tablet")


def test_a_comma_that_can_only_be_a_decimal_point_is_read() -> None:
    """A leading nought or other than three digits behind it leaves one reading."""
    assert units.amount("0,125 mg").value == pytest.approx(0.000125)
    assert units.amount("2,50 g").value == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("5 %", (50.0, "g")),
        ("70mg/g", (70.0, "g")),
        ("200 mg/tablet", (200.0, "piece")),
        ("20 mg/ml", (20.0, "ml")),
        ("100mg/5ml", (20.0, "ml")),
        ("0.5 g/piece", (500.0, "piece")),
    ],
)
def test_what_a_label_says_becomes_milligrams_in_one_unit(label: str, expected: tuple[float, str]) -> None:
    """A percentage is of the mass; a spoonful of several millilitres is divided out."""
    value, unit = units.concentration(label)
    assert (value, unit) == (pytest.approx(expected[0]), expected[1])


@pytest.mark.parametrize(
    "label", ["70", "mg/g", "1200 mg/g", "120 %", "3 tablets/g", "0mg/g", "5mg/lightyear", "5 mg/"]
)
def test_a_label_that_cannot_be_is_refused(label: str) -> None:
    """More poison than product, missing halves and unknown units are refused."""
    with pytest.raises(CaseError):
        units.concentration(label)


@given(st.floats(0.001, 9e5, allow_nan=False), st.sampled_from(["g", "mg", "kg", "oz", "lb"]))
def test_units_of_mass_agree_with_each_other(value: float, unit: str) -> None:
    """The same mass told in grams and in another unit is the same amount."""
    told = units.amount(f"{value:.6f}{unit}")
    milligrams = float(f"{value:.6f}") * units.MASS[unit]
    assert told.value * 1000 == pytest.approx(milligrams, rel=1e-9)
