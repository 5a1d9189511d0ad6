"""Copies of the shipped knowledge, to be broken in one place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from fascicle.knowledge.loader import DATA

PAGES = ("eclampsia", "flea_infestation", "normal_sleep_twitching", "osteoarthritis", "other", "tox_metaldehyde")
"""Enough pages to break: copies stay quick to check however many pages are written."""

KEPT = {
    "toxins.yaml": (
        "toxins:\n"
        "  - {id: salt, name: Salt, substance: salt, species: {dog: {any_amount: {level: today, why: x}, onset: {text: x}, "
        "first_signs: {text: x}, now: [{text: x}], avoid: [{text: x}]}}}\n"
    ),
    "claims.yaml": (
        "articles:\n  - {id: blog, name: A blog, species: dog}\n"
        "claims:\n  - {id: one, species: [dog], article: blog, claim: x, verdict: contested, why: so}\n"
    ),
    "pages_say.yaml": (
        "most_rows: 6\nleast_pages: 2\nwhy: x\ntopics:\n"
        "  - {id: itch, species: dog, about: x, kinds: [tremor_rhythmic], pages: 3, give_likelihood: 0, "
        "named: {other: 2}, read_on: 2026-11-29, why: x}\n"
    ),
}
"""One poison and one claim, which name no page, and one topic, which names the page of none of them."""
Edit = Callable[[Path], None]


def copy_data(to: Path) -> Path:
    """Copy the shared files, those of the dog and a few dog pages; return the new data folder."""
    folder = to / "data"
    folder.mkdir()
    for file in DATA.glob("*.yaml"):
        shutil.copy(file, folder)
    for name in ("profiles/dog.yaml", "reports/dog.yaml", *(f"dog/{page}.yaml" for page in PAGES)):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(DATA / name, folder / name)
    for name, text in KEPT.items():  # the shipped ones name pages that the copy lacks
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


def swap(file: str, pattern: str, new: str, count: int = 1) -> Edit:
    """An edit that replaces the first matches of a pattern; it fails when the file no longer has that many."""

    def edit(folder: Path) -> None:
        path = folder / file
        text, found = re.subn(pattern, new, path.read_text(encoding="utf-8"), count=count, flags=re.MULTILINE)
        assert found == count, f"{file} has {found} places like {pattern}, not {count}; choose another place to break"
        path.write_text(text, encoding="utf-8", newline="\n")

    return edit


def write(file: str, text: str) -> Edit:
    """An edit that replaces a whole file."""
    return lambda folder: (folder / file).write_text(text, encoding="utf-8", newline="\n") and None


def both(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def edit(folder: Path) -> None:
        for each in edits:
            each(folder)

    return edit


def line_of(folder: Path, file: str, words: str) -> int:
    """The number of the first line that holds these words; words after a line break stand at its beginning."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in f"\n{line}")
