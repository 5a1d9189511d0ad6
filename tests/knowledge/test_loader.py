"""Loading lists every fault with file, line and fix, or gives frozen values; the cache only saves time."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from fascicle.errors import KnowledgeError, SpeciesNotCovered
from fascicle.knowledge import loader
from fascicle.knowledge.loader import check, load, species_covered
from fascicle.knowledge.strict_yaml import Document, read_yaml

from .copies import PAGES, Edit, both, line_of, swap, write

PAGE = "dog/eclampsia.yaml"
REPORTS = "reports/dog.yaml"

READING: dict[str, tuple[Edit, str, str | None, str, str]] = {
    # name: (edit, file, words on the line of the fault ("" for the first line, None for the last), what is wrong, fix)
    "probability above 1": (
        swap(PAGE, r"(  drooling: \{p: )[^,]+", r"\g<1>1.4"),
        PAGE,
        "  drooling: {",
        "signs.drooling.p: Input should be less than or equal to 1 (it is '1.4').",
        "use a value inside the range.",
    ),
    "negative rate": (
        swap(PAGE, r"^rate: \{value: [^,]+", "rate: {value: -2"),
        PAGE,
        "rate: {",
        "rate.value: Input should be greater than 0 (it is '-2').",
        "use a value inside the range.",
    ),
    "misspelt key": (
        swap("profiles/dog.yaml", r"(  itching: \{.*)source:", r"\1sourse:"),
        "profiles/dog.yaml",
        "  itching: {",
        "background.itching.sourse: this key is not known.",
        "remove it, or correct the spelling; keys are closed.",
    ),
    "unknown key": (
        swap(PAGE, r"\Z", "severity: high\n"),
        PAGE,
        "severity: high",
        "severity: this key is not known.",
        "remove it, or correct the spelling; keys are closed.",
    ),
    "study without locator": (
        swap("profiles/dog.yaml", r'(  itching: \{.*), locator: "[^"]*"', r"\1"),
        "profiles/dog.yaml",
        "  itching: {",
        "background.itching: a study needs a locator.",
        "say where in the source the figure stands.",
    ),
    "study without source": (
        swap("profiles/dog.yaml", r"(  itching: \{.*), source: \w+", r"\1"),
        "profiles/dog.yaml",
        "  itching: {",
        "background.itching: basis study needs a source.",
        "add source: or call it an estimate.",
    ),
    "estimate without why": (
        swap(PAGE, r'^(  collapse: \{.*), why: "[^"]*"', r"\1"),
        PAGE,
        "  collapse: {",
        "signs.collapse: an estimate needs a reason.",
        "add why:.",
    ),
    "estimate without range": (
        swap(PAGE, r"^(  collapse: \{.*), low: [^,]+", r"\1"),
        PAGE,
        "  collapse: {",
        "signs.collapse.low: Field required.",
        "add the key.",
    ),
    "value outside its range": (
        swap(PAGE, r"^  collapse: \{p: [^,]+, low: [^,]+, high: [^,]+", "  collapse: {p: 0.5, low: 0.1, high: 0.4"),
        PAGE,
        "  collapse: {",
        "signs.collapse: 0.5 lies outside its range 0.1 to 0.4.",
        "widen the range.",
    ),
    "no uncertainty": (
        swap(PAGE, r"^  collapse: \{p: [^,]+, low: [^,]+, high: [^,]+", "  collapse: {p: 0.5, low: 0.5, high: 0.5"),
        PAGE,
        "  collapse: {",
        "signs.collapse: low equals high.",
        "a figure without uncertainty is not honest, give a range.",
    ),
    "number in quotes": (
        swap(PAGE, r"^  collapse: \{p: [^,]+", '  collapse: {p: "0.5"'),
        PAGE,
        "  collapse: {",
        "signs.collapse.p: Input should be a valid number (it is '0.5').",
        "write a plain number without quotes.",
    ),
    "shares that do not add up": (
        swap(PAGE, r"^(      since_puppyhood: \{p: )[^,]+, low: [^,]+, high: [^}]+", r"\g<1>0.9, low: 0.1, high: 1"),
        PAGE,
        "  onset:",
        "choices.onset: the shares add up to 1.895, not 1.",
        "mend the shares.",
    ),
    "id that is none": (
        swap(PAGE, r"^id: eclampsia", "id: Milk fever"),
        PAGE,
        "id: Milk",
        "id: String should match pattern '^[a-z0-9][a-z0-9_]*$' (it is 'Milk fever').",
        "use lower-case letters, digits and underscores.",
    ),
    "unknown level": (
        swap(PAGE, r"^  level: emergency_now", "  level: urgent"),
        PAGE,
        "  level: urgent",
        "urgency.level: Input should be 'normal', 'watch', 'routine', 'within_days', 'today' or 'emergency_now' "
        "(it is 'urgent').",
        "correct the value.",
    ),
    "missing key": (
        swap(PAGE, r"^category: .*\n", ""),
        PAGE,
        "id: eclampsia",
        "category: Field required.",
        "add the key.",
    ),
    "source without address": (
        swap("sources.yaml", r"\Z", "  - {id: none, title: x, read: page, accessed: 2026-11-20}\n"),
        "sources.yaml",
        "{id: none,",
        "sources.{index}: a source needs a url or a doi.",
        "add one.",
    ),
    "red flag without findings": (
        swap(
            "red_flags.yaml",
            r"\Z",
            "  - {id: never, species: [dog], to: today, why: x, act: x, basis: estimate, reason: x}\n",
        ),
        "red_flags.yaml",
        "{id: never,",
        "red_flags.{index}: a red flag needs all: or any: with at least one finding.",
        "correct the value.",
    ),
    "sensitivity above 1": (
        swap(REPORTS, r"^(  plain_to_see:\n(?:.*\n)*?      sensitivity: \{p: )[^,]+", r"\g<1>1.2"),
        REPORTS,
        "      sensitivity: {p: 1.2",
        "manners.plain_to_see.lay.sensitivity.p: Input should be less than or equal to 1 (it is '1.2').",
        "use a value inside the range.",
    ),
    "unknown reporter of a manner": (
        swap(REPORTS, r"^  drooling: \{", "  drooling: {clinician: {}, "),
        REPORTS,
        "  drooling: {",
        "findings.drooling.clinician: this key is not known.",
        "remove it, or correct the spelling; keys are closed.",
    ),
    "half a manner": (
        swap(REPORTS, r"^(  plain_to_see:\n(?:.*\n)*?)    recording:\n(?:      .*\n)+", r"\1"),
        REPORTS,
        "  plain_to_see:",
        "manners.plain_to_see.recording: Field required.",
        "add the key.",
    ),
    "report without reason": (
        swap(
            REPORTS,
            r"^  drooling: .*",
            "  drooling: {manner: plain_to_see, lay: {false_report: {p: 0.01, low: 0.001, high: 0.02, basis: estimate}}}",
        ),
        REPORTS,
        "  drooling: {",
        "findings.drooling.lay.false_report: an estimate needs a reason.",
        "add why:.",
    ),
    "kinds of an event syndrome that do not add up": (
        swap(
            "profiles/dog.yaml",
            r"^(event_syndromes:\n(?:.*\n)*?        head_bob_tremor: \{p: )[^,]+, low: [^,]+, high: [^}]+",
            r"\g<1>0.501, low: 0.1, high: 0.9",
        ),
        "profiles/dog.yaml",
        "\n    kinds:",
        "event_syndromes.fit.kinds: the shares add up to 1.5, not 1.",
        "mend the shares.",
    ),
    "event syndrome of nothing": (
        swap("profiles/dog.yaml", r"^(event_syndromes:\n(?:.*\n)*?    members:)\n(?:      .*\n)+", r"\1 {}\n"),
        "profiles/dog.yaml",
        "    members: {}",
        "event_syndromes.fit.members: Dictionary should have at least 1 item after validation, not 0 (it is '{}').",
        "correct the value.",
    ),
    "no as a word": (
        swap(PAGE, r'^reviewed_by: "none"', "reviewed_by: no"),
        PAGE,
        "reviewed_by:",
        "no is a true/false value in YAML.",
        'write true or false, or "no" for the word.',
    ),
    "key twice": (
        swap(PAGE, r"\Z", "id: eclampsia\n"),
        PAGE,
        None,
        "the key 'id' stands twice (first on line 1).",
        "keep one of the two.",
    ),
    "empty file": (
        write("questions.yaml", ""),
        "questions.yaml",
        "",
        "this file is empty.",
        "fill it in or remove it.",
    ),
    "comment only": (
        write("dog/flea_infestation.yaml", "# to be written\n"),
        "dog/flea_infestation.yaml",
        "# to be",
        "this file is empty.",
        "fill it in or remove it.",
    ),
    "list instead of mapping": (
        write("dog/flea_infestation.yaml", "- id\n"),
        "dog/flea_infestation.yaml",
        "- id",
        "the file: Input should be an object (it is \"['id']\").",
        "correct the value.",
    ),
}


def errors(folder: Path) -> list[str]:
    """The faults load() lists, as people see them."""
    with pytest.raises(KnowledgeError) as caught:
        load("dog", folder)
    assert all(issue.severity == "error" for issue in caught.value.issues)
    return [str(issue) for issue in caught.value.issues]


def expected(folder: Path, name: str) -> str:
    """The fault of a broken file as it must be told."""
    _, file, words, wrong, fix = READING[name]
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    line = len(lines) if words is None else line_of(folder, file, words) if words else 1
    last_entry = sum(each.startswith("  - ") for each in lines) - 1
    return f"{file}:{line}: {wrong.replace('{index}', str(last_entry))} Fix: {fix}"


@pytest.mark.parametrize("name", READING)
def test_a_broken_file_is_refused_with_file_line_and_fix(name: str, folder: Path) -> None:
    """One broken place is one fault, on its line, with the way to mend it."""
    READING[name][0](folder)
    assert errors(folder) == [expected(folder, name)]


def test_every_fault_of_every_file_is_listed_at_once(folder: Path) -> None:
    """Whoever mends the files sees the whole list, sorted by file and line, with its length in the first line."""
    names = ["probability above 1", "misspelt key", "estimate without why", "unknown level", "source without address"]
    names += ["no as a word", "empty file", "list instead of mapping", "red flag without findings"]
    both(*(READING[name][0] for name in names))(folder)
    with pytest.raises(KnowledgeError) as caught:
        load("dog", folder)
    head, *rest = str(caught.value).splitlines()
    assert head == "the knowledge has 9 faults; nothing was assessed."
    assert sorted(rest) == sorted(expected(folder, name) for name in names)
    assert [(i.file, i.line) for i in caught.value.issues] == sorted((i.file, i.line) for i in caught.value.issues)


def test_every_fault_between_files_is_listed_at_once(folder: Path) -> None:
    """Faults the schema cannot see are listed together too."""
    both(
        swap(PAGE, r"^  drooling:", "  droolin:"),
        swap(PAGE, r"^  sources: \[", "  sources: [nobody, "),
        swap("red_flags.yaml", r"all: \[xylitol_eaten\]", "all: [xylitol_eatn]"),
    )(folder)
    drooling = line_of(folder, PAGE, "  droolin:")
    sources = line_of(folder, PAGE, "  sources: [nobody")
    xylitol = line_of(folder, "red_flags.yaml", "- id: xylitol")
    assert errors(folder) == [
        f"{PAGE}:{drooling}: unknown finding 'droolin'. Fix: did you mean drooling?",
        f"{PAGE}:{sources}: unknown source 'nobody'. Fix: add it to sources.yaml or correct the id.",
        f"red_flags.yaml:{xylitol}: unknown finding 'xylitol_eatn'. Fix: did you mean xylitol_eaten?",
    ]


def test_one_fault_is_told_in_the_singular(folder: Path) -> None:
    """The first line of the message counts properly."""
    READING["key twice"][0](folder)
    with pytest.raises(KnowledgeError) as caught:
        load("dog", folder)
    assert str(caught.value).splitlines()[0] == "the knowledge has 1 fault; nothing was assessed."


def test_every_missing_file_is_named(folder: Path) -> None:
    """Deleted shared files and folders in their place are listed, all of them."""
    (folder / "breeds.yaml").unlink()
    (folder / "triage.yaml").unlink()
    (folder / REPORTS).unlink()
    (folder / "renamed.yaml").unlink()
    (folder / "renamed.yaml").mkdir()
    found = errors(folder)
    assert [line.partition(" (")[0] for line in found] == [
        "breeds.yaml:1: cannot be read",
        "renamed.yaml:1: cannot be read",
        "reports/dog.yaml:1: cannot be read",
        "triage.yaml:1: cannot be read",
    ]
    assert [line.rpartition(" Fix: ")[2] for line in found] == ["put the file in place."] * 4


def test_check_returns_what_load_raises(folder: Path) -> None:
    """`fascicle lint` and the program refuse for the same reasons."""
    both(*(READING[name][0] for name in ("misspelt key", "empty file")))(folder)
    assert sorted(str(i) for i in check("dog", folder) if i.severity == "error") == errors(folder)


def test_a_species_without_pages_is_not_covered(folder: Path) -> None:
    """An uncovered species is its own error and names those that are covered."""
    with pytest.raises(SpeciesNotCovered) as caught:
        load("rabbit", folder)
    assert str(caught.value) == "there are no pages for 'rabbit' yet; covered: dog."


@pytest.mark.parametrize("name", ["", ".", "..", "dog/", "../data/dog", "Dog", "profiles", "dog\0"])
def test_a_species_is_never_used_as_a_path(name: str, folder: Path) -> None:
    """Anything but a covered id is refused before a file is opened."""
    with pytest.raises(SpeciesNotCovered):
        load(name, folder)


def test_a_species_needs_profile_and_pages(folder: Path) -> None:
    """A profile without a folder, or a folder without a profile, covers nothing."""
    shutil.copy(folder / "profiles" / "dog.yaml", folder / "profiles" / "cat.yaml")
    (folder / "human").mkdir()
    assert species_covered(folder) == ("dog",)


def test_a_folder_without_species_covers_none(tmp_path: Path) -> None:
    """The message says so in words."""
    with pytest.raises(SpeciesNotCovered, match="covered: none"):
        load("dog", tmp_path)


def test_what_is_loaded_is_what_the_files_say(folder: Path) -> None:
    """Pages, findings and options arrive under their ids."""
    knowledge = load("dog", folder)
    assert knowledge.species == "dog"
    assert sorted(knowledge.causes) == sorted(PAGES)
    assert all(page.id == name for name, page in knowledge.causes.items())
    assert all(finding.id == name for name, finding in knowledge.findings.items())
    assert {g: o for g, o in knowledge.options.items() if g == "onset"} == {
        "onset": ("hyperacute_onset_24h", "onset_over_days", "onset_over_weeks_or_months", "since_puppyhood")
    }


def test_loaded_values_are_frozen(folder: Path) -> None:
    """Nothing that was checked can be given another value afterwards."""
    knowledge = load("dog", folder)
    with pytest.raises(dataclasses.FrozenInstanceError):
        knowledge.version = "mine"  # type: ignore[misc]
    page = knowledge.causes["eclampsia"]
    values = [
        (page, "name"),
        (page.rate, "value"),
        (page.signs["drooling"], "p"),
        (knowledge.findings["itching"], "name"),
        (knowledge.triage, "quantile"),
        (knowledge.profile.background["itching"], "p"),
        (knowledge.reports.findings["drooling"], "manner"),
        (knowledge.profile.event_syndromes["fit"], "share"),
        (knowledge.red_flags[0], "to"),
    ]
    for value, field in values:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(value, field, getattr(value, field))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of this test alone."""
    monkeypatch.setenv("FASCICLE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the YAML files that were really read, in order."""
    names: list[str] = []

    def counting(file: str, raw: bytes) -> Document:
        names.append(file)
        return read_yaml(file, raw)

    monkeypatch.setattr(loader, "read_yaml", counting)
    return names


def test_the_second_load_reads_no_yaml(cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read and found clean is not read again, and is the same."""
    first = load("dog", folder)

    def fail(file: str, raw: bytes) -> Document:
        raise AssertionError(f"{file} was read again")

    monkeypatch.setattr(loader, "read_yaml", fail)
    assert load("dog", folder) == first
    assert len(list(cache.iterdir())) == 1


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda kept: b"",
    "half": lambda kept: kept[: len(kept) // 2],
    "last bytes missing": lambda kept: kept[:-20],
    "not JSON": lambda kept: b"\x80\x03garbage",
    "a list": lambda kept: b"[]",
    "null": lambda kept: b"null",
    "no files": lambda kept: b"{}",
    "numbers for files": lambda kept: b'{"findings.yaml": 1, "profiles/dog.yaml": null}',
    "another schema": lambda kept: kept.replace(b"prevalence", b"how_common"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_cache_file_is_ignored(name: str, cache: Path, folder: Path, reads: list[str]) -> None:
    """A copy that cannot be used is as good as none, and is replaced."""
    first = load("dog", folder)
    (kept,) = cache.iterdir()
    good = kept.read_bytes()
    kept.write_bytes(DAMAGED[name](good))
    reads.clear()
    assert load("dog", folder) == first
    assert "findings.yaml" in reads
    assert kept.read_bytes() == good


@pytest.mark.parametrize(
    "edit",
    [
        swap(PAGE, r"\A", "#\n"),
        swap(PAGE, r"^(rate: \{value: )[^,]+", r"\g<1>0.2"),
        swap("triage.yaml", r"\Z", "\n"),
        swap(REPORTS, r"^(  drooling: \{manner: )plain_to_see", r"\1unmistakable"),
        lambda folder: (folder / PAGE).unlink(),
    ],
    ids=["comment", "figure", "shared file", "reports", "page gone"],
)
def test_a_changed_byte_is_another_version(edit: Edit, cache: Path, folder: Path, reads: list[str]) -> None:
    """The version names the exact bytes; changed files are read afresh, whatever the cache holds."""
    first = load("dog", folder)
    reads.clear()
    edit(folder)
    second = load("dog", folder)
    assert second.version != first.version
    assert "findings.yaml" in reads
    assert len(list(cache.iterdir())) == 2


def test_a_changed_figure_is_seen(cache: Path, folder: Path) -> None:
    """The new number is used, and the old one again when the old bytes come back."""
    old = (folder / PAGE).read_bytes()
    first = load("dog", folder)
    swap(PAGE, r"^rate: \{value: [^,]+, low: [^,]+, high: [^,]+", "rate: {value: 0.25, low: 0.1, high: 0.5")(folder)
    assert load("dog", folder).causes["eclampsia"].rate.value == 0.25
    (folder / PAGE).write_bytes(old)
    assert load("dog", folder) == first


def test_the_same_bytes_elsewhere_are_the_same_version(cache: Path, folder: Path, tmp_path: Path) -> None:
    """The place of the folder plays no part."""
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert load("dog", tmp_path / "elsewhere") == load("dog", folder)


def test_an_unwritable_cache_only_costs_time(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, reads: list[str]
) -> None:
    """When nothing can be kept the files are read each time, without complaint."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FASCICLE_CACHE", str(tmp_path / "file" / "cache"))
    first = load("dog", folder)
    count = len(reads)
    assert load("dog", folder) == first
    assert len(reads) == 2 * count


def test_an_empty_setting_turns_the_cache_off(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, reads: list[str]
) -> None:
    """FASCICLE_CACHE="" reads the files each time and writes nowhere."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("FASCICLE_CACHE", "")
    monkeypatch.chdir(home)
    first = load("dog", folder)
    count = len(reads)
    assert load("dog", folder) == first
    assert len(reads) == 2 * count
    assert list(home.iterdir()) == []


def test_use_cache_false_neither_reads_nor_writes_it(cache: Path, folder: Path, reads: list[str]) -> None:
    """A caller may ask for the files themselves."""
    first = load("dog", folder, use_cache=False)
    assert not cache.exists()
    assert load("dog", folder) == first
    reads.clear()
    assert load("dog", folder, use_cache=False) == first
    assert "findings.yaml" in reads


def test_faulty_knowledge_is_never_kept(cache: Path, folder: Path) -> None:
    """A fault is told each time, never hidden by a copy."""
    READING["misspelt key"][0](folder)
    assert errors(folder) == errors(folder)
    assert not cache.exists()
