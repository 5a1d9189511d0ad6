"""Sources as numbered references, so that each is one tap from the line that rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fascicle.knowledge.schema import Source
from fascicle.web.context import Line, Reference


class Numbered:
    """Numbers sources in the order they are first cited."""

    def __init__(self, known: Mapping[str, Source]) -> None:
        self._known = known
        self._numbers: dict[str, int] = {}

    def cite(self, sources: Iterable[str]) -> tuple[tuple[int, str], ...]:
        """The number and id of each source; unknown ones are left out."""
        known = [s for s in dict.fromkeys(sources) if s in self._known]
        return tuple((self._numbers.setdefault(s, len(self._numbers) + 1), s) for s in known)

    def line(self, words: str, sources: Iterable[str] = (), about: str = "") -> Line:
        """A sentence with the numbers of its sources."""
        return Line(words, self.cite(sources), about)

    def references(self, more: Iterable[str] = ()) -> tuple[Reference, ...]:
        """Every source cited, then the others the answer rests on."""
        self.cite(more)
        return tuple(reference(self._known[source], number) for source, number in self._numbers.items())


def reference(entry: Source, number: int = 0) -> Reference:
    """One source as the list shows it."""
    who = f"{entry.authors.rstrip('.')}. " if entry.authors else ""
    year = f" {entry.year}." if entry.year else ""
    address = f"https://doi.org/{entry.doi}" if entry.doi else entry.url or ""
    return Reference(number, entry.id, f"{who}{entry.title}.{year}", address, entry.read)
