"""Whom to ring: every number has its page and its day, and one fault in the file gives one clear error."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from fascicle.errors import KnowledgeError
from fascicle.knowledge.loader import DATA
from fascicle.knowledge.regions import ELSEWHERE, check, contacts, region, regions

from .copies import Edit, line_of, swap

FILE = "regions.yaml"
WANTED = ["GB", "IE", "US", "CA", "AU", "NZ", "DE", "AT", "CH", "FR", "NL", "BE", "IT", "ES", "SE", "NO", "DK", "FI"]
WANTED += ["ZA", "IN"]

SMALL = """regions:
  - id: GB
    name: Here
    people:
      emergency:
        - {name: Ambulance, phone: "999", address: "https://example.org/a", source: A page, read: page, checked_on: 2026-11-28}
      find:
        - text: Ring.
    animals:
      poison:
        - name: Poison line
          phone: "01202 509 000"
          hours: always
          cost: free
          address: "https://example.org/b"
          source: Another page
          read: page opening
          checked_on: 2026-11-20
      find:
        - text: Ring a vet.
  - id: elsewhere
    name: Elsewhere
    people:
      emergency:
        - {name: Ambulance, phone: "112", address: "https://example.org/c", source: A page, read: page, checked_on: 2026-11-28}
      find:
        - text: Ring.
    animals:
      find:
        - text: Ring a vet.
