"""The phrase files: no fault in them, and faults are found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fascicle.errors import KnowledgeError
from fascicle.intake import data as intake_data
from fascicle.intake import read
from fascicle.knowledge.loader import DATA, load, species_covered


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the phrases alone."""
    shutil.copytree(DATA / "phrases", tmp_path / "phrases")
    return tmp_path


@pytest.mark.parametrize("species", species_covered())
def test_the_phrases_have_no_fault(species: str) -> None:
    """Every finding is known and no phrase belongs to two findings."""
    assert list(intake_data.check(load(species))) == []


@pytest.mark.parametrize(
    ("section", "line", "wrong"),
    [
        ("present", '  no_such_finding: ["abc"]', "unknown finding 'no_such_finding'"),
        ("present", '  fleas_or_flea_dirt_seen_: ["abc"]', "unknown finding"),
        ("skip", '  itching: ["no such phrase"]', "has no phrase 'no such phrase' to skip"),
        ("present", '  jaw_champing: ["scratching"]', "belongs to itching already"),
        ("present", '  itching: ["scratching"]', "itching has the phrase 'scratching' already"),
        ("also", "  itching: [nothing_known]", "unknown finding 'nothing_known'"),
    ],
)
def test_faults_are_found(tmp_path: Path, section: str, line: str, wrong: str) -> None:
    """Each fault is named with its file and line."""
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases" / "dog.yaml").write_text(f"{section}:\n{line}\n", encoding="utf-8")
    (issue,) = intake_data.check(load("dog"), tmp_path)
    assert wrong in issue.wrong
    assert (issue.file, issue.line) == ("phrases/dog.yaml", 2)


def test_a_file_that_does_not_fit_is_refused(data: Path) -> None:
    """An unknown key stops the reading with the file's name."""
    (data / "phrases" / "dog.yaml").write_text("presnt: {}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"phrases/dog\.yaml:1"):
        intake_data.phrases("dog", data)


def test_a_species_without_a_file_has_no_further_phrases(data: Path) -> None:
    """The phrases of findings.yaml are enough to read a text."""
    assert intake_data.phrases("rabbit", data) == intake_data.Phrases()


@pytest.mark.parametrize(("species", "other"), [("dog", "cat"), ("cat", "dog")])
def test_what_is_told_of_another_animal_is_not_read(species: str, other: str) -> None:
    """Of a cat “our cat” tells of the cat in question, of a dog that of somebody else; and the other way round."""
    knowledge = load(species)
    found = [suggestion.finding for suggestion in read(f"Our {species} is limping.", knowledge).suggestions]
    assert found == ["lameness"]
    assert read(f"Our {other} is limping.", knowledge).suggestions == ()


@pytest.mark.parametrize("species", species_covered())
def test_every_phrase_of_a_finding_is_understood(species: str) -> None:
    """A phrase by itself gives its own finding, or one that goes before it, in nine of ten cases; every ninth is tried."""
    knowledge = load(species)
    settled = {*knowledge.breeds.decides.get(species, ()), *knowledge.profile.sex_findings}
    settled |= {b.finding for b in (*knowledge.profile.age_bands, *knowledge.profile.weight_bands)}
    held = intake_data.phrases(species)
    texts = [
        (n, t.lstrip("=")) for n, ts in held.present.items() for t in ts if n in knowledge.findings.keys() - settled
    ][::9]
    understood = sum(any(s.finding == n for s in read(t, knowledge).suggestions) for n, t in texts)
    assert understood >= 0.9 * len(texts), [
        t for n, t in texts if not any(s.finding == n for s in read(t, knowledge).suggestions)
    ]
