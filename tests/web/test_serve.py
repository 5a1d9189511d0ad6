"""`fascicle serve` refuses what cannot be served, and says why."""

from __future__ import annotations

import socket

from click.testing import CliRunner

from fascicle.cli import main


def test_others_are_let_in_only_under_a_name() -> None:
    """--host without --name is refused before anything listens."""
    result = CliRunner().invoke(main, ["serve", "--host", "0.0.0.0", "--no-browser"])
    assert result.exit_code == 2
    assert "--name" in result.output


def test_a_taken_port_is_said_plainly() -> None:
    """No traceback, but which port and what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = CliRunner().invoke(main, ["serve", "--port", str(taken.getsockname()[1]), "--no-browser"])
    assert result.exit_code == 1
    assert "--port 0" in result.output
