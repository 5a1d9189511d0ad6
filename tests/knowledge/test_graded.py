"""Graded signs from page to answer, on a copy of the dog knowledge whose itching has three levels."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from fascicle import Case, assess, load
from fascicle.case_checks import level_range
from fascicle.engine.posterior import posterior
from fascicle.errors import CaseError
from fascicle.evidence import gather
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import observe
from fascicle.knowledge.figures import Share
from fascicle.networks import compiled


def share(p: float) -> Share:
    """A share with a range around it."""
    return Share(p=p, low=p / 2, high=(1 + p) / 2, basis="estimate", why="for this test")


def graded(page_levels: dict[str, float] | None = None) -> Knowledge:
    """The dog knowledge with levels of itching; flea allergy has shares of its own."""
    plain = load("dog")
    findings, causes = dict(plain.findings), dict(plain.causes)
    findings["itching"] = findings["itching"].model_copy(update={"levels": ("mild", "moderate", "severe")})
    page = causes["flea_allergy_dermatitis"]
    own = {"moderate": 0.8, "severe": 0.5} if page_levels is None else page_levels
    link = page.signs["itching"].model_copy(update={"levels": {name: share(p) for name, p in own.items()}})
    causes[page.id] = page.model_copy(update={"signs": {**page.signs, "itching": link}})
    ordinary = {"itching": {"moderate": share(0.4), "severe": share(0.1)}}
    return replace(
        plain,
        version=f"graded {own}",
        findings=MappingProxyType(findings),
        causes=MappingProxyType(causes),
        profile=plain.profile.model_copy(update={"levels": ordinary}),
    )


KNOWLEDGE = graded()
NETWORK = compiled(KNOWLEDGE).point
KIND = "back_skin_twitch_on_touch"


def shares(**told) -> np.ndarray:
    """P(R = cause) for a case."""
    known = gather(Case("dog", present=[KIND], **told), KNOWLEDGE)
    return posterior(NETWORK, observe(KNOWLEDGE, known, NETWORK)).responsible[0]


def reaches(level: int) -> np.ndarray:
    """P(itching of at least this level (from 1) | R = cause), every source by itself: by hand from the network's arrays."""
    grades = NETWORK.grades[0]
    columns = np.flatnonzero(NETWORK.link_sign == grades.sign)
    silent = np.full(len(NETWORK.causes), 1 - grades.leak[0, level - 1])
    for x in range(len(NETWORK.causes)):
        for i, column in enumerate(columns):
            y = int(NETWORK.link_cause[column])
            if y == x:
                silent[x] *= 1 - grades.responsible[0, i, level - 1]
            else:
                silent[x] *= 1 - NETWORK.prevalence[0, y] * grades.link[0, i, level - 1]
    return 1 - silent


@pytest.mark.parametrize(
    ("told", "likelihood"),
    [
        ("severe", lambda: reaches(3)),
        ("moderate", lambda: reaches(2) - reaches(3)),
        ("mild to moderate", lambda: reaches(1) - reaches(3)),
        ("moderate or more", lambda: reaches(2)),
        ("mild or less", lambda: 1 - reaches(2)),
        ("none", lambda: 1 - reaches(1)),
        ("none to severe", lambda: 1.0),
    ],
)
def test_a_level_weighs_what_the_figures_say(told: str, likelihood) -> None:
    """Each way to tell a level multiplies every cause by its probability of exactly that."""
    prior = shares()
    expected = prior * likelihood()
    np.testing.assert_allclose(shares(levels={"itching": told}), expected / expected.sum(), rtol=1e-10)


def test_any_level_is_the_sign_itself() -> None:
    """“mild or more” is “present”, and “none” is “absent”."""
    known = gather(Case("dog", present=[KIND], levels={"itching": "mild or more"}), KNOWLEDGE)
    assert (known.levels, "itching" in known.present) == ({}, True)
    known = gather(Case("dog", present=[KIND], levels={"itching": "none"}), KNOWLEDGE)
    assert (known.levels, "itching" in known.absent) == ({}, True)


def test_a_cause_of_severe_itch_gains_by_severity() -> None:
    """Flea allergy, severe in half of its cases, gains with every level; the profile's share holds for silent pages."""
    x = NETWORK.causes.index("flea_allergy_dermatitis")
    found = [shares(levels={"itching": level})[x] for level in ("none", "mild", "moderate", "severe")]
    assert found == sorted(found)


@pytest.mark.slow
def test_levels_never_rise_in_any_draw() -> None:
    """However the shares are drawn, a higher level is never likelier than a lower one."""
    grades = compiled(KNOWLEDGE).block(0).grades[0]
    for chance in (grades.leak, grades.link):
        assert np.all(np.diff(chance, axis=-1) <= 1e-15)


def test_the_whole_answer_names_the_level() -> None:
    """Contributions say which level was told, add up, and the intervals hold the probability."""
    answer = assess(Case("dog", present=[KIND], levels={"itching": "severe"}), KNOWLEDGE)
    assert "Itching: severe" in {c.text for c in answer.contributions}
    assert all(e.low <= e.probability <= e.high for e in answer.explanations)
    first = answer.explanations[0]
    total = sum(c.log_odds for c in answer.contributions if c.cause == first.cause)
    assert total == pytest.approx(np.log(first.probability / (1 - first.probability)), rel=1e-9)


def test_a_level_against_a_plain_no_is_a_contradiction() -> None:
    """Told severe and absent at once, the finding is disputed and not weighed."""
    known = gather(Case("dog", present=[KIND], absent=["itching"], levels={"itching": "severe"}), KNOWLEDGE)
    assert known.disputed == {"itching"}
    assert known.levels == {}


def test_present_narrows_a_level_from_below() -> None:
    """“present” and “mild or less” together are “mild”."""
    known = gather(Case("dog", present=[KIND, "itching"], levels={"itching": "mild or less"}), KNOWLEDGE)
    assert known.levels == {"itching": (1, 1)}


@pytest.mark.parametrize("told", ["huge", "", "mild or", "severe to mild", "mild to", "or more", "mild  moderate"])
def test_what_is_no_level_is_refused_with_the_levels(told: str) -> None:
    """The message names the levels and ways to write them."""
    with pytest.raises(CaseError, match="Levels: none, mild, moderate, severe"):
        level_range("itching", told, KNOWLEDGE)


def test_a_level_of_a_plain_finding_is_refused() -> None:
    """A finding without levels says where to write it instead."""
    with pytest.raises(CaseError, match="not graded; write it under present or absent"):
        gather(Case("dog", levels={"drooling": "severe"}), KNOWLEDGE)
