"""Work on many cases shared by several processes; the results are the same whatever their number."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import partial
from types import TracebackType
from typing import Any, Concatenate, Self, TypeVar

from fascicle.knowledge.base import Knowledge

_Found = TypeVar("_Found")
Shown = Callable[[str, Iterable[Any], int], Iterable[Any]]
"""What passes results on one by one and may count them for somebody who waits: (label, results, how many)."""


def unshown(label: str, results: Iterable[_Found], count: int) -> Iterable[_Found]:
    """Nobody is waiting."""
    return results


@dataclass
class Workers:
    """Processes that all hold one knowledge, so that its networks are compiled once in each.

    count 1 works in this process. To be used in a `with` statement; starting costs about a second a process.
    """

    knowledge: Knowledge
    count: int = 1
    _pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self.count > 1:
            spawn = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
            self._pool = ProcessPoolExecutor(self.count, spawn, _know, (_as_dicts(self.knowledge),))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def each(
        self, function: Callable[Concatenate[Knowledge, ...], _Found], *columns: Iterable[Any]
    ) -> Iterator[_Found]:
        """Results of function(knowledge, *row) for every row of the columns, in their order; all are equally long.

        The function must be one of a module, and what it takes and gives must pickle. What it raises is raised here.
        """
        rows = zip(*columns, strict=True)
        if self._pool is None:
            return (function(self.knowledge, *row) for row in rows)
        return self._pool.map(partial(_apply, function), rows)


_HERE: dict[str, Knowledge] = {}


def _know(knowledge: Knowledge) -> None:
    _HERE["knowledge"] = knowledge


def _apply(function: Callable[..., _Found], row: tuple[Any, ...]) -> _Found:
    return function(_HERE["knowledge"], *row)


def _as_dicts(knowledge: Knowledge) -> Knowledge:
    """The knowledge as it can be sent to another process: read-only views cannot."""
    views = {f.name: getattr(knowledge, f.name) for f in fields(knowledge)}
    copies: dict[str, Any] = {name: dict(view) for name, view in views.items() if isinstance(view, Mapping)}
    return replace(knowledge, **copies)
