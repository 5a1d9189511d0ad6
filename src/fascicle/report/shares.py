"""Probabilities and their ranges in words a person reads."""

from __future__ import annotations

from fascicle.knowledge.pages_say import Rare


def percent(p: float) -> str:
    """A probability in words a person reads: whole percent, one decimal below ten, “under 0.1 %” below that."""
    if p >= 0.995:
        return "over 99 %"
    if p >= 0.0995:
        return f"{100 * p:.0f} %"
    return f"{100 * p:.1f} %" if p >= 0.001 else "under 0.1 %"


def between(low: float, high: float) -> str:
    """A range in words; both ends beyond what is told apart are told once."""
    ends = [percent(low), percent(high)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def chance(p: float, rare: Rare) -> str:
    """A probability in words: “about 22 %”, and a rare one “3 in 100,000”, in two digits."""
    if p < rare.below:
        return f"{_of(p, rare)} in {rare.of:,}"
    return percent(p) if p >= 0.995 else f"about {percent(p)}"


def chance_between(p: float, low: float, high: float, rare: Rare) -> str:
    """The range of such a probability, told as it is told; empty where nothing can be told apart."""
    if p >= rare.below:
        return between(low, high) if percent(low) != percent(high) else ""
    ends = list(dict.fromkeys([_of(low, rare), _of(high, rare)]))
    return "" if ends == [_of(p, rare)] else f"{' to '.join(ends)} in {rare.of:,}"


def _of(p: float, rare: Rare) -> str:
    many = p * rare.of
    return "under 1" if many < 1 else f"{round(float(f'{many:.2g}')):,}"
