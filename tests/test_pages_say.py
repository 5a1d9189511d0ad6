"""What web pages name, beside how likely it is in the case told."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from fascicle import Assessment, Case, assess, load, pipeline, why_not
from fascicle.inference import infer
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.pages_say import PagesSayFile, Topic
from fascicle.page_counts import PageRow, PagesSay
from fascicle.report import plain, shares, text

TOPIC: dict[str, Any] = {
    "id": "flicker", "species": "person", "about": "flickers", "kinds": ("twitch_limb",), "needs": ("place_calf_or_foot",),
    "pages": 10, "give_likelihood": 1, "named": {"als_mnd": 7, "multiple_sclerosis": 3, "cjd": 1},
    "read_on": date(2026, 11, 29), "why": "made up",
}  # fmt: skip
CALF = Case(species="person", age_years=34, sex="male", present=["twitch_limb", "place_calf_or_foot"])


def answer(present: list[str], **who: object) -> Assessment:
    """The answer for a person with these findings."""
    return assess(Case(species="person", present=present, **{"age_years": 34, **who}))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The knowledge of people with one made-up topic."""
    file = PagesSayFile(most_rows=6, least_pages=2, why="made up", topics=(Topic(**TOPIC),))
    return replace(load("person"), pages_say=file)


@pytest.mark.parametrize(
    ("key", "value"),
    [("pages", 0), ("give_likelihood", -1), ("named", {}), ("named", {"als_mnd": 0}), ("kinds", ()), ("more", 1)],
)
def test_a_topic_holds_only_what_it_may(key: str, value: object) -> None:
    """Counts are whole and not below nought, something is named, and keys are closed."""
    Topic(**TOPIC)
    with pytest.raises(ValidationError):
        Topic(**{**TOPIC, key: value})


def test_the_causes_named_most_stand_with_their_probability_here(knowledge: Knowledge) -> None:
    """Then the likeliest one, which nobody named; a cause that too few pages name is left out."""
    result = assess(CALF, knowledge)

    def row(cause: str, named: int) -> PageRow:
        e = why_not(CALF, cause, knowledge).explanation
        return PageRow(cause, e.name, named, e.probability, e.low, e.high)

    assert result.pages_say == PagesSay(
        "flicker", "flickers", 10, 1, date(2026, 11, 29),
        (row("als_mnd", 7), row("multiple_sclerosis", 3), row(result.explanations[0].cause, 0)),
    )  # fmt: skip


def test_of_equals_the_less_likely_stands_first_and_no_more_are_shown_than_asked_for(knowledge: Knowledge) -> None:
    """Seven equals, of which two have a place; the likeliest is added."""
    named = dict.fromkeys(["als_mnd", "multiple_sclerosis", "post_exercise_twitching", "wilson_disease", "cjd"], 4)
    shown = knowledge.pages_say.model_copy(update={"most_rows": 2, "topics": (Topic(**{**TOPIC, "named": named}),)})
    found = assess(CALF, replace(knowledge, pages_say=shown)).pages_say
    assert found is not None
    likely = {cause: why_not(CALF, cause, knowledge).explanation.probability for cause in named}
    assert [row.cause for row in found.rows[:2]] == sorted(named, key=lambda cause: likely[cause])[:2]
    assert len(found.rows) == 3


def test_what_makes_no_sense_for_somebody_is_not_shown() -> None:
    """No pregnancy for a man with cramps at night; for a woman it stands there."""
    causes = {}
    for sex in ("male", "female"):
        found = answer(["cramp_any", "happens_at_night_in_bed"], sex=sex).pages_say
        assert found is not None
        causes[sex] = [row.cause for row in found.rows]
    assert "pregnancy_leg_cramps" not in causes["male"]
    assert "pregnancy_leg_cramps" in causes["female"]


def test_a_flickering_calf_is_about_als_on_the_pages_and_not_in_the_answer() -> None:
    """A healthy man of 34 whose calf flickers for days, the case behind many a search: ALS is named and very unlikely."""
    found = answer(["fasciculation_wormlike", "twitch_limb", "place_calf_or_foot"], sex="male").pages_say
    assert found is not None
    rows = {row.cause: row for row in found.rows}
    assert rows["als_mnd"].named == 9
    assert rows["als_mnd"].high < 0.001
    assert max(found.rows, key=lambda row: row.probability).cause == "physiological_fasciculation"


