"""Solved leaks and links give back the frequencies they were solved from."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from fascicle.knowledge.links import Path, solve

LEAK = np.array([0.01, 0.03])
STRENGTH = np.array([0.4, 0.6])
PREVALENCE = [np.array([0.02, 0.05]), np.array([0.001, 0.002]), np.array([0.1, 0.2])]
BY_STATE = [np.array([0.5, 0.3]), np.array([0.0, 0.0]), np.array([0.7, 0.2])]


def silent(leak: float, link: list[float], draw: int, certain: int | None) -> float:
    """P(sign absent) by writing out who has which cause and whether the state is on; certain: a cause that is there."""
    total = 0.0
    for there in product((0, 1), repeat=len(link)):
        if certain is not None and not there[certain]:
            continue
        chance, own, off = 1.0, 1 - leak, 1 - LEAK[draw]
        for x, is_there in enumerate(there):
            pi = PREVALENCE[x][draw]
            if x != certain:
                chance *= pi if is_there else 1 - pi
            own *= 1 - link[x] * is_there
            off *= 1 - BY_STATE[x][draw] * is_there
        total += chance * own * (off + (1 - off) * (1 - STRENGTH[draw]))
    return total


def test_with_a_state_frequencies_are_given_back_by_enumeration() -> None:
    """Background and page figures come out again to 1e-12; the cause without a figure of its own has no link."""
    b, p = np.array([0.05, 0.08]), [np.array([0.6, 0.5]), None, np.array([0.5, 0.4])]
    leak, links = solve(b, p, PREVALENCE, Path(STRENGTH, LEAK, BY_STATE))
    np.testing.assert_array_equal(links[1], [0.0, 0.0])
    for draw in (0, 1):
        own = [float(link[draw]) for link in links]
        assert 1 - silent(float(leak[draw]), own, draw, None) == pytest.approx(b[draw], rel=1e-12)
        for x in (0, 2):
            figure = p[x]
            assert figure is not None
            assert 1 - silent(float(leak[draw]), own, draw, x) == pytest.approx(figure[draw], rel=1e-12)


def test_a_sign_that_only_the_state_brings_has_no_links() -> None:
    """With no cause at all the leak makes up what the state does not bring."""
    b = np.array([0.05, 0.08])
    leak, links = solve(b, [], [], Path(STRENGTH, LEAK, []))
    assert links == []
    np.testing.assert_allclose(1 - (1 - leak) * (1 - LEAK * STRENGTH), b, rtol=1e-14)
