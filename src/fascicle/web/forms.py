"""The story in a form: written into one hidden field, read back strictly. It stands in no URL, log or cookie."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import parse_qsl

from fascicle.errors import FascicleError
from fascicle.model import Level
from fascicle.web.story import ABSENT, PRESENT, UNSURE, Answer, Story

FIELD = "story"
MOST_FIELDS = 400
MOST_ANSWERS = 120
MOST_SAID = 600
MOST_SCORES, MOST_ITEMS = 10, 40
LONGEST_TEXT = 4_000
_ID = re.compile(r"^[a-z0-9][a-z0-9_]{0,63}$")
_MARKS = (PRESENT, ABSENT, UNSURE)
_PLAIN = {
    "age_years": (int, float),
    "weight_kg": (int, float),
    "sex": (str,),
    "breed": (str,),
    "text": (str,),
    "region": (str,),
    "asked_before": (int,),
    "shown": (str,),
    "patience": (int,),
}

_UNTOLD = {f.name: Level.NORMAL.id if f.name == "shown" else f.default for f in fields(Story) if f.name in _PLAIN}
"""What each of them is where nothing was told, which is left out."""


class BadForm(FascicleError):
    """A form that cannot have come from one of our pages."""


@dataclass(frozen=True)
class Form:
    """The fields of a posted form, each with every value it has."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The first value of a field, without spaces around it; empty when it is missing."""
        return next(iter(self.fields.get(name, ())), "").strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field."""
        return self.fields.get(name, ())


def read_form(body: bytes) -> Form:
    """Return the fields of an urlencoded body. Raises BadForm for anything else, and for too many fields."""
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=bool(text), errors="strict", max_num_fields=MOST_FIELDS
        )
    except UnicodeDecodeError:
        raise BadForm("The form holds bytes that are no text. Go back and send it again.") from None
    except ValueError:
        raise BadForm("The form could not be read. Go back and send it again.") from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return Form({name: tuple(values) for name, values in found.items()})


def write_story(story: Story) -> str:
    """Return the story as the value of the hidden field."""
    data: dict[str, Any] = {"species": story.species}
    for name in _PLAIN:
        value = story.shown.id if name == "shown" else getattr(story, name)
        if value != _UNTOLD[name]:  # an age of 0 is told
            data[name] = value
    for name in ("levels", "observed_by"):
        if getattr(story, name):
            data[name] = dict(getattr(story, name))
    if story.scores:
        data["scores"] = {name: list(answers) for name, answers in story.scores.items()}
    data["answers"] = [[a.question, " ".join(mark + f for f, mark in a.said.items())] for a in story.answers]
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


def read_story(form: Form, species: str) -> Story:
    """Return the story in a form; a form without one tells nothing yet. Raises BadForm for a damaged one."""
    raw = form.one(FIELD)
    if not raw:
        return Story(species)
    try:
        data = json.loads(raw)
        json.dumps(
            data, ensure_ascii=False, allow_nan=False
        ).encode()  # no half characters, nothing endless: no page holds them
        return _story(data, species)
    except BadForm:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        raise BadForm("The answers in this page were damaged on the way. Go back one page and send it again.") from None


def _story(data: Any, species: str) -> Story:
    if data["species"] != species or not set(data) <= {
        *_PLAIN,
        "species",
        "levels",
        "observed_by",
        "scores",
        "answers",
    }:
        raise ValueError
    plain: dict[str, Any] = {}
    for name, kinds in _PLAIN.items():
        value = data.get(name)
        if value is not None and (not isinstance(value, kinds) or isinstance(value, bool)):
            raise ValueError
        if float in kinds and value is not None:
            float(value)  # raises OverflowError
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise BadForm(f"A text is longer than {LONGEST_TEXT:,} characters. Shorten it.")
        if value is not None:
            plain[name] = value
    plain["shown"] = Level.of(plain.get("shown", Level.NORMAL.id))
    for name in ("levels", "observed_by"):
        plain[name] = {_id(key): str(value) for key, value in data.get(name, {}).items()}
    plain["scores"] = _scores(data.get("scores", {}))
    answers = data["answers"]
    if len(answers) > MOST_ANSWERS:
        raise ValueError
    given = tuple(_answer(question, said) for question, said in answers)
    if sum(len(a.said) for a in given) > MOST_SAID:
        raise BadForm("There are more answers in this page than there are questions. Start again.")
    return Story(species=species, answers=given, **plain)


def _scores(data: Any) -> dict[str, tuple[int, ...]]:
    """Answers to questionnaires; what they add up to is worked out anew from them each time."""
    found = {_id(name): tuple(answers) for name, answers in data.items()}
    if len(found) > MOST_SCORES or any(len(answers) > MOST_ITEMS for answers in found.values()):
        raise ValueError
    if not all(type(answer) is int for answers in found.values() for answer in answers):
        raise ValueError
    return found


def _answer(question: str, said: str) -> Answer:
    marks = {_id(each[1:]): each[0] for each in said.split()}
    if not set(marks.values()) <= set(_MARKS):
        raise ValueError
    return Answer(_id(question), marks)


def _id(text: str) -> str:
    if not _ID.match(text):
        raise ValueError
    return text
