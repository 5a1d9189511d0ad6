"""The labelled sentences: how many there are, where they come from, and how well they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from fascicle.intake import read
from fascicle.knowledge.loader import load
from tests.intake import measuring

VIGNETTES = Path(__file__).parents[2] / "vignettes"
GOALS = {"precision": 0.9, "recall": 0.85, "wrong": 0.02}


def test_there_are_enough_sentences_in_both_halves() -> None:
    """At least 150 sentences, at least 60 in each half, from at least 60 pages, none twice."""
    held = measuring.sentences()
    assert len(held) >= 150
    assert all(sum(s.half == half for s in held) >= 60 for half in measuring.HALVES)
    assert len({s.source.get("url") or s.source["doi"] for s in held}) >= 60
    assert len({s.text for s in held}) == len(held)


def test_labels_are_findings_of_the_knowledge_each_with_one_reading() -> None:
    """Labels name known findings, and no finding stands in two of present, absent and fair."""
    known = set(load("dog").findings)
    for sentence in measuring.sentences():
        sets = (sentence.present, sentence.absent, sentence.fair)
        assert set().union(*sets) <= known, sentence.text
        assert sum(map(len, sets)) == len(set().union(*sets)), sentence.text


def test_every_sentence_names_its_source() -> None:
    """Each has a title and an address or DOI; a retold one names a vignette that exists."""
    for sentence in measuring.sentences():
        assert sentence.source["title"] and (sentence.source.get("url") or sentence.source["doi"])
        if "retold" in sentence.source:
            assert list(VIGNETTES.glob(f"*/{sentence.source['retold']}.yaml")), sentence.source


@pytest.mark.parametrize("half", measuring.HALVES)
def test_the_goals_are_met(half: str) -> None:
    """On each half: precision at least 0.9, recall at least 0.85, wrong polarity at most 2 %."""
    counts = measuring.measured(half)
    assert counts.precision >= GOALS["precision"], counts
    assert counts.recall >= GOALS["recall"], counts
    assert counts.wrong <= GOALS["wrong"], counts


@pytest.mark.parametrize("half", measuring.HALVES)
def test_details_for_the_form_are_read(half: str) -> None:
    """Of the labelled ages, sexes, breeds and weights nine in ten come out, and at most one in twenty is wrong."""
    right, wrong, missed = measuring.details(half)
    assert right / (right + missed + wrong) >= 0.9
    assert wrong / (right + wrong) <= 0.05


@pytest.mark.parametrize("group", measuring.said(measuring.DANGER))
def test_what_is_dangerous_is_understood_however_it_is_said(group: str) -> None:
    """Every plain way of telling a fit, a collapse, no breath, poison … gives its finding, of dogs, cats and people."""
    assert [text for text, read in measuring.understood(measuring.DANGER, group).items() if not all(read)] == []


@pytest.mark.slow
@pytest.mark.parametrize(("group", "least"), [("person", 0.55), ("animals", 0.62)])
def test_most_of_what_is_said_in_other_words_is_understood(group: str, least: float) -> None:
    """Of sentences written without sight of the phrases so many are understood: 9 and 21 in 100 before they were widened."""
    assert measuring.share(group) >= least


@pytest.mark.slow
def test_the_table_prints_both_halves_with_counts() -> None:
    """The table has a line for each half."""
    lines = measuring.table().splitlines()
    assert [line.split("  ")[0].strip() for line in lines[1:3]] == list(measuring.HALVES)


def test_no_denied_red_flag_comes_out_of_any_sentence() -> None:
    """Of all sentences, none gives the absence of a finding that a red flag looks at."""
    knowledge = load("dog")
    for sentence in measuring.sentences():
        absent = {s.finding for s in read(sentence.text, knowledge).suggestions if s.status == "absent"}
        assert not absent & measuring.flagged(), sentence.text
