"""Calibration by simulation: worlds are what they say, a good program passes and a bad one is found out."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from fascicle import load
from fascicle.engine import draws
from fascicle.evaluation import charts, page_simulated, worlds
from fascicle.evaluation.calibration import stated
from fascicle.evaluation.coverage import Covered, Ranks, Statements, covered, intervals_hold
from fascicle.evaluation.degraded import degraded, first_cases
from fascicle.evaluation.simulation import UNKNOWN
from fascicle.evaluation.workers import Workers
from fascicle.evaluation.worlds import WORLDS, severities, tied, unused_block
from fascicle.knowledge.numbers import numbers
from fascicle.networks import compiled

DOG = load("dog")
POINT = compiled(DOG).point


@pytest.fixture(scope="module")
def found() -> Covered:
    """A short run, two blocks of true figures."""
    return covered(Workers(DOG), 2, 1000, 60)


@pytest.mark.slow
def test_true_figures_are_never_those_the_program_draws() -> None:
    """The first unused block lies beyond the last that an interval may ask for, and the next is another one."""
    blocks = DOG.triage.most_draws // DOG.triage.draws
    first, second = unused_block(DOG, 0), unused_block(DOG, 1)
    values = draws.draw(numbers(DOG), DOG.triage.draws, blocks)
    rate = [number.id for number in numbers(DOG)].index(f"{POINT.causes[0]}/rate")
    assert np.allclose(first.log_rate[:, 0], np.log(values[:, rate]))
    assert not np.allclose(first.log_rate, second.log_rate)


@pytest.mark.slow
def test_in_its_own_world_the_program_is_calibrated(found: Covered) -> None:
    """Right as often as stated within four standard errors, and the range holds the truth in 9 of 10 within four."""
    said = found.statements
    error = np.sqrt((said.first * (1 - said.first)).sum()) / len(said.first)
    assert abs(said.first.mean() - said.first_so.mean()) < 4 * error + 0.02  # true figures are shared by few blocks
    inside = found.inside()["all cases"]
    assert abs(inside.share - DOG.triage.interval) < 4 * np.sqrt(0.09 / inside.of)
    assert found.listed().of >= inside.of
    assert found.ranks.bits.mean() > 0


@pytest.mark.slow
def test_groups_and_histograms_hold_every_case(found: Covered) -> None:
    """The three groups by probability share the cases out; every histogram holds all of them."""
    inside = found.inside()
    parts = ("stated below 50 %", "stated 50 to 80 %", "stated 80 % or more")
    assert sum(inside[name].of for name in parts) == inside["all cases"].of == 120
    assert {int(counts.sum()) for counts, _ in found.histograms().values()} == {120}


@pytest.mark.slow
def test_a_run_is_the_same_with_any_number_of_workers() -> None:
    """Two processes give what one gives, to the last bit."""
    one = covered(Workers(DOG), 2, 100, 4)
    with Workers(DOG, 2) as workers:
        two = covered(workers, 2, 100, 4)
    for mine, theirs in ((one.statements, two.statements), (one.ranks, two.ranks)):
        assert all(np.array_equal(getattr(mine, name), getattr(theirs, name)) for name in vars(mine))


def test_a_range_that_is_too_narrow_or_elsewhere_is_found_out() -> None:
    """Held against the answer of the network itself the range always holds; against rates ten times off it often does not."""
    ((own, _),) = [(part.cases, part.network) for part in worlds.as_believed(DOG, 60)]
    right = stated(POINT, own)
    assert intervals_hold(DOG, own, right).share == 1.0
    off = np.random.default_rng(0).normal(0, np.log(10), POINT.log_rate.shape)
    wrong = stated(replace(POINT, log_rate=POINT.log_rate + off), own)
    assert intervals_hold(DOG, own, wrong).share < 0.7


def test_a_severity_moves_findings_as_its_syndrome_does() -> None:
    """All signs of pain up; of a fit, what ends it or answers to a name down, and the kind towards a fit."""
    found = severities(DOG, POINT)
    assert set(found) == {*DOG.profile.syndromes, *DOG.profile.event_syndromes}
    assert set(found["pain"].loadings.values()) == {1.0}
    down = {name for name, loading in found["fit"].loadings.items() if loading < 0}
    assert down == {"rousable_by_name", "stops_when_distracted"}
    assert DOG.options["kind"][found["fit"].options["kind"]] == "seizure_generalised"
    assert {abs(loading) for loading in tied(found["fit"], 0.25).loadings.values()} == {0.5}


@pytest.mark.parametrize("name", WORLDS)
def test_every_world_gives_as_many_cases_with_the_movement_told(name: str) -> None:
    """Another world is another way things are, not another way to be asked; the same ones every time."""
    parts, again = WORLDS[name](DOG, 200), WORLDS[name](DOG, 200)
    assert sum(len(part.cases) for part in parts) == 200
    for part, other in zip(parts, again, strict=True):
        assert (part.cases.options["kind"] != UNKNOWN).all()
        assert np.array_equal(part.cases.responsible, other.cases.responsible)
        assert all(np.array_equal(told, other.cases.signs[sign]) for sign, told in part.cases.signs.items())


@pytest.mark.slow
def test_other_dependence_leaves_every_frequency() -> None:
    """Signs come up as often in the tied worlds as in the believed one, within five standard errors."""
    count = 20_000
    own, *others = (make(DOG, count)[0].cases for make in (worlds.as_believed, worlds.otherwise_tied, worlds.all_tied))
    for other in others:
        for sign, told in own.signs.items():
            p, q = (float((x[x != UNKNOWN] == 1).mean()) for x in (told, other.signs[sign]))
            asked = min((told != UNKNOWN).sum(), (other.signs[sign] != UNKNOWN).sum())
            assert abs(p - q) < 5 * np.sqrt(2 * max(p, 1e-3) / asked), sign


def test_rates_differ_from_world_to_world() -> None:
    """Each world has rates of its own, about a factor of three from the model's, and knows them."""
    parts = worlds.wrong_rates(DOG, 100)
    off = np.array([part.network.log_rate - POINT.log_rate for part in parts if part.network is not None])
    assert len(off) == worlds.RATE_WORLDS
    assert np.exp(off.std()) == pytest.approx(worlds.RATE_FACTOR, rel=0.25)


