"""The errors a caller can meet. Every message says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 60
"""How many characters of somebody's input a message repeats."""


def shown(value: object) -> str:
    """Input as a message repeats it: quoted, on one line, and not without end."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write out a number of more than some thousand digits
        return "a number without end"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def bare(text: str) -> str:
    """Input as a message repeats it without quotes: as it stands where it is short and can be printed, else as `shown`."""
    return text if text.isprintable() and len(text) <= SHOWN else shown(text)


class FascicleError(Exception):
    """Anything fascicle refuses to do; the message is written for the person who reads it."""


@dataclass(frozen=True, order=True)
class Issue:
    """One fault in a knowledge or case file: where it is, what is wrong, how to mend it."""

    file: str
    line: int
    wrong: str
    fix: str
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.wrong} Fix: {self.fix}"


class KnowledgeError(FascicleError):
    """The knowledge cannot be used; carries every fault found, not only the first."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(sorted(issues))
        count = len(self.issues)
        head = f"the knowledge has {count} fault{'s' if count != 1 else ''}; nothing was assessed."
        super().__init__("\n".join([head, *(str(issue) for issue in self.issues)]))


class CaseError(FascicleError):
    """A case cannot be read or means something impossible."""


class UnknownFinding(CaseError):
    """A case names a finding the knowledge does not have."""


class SpeciesNotCovered(CaseError):
    """There are no pages for this species yet."""


class ImpossibleEvidence(FascicleError):
    """No cause, and no chance, can produce the findings given: the engine has nothing to normalise."""


class NotForThis(FascicleError):
    """The pages are not about this subject, so there are no probabilities; the message says what to do instead."""


class TooManyFindings(FascicleError):
    """More linked present findings than the exact table can hold on this machine."""
