"""Whatever becomes of standard output, an answer is shown or its loss is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")


@pytest.fixture(scope="module")
def emergency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that is an emergency."""
    file = tmp_path_factory.mktemp("case") / "case.yaml"
    file.write_text("species: dog\npresent: [seizure_generalised, breathing_trouble, back_skin_twitch_on_touch]\n")
    return file


def run(arguments: str, **given: object) -> subprocess.CompletedProcess[bytes]:
    """The command line through a shell, with these settings of the environment."""
    command = f'"{sys.executable}" -m fascicle {arguments}'
    environment = {**os.environ, **{name: str(value) for name, value in given.items()}}
    return subprocess.run(command, shell=True, capture_output=True, env=environment, check=False)


@pytest.mark.parametrize(
    "encoding",
    ["cp437", pytest.param("latin-1", marks=pytest.mark.slow), pytest.param("ascii", marks=pytest.mark.slow)],
)
def test_a_terminal_without_curly_quotes_shows_the_emergency(emergency: Path, encoding: str) -> None:
    """Plain quotes stand for curly ones, and nothing is lost; JSON stays the same to the last character."""
    found = run(f'assess "{emergency}"', PYTHONIOENCODING=encoding)
    assert (found.returncode, found.stderr) == (0, b"")
    assert found.stdout.startswith(b"How soon: EMERGENCY")
    odd = run(f'assess --json "{emergency}"', PYTHONIOENCODING=encoding)
    usual = run(f'assess --json "{emergency}"', PYTHONIOENCODING="utf-8")
    assert json.loads(odd.stdout.decode(encoding)) == json.loads(usual.stdout)


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize("how", ["", "--json "])
def test_output_that_cannot_be_written_is_one_clear_error(emergency: Path, how: str) -> None:
    """A full disk: no traceback, one line and exit code 2."""
    found = run(f'assess {how}"{emergency}" >/dev/full')
    assert found.returncode == 2
    assert found.stderr.startswith(b"fascicle: the answer could not be written (No space left on device)")
    assert found.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="another shell")
def test_closed_output_is_one_clear_error(emergency: Path) -> None:
    """No exit code 0 for an answer that nobody could see."""
    found = run(f'assess "{emergency}" >&-')
    assert found.returncode == 2
    assert found.stderr == b"fascicle: standard output is closed, so no answer could be shown. Run it with an output.\n"
