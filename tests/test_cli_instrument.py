"""`fascicle instrument`: lists, asks, scores, and refuses with a way out."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from fascicle.cli import main


def run(*arguments: str, told: str | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["instrument", *arguments], input=told)


def test_without_a_name_questionnaires_and_diaries_are_listed() -> None:
    """Each with its kind."""
    rows = {row["id"]: row["kind"] for row in json.loads(run("--json").stdout)}
    assert rows == {
        "gad7": "questionnaire",
        "gad2": "questionnaire",
        "restless_legs_four": "questionnaire",
        "cramp_diary": "diary",
        "twitch_diary": "diary",
    }


def test_answers_give_score_meaning_and_the_answer_it_stands_for() -> None:
    """The last can be copied into a case file."""
    told = run("gad7", "--answers", "1,1,2,1,1,1,1").stdout
    assert told.startswith("GAD-7: 8 of 21, mild\n")
    assert "says nothing about whether an illness is there" in told.replace("\n    ", " ")
    assert "present: [stress_or_anxiety_high]" in told


def test_a_score_as_json() -> None:
    """Finding and status as a case file has them."""
    found = json.loads(run("gad7", "--answers", "0 0 0 0 0 0 4".replace("4", "1"), "--json").stdout)
    assert (found["score"], found["finding"], found["status"]) == (1, "stress_or_anxiety_high", "absent")


def test_a_score_that_leaves_it_open_names_no_finding() -> None:
    """A low GAD-2."""
    found = json.loads(run("gad2", "--answers", "1,1", "--json").stdout)
    assert (found["finding"], found["status"]) == (None, None)


def test_the_questions_are_asked_and_what_is_no_choice_is_asked_again() -> None:
    """Four questions, one wrong answer among them."""
    asked = run("restless_legs_four", told="1\n7\n1\n1\n1\n")
    assert asked.exit_code == 0
    assert "4 of 4, all four" in asked.stdout


def test_an_odd_byte_is_asked_again() -> None:
    """A slip of the keyboard ends no questionnaire."""
    asked = CliRunner().invoke(main, ["instrument", "restless_legs_four"], input=b"1\n\xff\n1\n1\n1\n")
    assert asked.exit_code == 0
    assert "4 of 4, all four" in asked.stdout


def test_a_diary_is_shown_and_has_no_score() -> None:
    """Answers to it are refused."""
    assert "Each day (28 rows)" in run("twitch_diary").stdout
    assert run("twitch_diary", "--answers", "1").exit_code == 2


def test_a_species_without_any_says_so() -> None:
    """Dogs fill in nothing."""
    assert run("--species", "dog").stdout == "There are none for dogs.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("gad7", "--answers", "1,2"),
        ("gad7", "--answers", ""),
        ("gad7", "--answers", "1,1,1,1,1,1,9"),
        ("gad7", "--answers", "a,b,c,d,e,f,g"),
        ("whiteley",),
        ("--answers", "1"),
        ("gad7", "--species", "dog"),
    ],
)
def test_bad_input_ends_with_code_2_and_one_message(arguments: tuple[str, ...]) -> None:
    """No traceback."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("fascicle: ")
    assert "Traceback" not in result.output
