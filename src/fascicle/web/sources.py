"""Sources as numbered references, so that each is one tap from the line that rests on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from textwrap import shorten

from fascicle.knowledge.schema import Source
from fascicle.web.context import Line, Reference

LONGEST_NAME = 48
_NAMELESS = re.compile(r"^\W*(authors?|names?) not |^forum copy", re.IGNORECASE)
_PERSON = re.compile(r"^(?P<family>\S+(?: \S+)*?) [A-Z]{1,4}$")


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


def short_name(entry: Source) -> str:
    """A source as a link of two or three words: the first author or the body that wrote it, and the year."""
    authors = entry.authors or ""
    first, more, _ = re.sub(r"\([^)]*\)", "", authors).partition(",")
    person = _PERSON.match(first.strip())
    if not authors or _NAMELESS.match(authors) or not first.strip():
        name = shorten(entry.title.split(":")[0], LONGEST_NAME, placeholder="…")
    elif person:
        name = person["family"] + (" and others" if more else "")
    else:
        name = shorten(first, LONGEST_NAME, placeholder="…")
    return f"{name}, {entry.year}" if entry.year else name


def short_names(sources: Iterable[str], known: Mapping[str, Source]) -> tuple[tuple[str, str], ...]:
    """The id and short name of each source, each once; unknown ones are left out."""
    return tuple((s, short_name(known[s])) for s in dict.fromkeys(sources) if s in known)


def reference(entry: Source, number: int = 0) -> Reference:
    """One source as the list shows it."""
    who = f"{entry.authors.rstrip('.')}. " if entry.authors else ""
    year = f" {entry.year}." if entry.year else ""
    address = f"https://doi.org/{entry.doi}" if entry.doi else entry.url or ""
    return Reference(number, entry.id, f"{who}{entry.title}.{year}", address, entry.read)
