"""Keeps the answers of an interview in a case file: after each one, whole or not at all, never an empty one over an old."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fascicle.errors import CaseError, shown
from fascicle.model import Case


def case_file(case: Case) -> str:
    """The case as YAML that `fascicle assess` reads."""
    lines = [f"species: {case.species}", *([f"age_years: {case.age_years:g}"] if case.age_years is not None else [])]
    for name in ("present", "absent"):
        values = list(getattr(case, name))
        if values:
            lines.append(f"{name}: [{', '.join(values)}]")
    if case.choices:
        lines.append("choices: {" + ", ".join(f"{g}: {o}" for g, o in case.choices.items()) + "}")
    if case.unclear:
        lines.append("unclear: true")
    return "\n".join(lines) + "\n"


@dataclass
class Saved:
    """The file of one interview. held: what of this interview stands in it, None as long as nothing does."""

    file: Path
    held: str | None = None

    def try_out(self) -> None:
        """Refuse a file that cannot be written or read again before the first question, without touching what is there."""
        if self.file.suffix.lower() == ".json":
            raise CaseError(
                f"--save {shown(str(self.file))}: answers are kept as YAML. Give a name that ends in .yaml."
            )
        try:
            if self.file.is_file():
                self.file.open("a", encoding="utf-8").close()
            elif not self.file.exists():
                real = Path(os.path.realpath(self.file))
                real.open("x", encoding="utf-8").close()
                real.unlink()
            elif not os.access(self.file, os.W_OK):
                raise PermissionError(None, "Permission denied")
        except OSError as error:
            raise CaseError(
                f"--save {shown(str(self.file))}: cannot be written ({error.strerror}). Give another file."
            ) from None

    def keep(self, case: Case, *, told: bool) -> None:
        """Keep the answers so far. told: whether there are any; without one the file is left alone.

        However the program ends after this, they are there. What cannot be written now is tried again at the end.
        """
        if (told or self.held is not None) and (self.file.is_file() or not self.file.exists()):
            with contextlib.suppress(OSError):
                self._write(case_file(case))

    def finish(self, case: Case, say: Callable[[str], None], *, told: bool) -> bool:
        """Keep the answers at the end; if that fails, print them. Return whether the file holds them."""
        if not told and self.held is None:
            say(f"Nothing was answered, so {self.file} was not written.")
            return False
        words = case_file(case)
        try:
            self._write(words)
        except OSError as error:
            say(f"{self.file} could not be written ({error.strerror}). Your answers, to copy:\n\n{words}")
            return False
        return True

    def _write(self, words: str) -> None:
        """Write whole or not at all, where the folder allows it; a link or a pipe stays what it is."""
        if words == self.held and self.file.is_file():
            return
        if self.file.exists() and not self.file.is_file():
            self.file.write_text(words, encoding="utf-8")
            return
        real = Path(os.path.realpath(self.file))
        fresh = real.with_name(f"{real.name}.{os.getpid()}")
        try:
            fresh.write_text(words, encoding="utf-8")
            if real.exists():
                shutil.copymode(real, fresh)
            fresh.replace(real)
        except PermissionError:  # a file that may be written in a folder that may not
            real.write_text(words, encoding="utf-8")
        finally:
            fresh.unlink(missing_ok=True)
        self.held = words