@pytest.mark.parametrize(
    "present",
    [
        ["twitch_limb", "progressive_weakness", "muscle_wasting"],
        ["twitch_limb", "breathing_trouble"],
        ["seizure_generalised", "twitch_generalised"],
        ["tremor_rhythmic"],
        ["hiccup_or_reverse_sneeze"],
        ["weakness_limbs"],
    ],
)
def test_nothing_stands_beside_a_danger_or_where_no_topic_fits(present: list[str]) -> None:
    """It must not soothe against a danger sign; trembling without a place, hiccups and no movement have no topic."""
    assert answer(present).pages_say is None


def test_nothing_stands_where_the_pages_do_not_hold() -> None:
    """A child, and a dog."""
    assert answer(["twitch_limb"], age_years=8).pages_say is None
    assert assess(Case(species="dog", present=["twitch_limb"])).pages_say is None


def test_it_comes_with_the_reasons_and_costs_no_inference_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """One inference for each answer; without reasons it is left out, and a rendering computes nothing."""
    counted = Counter[str]()

    def counting(*arguments: Any, **named: Any) -> Any:
        counted["infer"] += 1
        return infer(*arguments, **named)

    monkeypatch.setattr(pipeline, "infer", counting)
    whole = assess(CALF)
    plain.assessment(whole, load("person"))
    text.assessment(whole, load("person"))
    assert (counted["infer"], whole.pages_say is None) == (1, False)
    assert assess(CALF, reasons=False).pages_say is None


def test_terminal_and_json_tell_the_same() -> None:
    """A line for each cause, and the figures in full."""
    result, knowledge = answer(["twitch_limb", "place_calf_or_foot"]), load("person")
    found = result.pages_say
    assert found is not None
    told = text.assessment(result, knowledge)
    assert "Of 20 web pages about muscle twitching," in " ".join(told.split())
    data = plain.assessment(result, knowledge)["pages_say"]
    assert [row["cause"] for row in data["rows"]] == [row.cause for row in found.rows]
    assert (data["topic"], data["pages"], data["read_on"]) == ("muscle_twitching", 20, "2026-11-29")
    assert all(shares.chance(row.probability, knowledge.triage.telling) in told for row in found.rows)
    calm = answer(["tremor_rhythmic"])
    assert plain.assessment(calm, knowledge)["pages_say"] is None
    assert "What pages talk about" not in text.assessment(calm, knowledge)


@pytest.mark.parametrize(
    ("p", "low", "high", "words"),
    [
        (0.22, 0.1, 0.4, ("about 22 %", "10 % to 40 %")),
        (0.999, 0.998, 1.0, ("over 99 %", "")),
        (0.021, 0.006, 0.055, ("about 2.1 %", "0.6 % to 5.5 %")),
        (1 / 120, 1 / 440, 1 / 7, ("830 in 100,000", "230 to 14,000 in 100,000")),
        (1 / 32_000, 1 / 254_000, 1 / 11_400, ("3 in 100,000", "under 1 to 9 in 100,000")),
        (1e-9, 0.0, 1e-8, ("under 1 in 100,000", "")),
    ],
)
def test_likelihoods_in_words(p: float, low: float, high: float, words: tuple[str, str]) -> None:
    """Percent for what can be meant by it, “so many in 100,000” for what is rarer, and a bound for the rarest."""
    telling = load("person").triage.telling
    assert (shares.chance(p, telling), shares.chance_between(p, low, high, telling)) == words


@pytest.mark.parametrize("topic", load("person").pages_say.topics, ids=lambda topic: topic.id)
def test_the_counts_are_those_of_the_list_of_pages(topic: Topic) -> None:
    """docs/pages-count.md lists every page counted once, and its rows add up to what pages_say.yaml holds."""
    listed = (Path(__file__).parent.parent / "docs/pages-count.md").read_text(encoding="utf-8")
    section = next(part for part in listed.split("\n## ") if f"`{topic.id}`:" in part)
    rows = re.findall(r"^\| \d+ \| \d \| (\S+).*? \| (yes|no) \| (.+) \|$", section, re.MULTILINE)
    assert len({address for address, *_ in rows}) == len(rows) == topic.pages
    assert sum(given == "yes" for _, given, _ in rows) == topic.give_likelihood
    assert Counter(cause for *_, causes in rows for cause in causes.split(", ")) == Counter(topic.named)
