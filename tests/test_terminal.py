"""The interview at the keyboard."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fascicle import Case, Question, load
from fascicle.case_file import read_case
from fascicle.cli import main
from fascicle.terminal import interview, put


def ask(*replies: str, arguments: tuple[str, ...] = ()) -> Result:
    """Run `fascicle ask` with these lines typed, then the end of input."""
    return CliRunner().invoke(main, ["ask", *arguments], input="".join(f"{r}\n" for r in replies))


def test_a_red_flag_is_shown_the_moment_it_is_hit_and_stops_the_questions() -> None:
    """Trouble breathing ends the interview with what to do, unless the person goes on."""
    result = ask("3", "1", "1", "1")
    assert result.exit_code == 0
    shown, _, answer = result.output.partition("How soon:")
    assert "!  EMERGENCY: GO OR CALL NOW" in shown
    assert answer.lstrip().startswith("EMERGENCY")
    assert "3. " not in shown


def test_after_an_emergency_the_interview_can_go_on_to_prepare_the_call() -> None:
    """Choosing 2 asks on, and the emergency stands at the end."""
    result = ask("2 3", "3 5", "n", "n", "2", "2", "n", "q")
    assert "\n5. " in result.output
    assert "How soon: EMERGENCY" in result.output


def test_back_at_an_emergency_takes_the_tick_away_and_what_is_not_understood_is_asked_again(tmp_path: Path) -> None:
    """A danger sign ticked by mistake ended the interview whatever was typed but 2."""
    file = tmp_path / "mine.yaml"
    result = ask("3", "1", "1", "what?", "b", "n", "q", arguments=("--save", str(file)))
    assert "That is not understood." in result.output
    assert "How soon: EMERGENCY" not in result.output
    assert "breathing_trouble" not in read_case(file).present


def test_a_json_name_is_refused_before_the_first_question(tmp_path: Path) -> None:
    """Answers are kept as YAML; under that name they could not be read again."""
    result = ask("q", arguments=("--save", str(tmp_path / "mine.json")))
    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "Give a name that ends in .yaml." in str(result.exception) + result.output


def test_why_is_answered_and_the_question_is_put_again() -> None:
    """A question mark explains the question and its items: of families what is in them, then the options."""
    result = ask("?", "1", "?", "1", "q")
    assert "Why: Everything else depends on what the movement is like." in result.output
    assert "Back skin ripples when touched; Back skin ripples by itself" in " ".join(result.output.split())
    assert "Only the skin moves, as when a horse shakes off a fly." in " ".join(result.output.split())
    assert result.output.count("> ") == 5


def test_the_kinds_are_asked_in_two_steps(tmp_path: Path) -> None:
    """Families first, then only the options of those ticked; what is not opened is not ticked."""
    file = tmp_path / "case.yaml"
    result = ask("1 3", "1 6", "q", arguments=("--save", str(file)))
    assert list(read_case(file).present) == ["back_skin_twitch_on_touch", "tremor_rhythmic"]
    assert "A hind leg kicks in rhythm" in result.output
    assert "A whole-body fit" not in result.output


def test_back_leads_from_the_options_to_the_families(tmp_path: Path) -> None:
    """Who opened the wrong family goes one step back and opens another."""
    file = tmp_path / "case.yaml"
    result = ask("1", "b", "3", "1", "q", arguments=("--save", str(file)))
    assert list(read_case(file).present) == ["tremor_rhythmic"]
    assert result.output.count("1. What does the movement look like?") == 2


@pytest.mark.parametrize("replies", [("n",), ("s",), ("3", "n"), ("3", "s")])
def test_none_and_not_sure_are_possible_at_both_steps(replies: tuple[str, ...], tmp_path: Path) -> None:
    """No kind is ticked then, and the next question comes."""
    file = tmp_path / "case.yaml"
    result = ask(*replies, "q", arguments=("--save", str(file)))
    assert list(read_case(file).present) == []
    assert "\n2. " in result.output


def test_not_sure_leaves_a_finding_unknown(tmp_path: Path) -> None:
    """s answers nothing; the saved case holds no finding of that question."""
    file = tmp_path / "case.yaml"
    ask("3", "1", "s", "q", arguments=("--save", str(file)))
    assert list(read_case(file).present) == ["tremor_rhythmic"]
    assert list(read_case(file).absent) == []


def test_who_cannot_tell_how_it_moves_saves_that(tmp_path: Path) -> None:
    """s for the movement is kept in the file, so the saved case gets the answer that was shown; n is not the same."""
    unsure, none = tmp_path / "unsure.yaml", tmp_path / "none.yaml"
    ask("s", "q", arguments=("--save", str(unsure)))
    ask("n", "q", arguments=("--save", str(none)))
    assert (read_case(unsure).unclear, read_case(none).unclear) == (True, False)


def test_back_takes_the_last_answer_away(tmp_path: Path) -> None:
    """b puts the question before again, without its answer."""
    file = tmp_path / "case.yaml"
    result = ask("3", "1", "n", "b", "s", "q", arguments=("--save", str(file)))
    assert list(read_case(file).absent) == []
    assert result.output.count("\n2. ") == 2
    assert "This is the first question." in ask("b", "q").output


def test_a_file_is_left_alone_until_there_is_an_answer(tmp_path: Path) -> None:
    """Who gives up at the first question loses no earlier case and gets no empty one; None stands for no file."""
    file = tmp_path / "case.yaml"
    for held in (None, "species: dog\npresent: [itching]\n"):
        if held is not None:
            file.write_text(held, encoding="utf-8")
        result = ask("q", arguments=("--save", str(file)))
        assert f"Nothing was answered, so {file} was not written." in result.output
        assert "Your answers are in" not in result.output
        assert (file.read_text(encoding="utf-8") if file.exists() else None) == held
    assert [path.name for path in tmp_path.iterdir()] == ["case.yaml"]


def test_the_file_holds_every_answer_before_the_next_question(tmp_path: Path) -> None:
    """However the program is ended, what was told is there; a link stays a link, and nothing else lies beside it."""
    file, real = tmp_path / "link.yaml", tmp_path / "case.yaml"
    file.symlink_to(real)
    seen: list[str | None] = []
    replies = iter(["3", "1", "n", "b", "q"])

    def reply(_: str) -> str:
        seen.append(real.read_text(encoding="utf-8") if real.exists() else None)
        return next(replies)

    with contextlib.redirect_stdout(io.StringIO()):
        interview(load("dog"), save=file, ask=reply)
    first = "species: dog\npresent: [tremor_rhythmic]\n"
    assert (seen[:3], seen[4]) == ([None, None, first], first)
    assert seen[3] is not None and seen[3].startswith(first + "absent: [")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.yaml", "link.yaml"]
    assert file.is_symlink()


def test_a_pipe_gets_the_answers_once_at_the_end(tmp_path: Path) -> None:
    """What is no file cannot be written anew after each answer, and stays what it is."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        result = ask("3", "1", "s", "q", arguments=("--save", str(pipe)))
        assert (result.exit_code, os.read(reader, 1000)) == (0, b"species: dog\npresent: [tremor_rhythmic]\n")
    finally:
        os.close(reader)
    assert [path.name for path in tmp_path.iterdir() if path.is_fifo()] == ["pipe"]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("way", ["SIGTERM", "SIGHUP"])
