"""Draws keep the mean, cover the range, and belong to their number alone."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from fascicle.engine.draws import Number, _beta_cdf, affordable, draw, effective, means, weighted_quantiles

MANY = 40_000


@pytest.mark.parametrize(
    ("x", "a", "b"),
    [(0.2, 0.5, 3.0), (0.9, 40.0, 2.0), (0.01, 1.2, 200.0), (0.5, 900.0, 880.0), (0.0, 2.0, 2.0), (1.0, 2.0, 2.0)],
)
def test_beta_distribution_function_equals_mpmath(x: float, a: float, b: float) -> None:
    """The incomplete beta function is right to 1e-11."""
    expected = float(mpmath.betainc(a, b, 0, x, regularized=True))
    actual = _beta_cdf(np.array([x]), np.array([a]), np.array([b]))[0]
    assert actual == pytest.approx(expected, rel=1e-11, abs=1e-14)


def test_every_value_of_many_equals_mpmath_however_soon_it_settles() -> None:
    """Easy, hard and edge values side by side: each keeps its place, and its company changes not a digit."""
    rng = np.random.default_rng(7)
    x, a, b = rng.random(60), np.exp(rng.uniform(-3, 8, 60)), np.exp(rng.uniform(-3, 8, 60))
    x[:5], x[5:30] = (0.0, 1.0, 0.0, 1.0, 0.5), (a / (a + b))[5:30]  # 25 at their means, where it takes longest
    together = _beta_cdf(x, a, b)
    expected = [float(mpmath.betainc(p, q, 0, y, regularized=True)) for y, p, q in zip(x, a, b, strict=True)]
    np.testing.assert_allclose(together, expected, rtol=1e-10, atol=1e-14)
    np.testing.assert_array_equal(together, [_beta_cdf(x[[i]], a[[i]], b[[i]])[0] for i in range(60)])


def test_numbers_with_the_same_figures_have_the_same_spread_and_draws_of_their_own() -> None:
    """Figures that come twice, out of order, spread each number as they do alone."""
    figures = [(0.3, 0.2, 0.45), (0.005, 0.001, 0.02), (0.3, 0.2, 0.45), (0.3, 0.1, 0.5)]
    numbers = [Number(f"n{i}", "probability", *figure) for i, figure in enumerate(figures)]
    together = draw(numbers, 50)
    for i, number in enumerate(numbers):
        np.testing.assert_array_equal(together[:, i], draw([number], 50)[:, 0])
    assert not np.array_equal(together[:, 0], together[:, 2])


@pytest.mark.parametrize(
    ("p", "low", "high"),
    [(0.3, 0.2, 0.45), (0.005, 0.001, 0.02), (0.97, 0.9, 0.99), (1e-5, 2e-6, 5e-5), (1e-10, 1e-11, 1e-9)],
)
def test_a_probability_keeps_its_mean_and_has_95_percent_inside_its_range(p: float, low: float, high: float) -> None:
    """value is the mean of the distribution, low and high hold 95 % of it."""
    sample = draw([Number("x", "probability", p, low, high)], MANY)[:, 0]
    assert sample.mean() == pytest.approx(p, rel=0.02)
    assert ((sample >= low) & (sample <= high)).mean() == pytest.approx(0.95, abs=0.01)


def test_a_rate_is_log_normal_with_its_value_as_mean() -> None:
    """A rate keeps its mean and stays positive."""
    sample = draw([Number("r", "positive", 4.0, 1.0, 16.0)], MANY)[:, 0]
    assert sample.mean() == pytest.approx(4.0, rel=0.03)
    assert sample.min() > 0
    assert np.log(sample).std() == pytest.approx(np.log(16.0) / (2 * 1.96), rel=0.02)


def test_shares_of_a_group_add_up_and_keep_their_means() -> None:
    """Shares are a Dirichlet: they add up to 1 in every draw, a share of 0 stays 0."""
    numbers = [
        Number("g/a", "share", 0.7, 0.5, 0.85, group="g"),
        Number("g/b", "share", 0.3, 0.15, 0.5, group="g"),
        Number("g/c", "share", 0.0, 0.0, 0.0, group="g"),
    ]
    sample = draw(numbers, MANY)
    np.testing.assert_allclose(sample.sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(sample.mean(axis=0), [0.7, 0.3, 0.0], atol=0.01)


def test_a_number_has_the_same_draws_whatever_stands_beside_it() -> None:
    """Draws are seeded by the number's id: order and company change nothing."""
    a, b = Number("a", "probability", 0.2, 0.1, 0.4), Number("b", "probability", 0.6, 0.4, 0.8)
    np.testing.assert_array_equal(draw([a, b], 50)[:, 0], draw([b, a], 50)[:, 1])
    assert abs(np.corrcoef(draw([a, b], MANY).T)[0, 1]) < 0.02


def test_tied_numbers_rise_and_fall_together() -> None:
    """Numbers with one tied key have the same order of draws and keep their own distributions."""
    a = Number("a", "probability", 0.2, 0.1, 0.4, tied="k")
    b = Number("b", "positive", 5.0, 1.0, 20.0, tied="k")
    sample = draw([a, b], 500)
    np.testing.assert_array_equal(np.argsort(sample[:, 0]), np.argsort(sample[:, 1]))
    np.testing.assert_allclose(
        np.sort(sample[:, 0]), np.sort(draw([Number("a", "probability", 0.2, 0.1, 0.4)], 500)[:, 0])
    )


def test_means_are_the_numbers_themselves() -> None:
    """The point estimate uses the values as they stand."""
    np.testing.assert_array_equal(means([Number("a", "probability", 0.2, 0.1, 0.4)]), [[0.2]])


def test_weighted_quantiles_with_equal_and_unequal_weights() -> None:
    """The quantile is the first draw with enough weight at or below it."""
    values = np.array([[3.0], [1.0], [2.0], [4.0]])
    np.testing.assert_array_equal(weighted_quantiles(values, np.full(4, 0.25), [0.25, 0.5, 1.0]), [[1.0], [2.0], [4.0]])
    np.testing.assert_array_equal(weighted_quantiles(values, np.array([0.97, 0.01, 0.01, 0.01]), [0.5]), [[3.0]])


def test_effective_number_of_draws() -> None:
    """Equal weights count fully, a single weight counts once."""
    assert effective(np.full(200, 0.005)) == pytest.approx(200)
    assert effective(np.array([1.0, 0.0, 0.0])) == pytest.approx(1)


def test_fewer_draws_are_worked_through_with_many_signs_but_never_too_few() -> None:
    """All draws for an ordinary case, at least 25 for any."""
    assert affordable(200, 8) == 200
    assert 25 < affordable(200, 12) < 200
    assert affordable(200, 18) == 25
    assert affordable(20, 18) == 20
