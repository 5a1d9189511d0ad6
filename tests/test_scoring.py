"""From answers to a score, its meaning, and the finding it speaks of."""

from __future__ import annotations

import pytest

from fascicle import load, scoring
from fascicle.errors import CaseError
from fascicle.knowledge.instruments import Instrument
from fascicle.model import Status


@pytest.fixture(scope="module")
def gad7() -> Instrument:
    """The seven questions about worry."""
    return load("person").instruments["gad7"]


def answers(total: int, items: int = 7, most: int = 3) -> list[int]:
    """Answers that add up to this."""
    return [max(0, min(most, total - most * index)) for index in range(items)]


@pytest.mark.parametrize(
    ("total", "band", "status"),
    [
        (0, "minimal", Status.ABSENT),
        (4, "minimal", Status.ABSENT),
        (5, "mild", Status.PRESENT),
        (9, "mild", Status.PRESENT),
        (10, "moderate", Status.PRESENT),
        (14, "moderate", Status.PRESENT),
        (15, "severe", Status.PRESENT),
        (21, "severe", Status.PRESENT),
    ],
)
def test_the_gad7_bands_begin_where_its_authors_put_them(
    gad7: Instrument, total: int, band: str, status: Status
) -> None:
    """5 mild, 10 moderate, 15 severe; from 5 on the finding is there, as its background was counted."""
    found = scoring.score(gad7, answers(total))
    assert (found.total, found.band.name, found.status) == (total, band, status)


def test_a_published_example_is_scored_as_published(gad7: Instrument) -> None:
    """Several days six times (one item not at all) and more than half the days once: 7, mild, as an HL7 example has it."""
    found = scoring.score(gad7, [1, 1, 1, 1, 0, 1, 2])
    assert found.words == "GAD-7: 7 of 21, mild"


def test_every_score_there_can_be_has_a_band() -> None:
    """Of every shipped questionnaire."""
    for entry in load("person").instruments.values():
        most = max(option.score for option in entry.options)
        for total in range(entry.lowest, entry.highest + 1):
            assert scoring.score(entry, answers(total, len(entry.items), most)).total == total


def test_a_severe_score_names_a_doctor_and_a_crisis_line(gad7: Instrument) -> None:
    """No question asks about ending one's life, so whom to talk to stands there unasked."""
    told = " ".join(line.text for line in scoring.score(gad7, answers(15)).band.care)
    assert "doctor soon" in told
    assert "crisis line" in told


@pytest.mark.parametrize(("total", "status"), [(2, None), (3, Status.PRESENT)])
def test_a_low_gad2_leaves_it_open(total: int, status: Status | None) -> None:
    """Two questions are too few to rule worry out."""
    assert scoring.score(load("person").instruments["gad2"], answers(total, 2)).status == status


@pytest.mark.parametrize(("total", "status"), [(0, None), (3, None), (4, Status.PRESENT)])
def test_restless_legs_need_all_four(total: int, status: Status | None) -> None:
    """Three of the four marks are not the pattern; what was ticked as the movement is left to whoever ticked it."""
    assert scoring.score(load("person").instruments["restless_legs_four"], answers(total, 4, 1)).status == status


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "7 questions, and 0 answers"),
        ([0] * 6, "7 questions, and 6 answers"),
        ([0] * 8, "7 questions, and 8 answers"),
        ([0, 0, 0, 4, 0, 0, 0], "answer 4 is 4, which is no choice"),
        ([-1, 0, 0, 0, 0, 0, 0], "answer 1 is -1"),
    ],
)
def test_bad_answers_are_refused_with_the_way_out(gad7: Instrument, given: list[int], says: str) -> None:
    """The message counts, names the answer and lists the choices."""
    with pytest.raises(CaseError, match=says) as refused:
        scoring.score(gad7, given)
    assert "0 for “Not at all”" in str(refused.value)


@pytest.mark.parametrize("text", ["1,2,x", "1,2,½", "1.5", "٣,1", "-1,0"])
def test_what_is_no_number_is_refused(gad7: Instrument, text: str) -> None:
    """Only plain whole numbers count."""
    with pytest.raises(CaseError, match="not a number"):
        scoring.answers_from(text, gad7)


@pytest.mark.parametrize("word", ["0001234", "0009", "1000", "00010", "9" * 5000, "4"])
def test_a_number_that_is_no_choice_is_refused_whole(gad7: Instrument, word: str) -> None:
    """No answer is cut until it fits: 0001234 is not 0. Zeros in front of a choice do no harm."""
    with pytest.raises(CaseError, match=r"answer 2 is .* no choice of GAD-7\. Give 0 for") as refused:
        scoring.answers_from(f"1,{word},1,1,1,1,1", gad7)
    assert len(str(refused.value)) < 300
    assert scoring.answers_from("01 000 0003", gad7) == (1, 0, 3)


def test_answers_may_stand_with_commas_or_spaces(gad7: Instrument) -> None:
    """Both read the same."""
    assert scoring.answers_from("0, 1 2,3", gad7) == (0, 1, 2, 3)


@pytest.mark.parametrize("name", ["gad7", "GAD-7", "gad 7", "Gad_7"])
def test_a_questionnaire_is_found_however_its_name_is_written(name: str) -> None:
    """Capitals, hyphens and spaces do not matter."""
    assert scoring.find(name, load("person")).id == "gad7"


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    """The message says how to list them."""
    with pytest.raises(CaseError, match=r"Did you mean gad7.*fascicle instrument --species person"):
        scoring.find("gad77", load("person"))
