"""The figures in a chart are the figures it was given."""

from __future__ import annotations

import math
import re
from functools import partial
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from fascicle import load
from fascicle.model import Contribution, Level
from fascicle.report import charts

TELLING = load("dog").triage.telling


def parsed(svg: str) -> ElementTree.Element:
    """The chart as XML; fails when it is not whole, or holds what a strict page forbids."""
    root = ElementTree.fromstring(svg)
    for node in root.iter():
        assert node.tag in {"svg", "title", "desc", "path", "rect", "circle", "text", "g"}
        assert not {"style", "href", "onclick"} & set(node.attrib)
    return root


def cells(root: ElementTree.Element) -> dict[str, int]:
    """How many squares of each kind the array shows."""
    found = {"sure": 0, "on": 0, "may": 0, "off": 0}
    for node in root.iter("path"):
        kind, d = node.attrib["class"].split("-")[-1], node.attrib["d"]
        if kind == "off":
            pitch = sum(float(x) for x in node.attrib["stroke-dasharray"].split())
            found["off"] = sum(round(float(x) / pitch) for x in re.findall(r"h([\d.]+)", d))
        else:
            found[kind] = d.count("M")
    return found


def steps(*changes: tuple[str, float]) -> list[Contribution]:
    """Contributions of one cause: its base rate, then these answers."""
    base = Contribution("fleas", "base rate", None, "how common it is", -2.0)
    return [base, *(Contribution("fleas", "sign", words, words, change) for words, change in changes)]


@pytest.mark.parametrize(
    ("share", "low", "high", "of", "expected"),
    [
        (0.42, 0.30, 0.61, 100, {"sure": 30, "on": 12, "may": 19, "off": 39}),
        (0.0, 0.0, 0.0, 100, {"sure": 0, "on": 0, "may": 0, "off": 10_000}),
        (1.0, 1.0, 1.0, 100, {"sure": 100, "on": 0, "may": 0, "off": 0}),
        (0.999, 0.98, 1.0, 100, {"sure": 98, "on": 1, "may": 1, "off": 0}),
        (0.003, 0.0005, 0.012, 100, {"sure": 1, "on": 2, "may": 9, "off": 988}),
        (0.0004, 0.0001, 0.002, 100, {"sure": 1, "on": 3, "may": 16, "off": 9980}),
        (0.25, 0.2, 0.3, 1000, {"sure": 200, "on": 50, "may": 50, "off": 700}),
    ],
)
def test_an_icon_array_shows_as_many_squares_as_the_share(
    share: float, low: float, high: float, of: int, expected: dict[str, int]
) -> None:
    """Squares up to the low end are full, up to the share holed, up to the high end open, and the rest are dots."""
    assert expected == cells(parsed(charts.icon_array(share, low, high, of)))


def test_an_estimate_beside_its_range_still_has_every_square() -> None:
    """The mean may lie outside the interval of the draws; the field is full all the same."""
    assert sum(cells(parsed(charts.icon_array(0.05, 0.1, 0.2))).values()) == 100
    assert sum(cells(parsed(charts.icon_array(0.35, 0.1, 0.2))).values()) == 100


def test_a_share_below_one_in_a_hundred_is_told_in_words_above_a_finer_field() -> None:
    """Rare is not rounded to none: words with the usual denominator, squares with a finer one."""
    root = parsed(charts.icon_array(0.003, 0.001, 0.01))
    assert [node.text for node in root.iter("text")] == ["Fewer than 1 in 100, so out of 1,000:"]
    assert root.findtext("title") == "About 3 in 1,000; it could be 1 to 10 in 1,000"


def test_the_finest_field_stays_small() -> None:
    """Ten thousand cases take less than 10 kB, since a result has several arrays."""
    assert len(charts.icon_array(0.0002, 0.0001, 0.003)) < 10_000


@pytest.mark.parametrize("figures", [(1.2, 0.1, 0.2), (0.1, 0.3, 0.2), (0.1, -0.1, 0.2), (math.nan, 0.0, 1.0)])
def test_figures_that_are_no_probabilities_are_refused(figures: tuple[float, float, float]) -> None:
    """A chart never draws a share outside 0 to 1 or a range upside down."""
    for draw in (charts.icon_array, partial(charts.range_bar, telling=TELLING)):
        with pytest.raises(ValueError, match="within 0 and 1"):
            draw(*figures)


def test_a_field_of_an_odd_size_is_refused() -> None:
    """Denominators are fixed, so that charts can be compared."""
    with pytest.raises(ValueError, match="one of 100, 1000, 10000"):
        charts.icon_array(0.1, 0.1, 0.2, 37)


