"""What must hold of every text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fascicle.intake import Reading, read
from fascicle.intake.data import language, phrases
from fascicle.knowledge.loader import load
from fascicle.model import Status
from tests.intake import measuring

PLAIN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = [s.text for s in measuring.sentences()][:60]
WORDS = sorted(
    {word for text in PIECES for word in text.split()}
    | {"no", "not", "never", "without", "but", "or", ",", "?", "only", "can't"}
)
LAY = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
ANY = st.one_of(st.text(max_size=300), LAY, st.lists(st.sampled_from(PIECES), max_size=3).map(" ".join))


KNOWLEDGE = load("dog")


def reading(text: str) -> Reading:
    """The reading of a text about a dog."""
    return read(text, KNOWLEDGE)


@PLAIN
@given(ANY)
def test_any_text_can_be_read_and_every_place_is_inside_it(text: str) -> None:
    """Nothing raises, and the words of suggestions and details are a part of the text."""
    found = reading(text)
    for start, end in [*(s.words for s in found.suggestions), *(d.words for d in found.details)]:
        assert 0 <= start < end <= len(text)
    assert all(part in text for part in found.unread)


@PLAIN
@given(ANY)
def test_the_absence_of_a_red_flag_finding_never_comes_out(text: str) -> None:
    """However it is denied."""
    absent = {s.finding for s in reading(text).suggestions if s.status is Status.ABSENT}
    assert not absent & measuring.flagged()


@PLAIN
@given(ANY)
def test_a_finding_comes_out_once(text: str) -> None:
    """One suggestion for each finding, in the order of the text."""
    found = reading(text).suggestions
    assert len({s.finding for s in found}) == len(found)
    assert [s.words for s in found] == sorted(s.words for s in found)


DENIALS = ("there is no", "without", "he does not")


def _plain_phrases() -> list[str]:
    """Phrases that hold no denial themselves."""
    held, denying = phrases("dog"), set(language("dog").denying)
    found = [p for f in KNOWLEDGE.findings.values() for p in f.phrases if p not in held.skip.get(f.id, ())]
    found += [p.lstrip("=") for texts in held.present.values() for p in texts]
    return sorted(p for p in found if not denying & set(p.lower().replace("'", "").split()))


@pytest.mark.parametrize("denial", DENIALS)
def test_denying_a_phrase_adds_no_present_finding(denial: str) -> None:
    """With a denial before it nothing is present that the phrase alone does not say; one in fifty may say another thing.

    “He does not miaow” tells of a lost voice, and rightly so. Every eleventh phrase is tried.
    """
    tried, more = _plain_phrases()[::11], []
    for phrase in tried:
        before = {s.finding for s in reading(phrase).suggestions if s.status is Status.PRESENT}
        denied = {s.finding for s in reading(f"{denial} {phrase}").suggestions if s.status is Status.PRESENT}
        if not denied <= before:
            more.append(phrase)
    assert len(more) <= len(tried) / 50, more


@PLAIN
@given(st.sampled_from(_plain_phrases()), st.sampled_from(_plain_phrases()), st.sampled_from(DENIALS))
def test_denying_one_of_two_sentences_leaves_the_other(one: str, other: str, denial: str) -> None:
    """A denial ends with its sentence."""
    alone = {(s.finding, s.status) for s in reading(other).suggestions if s.status is Status.PRESENT}
    both = {(s.finding, s.status) for s in reading(f"{denial} {one}. {other}").suggestions}
    assert alone <= both


def test_a_hostile_text_is_read_in_time() -> None:
    """Long runs of one word, of denials and of marks are read; what is beyond the longest text is left."""
    for text in ("shake " * 5000, "no, " * 6000, "not " * 5000, "a" * 100_000, "." * 50_000, "no shake or " * 2000):
        assert all(s.words[1] <= len(text) for s in reading(text).suggestions)
