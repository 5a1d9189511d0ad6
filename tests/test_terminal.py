"""The interview at the keyboard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fascicle.case_file import read_case
from fascicle.cli import main


def ask(*replies: str, arguments: tuple[str, ...] = ()) -> Result:
    """Run `fascicle ask` with these lines typed, then the end of input."""
    return CliRunner().invoke(main, ["ask", *arguments], input="".join(f"{r}\n" for r in replies))


def test_a_red_flag_is_shown_the_moment_it_is_hit_and_stops_the_questions() -> None:
    """Trouble breathing ends the interview with what to do, unless the person goes on."""
    result = ask("11", "n", "1", "1")
    assert result.exit_code == 0
    shown, _, answer = result.output.partition("How soon:")
    assert "!  EMERGENCY: GO OR CALL NOW" in shown
    assert answer.lstrip().startswith("EMERGENCY")
    assert "4. " not in shown


def test_after_an_emergency_the_interview_can_go_on_to_prepare_the_call() -> None:
    """Choosing 2 asks on, and the emergency stands at the end."""
    result = ask("9 11", "n", "n", "2", "2", "n", "q")
    assert "\n5. " in result.output
    assert "How soon: EMERGENCY" in result.output


def test_why_is_answered_and_the_question_is_put_again() -> None:
    """A question mark explains the question and its items."""
    result = ask("?", "1", "q")
    assert "Why: Everything else depends on what the movement is like." in result.output
    assert result.output.count("> ") == 3


def test_not_sure_leaves_a_finding_unknown(tmp_path: Path) -> None:
    """s answers nothing; the saved case holds no finding of that question."""
    file = tmp_path / "case.yaml"
    ask("11", "s", "q", arguments=("--save", str(file)))
    assert list(read_case(file).present) == ["tremor_rhythmic"]
    assert list(read_case(file).absent) == []


def test_back_takes_the_last_answer_away(tmp_path: Path) -> None:
    """b puts the question before again, without its answer."""
    file = tmp_path / "case.yaml"
    result = ask("11", "n", "b", "s", "q", arguments=("--save", str(file)))
    assert list(read_case(file).absent) == []
    assert result.output.count("\n2. ") == 2
    assert "This is the first question." in ask("b", "q").output


@pytest.mark.parametrize("reply", ["", "99", "x", "1 two", "-1", "1.5", "²", "🐶"])
def test_an_answer_that_is_not_understood_is_asked_again(reply: str) -> None:
    """One clear line, and nothing is lost."""
    result = ask("11", reply, "n", "q")
    assert "That was not understood." in result.output
    assert result.exit_code == 0
    assert "How soon:" in result.output


def test_the_end_of_input_gives_the_answer_so_far_and_saves_it(tmp_path: Path) -> None:
    """Nothing entered is lost when the terminal goes away."""
    file = tmp_path / "case.yaml"
    result = ask("1", arguments=("--save", str(file)))
    assert "Nothing is lost" in result.output
    assert "How soon:" in result.output
    assert list(read_case(file).present) == ["back_skin_twitch_on_touch"]


def test_one_of_a_group_takes_one_number() -> None:
    """Onset takes exactly one answer."""
    told = ask("11", "n", "n", "n", *["n"] * 12)
    assert "the number of what fits best" in told.output or "No further question" in told.output


def test_json_stands_alone_on_standard_output() -> None:
    """With --json the questions go to stderr, so the output can be piped on."""
    result = CliRunner().invoke(main, ["ask", "--json"], input="1\nq\n")
    data = json.loads(result.stdout)
    assert data["species"] == "dog"
    assert "What does the movement look like?" in result.stderr


def test_the_saved_case_gives_the_same_answer(tmp_path: Path) -> None:
    """What was saved can be assessed again, with the same result."""
    file = tmp_path / "case.yaml"
    first = ask("1 3", "n", "n", "n", "n", "1 3", "q", arguments=("--save", str(file)))
    again = CliRunner().invoke(main, ["assess", str(file)])
    urgency = again.output.splitlines()[0]
    assert urgency.startswith("How soon:")
    assert urgency in first.output
