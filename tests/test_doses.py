"""The dose of a poison and how soon to act on it."""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from fascicle import doses, load
from fascicle.cli import main
from fascicle.errors import CaseError
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.toxins import ToxinsFile
from fascicle.model import Level
from fascicle.report import poison
from fascicle.units import Amount

RANGE = {"basis": "estimate", "why": "made up for the test"}
LINE = {"text": "made up"}
EXPOSURE = {"onset": LINE, "first_signs": LINE, "now": [LINE], "avoid": [LINE]}
TOXINS = {
    "toxins": [
        {
            "id": "bar",
            "name": "Bitter bar",
            "also": ["cocoa slab"],
            "substance": "bitter",
            "forms": [
                {"id": "mild", "name": "Mild bar", "unit": "g", "holds": {"value": 2, "low": 1, "high": 3, **RANGE}},
                {"id": "dark", "name": "Dark bar", "unit": "g", "holds": {"value": 10, "low": 5, "high": 15, **RANGE}},
                {
                    "id": "sweet",
                    "name": "Sweet",
                    "unit": "piece",
                    "holds": {"value": 40, "low": 30, "high": 50, **RANGE},
                },
            ],
            "species": {
                "dog": {
                    **EXPOSURE,
                    "bands": [
                        {
                            "above": {"value": 20, "low": 15, "high": 25, **RANGE},
                            "level": "today",
                            "expect": "restless",
                        },
                        {
                            "above": {"value": 60, "low": 50, "high": 70, **RANGE},
                            "level": "emergency_now",
                            "expect": "fits",
                        },
                    ],
                    "below": {"level": "watch", "why": "little is expected"},
                }
            },
        },
        {
            "id": "bait",
            "name": "Bait",
            "substance": "bait",
            "species": {
                "dog": {
                    **EXPOSURE,
                    "any_amount": {"level": "emergency_now", "why": "sources disagree"},
                    "bands": [
                        {
                            "above": {"value": 60, "low": 40, "high": 80, **RANGE},
                            "level": "emergency_now",
                            "expect": "death",
                        }
                    ],
                }
            },
        },
    ]
}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The dog knowledge with two made-up poisons."""
    read = ToxinsFile.model_validate_json(__import__("json").dumps(TOXINS))
    return replace(load("dog"), toxins=MappingProxyType({t.id: t for t in read.toxins}))


def grams(value: float) -> Amount:
    """An amount by mass."""
    return Amount(value, "g", f"{value}g")


def test_the_dose_is_content_times_amount_by_weight(knowledge: Knowledge) -> None:
    """50 g at 2 (1 to 3) mg/g in 10 kg is 10 (5 to 15) mg/kg; the upper end touches the lowest band's lower end."""
    found = doses.dose(knowledge.toxins["bar"], knowledge, 10.0, grams(50), "mild")
    assert (found.mg_per_kg, found.low, found.high) == (10.0, 5.0, 15.0)
    assert (found.level, found.reached) == (Level.TODAY, ())


def test_a_dose_that_cannot_reach_the_lowest_band_is_below(knowledge: Knowledge) -> None:
    """Only when even the strongest product stays under the band's own lower end does the mild advice hold."""
    found = doses.dose(knowledge.toxins["bar"], knowledge, 10.0, grams(49), "mild")
    assert (found.level, found.why) == (Level.WATCH, "little is expected")


def test_the_highest_band_that_may_be_reached_decides(knowledge: Knowledge) -> None:
    """40 g dark in 10 kg is 40 (20 to 60) mg/kg: the usual content reaches the first band, the doubt the second."""
    found = doses.dose(knowledge.toxins["bar"], knowledge, 10.0, grams(40), "dark")
    assert [band.expect for band in found.reached] == ["restless"]
    assert (found.level, found.why) == (Level.EMERGENCY_NOW, "fits")


def test_without_a_form_the_strongest_counts(knowledge: Knowledge) -> None:
    """Not knowing which bar it was means the strongest bar of that unit, with the range over all of them."""
    found = doses.dose(knowledge.toxins["bar"], knowledge, 10.0, grams(10))
    assert (found.mg_per_kg, found.low, found.high) == (10.0, 1.0, 15.0)


def test_the_strongest_products_dose_is_called_that(knowledge: Knowledge) -> None:
    """Without a form the text says “up to about”; with one it is the usual dose of that product."""
    unknown = doses.dose(knowledge.toxins["bar"], knowledge, 10.0, grams(10))
    dark = doses.dose(knowledge.toxins["bar"], knowledge, 10.0, grams(10), "dark")
    told = [" ".join("\n".join(poison._dose(each)).split()) for each in (unknown, dark)]
    assert "up to about 10 mg" in told[0] and "that of the strongest product" in told[0]
    assert "The dose is about 10 mg" in told[1]


def test_a_label_overrides_the_forms(knowledge: Knowledge) -> None:
    """What the pack says is exact."""
    found = doses.dose(knowledge.toxins["bar"], knowledge, 10.0, grams(10), strength=(7.0, "g"))
    assert (found.mg_per_kg, found.low, found.high) == (7.0, 7.0, 7.0)


