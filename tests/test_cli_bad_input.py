"""`fascicle assess` on input that is wrong, odd or empty: one clear message and exit code 2, or a marked answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fascicle.cli import main
from fascicle.knowledge.loader import species_covered
from fascicle.pipeline import load

UNCOVERED = "rabbit"
"""A species with neither profile nor pages."""


def assess(path: Path, *options: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["assess", str(path), *options])


def written(folder: Path, content: str | bytes, name: str = "case.yaml") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(result: Result) -> str:
    """The one message of a refusal."""
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return one_message(result.stderr)


def one_message(stderr: str) -> str:
    """What stands on stderr: one line from us, never a traceback."""
    assert "Traceback" not in stderr
    assert stderr.startswith("fascicle: ")
    assert stderr.endswith("\n")
    assert stderr.count("\n") == 1
    return stderr.removeprefix("fascicle: ").rstrip("\n")


def answered(folder: Path, content: str) -> dict[str, Any]:
    """The JSON answer to a case that is taken."""
    result = assess(written(folder, content), "--json")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    data: dict[str, Any] = json.loads(result.stdout)
    return data


def folder_itself(folder: Path) -> Path:
    """A folder where a file is wanted."""
    (folder / "cases").mkdir()
    return folder / "cases"


def ten_megabytes(folder: Path) -> Path:
    """A file ten times too large."""
    path = folder / "case.yaml"
    with path.open("wb") as file:
        file.truncate(10_000_000)
    return path


FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda f: f / "none.yaml", "none.yaml cannot be read (No such file or directory). Check the path."),
    "below a file": (
        lambda f: written(f, "species: dog") / "x.yaml",
        "x.yaml cannot be read (Not a directory). Check the path.",
    ),
    "folder": (folder_itself, "cases is a folder; give the case file in it."),
    "empty": (lambda f: written(f, ""), "case.yaml is empty. A case needs at least one line: species: dog"),
    "only blanks": (
        lambda f: written(f, " \n\n", "case.json"),
        "case.json is empty. A case needs at least one line: species: dog",
    ),
    "ten megabytes": (
        ten_megabytes,
        "case.yaml is larger than 1,000,000 bytes, more than any case file. Is it the right file?",
    ),
    "binary YAML": (
        lambda f: written(f, b"PK\3\4\0\0\0\0"),
        "case.yaml:1: this is a binary file, not text. Fix: give a YAML or JSON text file.",
    ),
    "binary JSON": (
        lambda f: written(f, b"\x89PNG\r\n\x1a\n\0", "case.json"),
        "case.json: this is not UTF-8 text (byte 0). Save the file as UTF-8.",
    ),
    "Latin-1 YAML": (
        lambda f: written(f, b"species: dog\nbreed: Ca\xf1o\n"),
        "case.yaml:2: this is not UTF-8 text. Fix: save the file as UTF-8.",
    ),
    "Latin-1 JSON": (
        lambda f: written(f, b'{"species": "dog", "breed": "Ca\xf1o"}', "case.json"),
        "case.json: this is not UTF-8 text (byte 31). Save the file as UTF-8.",
    ),
    "UTF-16": (
        lambda f: written(f, "species: dog".encode("utf-16")),
        "case.yaml:1: this is not UTF-8 text. Fix: save the file as UTF-8.",
    ),
    "deep YAML": (
        lambda f: written(f, "[" * 100_000),
        "case.yaml:1: nested more than 40 deep. Fix: flatten the file.",
    ),
    "deep JSON": (
        lambda f: written(f, '{"a":[' * 50_000, "case.json"),
        "case.json is nested too deep to be a case. Flatten it.",
    ),
    "list": (
        lambda f: written(f, "- species: dog\n"),
        "case.yaml holds a list; a case is a list of keys such as species: dog",
    ),
    "a word": (
        lambda f: written(f, '"dog"', "case.json"),
        "case.json holds 'dog'; a case is a list of keys such as species: dog",
    ),
    "tab in YAML": (
        lambda f: written(f, "species: dog\npresent:\n\t- itching\n"),
        "case.yaml:3: this is not valid YAML (found character that cannot start any token). "
        "Fix: check indentation, colons, quotes and tabs here.",
    ),
    "comma in JSON": (
        lambda f: written(f, '{"species": "dog"\n "sex": "male"}', "case.json"),
        "case.json:2: this is not valid JSON (Expecting ',' delimiter). Fix: check commas, quotes and brackets.",
    ),
    "key twice in YAML": (
        lambda f: written(f, "species: dog\nsex: male\nsex: female\n"),
        "case.yaml:3: the key 'sex' stands twice (first on line 2). Fix: keep one of the two.",
    ),
    "key twice in JSON": (
        lambda f: written(f, '{"species": "dog", "sex": "male", "sex": "female"}', "case.json"),
        "case.json: the key 'sex' stands twice. Keep one of the two.",
    ),
    "NaN": (
        lambda f: written(f, '{"species": "dog", "age_years": NaN}', "case.json"),
        "case.json: NaN is not a usable number.",
    ),
    "infinite": (
        lambda f: written(f, '{"species": "dog", "age_years": 1e999}', "case.json"),
        "age_years: inf is not possible; give 0 to 30 years.",
    ),
    "no species": (
        lambda f: written(f, "present: [itching]\n"),
        "case.yaml: species is missing. Add a line such as species: dog",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_case_gets_one_clear_message(name: str, tmp_path: Path) -> None:
    """Exit code 2, the reason and the way out on stderr, nothing on stdout."""
    make, message = FILES[name]
    assert refused(assess(make(tmp_path))) == message


@pytest.mark.parametrize("name", ["missing", "deep YAML", "deep JSON"])
def test_the_real_program_says_the_same(name: str, tmp_path: Path) -> None:
    """A process of its own behaves as the command in this process: no traceback, no crash."""
    make, message = FILES[name]
    done = subprocess.run(
        [sys.executable, "-m", "fascicle.cli", "assess", str(make(tmp_path)), "--json"],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert one_message(done.stderr) == message


@pytest.mark.parametrize("options", [[], ["--json"], ["--exit-code"], ["--why-not", "eclampsia"]])
def test_no_option_changes_a_refusal(options: list[str], tmp_path: Path) -> None:
    """A refusal has exit code 2 also where urgency has exit codes."""
    message = refused(assess(written(tmp_path, "species: dog\nage_years: -3\n"), *options))
    assert message == "age_years: -3 is not possible; give 0 to 30 years."


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("age_years: -3", "age_years: -3 is not possible; give 0 to 30 years."),
        ("age_years: 31", "age_years: 31 is not possible; give 0 to 30 years."),
        ("weight_kg: 4000", "weight_kg: 4000 is not possible; give 0.1 to 120 kilograms."),
        ("weight_kg: 0", "weight_kg: 0 is not possible; give 0.1 to 120 kilograms."),
        ("age_years: old", "case.yaml: age_years: 'old' does not fit; give a number of years such as 4.5."),
        ("age_years: false", "case.yaml: age_years: False does not fit; give a number of years such as 4.5."),
        ("sex: maile", "sex: 'maile' is not known. One of: male, male_neutered, female, female_neutered."),
        ("present: itching", "case.yaml: present: 'itching' does not fit; give a list of finding ids."),
        ("absent: [{itching: 1}]", "case.yaml: absent: a list does not fit; give a list of finding ids."),
        ("choices: onset", "case.yaml: choices: 'onset' does not fit; give a mapping of group to option."),
        (
            "choices: {start: onset_over_days}",
            "choices: there is no group 'start'. Groups: kind, onset, duration, place, frequency, age.",
        ),
        (
            "choices: {onset: twitch_near_constant}",
            "choices: 'twitch_near_constant' is no option of onset. Options: hyperacute_onset_24h, onset_over_days, "
            "onset_over_weeks_or_months, since_puppyhood.",
        ),
        ("levels: {itching: high}", "levels: 'itching' is not graded; write it under present or absent."),
        ("observed_by: {itching: aunt}", "observed_by: itching: 'aunt' is none of lay, clinician, recording."),
        ("asked_before: -1", "asked_before: -1 is not possible; give 0 or more."),
        ("asked_before: often", "case.yaml: asked_before: 'often' does not fit; give a whole number."),
        ("text: [a, b]", "case.yaml: text: a list does not fit; give free words in quotes."),
        (
            "symptoms: [itching]",
            "case.yaml: unknown key 'symptoms'. Keys of a case: species, age_years, sex, breed, weight_kg, present, "
            "absent, choices, levels, observed_by, region, text, asked_before, unclear.",
        ),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(lines: str, message: str, tmp_path: Path) -> None:
    """The message names the field, what was given and what is possible."""
    assert refused(assess(written(tmp_path, f"species: dog\n{lines}\n"))) == message


@pytest.mark.parametrize("key", ["present: [{}]", "absent: [{}]", "levels: {{{}: high}}", "observed_by: {{{}: lay}}"])
def test_an_unknown_finding_is_refused_with_the_nearest_ids(key: str, tmp_path: Path) -> None:
    """A misspelt id names its neighbours, the knowledge version and the command that lists them all."""
    message = refused(assess(written(tmp_path, f"species: dog\n{key.format('itchyng')}\n")))
    version = load("dog").version
    assert message.startswith(f"no finding has the id 'itchyng' (knowledge {version}, dog). Did you mean 'itching'")
    assert message.endswith("List them: fascicle findings --species dog")


def test_an_unknown_finding_like_nothing_known_has_no_guess(tmp_path: Path) -> None:
    """Where nothing is near, nothing is guessed."""
    message = refused(assess(written(tmp_path, "species: dog\npresent: [zzzzqqqq]\n")))
    assert "Did you mean" not in message
    assert message.endswith("List them: fascicle findings --species dog")


def test_an_unknown_cause_to_argue_against_is_refused(tmp_path: Path) -> None:
    """--why-not with an id nobody knows gives one message and no half answer."""
    message = refused(assess(written(tmp_path, "species: dog\n"), "--why-not", "gremlins"))
    assert "'gremlins'" in message


def test_a_why_not_that_cannot_be_answered_leaves_the_answer(tmp_path: Path) -> None:
    """For a child there are no probabilities, so --why-not has none; how soon to act is told all the same."""
    child = written(tmp_path, "species: person\nage_years: 4\npresent: [seizure_generalised]\n")
    done = assess(child, "--why-not", next(iter(load("person").causes)))
    assert done.exit_code == 0
    assert "How soon" in done.stdout
    assert "--why-not cannot be answered" in done.stderr


@pytest.mark.parametrize("species", ["hamster", UNCOVERED, "Dog", "../dog", ""])
def test_an_uncovered_species_is_told_what_holds_for_every_animal(species: str, tmp_path: Path) -> None:
    """Nothing is worked out for a species without pages, but emergencies are emergencies."""
    message = refused(assess(written(tmp_path, f'species: "{species}"\npresent: [itching]\n')))
    assert message.startswith(f"there are no pages for {species!r} yet; covered: ")
    assert "dog" in message.partition("covered: ")[2]
    rules = {rule.id: rule for covered in species_covered() for rule in load(covered).red_flags}
    worst = [rule.why for rule in rules.values() if rule.general and rule.to == "emergency_now"]
    assert message.endswith("Urgent in any animal or person: " + " ".join(worst))


def test_an_uncovered_species_with_a_general_red_flag_is_told_to_act(tmp_path: Path) -> None:
    """A rabbit that cannot breathe is sent off by the rules that hold for every animal, most urgent first."""
    path = written(tmp_path, f"species: {UNCOVERED}\npresent: [itching, collapse, breathing_trouble]\n")
    rules = {rule.id: rule for rule in load("dog").red_flags}
    met = ["breathing", "collapse_unaware", "collapse"]
    held = " ".join(f"{rules[name].why} {rules[name].act}" for name in met)
    message = refused(assess(path))
    assert message.endswith(f"What was told is urgent in any animal or person: {held}")


def test_a_red_flag_of_one_species_is_not_told_for_another(tmp_path: Path) -> None:
    """Only rules marked general hold for a species without pages."""
    flag = next(rule for rule in load("dog").red_flags if rule.id == "nursing_shaking")
    assert not flag.general
    path = written(tmp_path, f"species: {UNCOVERED}\npresent: [nursing_litter, stiff_gait]\n")
    assert flag.why not in refused(assess(path))


def test_an_empty_case_gets_the_base_rates_and_a_first_question(tmp_path: Path) -> None:
    """A species alone is answered, marked as little more than base rates, and asked on."""
    data = answered(tmp_path, "species: dog\n")
    assert (
        "With so few answers this is little more than how common each cause is among such questions." in data["notes"]
    )
    firsts = {question.id for question in load("dog").questions if question.first}
    assert data["next_question"]["id"] in firsts
    assert data["explanations"] != []
    assert data["urgency"]["red_flags"] == []
    assert {c["step"] for c in data["contributions"]} == {"base rate"}


def test_an_empty_case_is_answered_in_words_too(tmp_path: Path) -> None:
    """The text answer carries the same note."""
    result = assess(written(tmp_path, "species: dog\n"))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "With so few answers" in result.stdout


def test_free_text_is_kept_unread_and_says_so(tmp_path: Path) -> None:
    """Words change nothing in the answer but a note."""
    plain = answered(tmp_path, "species: dog\npresent: [itching]\n")
    told = answered(tmp_path, 'species: dog\npresent: [itching]\ntext: "It had a fit and cannot breathe"\n')
    note = "The free text was kept but not read; tick the findings it mentions."
    assert note not in plain["notes"]
    assert told.pop("notes") == [note, *plain.pop("notes")]
    assert told == plain


def test_present_and_absent_is_a_conflict_with_its_question(tmp_path: Path) -> None:
    """One finding said both ways is listed with the question that settles it; the rest is computed without it."""
    data = answered(tmp_path, "species: dog\npresent: [itching, lameness]\nabsent: [itching]\n")
    finding = load("dog").findings["itching"]
    assert data["conflicts"] == [
        {
            "findings": ["itching"],
            "why": f"“{finding.name}” was given as present and as absent.",
            "question": finding.ask["dog"],
        }
    ]
    without = answered(tmp_path, "species: dog\npresent: [lameness]\n")
    assert data["explanations"] == without["explanations"]


def test_asleep_only_and_awake_is_a_conflict_with_its_question(tmp_path: Path) -> None:
    """Two findings that exclude each other are listed together, and the question names both."""
    data = answered(tmp_path, "species: dog\npresent: [twitch_asleep_only, twitch_at_rest_awake]\n")
    (conflict,) = data["conflicts"]
    assert sorted(conflict["findings"]) == ["twitch_asleep_only", "twitch_at_rest_awake"]
    findings = [load("dog").findings[name] for name in conflict["findings"]]
    assert conflict["why"] == f"“{findings[0].name}” and “{findings[1].name}” cannot both be so."
    assert conflict["question"] == "Which of these is right: " + " / ".join(f.ask["dog"] for f in findings)


def test_two_options_of_one_group_are_a_conflict(tmp_path: Path) -> None:
    """What was chosen and what was ticked cannot differ."""
    data = answered(tmp_path, "species: dog\npresent: [since_puppyhood]\nchoices: {onset: hyperacute_onset_24h}\n")
    assert [sorted(c["findings"]) for c in data["conflicts"]] == [["hyperacute_onset_24h", "since_puppyhood"]]


def test_a_measurement_against_a_finding_is_a_conflict(tmp_path: Path) -> None:
    """An old dog in years that is ticked as a puppy is asked about, not refused."""
    data = answered(tmp_path, "species: dog\nage_years: 12\npresent: [age_under_6_months]\n")
    assert [sorted(c["findings"]) for c in data["conflicts"]] == [["age_11_or_over", "age_under_6_months"]]


def test_a_contradicted_emergency_stays_one(tmp_path: Path) -> None:
    """The urgency comes from the worse reading of a contradiction."""
    data = answered(tmp_path, "species: dog\npresent: [breathing_trouble]\nabsent: [breathing_trouble]\n")
    assert data["urgency"]["level"] == "emergency_now"
    assert [flag["id"] for flag in data["urgency"]["red_flags"]] == ["breathing"]


def test_an_unlisted_breed_is_a_note(tmp_path: Path) -> None:
    """A breed nobody listed is said to be unused, not refused."""
    data = answered(tmp_path, "species: dog\nbreed: Moon Hound\n")
    assert "The breed 'Moon Hound' is not in the list, so it was not used." in data["notes"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("case.yaml", "species:\n"),
        ("case.json", '{"species": null}'),
        ("case.yaml", f"species: dog\nage_years: {'9' * 400}\n"),
        ("case.yaml", f"species: dog\nweight_kg: {'9' * 5000}\n"),
        ("case.json", f'{{"species": "dog", "age_years": {"9" * 5000}}}'),
        ("case.yaml", f"species: {'x' * 100_000}\n"),
        ("case.yaml", f"species: dog\npresent: [{'x' * 100_000}]\n"),
        ("case.yaml", f"species: dog\nasked_before: -{'9' * 30}\n"),
    ],
    ids=[
        "no species",
        "null species",
        "huge age",
        "endless weight",
        "endless age",
        "long species",
        "long finding",
        "count",
    ],
)
def test_endless_or_missing_values_get_one_short_message(tmp_path: Path, name: str, content: str) -> None:
    """No traceback, exit code 2, and the input is not echoed without end."""
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(main, ["assess", str(file)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert len(result.stderr) < 3000


def test_an_uncovered_species_reads_choices_and_implications_for_its_red_flags(tmp_path: Path) -> None:
    """A long fit is an emergency in any animal, also when its length stands under choices."""
    file = tmp_path / "case.yaml"
    told = "species: rabbit\npresent: [seizure_generalised]\nchoices: {duration: episode_lasts_over_15min}\n"
    file.write_text(told, encoding="utf-8")
    result = CliRunner().invoke(main, ["assess", str(file)])
    assert result.exit_code == 2
    assert "Go to a vet now" in result.stderr


def test_the_command_can_be_run_as_a_module_of_python() -> None:
    """`python -m fascicle` refuses a missing file as `fascicle` does, under its own name."""
    run = subprocess.run(
        [sys.executable, "-m", "fascicle", "assess", "nowhere.yaml"], capture_output=True, text=True, check=False
    )

    assert run.returncode == 2
    assert run.stderr.startswith("fascicle: ")
    assert run.stdout == ""
