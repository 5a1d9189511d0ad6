"""Ages as people write them."""

from __future__ import annotations

MONTHS = 12


def years_and_months(age: float | str | None) -> tuple[str, str]:
    """An age as two fields; months for those under two."""
    if age is None:
        return "", ""
    months = round(float(age) * MONTHS)
    if months % MONTHS == 0 or months > 2 * MONTHS:
        return f"{round(float(age), 1):g}", ""
    return str(months // MONTHS) if months >= MONTHS else "", str(months % MONTHS)


def age_words(age: float) -> str:
    """An age in words."""
    years, months = years_and_months(age)
    parts = [f"{years} year{'s' if years != '1' else ''}"] if years else []
    parts += [f"{months} month{'s' if months != '1' else ''}"] if months else []
    return " ".join(parts) or "under a month"