def test_a_range_bar_puts_estimate_and_range_where_they_belong() -> None:
    """The band runs from low to high on a line of 304 units that begins at 8, the mark stands at the estimate."""
    root = parsed(charts.range_bar(0.25, 0.125, 0.5, TELLING))
    band, point = root.findall("rect")
    assert (float(band.attrib["x"]), float(band.attrib["width"])) == (8 + 304 * 0.125, 304 * 0.375)
    assert float(point.attrib["x"]) + 2 == 8 + 304 * 0.25
    assert root.findtext("title") == "25 %, range 12 % to 50 %"


def test_the_bars_of_a_waterfall_add_up() -> None:
    """Every bar is as long as its change, starts where the one before ended, and the changes add up to the whole."""
    given = steps(("itching", 1.5), ("no fleas", -0.5), ("night", 0.25))
    root = parsed(charts.waterfall(given))
    bars = [node for node in root.iter("path") if "bar" in node.attrib["class"].split()]
    changes = [float(bar.attrib["data-log-odds"]) for bar in bars]
    assert changes == [-2.0, 1.5, -0.5, 0.25]
    spans = []
    for bar in bars:
        found = re.match(r"M([-\d.]+) .*?L([-\d.]+) ", bar.attrib["d"])
        assert found
        spans.append((float(found[1]), float(found[2])))
    for before, after in pairwise(spans):
        assert before[1] == after[0]
    unit = (spans[1][1] - spans[1][0]) / 1.5
    assert [round((b - a) / unit, 1) for a, b in spans[1:]] == pytest.approx([1.5, -0.5, 0.25], abs=0.1)
    assert "about 32 in 100" in [node.text for node in root.iter("text")]


def test_weak_answers_are_one_bar_together() -> None:
    """Beyond the strongest answers the rest are added, so that the picture stays short and still adds up."""
    given = steps(*((f"answer {i}", 0.1 * i) for i in range(1, 21)))
    root = parsed(charts.waterfall(given, most=5))
    bars = [float(node.attrib["data-log-odds"]) for node in root.iter("path") if "data-log-odds" in node.attrib]
    assert len(bars) == 7
    assert math.fsum(bars) == pytest.approx(math.fsum(step.log_odds for step in given))
    assert "15 other answers together" in [node.text for node in root.iter("text")]


def test_a_waterfall_of_two_causes_is_refused() -> None:
    """Bars of different causes do not add up to anything."""
    other = Contribution("ticks", "sign", "x", "x", 1.0)
    with pytest.raises(ValueError, match="one cause"):
        charts.waterfall([*steps(("itching", 1.0)), other])
    with pytest.raises(ValueError, match="one cause"):
        charts.waterfall([])


def test_words_are_escaped() -> None:
    """A name with markup in it stays text."""
    root = parsed(charts.waterfall(steps(("<script>&\"'", 1.0))))
    assert "<script>&\"'" in [node.text for node in root.iter("text")]


def test_long_answers_break_into_lines_that_fit_a_phone() -> None:
    """No line of an answer has more than 30 characters, as the width of the chart is that of a phone."""
    root = parsed(
        charts.waterfall(steps(("one leg or part of a leg twitches in quick small pulls while resting", 1.0)))
    )
    assert max(len(node.text or "") for node in root.iter("text")) <= 30


@pytest.mark.parametrize("level", Level)
def test_every_level_has_a_shape_a_sign_a_colour_and_a_name_of_its_own(level: Level) -> None:
    """No two levels share any of the four, so colour is never needed to tell them apart."""
    own, others = parsed(charts.level_mark(level)), [parsed(charts.level_mark(x)) for x in Level if x is not level]

    def look(root: ElementTree.Element) -> tuple[str | None, ...]:
        shape, sign = root.findall("path")
        return shape.attrib["d"], sign.attrib["d"], shape.attrib["fill"], root.findtext("title")

    for other in others:
        assert not set(look(own)) & set(look(other))
    assert own.attrib["role"] == "img"


def test_a_mark_beside_its_words_is_silent() -> None:
    """Where the level stands in words the mark is hidden from screen readers."""
    root = parsed(charts.level_mark(Level.TODAY, decorative=True))
    assert root.attrib["aria-hidden"] == "true"
    assert root.find("title") is None


def test_every_chart_has_a_name_and_a_description() -> None:
    """A screen reader hears what the picture shows."""
    for svg in (
        charts.icon_array(0.2, 0.1, 0.3),
        charts.range_bar(0.2, 0.1, 0.3, TELLING),
        charts.waterfall(steps()),
        charts.icon_key(),
    ):
        root = parsed(svg)
        assert root.attrib["role"] == "img"
        assert root.findtext("title")
        assert root.findtext("desc")
