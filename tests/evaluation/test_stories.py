"""Published cases answered from their story alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from fascicle.evaluation.score import Count
from fascicle.evaluation.stories import as_told, section, tell
from fascicle.evaluation.vignettes import Vignette, load_vignettes, with_pages
from fascicle.pipeline import load

FOLDER = Path(__file__).parents[2] / "vignettes"
EVERY = with_pages(load_vignettes(FOLDER))[0]
LEAST = {"dog": 0.62, "cat": 0.57, "person": 0.6}
"""Share of what the files hold that must be read in the stories, in each half."""


def vignette(told: str, present: list[str], absent: list[str] | None = None) -> Vignette:
    """A dog of four with this story and these findings in its file; otherwise like a published case."""
    case = {
        "age_years": 4,
        "breed": "Beagle",
        "present": dict.fromkeys(present, "told"),
        "absent": dict.fromkeys(absent or [], "told"),
    }
    like = next(v for v in EVERY if v.species == "dog")
    return Vignette.model_validate(like.model_dump() | {"told": told, "case": case})


def test_the_story_stands_in_place_of_the_findings_and_the_form_stays() -> None:
    """What is said is present or absent, an onset is chosen, what only the file holds is gone, age and breed are kept."""
    told = as_told(vignette("All of a sudden he had a fit. No vomiting.", ["circling"]), load("dog")).case
    assert (told.age_years, told.breed) == (4, "Beagle")
    assert set(told.present) == {"seizure_generalised"}
    assert {group: chosen.option for group, chosen in told.choices.items()} == {"onset": "hyperacute_onset_24h"}
    assert told.choices["onset"].place == "All of a sudden"


def test_what_was_read_is_counted_against_the_file() -> None:
    """Of two findings one is read; a third of the file is denied by the story; one reading is further."""
    cases = [
        vignette("He had a fit, and he is not limping. He drools.", ["seizure_generalised", "lameness", "circling"])
    ]
    found = tell(cases, load("dog"))
    assert found.as_in_file["all"] == Count(1, 3)
    assert found.denied["all"] == Count(1, 3)
    assert found.further["all"] == 1.0
    assert [s.level.id for s in found.scored] == ["emergency_now"]
    assert "| findings of the file that are read in the story | 1 of 3  33 %" in "\n".join(section(found))


@pytest.mark.slow
@pytest.mark.parametrize("species", LEAST)
def test_stories_are_understood_in_both_halves(species: str) -> None:
    """Each half reads its share of what the files hold, and at most one in fifty as its opposite."""
    found = tell(EVERY, load(species))
    for half in ("tuned", "held_back"):
        assert found.as_in_file[half].share >= LEAST[species], half
        assert found.denied[half].share <= 0.02, half
