"""Standard output that cannot take what is written to it: other characters, a full disk, or none at all."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import os
import sys

import click

PLAIN = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "−": "-", "\N{NO-BREAK SPACE}": " "}
"""What stands for a character that a terminal does not have."""


def _plain(error: UnicodeError) -> tuple[str, int]:
    """The nearest plain characters; a question mark for what has none."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(PLAIN.get(each, "?") for each in error.object[error.start : error.end]), error.end


codecs.register_error("fascicle.plain", _plain)


def plain_where_needed() -> None:
    """Let no character stop an answer: an emergency must be shown on any terminal."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="fascicle.plain")


def holds_everything() -> bool:
    """Whether standard output takes every character."""
    name = getattr(sys.stdout, "encoding", None) or "ascii"
    return codecs.lookup(name).name.startswith("utf")


def print_json(data: object) -> None:
    """Data as JSON on standard output; by number what it does not take, for a plain quote in place of a curly one ends a text."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=not holds_everything()))


def give_up() -> None:
    """Throw away what could not be written, so that the end of the program does not try again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
