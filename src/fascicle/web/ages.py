"""Ages as people write them."""

from __future__ import annotations

import re

from fascicle.units import in_figures

MONTHS = 12
DAYS = 365
PARTS = {"y": 1.0, "m": 1 / MONTHS, "w": 7 / DAYS, "d": 1 / DAYS}
"""Years in a year, month, week and day, by the first letter of what people write behind the number."""
_PART = re.compile(r"\s*(\d+(?:[.,]\d+)?(?:\s*/\s*[1-9]\d*)?)\s*([a-z]*)\.?\s*(?:,|and\b)?")


def read_age(years: str, months: str = "") -> float:
    """Return an age in years from its two fields: “7”, “7 1/2”, “7½”, “10 weeks”, “1 year 3 months”. Raises ValueError."""
    return _read(years, "y") + _read(months, "m")


def _read(text: str, unit: str) -> float:
    """What one field says, in years; unit: what its bare numbers count."""
    text = in_figures(text.lower().removesuffix(" old"))
    found, end = 0.0, 0
    while end < len(text):
        part = _PART.match(text, end)
        if part is None or (part[2] or unit)[0] not in PARTS:
            raise ValueError(text)
        top, _, bottom = part[1].replace(",", ".").partition("/")
        found += float(top) / float(bottom or 1) * PARTS[(part[2] or unit)[0]]
        end = part.end()
    return found


def years_and_months(age: float | str | None) -> tuple[str, str]:
    """An age as two fields; months for those under two, days below a month."""
    if age is None:
        return "", ""
    months = round(float(age) * MONTHS)
    if 0 < float(age) < PARTS["m"]:
        return "", f"{round(float(age) * DAYS)} days"
    if months % MONTHS == 0 or months > 2 * MONTHS:
        return f"{round(float(age), 1):g}", ""
    return str(months // MONTHS) if months >= MONTHS else "", str(months % MONTHS)


def age_words(age: float) -> str:
    """An age in words."""
    years, months = years_and_months(age)
    parts = [f"{years} year{'s' if years != '1' else ''}"] if years else []
    parts += [f"{months} month{'s' if months != '1' else ''}"] if months else []
    return " ".join(parts) or "under a month"
