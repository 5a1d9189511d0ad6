"""Quantities as people write them: a number with a unit of mass, volume or pieces. Anything else is refused.

The conversions are definitions (international pound, kitchen spoons), not knowledge that could change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fascicle.errors import CaseError, shown

MASS = {"ug": 0.001, "mcg": 0.001, "µg": 0.001, "mg": 1.0, "g": 1000.0, "kg": 1e6, "oz": 28349.523125, "lb": 453592.37}
"""Milligrams in a unit of mass (the pound and ounce are exact by definition)."""
VOLUME = {"ml": 1.0, "cl": 10.0, "l": 1000.0, "tsp": 5.0, "tbsp": 15.0, "cup": 240.0}
"""Millilitres in a unit of volume; spoons and cups are those of kitchens."""
PIECE = ("piece", "tablet", "pill", "capsule", "cigarette", "pouch", "patch", "square", "bag", "nut", "gum", "bulb")
WORDS = {
    "gram": "g", "grams": "g", "gr": "g", "milligram": "mg", "milligrams": "mg", "microgram": "ug", "micrograms": "ug",
    "kilo": "kg", "kilos": "kg", "kilogram": "kg", "kilograms": "kg", "ounce": "oz", "ounces": "oz", "lbs": "lb",
    "pound": "lb", "pounds": "lb", "millilitre": "ml", "millilitres": "ml", "milliliter": "ml", "milliliters": "ml",
    "litre": "l", "litres": "l", "liter": "l", "liters": "l", "teaspoon": "tsp", "teaspoons": "tsp",
    "tablespoon": "tbsp", "tablespoons": "tbsp", "patches": "patch", "pouches": "pouch",
}  # fmt: skip
PURE = 1000.0
"""Milligrams of a substance in a gram of the substance itself."""
_NUMBER = re.compile(r"^\s*(\d+(?:[.,]\d+)?|\d*[.,]\d+|\d+\s*/\s*\d+)\s*([^\d\s/%]+|%)?\s*$")
_THOUSANDS = re.compile(r"^[1-9]\d{0,2},\d{3}$")


@dataclass(frozen=True)
class Amount:
    """A quantity of a product. unit: g, ml or piece; mg of mass are kept as g."""

    value: float
    unit: str
    told: str


def amount(text: str) -> Amount:
    """Return how much was eaten: a mass, a volume or a number of pieces. Raises CaseError for anything else."""
    return quantity(text, "the amount")


def concentration(text: str) -> tuple[float, str]:
    """Return (mg of the poison, in one g, ml or piece): '70 mg/g', '200mg/tablet', '5 %' (of the mass), '20 mg/ml'.

    Raises CaseError for anything else, and for more than there is room for.
    """
    percent = re.match(r"^\s*(\d+(?:[.,]\d+)?)\s*%\s*$", text)
    if percent:
        value, unit = (_number(percent[1], text, "the concentration") or 0.0) * 10, "g"
    else:
        held, slash, each = text.partition("/")
        if not slash:
            raise CaseError(
                f"the concentration {shown(text)} is not understood; write 5 %, 70mg/g, 20mg/ml or 200mg/tablet."
            )
        of = quantity(held, "the concentration")
        per = quantity(each if re.match(r"^\s*[\d.,]", each) else f"1{each.strip()}", "the concentration")
        if of.unit != "g":
            raise CaseError(f"the concentration {shown(text)} must begin with a mass, such as 70mg/g.")
        value, unit = of.value * 1000 / per.value, per.unit
    if value <= 0 or (unit == "g" and value > PURE):
        raise CaseError(f"the concentration {shown(text)} cannot be: a gram holds at most 1,000 mg.")
    return value, unit


def quantity(text: str, what: str) -> Amount:
    """Return a quantity; what names it in the message. Raises CaseError, which lists the units."""
    match = _NUMBER.match(text)
    if not match:
        raise CaseError(f"{what} {shown(text)} is not understood; write a number and a unit, such as 50g or 2 tablets.")
    value = _number(match[1], text, what)
    unit = (match[2] or "").lower().rstrip(".")
    unit = WORDS.get(unit, unit)
    if unit.endswith("s") and unit[:-1] in PIECE:
        unit = unit[:-1]
    if value is None or value <= 0 or value > 1e6:
        raise CaseError(f"{what} {shown(text)} must be more than nothing and below a million.")
    if unit in MASS:
        return Amount(value * MASS[unit] / 1000, "g", text.strip())
    if unit in VOLUME:
        return Amount(value * VOLUME[unit], "ml", text.strip())
    if unit in PIECE:
        return Amount(value, "piece", text.strip())
    known = ", ".join([*MASS, *VOLUME, *PIECE])
    wrong = f"has no unit we know ({shown(unit)})" if unit else "has no unit"
    raise CaseError(f"{what} {shown(text)} {wrong}; units: {known}.")


def _number(number: str, text: str, what: str) -> float | None:
    """The number, None for a fraction of nothing. A comma is a decimal point unless it may part the thousands: that is refused,
    for a dose a thousand times too small would soothe."""
    if _THOUSANDS.match(number):
        plain = number.replace(",", "")
        raise CaseError(
            f"{what} {shown(text)} may be {plain} or {float(number.replace(',', '.')):g}; write it without the comma."
        )
    top, slash, bottom = number.replace(",", ".").partition("/")
    if not slash:
        return float(top)
    return float(top) / float(bottom) if float(bottom) else None
