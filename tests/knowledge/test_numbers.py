"""Every number of the knowledge is drawn as its page says: mean and range."""

from __future__ import annotations

import numpy as np
import pytest

from fascicle import load
from fascicle.engine.draws import draw
from fascicle.knowledge.numbers import numbers

RARE = 1e-4
COUNT = 1000


@pytest.mark.parametrize("species", ["dog", "cat", "person"])
def test_19_of_20_draws_lie_in_the_range_of_the_page_however_rare_the_cause(species: str) -> None:
    """What one person in a thousand million has is drawn between its low and high too; of the common ones a part is looked at."""
    every = [n for n in numbers(load(species)) if n.kind == "probability" and 0 < n.mean < 1 and n.low < n.high]
    some = [n for place, n in enumerate(every) if n.mean < RARE or place % 25 == 0]
    drawn = draw(some, COUNT)
    low, high, mean = (np.array([getattr(n, name) for n in some]) for name in ("low", "high", "mean"))
    inside = ((low <= drawn) & (drawn <= high)).mean(axis=0)

    assert mean.min() < 1e-8
    assert [(n.id, share) for n, share in zip(some, inside, strict=True) if not 0.91 <= share <= 1.0] == []
    assert inside.mean() == pytest.approx(0.95, abs=0.005)