@pytest.mark.parametrize("known", [{}, {"weight_kg": 10.0}, {"eaten": Amount(5, "g", "5g")}])
def test_an_unknown_dose_counts_as_a_high_one(knowledge: Knowledge, known: dict[str, object]) -> None:
    """Without weight or amount the answer is that of the most urgent band."""
    found = doses.dose(knowledge.toxins["bar"], knowledge, **known)
    assert (found.level, found.mg_per_kg) == (Level.EMERGENCY_NOW, None)


def test_any_amount_counts_however_small(knowledge: Knowledge) -> None:
    """Where sources disagree, a grain is as urgent as a handful, and the answer says why."""
    found = doses.dose(knowledge.toxins["bait"], knowledge, 40.0, grams(0.001))
    assert (found.level, found.why) == (Level.EMERGENCY_NOW, "sources disagree")


def test_no_dose_is_asked_for_where_none_would_change_the_answer(knowledge: Knowledge) -> None:
    """Weight and amount are asked for where there are doses to hold them against, and not where any amount counts alike."""
    bait = knowledge.toxins["bait"]
    alike = bait.model_copy(update={"species": {"dog": bait.species["dog"].model_copy(update={"bands": ()})}})
    said = [poison.text(doses.dose(toxin, knowledge), knowledge) for toxin in (bait, alike)]
    assert ["Give --weight and --amount" in text for text in said] == [True, False]


@given(st.floats(0.001, 1000), st.floats(0.001, 1000), st.floats(0.5, 90))
def test_more_is_never_less_urgent(knowledge: Knowledge, one: float, other: float, kg: float) -> None:
    """Urgency does not fall as the amount grows."""
    toxin = knowledge.toxins["bar"]
    small, large = sorted((one, other))
    assert doses.dose(toxin, knowledge, kg, grams(small)).level <= doses.dose(toxin, knowledge, kg, grams(large)).level


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda k: doses.dose(k.toxins["bar"], k, 10.0, grams(5), "white"),
            "no form 'white'. Forms: mild, dark, sweet",
        ),
        (lambda k: doses.dose(k.toxins["bar"], k, 10.0, grams(5), "sweet"), "counted in pieces"),
        (lambda k: doses.dose(k.toxins["bar"], k, 10.0, grams(5), strength=(5.0, "piece")), "give both in the same"),
        (lambda k: doses.find("barr", k), "Did you mean bar?"),
        (lambda k: doses.find("moon dust", k), "ring a poison line now"),
        (lambda k: doses.weight("4000kg", k), "outside 0.1 to 120 kg for dogs"),
        (lambda k: doses.weight("3 tablets", k), "not a mass"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_do(knowledge: Knowledge, call: object, says: str) -> None:
    """Unknown poisons, forms and units get one clear message."""
    with pytest.raises(CaseError, match=says):
        call(knowledge)  # type: ignore[operator]


@pytest.mark.parametrize("name", ["bar", "BAR", "Bitter bar", "bitter-bar", "Cocoa slab", "cocoa"])
def test_a_poison_is_found_by_any_of_its_names(knowledge: Knowledge, name: str) -> None:
    """Id, name, other name, or a part that fits one poison only."""
    assert doses.find(name, knowledge).id == "bar"


@pytest.mark.parametrize("arguments", [(), ("caffeine",), ("caffeine", "--weight", "70kg", "--amount", "3 tablets")])
def test_a_species_without_doses_is_told_to_ring(arguments: tuple[str, ...]) -> None:
    """For people there is no table: the command says so, with what to do, in words and as JSON."""
    told = CliRunner().invoke(main, ["toxin", *arguments, "--species", "person"])
    assert told.exit_code == 0
    assert "ring a poison line" in told.output
    assert "Do not make anyone sick" in told.output
    data = json.loads(CliRunner().invoke(main, ["toxin", *arguments, "--species", "person", "--json"]).output)
    assert [line["sources"] for line in data["now"]] != []
    assert data["species"] == "person"


@pytest.mark.parametrize("name", ["grapes", "raisins", "Grapes, raisins"])
def test_a_poison_without_doses_for_the_species_is_dangerous_and_not_another(name: str) -> None:
    """The dog's list has grapes and the cat's has not: a cat owner is told to ring now, and no other poison is offered."""
    told = CliRunner().invoke(main, ["toxin", name, "--species", "cat", "--weight", "4kg", "--amount", "20g"])
    assert told.exit_code != 0
    assert "no table of doses for cats" in told.output
    assert "Treat any amount as dangerous: ring a vet or an animal poison line now" in told.output
    assert "Did you mean" not in told.output


def test_every_poison_of_the_dog_list_answers_for_a_cat() -> None:
    """Each has doses for cats or says what to do without them."""
    cats = load("cat")
    for toxin in load("dog").toxins.values():
        if "cat" in toxin.species:
            assert doses.find(toxin.name, cats).id == toxin.id
        else:
            with pytest.raises(CaseError, match="no table of doses for cats"):
                doses.find(toxin.name, cats)
