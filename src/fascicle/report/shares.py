"""Probabilities, their ranges and how answers move them, in words a person reads; how exactly is said in triage.yaml."""

from __future__ import annotations

from math import exp

from fascicle.knowledge.schema import Telling

WORTH_NAMING = 0.05
"""Log-odds below which an answer “hardly changes it”: its factor would be printed as 1.0, so this is only rounding."""


def percent(p: float, telling: Telling) -> str:
    """A probability in words: whole percent, one decimal for smaller ones, and only a bound at either end."""
    if round(100 * p) > 100 * telling.over:
        return f"over {100 * telling.over:g} %"
    if p < telling.under:
        return f"under {100 * telling.under:g} %"
    return f"{100 * p:.0f} %" if round(p, 3) >= telling.whole_from else f"{100 * p:.1f} %"


def between(low: float, high: float, telling: Telling) -> str:
    """A range in words; both ends beyond what is told apart are told once."""
    ends = [percent(low, telling), percent(high, telling)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def chance(p: float, telling: Telling) -> str:
    """A probability in words: “about 22 %”, and a rare one “3 in 100,000”, in two digits."""
    if p < telling.rare_below:
        return f"{_of(p, telling)} in {telling.rare_of:,}"
    told = percent(p, telling)
    return told if told.startswith("over") else f"about {told}"


def chance_between(p: float, low: float, high: float, telling: Telling) -> str:
    """The range of such a probability, told as it is told; empty where nothing can be told apart."""
    if p >= telling.rare_below:
        return between(low, high, telling) if percent(low, telling) != percent(high, telling) else ""
    ends = list(dict.fromkeys([_of(low, telling), _of(high, telling)]))
    return "" if ends == [_of(p, telling)] else f"{' to '.join(ends)} in {telling.rare_of:,}"


def times(log_odds: float) -> str:
    """A change in log-odds as a factor on the odds."""
    factor = exp(abs(log_odds))
    if abs(log_odds) < WORTH_NAMING:
        return "hardly changes it"
    words = f"{factor:.1f}" if factor < 10 else f"{factor:,.0f}"
    return f"{words} times {'likelier' if log_odds > 0 else 'less likely'}"


def _of(p: float, telling: Telling) -> str:
    many = p * telling.rare_of
    return "under 1" if many < 1 else f"{round(float(f'{many:.2g}')):,}"
