"""What a failure inside the program costs: never the urgency, and never a word of the case in a log."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from fascicle.errors import FascicleError

LOG = logging.getLogger("fascicle")
Part = TypeVar("Part")


def unless_it_fails(compute: Callable[[], Part], otherwise: Part, what: str, lost: list[str]) -> Part:
    """Return a part of the answer, or what stands in its place; then `what` is added to the parts that were lost."""
    try:
        return compute()
    except Exception as error:  # no fault in a part may take the rest of the answer away
        lost.append(what)
        words(error)
        return otherwise


def note(lost: Sequence[str]) -> tuple[str, ...]:
    """What to tell the reader about the parts that were lost; nothing where none was."""
    if not lost:
        return ()
    return (f"Left out because of a fault in the program: {', '.join(lost)}. How soon to act still holds.",)


def words(error: Exception) -> str:
    """What a failure says to a reader. An unexpected one is logged by kind and place only, for its text may hold the case."""
    if isinstance(error, FascicleError):
        return str(error)
    where = traceback.extract_tb(error.__traceback__)[-1]
    LOG.error("%s in %s, line %s", type(error).__name__, Path(where.filename).name, where.lineno)
    return f"a fault in the program ({type(error).__name__})"
