"""What to do now: every page answers every emergency, rests on sources, is plain, and never says what must not be said."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from fascicle import load
from fascicle.errors import KnowledgeError
from fascicle.knowledge.emergency import NEEDED, Section, check, sources, species_covered, steps
from fascicle.knowledge.lint_reading import years_of_school
from fascicle.knowledge.loader import DATA

from .copies import Edit, both, line_of, swap

FILE = "emergency.yaml"
SPECIES = ("dog", "cat", "person")
SECTION = """      - id: {name}
        title: {name}
        looks_like: {{text: It looks so.}}
        call: [vet]
        do:
          - {{text: Ring., sources: [gsvs_seiz]}}
        do_not:
          - {{text: Do not wait., sources: [own]}}
        say:
          - {{text: Say so.}}
"""
SMALL = (
    "pages:\n  - species: dog\n    first:\n      - {text: Keep safe.}\n    sections:\n"
    + "".join(SECTION.format(name=name) for name in NEEDED)
    + "sources:\n  - {id: own, title: A page, url: 'https://example.org', read: page, accessed: 2026-11-28}\n"
)
GRADE = 6.0
"""Years of school a reader needs at most, by the Flesch-Kincaid formula: an age of about eleven."""

FAULTS: dict[str, tuple[Edit, str, str, str]] = {
    # name: (edit, words on the line of the fault, what is wrong, fix)
    "unknown key": (
        swap(FILE, "        title: fitting\n", "        title: fitting\n        colour: red\n"),
        "colour: red",
        "pages.0.sections.0.colour: this key is not known.",
        "remove it, or correct the spelling; keys are closed.",
    ),
    "nothing to do": (
        swap(FILE, r"        do:\n          - .*\n", "        do: []\n"),
        "do: []",
        "pages.0.sections.0.do: nothing stands here.",
        "write at least one.",
    ),
    "nothing not to do": (
        swap(FILE, r"        do_not:\n          - .*\n", ""),
        "      - id: fitting",
        "pages.0.sections.0.do_not: Field required.",
        "add the key.",
    ),
    "unknown species": (
        swap(FILE, "species: dog", "species: horse"),
        "species: horse",
        "pages.0.species: String should match pattern '^(dog|cat|person)$' (it is 'horse').",
        "use lower-case letters, digits and underscores.",
    ),
    "nobody to ring": (
        swap(FILE, r"call: \[vet\]", "call: [neighbour]"),
        "call: [neighbour]",
        "pages.0.sections.0.call.0: Input should be 'vet', 'ambulance' or 'poison_line' (it is 'neighbour').",
        "correct the value.",
    ),
    "unknown source": (
        swap(FILE, r"text: Keep safe\.", "text: Keep safe., sources: [hearsay]"),
        "hearsay",
        "unknown source 'hearsay'.",
        "list it under sources or correct the id.",
    ),
    "own source that nothing names": (
        swap(FILE, r"\[own\]", "[gsvs_seiz]", count=len(NEEDED)),
        "id: own",
        "the source 'own' is not used.",
        "name it in a line or take it out.",
    ),
    "own source that is shared already": (
        both(swap(FILE, "id: own,", "id: gsvs_seiz,"), swap(FILE, r"\[own\]", "[gsvs_seiz]", count=len(NEEDED))),
        "id: gsvs_seiz,",
        "the source 'gsvs_seiz' stands twice.",
        "keep one of the two.",
    ),
    "what to do without a source": (
        swap(FILE, r"text: Ring\., sources: \[gsvs_seiz\]", "text: Ring."),
        "        do:",
        "fitting: no line under do has a source.",
        "name one.",
    ),
    "what not to do without a source": (
        swap(FILE, r"text: Do not wait\., sources: \[own\]", "text: Do not wait."),
        "        do_not:",
        "fitting: no line under do_not has a source.",
        "name one.",
    ),
    "a needed section missing": (
        swap(FILE, "id: overheated", "id: too_hot"),
        "    sections:",
        "the page of the dog has no section overheated.",
        "write it.",
    ),
    "a section twice": (
        swap(FILE, r"sources:\n  - \{id: own", SECTION.format(name="fitting # again") + "sources:\n  - {id: own"),
        "fitting # again",
        "fitting stands twice on the page of the dog.",
        "keep one.",
    ),
    "a long sentence": (
        swap(FILE, r"Say so\.", "Say " + "so and " * 12 + "so."),
        "so and so and",
        "a sentence of 26 words: 'Say so and so and so and so and so and s'…",
        "keep to 24.",
    ),
    "a painkiller for people": (
        swap(FILE, r"text: Ring\.", "text: Give half an Ibuprofen and ring."),
        "Ibuprofen",
        "'Ibuprofen' stands among what to do.",
        "say it under do_not, or leave it out.",
    ),
    "aspirin for a dog": (
        swap(FILE, r"text: Ring\.", "text: Give half an aspirin and ring."),
        "half an aspirin",
        "'aspirin' stands among what to do.",
        "say it under do_not, or leave it out.",
    ),
    "making it sick": (
        swap(FILE, r"text: Ring\.", "text: Make your dog sick."),
        "Make your dog sick",
        "'Make your dog sick' stands among what to do.",
        "say it under do_not, or leave it out.",
    ),
    "pouring into the mouth": (
        swap(FILE, r"text: Keep safe\.", "text: Pour honey into the mouth."),
        "Pour honey",
        "'Pour honey into the mouth' stands among what to do.",
        "say it under do_not, or leave it out.",
    ),
    "massage": (
        swap(FILE, r"text: Ring\.", "text: Massage the back."),
        "Massage",
        "'Massage' stands among what to do.",
        "say it under do_not, or leave it out.",
    ),
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with one short page."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(DATA / "sources.yaml", folder)
    (folder / FILE).write_text(SMALL, encoding="utf-8", newline="\n")
    return folder


def section(species: str, name: str) -> Section:
    """One section of a shipped page."""
    return next(each for each in steps(species).sections if each.id == name)


def words(lines: tuple[object, ...]) -> str:
    """What lines say, as one text."""
    return " ".join(line.text for line in lines)  # type: ignore[attr-defined]


def test_the_short_page_is_whole(small: Path) -> None:
    """The page that the faults are put into has none."""
    assert check(small) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_gives_one_clear_error(name: str, small: Path) -> None:
    """Each broken line is told with its place, what is wrong and how to mend it."""
    edit, found, wrong, fix = FAULTS[name]
    edit(small)
    issues = check(small)
    assert [(issue.file, issue.line, issue.wrong, issue.fix) for issue in issues] == [
        (FILE, line_of(small, FILE, found), wrong, fix)
    ]
    with pytest.raises(KnowledgeError, match=re.escape(wrong)):
        steps("dog", small)


def test_the_shipped_file_has_no_fault() -> None:
    """No fault and no warning."""
    assert check() == []


def test_every_species_has_its_page() -> None:
    """Dog, cat and person, whether or not their causes are written yet."""
    assert species_covered() == SPECIES


def test_a_species_without_a_page_is_refused() -> None:
    """A horse has none."""
    with pytest.raises(KeyError):
        steps("horse")


@pytest.mark.parametrize("species", SPECIES)
def test_the_strip_leads_somewhere(species: str) -> None:
    """Fitting, collapsed, poisoned, cannot breathe, cannot stand and the others have a section in the same order."""
    assert [each.id for each in steps(species).sections if each.id in NEEDED] == list(NEEDED)


@pytest.mark.parametrize("species", SPECIES)
def test_every_source_of_a_page_can_be_shown(species: str) -> None:
    """Each id leads to a title and an address."""
    found = sources(species)
    assert [each.id for each in found] == list(steps(species).sources)
    assert [each.id for each in found if not (each.title and (each.url or each.doi))] == []


@pytest.mark.parametrize("species", SPECIES)
def test_a_child_of_twelve_can_read_it(species: str) -> None:
    """Each section is no harder than a text for the sixth year of school."""
    hard = {
        each.id: round(years_of_school(words(each.lines), load("dog").words.reading), 1)
        for each in steps(species).sections
    }
    assert {name: value for name, value in hard.items() if value > GRADE} == {}


@pytest.mark.parametrize("species", SPECIES)
def test_nothing_goes_into_a_fitting_mouth(species: str) -> None:
    """The section on fits forbids it, and holding down too."""
    forbidden = words(section(species, "fitting").do_not)
    assert re.search(r"Do not put .*in the mouth", forbidden)
    assert re.search(r"Do not hold", forbidden)
    assert re.search(r"Do not give food", forbidden)


@pytest.mark.parametrize("species", SPECIES)
def test_nobody_is_made_sick_at_home(species: str) -> None:
    """The section on poison forbids it, and names the poison line."""
    found = section(species, "poisoned")
    assert re.search(r"Do not make .* vomit", words(found.do_not))
    assert "poison_line" in found.call


@pytest.mark.parametrize("species", ["dog", "cat"])
@pytest.mark.parametrize("name", ["cannot_stand", "bleeding_or_hit"])
def test_painkillers_for_people_are_forbidden_where_it_hurts(species: str, name: str) -> None:
    """An owner reaches for the own tablets; both pages say no."""
    assert re.search(r"Do not give .*(painkiller|paracetamol)", words(section(species, name).do_not))


@pytest.mark.parametrize("species", ["dog", "cat"])
def test_no_massage_for_an_animal_that_cannot_stand(species: str) -> None:
    """A slipped disc may be behind it."""
    assert "massage" in words(section(species, "cannot_stand").do_not)


def test_an_animal_is_never_said_to_be_put_to_sleep() -> None:
    """An owner would read that the animal is to die."""
    pages = [words(each.lines) for species in SPECIES for each in steps(species).sections]
    assert [text for text in pages if "put to sleep" in text] == []


@pytest.mark.parametrize("species", SPECIES)
def test_no_page_names_a_number(species: str) -> None:
    """Numbers to ring belong to the region, so that nobody rings another country's."""
    page = steps(species)
    text = words(page.first) + " ".join(words(each.lines) for each in page.sections)
    assert re.findall(r"\b(?:999|112|911|000|111|113|144)\b", text) == []


@pytest.mark.parametrize("species", SPECIES)
def test_every_section_says_whom_to_ring(species: str) -> None:
    """A vet for animals, an ambulance for people."""
    wanted = "ambulance" if species == "person" else "vet"
    assert [each.id for each in steps(species).sections if wanted not in each.call] == []


def test_pages_cannot_be_changed() -> None:
    """What was read is frozen."""
    with pytest.raises(ValidationError):
        section("dog", "fitting").title = "x"  # type: ignore[misc]
