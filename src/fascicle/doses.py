"""How much of a poison a subject has had for its weight, and how soon to act on that dose. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from fascicle.errors import CaseError, shown
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.toxins import Band, Exposure, Form, Toxin
from fascicle.model import Level
from fascicle.units import PURE, Amount, quantity

_UNITS = {"g": "grams", "ml": "millilitres", "piece": "pieces"}


@dataclass(frozen=True)
class Dose:
    """The dose of one poison and what it asks for.

    mg_per_kg, low, high: milligrams of the poison per kilogram of body weight, with the range of what the product holds; None
    where the amount is not known. any_product: which product it was is not known, so mg_per_kg is what the strongest usually
    holds, and low to high spans all of them. band: the highest that the upper end of the range reaches by the lower end of the
    band's own range, so doubt counts as caution. reached: the bands that mg_per_kg reaches.
    """

    toxin: Toxin
    exposure: Exposure
    level: Level
    why: str
    mg_per_kg: float | None = None
    low: float | None = None
    high: float | None = None
    band: Band | None = None
    reached: tuple[Band, ...] = ()
    form: Form | None = None
    any_product: bool = False


def find(name: str, knowledge: Knowledge) -> Toxin:
    """Return the poison with this id or name.

    Raises CaseError: with the nearest names, or, for a poison whose doses are known of other animals only, with what to do.
    """
    wanted = _plain(name)
    names, elsewhere = _names(knowledge.toxins.values()), _names(knowledge.toxins_elsewhere)
    if wanted in names:
        return names[wanted]
    if wanted in elsewhere:
        raise CaseError(_without_doses(elsewhere[wanted], knowledge))
    inside = {toxin.id: toxin for called, toxin in names.items() if wanted and wanted in called}
    if len(inside) == 1:
        return next(iter(inside.values()))
    others = {toxin.id: toxin for called, toxin in elsewhere.items() if wanted and wanted in called}
    if not inside and len(others) == 1:
        raise CaseError(_without_doses(next(iter(others.values())), knowledge))
    close = list(inside) or [names[called].id for called in get_close_matches(wanted, list(names), n=3)]
    hint = f" Did you mean {' or '.join(dict.fromkeys(close))}?" if close else ""
    raise CaseError(
        f"no poison is called {shown(name)}.{hint} List them: fascicle toxin --species {knowledge.species}. "
        "If something was eaten that is not listed, ring a poison line now."
    )


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").replace("-", " ").split())


def _names(toxins: Iterable[Toxin]) -> dict[str, Toxin]:
    """Every name of every poison, as `_plain` writes it."""
    return {_plain(called): toxin for toxin in toxins for called in (toxin.id, toxin.name, *toxin.also)}


def _without_doses(toxin: Toxin, knowledge: Knowledge) -> str:
    """What to do about a poison of which no dose for this species was found: doses of another say nothing about it."""
    return (
        f"{toxin.name}: there is no table of doses for {knowledge.profile.many}, and doses for other animals do not hold. "
        "Treat any amount as dangerous: ring a vet or an animal poison line now, with the pack or a photo, and do not wait "
        "for signs."
    )


def weight(text: str, knowledge: Knowledge) -> float:
    """Return a body weight in kilograms. Raises CaseError for what is no mass or outside the species' limits."""
    amount = quantity(text, "the weight", "12kg or 26lb")
    limits = knowledge.profile.limits.weight_kg
    if amount.unit != "g":
        raise CaseError(f"the weight {shown(text)} is not a mass; write for example 12kg or 26lb.")
    kg = amount.value / 1000
    if not limits.low <= kg <= limits.high:
        raise CaseError(
            f"the weight {shown(text)} is outside {limits.low:g} to {limits.high:g} kg for {knowledge.profile.many}."
        )
    return kg


def dose(
    toxin: Toxin,
    knowledge: Knowledge,
    weight_kg: float | None = None,
    eaten: Amount | None = None,
    form: str | None = None,
    strength: tuple[float, str] | None = None,
) -> Dose:
    """Return the dose and how soon to act.

    Without weight or amount, or where the product's strength is unknown, the answer is that for an unknown dose: the
    most urgent band. Raises CaseError for an unknown form or units that do not fit together.
    """
    exposure = toxin.species[knowledge.species]
    chosen = _form(toxin, form)
    content = _content(toxin, chosen, eaten, strength)
    if weight_kg is None or eaten is None or content is None:
        level, why = _unknown(exposure)
        return Dose(toxin, exposure, level, why, form=chosen)
    usual, low, high = (eaten.value * held / weight_kg for held in content)
    reached = tuple(band for band in exposure.bands if usual >= band.above.value)
    possible = [band for band in exposure.bands if high >= band.above.low]
    band = possible[-1] if possible else None
    rules = [(Level.of(band.level), band.expect)] if band else []
    rules += [(Level.of(rule.level), rule.why) for rule in (exposure.any_amount,) if rule is not None]
    if not band and exposure.below is not None:
        rules.append((Level.of(exposure.below.level), exposure.below.why))
    level, why = max(rules, key=lambda rule: rule[0])
    fitting = [each for each in toxin.forms if each.unit == eaten.unit]
    any_product = chosen is None and strength is None and len(fitting) > 1
    return Dose(toxin, exposure, level, why, usual, low, high, band, reached, chosen, any_product)


def _unknown(exposure: Exposure) -> tuple[Level, str]:
    """What holds when the dose cannot be worked out: as if it were the highest."""
    rules = [(Level.of(band.level), "The dose is not known, so it is taken as a high one.") for band in exposure.bands]
    rules += [(Level.of(r.level), r.why) for r in (exposure.any_amount,) if r is not None]
    return max(rules, key=lambda rule: rule[0])


def _form(toxin: Toxin, form: str | None) -> Form | None:
    if form is None:
        return toxin.forms[0] if len(toxin.forms) == 1 else None
    wanted = form.lower().replace("_", " ")
    for each in toxin.forms:
        if wanted in (each.id.replace("_", " "), each.name.lower(), *(name.lower() for name in each.also)):
            return each
    known = ", ".join(each.id for each in toxin.forms) or "none: give --concentration instead"
    raise CaseError(f"{toxin.id} has no form {shown(form)}. Forms: {known}.")


def _content(
    toxin: Toxin, form: Form | None, eaten: Amount | None, strength: tuple[float, str] | None
) -> tuple[float, float, float] | None:
    """mg of the poison in one unit of what was eaten: usual, least, most. None when it cannot be known.

    Of several products that it may have been, the usual figure is that of the strongest.
    """
    if eaten is None:
        return None
    if strength is not None:
        if strength[1] != eaten.unit:
            raise CaseError(
                f"the amount is in {_UNITS[eaten.unit]} and the concentration per {strength[1]}; give both in the same unit."
            )
        return strength[0], strength[0], strength[0]
    forms = [form] if form else [each for each in toxin.forms if each.unit == eaten.unit]
    if form and form.unit != eaten.unit:
        example = {"g": "20g", "ml": "20ml", "piece": "2 pieces"}[form.unit]
        raise CaseError(
            f"“{form.name}” is counted in {_UNITS[form.unit]}, and the amount {shown(eaten.told)} is in {_UNITS[eaten.unit]}; "
            f"write for example {example}, or choose another product."
        )
    if forms:
        held = [each.holds for each in forms]
        return max(h.value for h in held), min(h.low for h in held), max(h.high for h in held)
    if not toxin.forms and eaten.unit == "g":
        return PURE, PURE, PURE  # no product named: the mass is that of the poison itself
    return None