@pytest.mark.slow
def test_misreports_beyond_what_is_allowed_for_make_statements_too_high() -> None:
    """With 15 % of yes turned round the first cause is stated well above how often it is right; not so in its own world."""
    names = [next(iter(WORLDS)), next(name for name in WORLDS if name.startswith("15 %"))]
    own, wrong = degraded(Workers(DOG), 3000, 20, {name: WORLDS[name] for name in names}).values()
    assert abs(own.stated - own.right) < 0.03
    assert wrong.stated - wrong.right > 0.03
    assert wrong.error > wrong.most
    assert wrong.bits > own.bits
    assert (own.inside, wrong.inside, wrong.bits_knowing) == (None, None, None)
    assert own.bits_knowing == own.bits


@pytest.mark.slow
def test_who_knows_the_rates_does_better_and_the_range_misses_more() -> None:
    """Rates off by three cost log score, and 90 % ranges hold the truth less often than in nine of ten."""
    name = next(name for name in WORLDS if name.startswith("complaint rates"))
    found = degraded(Workers(DOG), 1000, 100, {name: WORLDS[name]})[name]
    assert found.bits_knowing is not None
    assert found.bits_knowing < found.bits
    assert found.gaps[0] < found.stated - found.right < found.gaps[1]
    assert found.inside is not None
    assert (found.inside.of, found.inside.share < 0.9) == (100, True)


def test_the_first_cases_of_many_are_those_cases() -> None:
    """Truth and what is told of it, cut alike."""
    (part,) = worlds.as_believed(DOG, 50)
    few = first_cases(part.cases, 7)
    assert len(few) == 7
    assert np.array_equal(stated(POINT, few), stated(POINT, part.cases)[:7])


def test_ranks_are_drawn_as_bars_with_what_chance_allows() -> None:
    """A bar a bin as high as its count, and three dotted lines; the file is one that a browser reads."""
    drawn = ElementTree.fromstring(charts.ranks([10, 20, 30], "Ranks <&>"))
    bars = [e for e in drawn.iter() if e.get("class") == "bar"]
    heights = [float(bar.get("height") or 0) for bar in bars]
    assert heights[1] / heights[0] == pytest.approx(2, rel=0.02)
    assert heights[2] / heights[0] == pytest.approx(3, rel=0.02)
    assert sum(e.get("class") == "chance" for e in drawn.iter()) == 3
    assert drawn.get("aria-label") == "Ranks <&>"


def test_the_section_names_what_was_found() -> None:
    """Ten cases by hand: every one stated with a half, five right; the truth inside in nine."""
    ten = np.full(10, 0.5)
    so = np.arange(10) < 5
    said = Statements(ten, so, ten, so)
    even = (np.arange(10) + 0.5) / 10
    one = np.ones(10, dtype=np.int64)
    ranks = Ranks(ten, np.arange(10) < 9, even, even, even, 200 * one.astype(float), one, one, 2 * ten, ten)
    text = "\n".join(page_simulated.section(Covered(said, ranks), {}, 0.9, "chart.svg"))
    assert "is stated with 50.0 % on average and is right in 50.0 %" in text
    assert "| all cases | 9 of 10  90 %" in text
    assert "Log score 1.000 bits a case; one who knew the true figures would reach 0.500" in text
    assert "| as the program weighs its draws | 1 1 1 1 1 1 1 1 1 1 |" in text
    assert "(chart.svg)" in text