"""

FAULTS: dict[str, tuple[Edit, str, str, str]] = {
    # name: (edit, words on the line of the fault, what is wrong, fix)
    "letters in a number": (
        swap(FILE, "01202 509 000", "0800 POISON"),
        'phone: "0800 POISON"',
        "regions.0.animals.poison.0.phone: '0800 POISON' is no plain number.",
        "write digits, single spaces or hyphens between them.",
    ),
    "no day": (
        swap(FILE, r"          checked_on: 2026-11-20\n", ""),
        "        - name: Poison line",
        "regions.0.animals.poison.0.checked_on: Field required.",
        "add the key.",
    ),
    "no source": (
        swap(FILE, r"          source: Another page\n", ""),
        "        - name: Poison line",
        "regions.0.animals.poison.0.source: Field required.",
        "add the key.",
    ),
    "an address that is none": (
        swap(FILE, "https://example.org/b", "example.org"),
        'address: "example.org"',
        "regions.0.animals.poison.0.address: 'example.org' is no web address.",
        "write the whole address, https first.",
    ),
    "unknown key": (
        swap(FILE, r"          hours: always", "          open: always\n          hours: always"),
        "open: always",
        "regions.0.animals.poison.0.open: this key is not known.",
        "remove it, or correct the spelling; keys are closed.",
    ),
    "unknown region": (
        swap(FILE, "id: GB", "id: Britain"),
        "id: Britain",
        "regions.0.id: 'Britain' is no region.",
        "write the two capital letters of a country, or elsewhere.",
    ),
    "Norway without quotes": (
        swap(FILE, "id: GB", "id: NO"),
        "id: NO",
        "NO is a true/false value in YAML.",
        'write true or false, or "NO" for the word.',
    ),
    "no emergency number": (
        swap(FILE, r"      emergency:\n        - \{name: Ambulance, phone: \"999\".*\n", ""),
        "  - id: GB",
        "regions.0: no emergency number for people.",
        "add the one that was read on a page.",
    ),
    "nothing on how to find a vet": (
        swap(
            FILE, r"      find:\n        - text: Ring a vet\.\n  - id: elsewhere", "      find: []\n  - id: elsewhere"
        ),
        "      find: []",
        "regions.0.animals.find: nothing stands here.",
        "write at least one.",
    ),
    "too few digits": (
        swap(FILE, "01202 509 000", "1"),
        'phone: "1"',
        "'1' has 1 digits.",
        "correct the number.",
    ),
    "too many digits": (
        swap(FILE, "01202 509 000", "01202 509 000 01202 509"),
        'phone: "01202 509 000 01202 509"',
        "'01202 509 000 01202 509' has 19 digits.",
        "correct the number.",
    ),
    "a poison line that does not say what it costs": (
        swap(FILE, r"          cost: free\n", ""),
        "        - name: Poison line",
        "Poison line lacks cost.",
        "say it, or that the page does not say.",
    ),
    "a region twice": (
        swap(FILE, "id: elsewhere", "id: GB  # again"),
        "# again",
        "GB stands twice.",
        "keep one of the two.",
    ),
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with two short regions."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(DATA / "sources.yaml", folder)
    (folder / FILE).write_text(SMALL, encoding="utf-8", newline="\n")
    return folder


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_gives_one_clear_error(name: str, small: Path) -> None:
    """Each broken entry is told with its line, what is wrong and how to mend it."""
    edit, words, wrong, fix = FAULTS[name]
    edit(small)
    issues = [issue for issue in check(small) if "last region" not in issue.wrong]
    assert [(issue.file, issue.wrong, issue.fix) for issue in issues] == [(FILE, wrong, fix)]
    assert issues[0].line == line_of(small, FILE, words)
    with pytest.raises(KnowledgeError, match=re.escape(wrong)):
        regions(small)


def test_elsewhere_must_close_the_list(small: Path) -> None:
    """Without an entry for elsewhere a visitor from another country would find nothing."""
    swap(FILE, "id: elsewhere", "id: FR")(small)
    (issue,) = check(small)
    assert (issue.line, issue.wrong, issue.fix) == (
        line_of(small, FILE, "  - id: FR"),
        "the last region is FR.",
        "put elsewhere at the end.",
    )


def test_a_missing_file_is_told() -> None:
    """A folder without the file gives one error."""
    (issue,) = check(Path("/nowhere"))
    assert (issue.file, issue.fix) == (FILE, "put the file in place.")


def test_the_shipped_file_has_no_fault() -> None:
    """No fault and no warning."""
    assert check() == []


def test_the_wanted_regions_are_there() -> None:
    """Twenty countries, and elsewhere at the end."""
    assert [each.id for each in regions()] == [*WANTED, ELSEWHERE]


@pytest.mark.parametrize("name", [*WANTED, ELSEWHERE])
def test_every_number_has_its_page(name: str) -> None:
    """A number names the page it was read on, whose page it is, how much was read, and a day that is not to come."""
    found = [contact for _, contact in contacts(region(name))]
    assert [c.name for c in found if not (c.address.startswith("http") and c.source and c.read)] == []
    assert [c.name for c in found if not date(2026, 11, 1) <= c.checked_on <= date(2026, 11, 30)] == []


@pytest.mark.parametrize("name", [*WANTED, ELSEWHERE])
def test_nobody_is_left_without_a_next_step(name: str) -> None:
    """Where no poison line is known the entry says so and says what to do."""
    for served in (region(name).people, region(name).animals):
        assert served.find
        assert served.poison or served.unchecked or served is region(name).people


def test_an_unknown_region_is_elsewhere() -> None:
    """A code that is not listed, nothing, or lower case."""
    assert [region(name).id for name in ("JP", None, "", "gb", " NO ")] == [ELSEWHERE, ELSEWHERE, ELSEWHERE, "GB", "NO"]


def test_a_person_gets_the_numbers_for_people() -> None:
    """A dog and a cat get those for animals."""
    britain = region("GB")
    assert [britain.help_for(each) for each in ("person", "dog", "cat")] == [
        britain.people,
        britain.animals,
        britain.animals,
    ]


def test_a_number_can_be_dialled() -> None:
    """Spaces and hyphens fall away for a telephone link."""
    assert [c.dial for c in region("CA").people.poison] == ["18447647669", "18004635060"]


def test_the_day_of_a_region_is_that_of_its_oldest_look_up(small: Path) -> None:
    """So that a page does not look fresher than it is."""
    assert region("GB", small).checked_on == date(2026, 11, 20)


def test_regions_cannot_be_changed() -> None:
    """What was read is frozen."""
    with pytest.raises(ValidationError):
        region("GB").name = "there"  # type: ignore[misc]
