"""The poisons of the library, with the dose calculator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fascicle import doses, units
from fascicle.errors import CaseError
from fascicle.knowledge import wording
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.toxins import Toxin
from fascicle.model import Level
from fascicle.report.poison import amount as two_digits
from fascicle.report.poison import at_home
from fascicle.web.asking import level_words
from fascicle.web.calls import call_groups
from fascicle.web.context import Wrong
from fascicle.web.context_site import Block, FigureRow, Instead, Item, ListPage, ToxinPage
from fascicle.web.library import LIBRARY, toxins_of
from fascicle.web.sources import Numbered, short_names
from fascicle.web.subject import named


def toxins(knowledge: Knowledge) -> ListPage:
    """Every poison."""
    said = knowledge.wording.no_doses
    cited = Numbered(knowledge.sources)
    items = tuple(
        Item(f"/library/{knowledge.species}/toxins/{t.id}", t.name, ", ".join(t.also[:4])) for t in toxins_of(knowledge)
    )
    return ListPage(
        title=f"Poisons: {knowledge.profile.many}",
        **named(knowledge),
        trail=(LIBRARY,),
        groups=(("All poisons", items),) if items else (),
        lede=" ".join(filter(None, (knowledge.wording.poisons, _without_doses(knowledge)))),
        instead=None if said is None else _instead(said, cited, knowledge.species),
    )


def _without_doses(knowledge: Knowledge) -> str:
    """Which poisons have doses for other animals only: a name that is missing from a list must not look harmless."""
    if not knowledge.toxins or not knowledge.toxins_elsewhere:
        return ""
    many, names = knowledge.profile.many, "; ".join(t.name for t in knowledge.toxins_elsewhere)
    return f"For these there are no doses for {many}; treat any amount as dangerous and ring now: {names}."


def _instead(said: wording.Instead, cited: Numbered, species: str) -> Instead:
    """What to do where there is no table of doses."""
    now, avoid = (tuple(cited.line(line.text, line.sources) for line in lines) for lines in (said.now, said.avoid))
    return Instead(said.name, said.why or "", now, avoid, call_groups(species), cited.references())


def toxin(knowledge: Knowledge, identity: str, told: Mapping[str, str] | None = None) -> ToxinPage:
    """One poison, with the dose worked out when something was told."""
    entry, species, cited = knowledge.toxins[identity], knowledge.species, Numbered(knowledge.sources)
    exposure = entry.species[species]
    told = told or {}
    found, wrong = _dose(knowledge, entry, told)
    bands = tuple(
        FigureRow(
            f"From {two_digits(b.above.value)} mg per kg: {b.expect}",
            "",
            level_words(Level.of(b.level), knowledge).name,
            f"{two_digits(b.above.low)} to {two_digits(b.above.high)} mg per kg",
            b.above.basis,
            b.above.says or b.above.why or "",
            short_names(b.above.sources, knowledge.sources),
        )
        for b in exposure.bands
    )
    calm = at_home(found, knowledge) if found else None
    usual = tuple(cited.line(x.text, x.sources) for x in exposure.now)
    blocks = [
        *([Block("What to do now", tuple(cited.line(x.text, x.sources) for x in calm.now), "do")] if calm else []),
        Block(calm.name if calm else "What to do now", usual, "do"),
        Block("What not to do", tuple(cited.line(x.text, x.sources) for x in exposure.avoid), "dont"),
        Block(
            "What comes first, and how fast",
            tuple(cited.line(x.text, x.sources) for x in (exposure.first_signs, exposure.onset)),
        ),
    ]
    if exposure.notes:
        blocks.append(Block("Good to know", tuple(cited.line(x.text, x.sources) for x in exposure.notes)))
    links = []
    if exposure.cause and exposure.cause in knowledge.causes:
        page = knowledge.causes[exposure.cause]
        links.append(("The poisoning", (Item(f"/library/{species}/causes/{page.id}", page.name, page.summary),)))
    dose = ""
    if found is not None and found.mg_per_kg is not None and found.low is not None and found.high is not None:
        about = "Up to about" if found.any_product else "About"
        dose = (
            f"{about} {two_digits(found.mg_per_kg)} mg of {entry.substance} per kg of body weight "
            f"(could be {two_digits(found.low)} to {two_digits(found.high)}, for products differ)."
        )
    elif found is not None and told.get("amount") and told.get("weight"):
        dose = "That amount could not be turned into a dose. Choose the product, or write the amount in grams or millilitres."
    result = level_words(found.level, knowledge) if found else None
    if result and calm and calm.why:
        result = replace(result, means=calm.why)
    return ToxinPage(
        title=entry.name,
        kicker="Poison",
        lede=f"Also: {', '.join(entry.also)}" if entry.also else entry.substance,
        **named(knowledge),
        trail=(LIBRARY, (f"/library/{species}/toxins", "Poisons")),
        blocks=tuple(blocks),
        figures=(("Doses", bands),) if bands else (),
        heads=("Dose, and what it may do", "How soon", "Sources allow", "Where this comes from"),
        links=tuple(links),
        sources=cited.references(exposure.sources),
        toxin=identity,
        forms=tuple((f.id, f.name) for f in entry.forms),
        weight=told.get("weight", ""),
        amount=told.get("amount", ""),
        form=told.get("form", ""),
        errors=wrong,
        result=result,
        result_why=found.why if found else "",
        dose=dose,
    )


def _dose(knowledge: Knowledge, entry: Toxin, told: Mapping[str, str]) -> tuple[doses.Dose | None, tuple[Wrong, ...]]:
    """The dose as told, or what has to be mended at which field."""
    if not told:
        return None, ()
    wrong: list[Wrong] = []
    kg = eaten = None
    try:
        text = told.get("weight", "")
        kg = doses.weight(text if text[-1:].isalpha() else f"{text} kg", knowledge) if text else None
    except CaseError as error:
        wrong.append(Wrong("weight", _sentence(str(error))))
    try:
        eaten = units.amount(told["amount"]) if told.get("amount") else None
    except CaseError as error:
        wrong.append(Wrong("amount", _sentence(str(error))))
    if wrong:
        return None, tuple(wrong)
    try:
        return doses.dose(entry, knowledge, kg, eaten, told.get("form") or None), ()
    except CaseError as error:
        return None, (Wrong("amount", _sentence(str(error))),)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