def test_answers_outlive_the_end_of_the_program(tmp_path: Path, way: str) -> None:
    """A closed window or an ended session keeps what was told."""
    file = tmp_path / "case.yaml"
    arguments = [sys.executable, "-u", "-m", "fascicle", "ask", "--save", str(file)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin is not None and running.stdout is not None
        running.stdin.write(b"3\n1\n")
        running.stdin.flush()
        while b"\n2. " not in (line := b"\n" + running.stdout.readline()):
            assert line != b"\n"
        running.send_signal(getattr(signal, way))
        running.communicate(timeout=60)
    assert list(read_case(file).present) == ["tremor_rhythmic"]


@pytest.mark.parametrize("reply", [b"\xff\xfe", b"\xc3", b"9" * 5000, b"0" * 5000 + b"x"])
def test_an_odd_byte_or_endless_number_is_asked_again(reply: bytes, tmp_path: Path) -> None:
    """A slip of the keyboard ends nothing, and the answers after it count."""
    file = tmp_path / "case.yaml"
    typed = b"3\n1\n" + reply + b"\nn\nq\n"
    result = CliRunner().invoke(main, ["ask", "--save", str(file)], input=typed)
    assert (result.exit_code, result.exception) == (0, None)
    assert "That was not understood." in result.output
    assert list(read_case(file).present) == ["tremor_rhythmic"]
    assert list(read_case(file).absent) != []


@pytest.mark.parametrize("reply", ["", "99", "x", "1 two", "-1", "1.5", "²", "🐶"])
def test_an_answer_that_is_not_understood_is_asked_again(reply: str) -> None:
    """One clear line, and nothing is lost."""
    result = ask("3", "1", reply, "n", "q")
    assert "That was not understood." in result.output
    assert result.exit_code == 0
    assert "How soon:" in result.output


def test_the_end_of_input_gives_the_answer_so_far_and_saves_it(tmp_path: Path) -> None:
    """Nothing entered is lost when the terminal goes away."""
    file = tmp_path / "case.yaml"
    result = ask("1", "1", arguments=("--save", str(file)))
    assert "Nothing is lost" in result.output
    assert "How soon:" in result.output
    assert list(read_case(file).present) == ["back_skin_twitch_on_touch"]


def test_one_of_a_group_takes_one_number(tmp_path: Path) -> None:
    """A choice takes exactly one answer: two numbers are asked for again, one is kept as the choice."""
    knowledge = load("dog")
    options = knowledge.options["onset"]
    question = Question("onset", "How did it start?", options, "why", "onset")
    replies = iter(["1 2", "3"])
    said: list[str] = []
    case = put(question, Case("dog"), knowledge, lambda _: next(replies), said.append, number=1)
    assert dict(case.choices) == {"onset": options[2]}
    assert sum("That was not understood" in line for line in said) == 1


def test_a_file_that_cannot_be_written_is_refused_before_the_first_question(tmp_path: Path) -> None:
    """Nobody answers ten questions for a file that cannot be kept; an existing file keeps its content till the end."""
    result = ask("1", "q", arguments=("--save", str(tmp_path / "missing" / "case.yaml")))
    assert result.exit_code == 2
    assert "cannot be written" in result.output
    assert "1. " not in result.output


def test_answers_are_printed_when_the_file_goes_away_meanwhile(tmp_path: Path) -> None:
    """A folder that vanishes during the interview loses nothing: the answers are shown to copy."""
    folder = tmp_path / "stick"
    folder.mkdir()
    said = io.StringIO()

    def reply(_: str) -> str:
        shutil.rmtree(folder, ignore_errors=True)
        return "q" if "2. " in said.getvalue() else "1"

    with contextlib.redirect_stdout(said):
        interview(load("dog"), save=folder / "case.yaml", ask=reply)
    assert "could not be written" in said.getvalue()
    assert "present: [back_skin_twitch_on_touch]" in said.getvalue()
    assert "How soon:" in said.getvalue()


def test_json_stands_alone_on_standard_output() -> None:
    """With --json the questions go to stderr, so the output can be piped on."""
    result = CliRunner().invoke(main, ["ask", "--json"], input="1\nq\n")
    data = json.loads(result.stdout)
    assert data["species"] == "dog"
    assert "What does the movement look like?" in result.stderr


def test_the_saved_case_gives_the_same_answer(tmp_path: Path) -> None:
    """What was saved can be assessed again, with the same result."""
    file = tmp_path / "case.yaml"
    first = ask("1", "1 3", "n", "n", "n", "n", "1 3", "q", arguments=("--save", str(file)))
    again = CliRunner().invoke(main, ["assess", str(file)])
    urgency = again.output.splitlines()[0]
    assert urgency.startswith("How soon:")
    assert urgency in first.output


def test_people_are_asked_for_their_age_first_and_a_child_for_danger_signs_only(tmp_path: Path) -> None:
    """What is no age is asked again; the answer is kept in the file and names no cause."""
    file = tmp_path / "case.yaml"
    result = ask("abc", "8", "2", "1", "q", arguments=("--species", "person", "--save", str(file)))
    assert "Give a number from 0 to 110, or s." in result.output
    assert read_case(file).age_years == 8
    assert "This is not for a child" in result.output
    assert "What may explain it" not in result.output
    assert "vet" not in result.output.lower().split()


def test_age_can_be_left_out_and_a_dog_is_not_asked() -> None:
    """Nothing typed is no age."""
    assert "How old" not in ask("q").output
    assert "This is not for a child" not in ask("", "q", arguments=("--species", "person")).output


def test_no_movement_and_not_sure_are_told_apart() -> None:
    """None of the movements: not made for this. Not sure: a rough guess."""
    assert (
        "This is not made for what you told" in ask("40", "n", "2", "n", "q", arguments=("--species", "person")).output
    )
    assert "rough guess" in ask("40", "s", "2", "n", "q", arguments=("--species", "person")).output


def test_with_broken_numbers_danger_signs_are_asked_and_nothing_is_said_to_be_weighed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault in the numbers does not end the questions: a danger sign told after it is an emergency."""

    def fail(*_: object, **__: object) -> None:
        raise FloatingPointError("broken")

    monkeypatch.setattr("fascicle.pipeline.compiled", fail)
    assert "How soon: EMERGENCY" in ask("3", "1", "1", "1").output
    result = ask(*["s"] * 40)
    assert "Those were the questions about danger signs." in result.output
    assert "No further question would change much" not in result.output
    assert "Going by how likely" not in result.output
