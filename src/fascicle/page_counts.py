"""What web pages name beside how likely it is, as an answer holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PageRow:
    """One cause: how many pages name it, and how likely it is here."""

    cause: str
    name: str
    named: int
    probability: float
    low: float
    high: float


@dataclass(frozen=True)
class PagesSay:
    """The topic that fits and its causes, the most often named first. give_likelihood: pages that gave any number."""

    topic: str
    about: str
    pages: int
    give_likelihood: int
    read_on: date
    rows: tuple[PageRow, ...]
