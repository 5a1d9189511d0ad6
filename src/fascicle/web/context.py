"""What each page is given: frozen values, ready to show. A template formats them and works nothing out."""

from __future__ import annotations

from dataclasses import dataclass

from fascicle.model import Level


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every page has. species: what strip and forms are about; story: the hidden field, empty outside the interview."""

    title: str
    species: str | None = None
    yours: str = "your animal"
    expert: str = "vet or doctor"
    asks: str = ""
    story: str = ""
    wide: bool = False
    here: str = ""


@dataclass(frozen=True)
class Wrong:
    """One thing to mend: where (the id of the field) and what."""

    at: str
    words: str


@dataclass(frozen=True)
class LevelWords:
    """An urgency in words."""

    level: Level
    name: str
    means: str


@dataclass(frozen=True)
class Mention:
    """One line of the list of causes so far."""

    name: str
    share: str
    between: str


@dataclass(frozen=True, kw_only=True)
class StepPage(Page):
    """A page of the interview. at: its name in the form; then: where to go after it; back: whether there is a page before.

    so_far: the urgency as it stands; likely: what may explain it, shown only when opened; step: about how far.
    """

    at: str
    then: str = ""
    back: bool = True
    errors: tuple[Wrong, ...] = ()
    so_far: LevelWords | None = None
    likely: tuple[Mention, ...] = ()
    most_left: int | None = None
    in_all: int = 0
    notices: tuple[str, ...] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """Field -> what is wrong there."""
        return {each.at: each.words for each in self.errors}


@dataclass(frozen=True)
class Choice:
    """One line to tick. picture, shapes: trusted drawings, empty without them."""

    id: str
    words: str
    help: str = ""
    ticked: bool = False
    picture: str = ""


@dataclass(frozen=True)
class Checklist:
    """Lines under one heading."""

    question: str
    words: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class DangerPage(StepPage):
    """Is any of this happening now?"""

    lists: tuple[Checklist, ...]
    none: bool = False
    covered: bool = True


@dataclass(frozen=True, kw_only=True)
class WordsPage(StepPage):
    """In your own words."""

    question: str
    hint: str
    text: str = ""
    longest: int


@dataclass(frozen=True)
class Heard:
    """A finding read from the text: the sentence in three parts, the words it came from in the middle."""

    id: str
    words: str
    before: str
    marked: str
    after: str
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class WhoPage(StepPage):
    """Who it is about, and what was read from the text."""

    years: str = ""
    months: str = ""
    weight: str = ""
    breed: str = ""
    sex: str = ""
    sexes: tuple[tuple[str, str], ...] = ()
    breeds: tuple[str, ...] = ()
    asks_weight: bool = True
    asks_months: bool = True
    heard: tuple[Heard, ...] = ()
    text: str = ""
    filled: bool = False
    unread: bool = False


@dataclass(frozen=True, kw_only=True)
class MovementPage(StepPage):
    """What the movement looks like: a few plain lines, which open the exact ones."""

    question: str
    hint: str
    choices: tuple[Choice, ...]
    none: bool = False


@dataclass(frozen=True, kw_only=True)
class KindsPage(StepPage):
    """The exact movement, in pictures and words, and where it is."""

    question: str
    choices: tuple[Choice, ...]
    opened: tuple[str, ...] = ()
    shapes: str = ""
    place_question: str = ""
    place_hint: str = ""
    places: tuple[Choice, ...] = ()
    map: str = ""
    none: bool = False


@dataclass(frozen=True)
class Theme:
    """A line of the overview that opens on its choices."""

    id: str
    words: str
    choices: tuple[Choice, ...]
    open: bool = False


@dataclass(frozen=True, kw_only=True)
class QuestionPage(StepPage):
    """One question of the interview. kind: yes_no, one (of a list), all (that fit) or themes (lines that open)."""

    question_id: str
    question: str
    kind: str
    choices: tuple[Choice, ...]
    themes: tuple[Theme, ...] = ()
    hint: str = ""
    why: str = ""
    chosen: str = ""
    none: bool = False


@dataclass(frozen=True)
class Line:
    """A sentence with the numbers of its sources. about: for which cause, where it is not the likeliest."""

    words: str
    cites: tuple[tuple[int, str], ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Offered:
    """A questionnaire that may be filled in."""

    id: str
    words: str


@dataclass(frozen=True)
class Scored:
    """The score of a questionnaire: in a line, what it means, what it does not say, and what to do besides."""

    id: str
    name: str
    words: str
    means: str
    limit: Line
    care: tuple[Line, ...]


@dataclass(frozen=True)
class ScoreRow:
    """One question of a questionnaire. id: its field; chosen: the score of the answer chosen, empty without one."""

    id: str
    words: str
    chosen: str = ""


@dataclass(frozen=True, kw_only=True)
class InstrumentPage(StepPage):
    """A questionnaire to fill in. stem: what all rows go on from; options: score, words; done: whether it was answered."""

    instrument: str
    stem: str
    rows: tuple[ScoreRow, ...]
    options: tuple[tuple[str, str], ...]
    limit: str
    credit: str = ""
    done: bool = False


@dataclass(frozen=True)
class Told:
    """What was answered on one page, with the way to change it."""

    page: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Settle:
    """A contradiction: why, the question that settles it, and its findings."""

    why: str
    question: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class CheckPage(StepPage):
    """Check your answers."""

    told: tuple[Told, ...]
    conflicts: tuple[Settle, ...] = ()
    more: bool = False
    unread: tuple[str, ...] = ()
    offers: tuple[Offered, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A source as the list shows it."""

    number: int
    id: str
    words: str
    address: str
    read: str
