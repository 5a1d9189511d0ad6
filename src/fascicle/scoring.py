"""From the answers to a questionnaire to its score, what the score means and what it says of a finding. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from fascicle.errors import CaseError, bare, shown
from fascicle.knowledge.base import Knowledge, plain_name
from fascicle.knowledge.instruments import Entry, Instrument, ScoreBand
from fascicle.model import Status


@dataclass(frozen=True)
class Score:
    """The score of one questionnaire. status: what it says of the instrument's finding, None where it leaves that open."""

    instrument: Instrument
    answers: tuple[int, ...]
    total: int
    band: ScoreBand
    status: Status | None

    @property
    def words(self) -> str:
        """The score in one line, such as “GAD-7: 8 of 21, mild”."""
        return f"{self.instrument.name}: {self.total} of {self.instrument.highest}, {self.band.name}"


def score(instrument: Instrument, answers: Sequence[int]) -> Score:
    """Return the score of these answers, one for each question, in their order.

    Raises CaseError for too few or too many answers, and for one that is no score of an option.
    """
    wanted = len(instrument.items)
    if len(answers) != wanted:
        raise CaseError(
            f"{instrument.name} has {wanted} questions, and {len(answers)} answers were given. "
            f"Give {wanted} numbers: {keys(instrument)}."
        )
    known = {option.score for option in instrument.options}
    for number, answer in enumerate(answers, start=1):
        if answer not in known:
            raise CaseError(_no_choice(number, shown(answer), instrument))
    total = sum(answers)
    band = next(band for band in instrument.bands if band.low <= total <= band.high)
    return Score(instrument, tuple(answers), total, band, Status(band.says) if band.says else None)


def find(name: str, knowledge: Knowledge) -> Entry:
    """Return the questionnaire or diary with this id or name. Raises CaseError with the nearest ids."""
    wanted = _plain(name)
    entries: dict[str, Entry] = {**knowledge.instruments, **knowledge.diaries}
    names = {_plain(called): entry for entry in entries.values() for called in (entry.id, entry.name)}
    if wanted in names:
        return names[wanted]
    close = [names[called].id for called in get_close_matches(wanted, list(names), n=2)]
    hint = f" Did you mean {' or '.join(dict.fromkeys(close))}?" if close else ""
    raise CaseError(
        f"no questionnaire or diary is called {shown(name)}.{hint} List them: fascicle instrument --species {knowledge.species}"
    )


def answers_from(text: str, instrument: Instrument) -> tuple[int, ...]:
    """Return the answers written as numbers with commas or spaces. Raises CaseError for anything that is no choice."""
    known = {str(option.score): option.score for option in instrument.options}
    found = []
    for number, word in enumerate(text.replace(",", " ").split(), start=1):
        if not (word.isascii() and word.isdigit()):
            raise CaseError(f"answer {number} is {shown(word)}, which is not a number. Give {keys(instrument)}.")
        plain = word.lstrip("0") or "0"
        if plain not in known:  # looked up whole: a number cut short could be a choice
            raise CaseError(_no_choice(number, word, instrument))
        found.append(known[plain])
    return tuple(found)


def keys(instrument: Instrument) -> str:
    """The numbers that stand for the options, such as “0 for “Not at all”, 1 for “Several days””."""
    return ", ".join(f"{option.score} for “{option.text}”" for option in instrument.options)


def _no_choice(number: int, answer: str, instrument: Instrument) -> str:
    return f"answer {number} is {bare(answer)}, which is no choice of {instrument.name}. Give {keys(instrument)}."


def _plain(name: str) -> str:
    """A name without what is written differently: capitals, hyphens, underscores, spaces."""
    return plain_name(name.replace("_", " ")).replace(" ", "")
