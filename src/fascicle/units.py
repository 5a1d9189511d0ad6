"""Quantities as people write them: a number with a unit of mass, volume or pieces. Anything else is refused.

The conversions are definitions (international pound, kitchen spoons), not knowledge that could change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fascicle.errors import CaseError, shown

MASS = {"ug": 0.001, "mcg": 0.001, "µg": 0.001, "mg": 1.0, "g": 1000.0, "kg": 1e6, "oz": 28349.523125, "lb": 453592.37,
        "stone": 6350293.18}  # fmt: skip
"""Milligrams in a unit of mass (the ounce, the pound and the stone, 14 of them, are exact by definition)."""
VOLUME = {"ml": 1.0, "cl": 10.0, "l": 1000.0, "tsp": 5.0, "tbsp": 15.0, "cup": 240.0}
"""Millilitres in a unit of volume; spoons and cups are those of kitchens."""
PIECE = (
    "piece", "tablet", "pill", "capsule", "cigarette", "pouch", "patch", "square", "bag", "nut", "gum", "bulb", "butt",
    "cigar", "clove", "cube", "grape", "raisin", "sultana", "joint", "lozenge", "mint", "onion", "sachet", "sweet", "vape",
    "gummy",
)  # fmt: skip
HOLDERS = (
    "bar", "block", "bottle", "bowl", "box", "bunch", "can", "chunk", "glass", "handful", "jar", "lump", "mouthful", "mug",
    "pack", "packet", "pinch", "pot", "slice", "tin", "tub", "tube",
)  # fmt: skip
"""Words for an amount that differs from one product to the next, so the pack has to say how much it is."""
INTERNATIONAL = ("iu", "ie", "ui")
"""International units on a label, in English, German and French: of an effect, not of a mass."""
COUNTS = {
    "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "half": "1/2", "quarter": "1/4",
}  # fmt: skip
WORDS = {
    "gram": "g", "grams": "g", "gr": "g", "milligram": "mg", "milligrams": "mg", "microgram": "ug", "micrograms": "ug",
    "kilo": "kg", "kilos": "kg", "kilogram": "kg", "kilograms": "kg", "ounce": "oz", "ounces": "oz", "lbs": "lb",
    "pound": "lb", "pounds": "lb", "millilitre": "ml", "millilitres": "ml", "milliliter": "ml", "milliliters": "ml",
    "litre": "l", "litres": "l", "liter": "l", "liters": "l", "teaspoon": "tsp", "teaspoons": "tsp",
    "tablespoon": "tbsp", "tablespoons": "tbsp", "patches": "patch", "pouches": "pouch",
    "st": "stone", "stones": "stone", "gummies": "gummy",
}  # fmt: skip
PURE = 1000.0
"""Milligrams of a substance in a gram of the substance itself."""
FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4"}
MOST = 1e6
"""No number of grams or pieces beyond this is meant."""
_MIXED = re.compile(r"^(\d+)\s+(\d+)\s*/\s*([1-9]\d*)\s*(.*)$")
_NUMBER = re.compile(r"^\s*(\d+(?:[.,]\d+)?|\d*[.,]\d+|\d+\s*/\s*\d+)\s*([^\d\s/%]+|%)?(?:\s+of\s.*)?\s*$")
_THOUSANDS = re.compile(r"^[1-9]\d{0,2},\d{3}$")


@dataclass(frozen=True)
class Amount:
    """A quantity of a product. unit: g, ml or piece; mg of mass are kept as g."""

    value: float
    unit: str
    told: str


def amount(text: str) -> Amount:
    """Return how much was eaten: a mass, a volume or a number of pieces. Raises CaseError for anything else."""
    return quantity(text, "the amount", "50g, 5ml or 2 tablets")


def concentration(text: str) -> tuple[float, str]:
    """Return (mg of the poison, in one g, ml or piece): '70 mg/g', '200mg/tablet', '5 %' (of the mass), '20 mg/ml'.

    Raises CaseError for anything else, and for more than there is room for.
    """
    percent = re.match(r"^\s*(\d+(?:[.,]\d+)?)\s*%\s*$", text)
    if percent:
        value, unit = (_number(percent[1], text, "the concentration") or 0.0) * 10, "g"
    else:
        held, slash, each = text.partition("/")
        such_as = "70mg/g, 20mg/ml or 200mg/tablet"
        if not slash:
            raise CaseError(
                f"the concentration {shown(text)} is not understood; write 5 %, 70mg/g, 20mg/ml or 200mg/tablet."
            )
        of = quantity(held, "the concentration", such_as)
        per = quantity(each if re.match(r"^\s*[\d.,]", each) else f"1{each.strip()}", "the concentration", such_as)
        if of.unit != "g":
            raise CaseError(f"the concentration {shown(text)} must begin with a mass, such as 70mg/g.")
        value, unit = of.value * 1000 / per.value, per.unit
    if value <= 0 or (unit == "g" and value > PURE):
        raise CaseError(f"the concentration {shown(text)} cannot be: a gram holds at most 1,000 mg.")
    return value, unit


def quantity(text: str, what: str, such_as: str) -> Amount:
    """Return a quantity. what names it in the message, such_as shows how it is written. Raises CaseError with both."""
    match = _NUMBER.match(in_figures(text))
    if not match:
        raise CaseError(f"{what} {shown(text)} is not understood; write a number and a unit, such as {such_as}.")
    value = _number(match[1], text, what)
    unit = (match[2] or "").lower().rstrip(".")
    unit = WORDS.get(unit, unit)
    if unit.endswith("s") and unit[:-1] in (*PIECE, *HOLDERS):
        unit = unit[:-1]
    if value is None or value <= 0:
        raise CaseError(f"{what} {shown(text)} is nothing; write how much it was, such as {such_as}, or leave it out.")
    if value > MOST:
        raise CaseError(
            f"{what} {shown(text)} is more than can be; look at the number again. Write it such as {such_as}."
        )
    if unit in MASS:
        return Amount(value * MASS[unit] / 1000, "g", text.strip())
    if unit in VOLUME:
        return Amount(value * VOLUME[unit], "ml", text.strip())
    if unit in PIECE:
        return Amount(value, "piece", text.strip())
    if unit in HOLDERS:
        raise CaseError(
            f"{what} {shown(text)} differs from product to product; look on the pack how many grams or millilitres it is, and "
            "write that, such as 100g. If you cannot, leave it out."
        )
    if unit in INTERNATIONAL:
        raise CaseError(
            f"{what} {shown(text)} is in international units, which weigh something else for each substance; choose the product "
            "by its strength, or turn them into mg as the notes on this poison say."
        )
    wrong = f"has a unit we do not know ({shown(unit)})" if unit else "has no unit"
    raise CaseError(f"{what} {shown(text)} {wrong}; write it such as {such_as}.")


def in_figures(text: str) -> str:
    """A quantity with its leading number in figures: “half a bar” as “1/2 bar”, “1 1/2” and “1½” as “1.5”."""
    for sign, figures in FRACTIONS.items():
        text = text.replace(sign, f" {figures}")
    words = text.split()
    if words and words[0].lower() in COUNTS:
        words[0] = COUNTS[words[0].lower()]
    if [word.lower() for word in words[1:4]] == ["and", "a", "half"]:
        words[1:4] = ["1/2"]
    while len(words) > 1 and "/" in words[0] and words[1].lower() in ("a", "an", "of"):
        del words[1]
    mixed = _MIXED.match(" ".join(words))
    if mixed:
        return f"{int(mixed[1]) + int(mixed[2]) / int(mixed[3]):.6g} {mixed[4]}".strip()
    return " ".join(words)


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
