"""The README tells the truth: its transcripts and code are what the program does."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_transcripts_are_what_the_program_prints() -> None:
    """Running the two interviews again gives the README word for word; after a change: make transcripts."""
    with_transcripts = runpy.run_path(str(ROOT / "docs" / "write_transcripts.py"))["with_transcripts"]
    assert with_transcripts(README) == README


def test_the_stories_end_as_promised() -> None:
    """Flea allergy on top with a calm urgency, and an emergency within three questions."""
    flea, slug = README.split("<!-- end flea -->")
    assert "How soon: See a vet within days" in flea
    likely = flea.split("What may explain it")[1].splitlines()[1]
    assert "Flea allergy (" in likely
    before = slug.split("!  EMERGENCY: GO OR CALL NOW")[0]
    assert "\n3. " in before
    assert "\n4. " not in before


def test_the_python_example_runs(capsys) -> None:
    """The code in the README works as printed."""
    code = README.split("```python\n")[1].split("```")[0]
    exec(compile(code, "README.md", "exec"), {})
    words = capsys.readouterr().out.split()
    assert float(words[-2]) < float(words[-1])
