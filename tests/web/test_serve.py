"""`fascicle serve` refuses what cannot be served, and says why."""

from __future__ import annotations

import socket

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from fascicle.cli import main
from fascicle.cli_serve import configured
from fascicle.web.app import Settings, create_app
from fascicle.web.security import Limits


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


def statuses(server: str, askers: list[str], behind: tuple[str, ...]) -> list[int]:
    """What each of these askers gets, in turn, when a server at this address passes their requests on."""
    app = create_app(Settings(limited=True, limits=Limits(burst=1, per_minute=0)))
    config = configured(app, behind)
    config.load()
    client = TestClient(config.loaded_app, base_url="http://127.0.0.1:8765", client=(server, 50_000))
    return [client.get("/api/v1/version", headers={"x-forwarded-for": asker}).status_code for asker in askers]


def test_behind_a_server_everybody_has_a_limit_of_their_own() -> None:
    """The second page of one asker is too many, the first of the next is not."""
    assert statuses("127.0.0.1", ["192.0.2.1", "192.0.2.1", "192.0.2.2"], ("127.0.0.1",)) == [200, 429, 200]


@pytest.mark.parametrize("behind", [(), ("10.0.0.0/8",)])
def test_nobody_else_is_believed_about_who_asks(behind: tuple[str, ...]) -> None:
    """Without --behind, or from another address, a made-up asker does not lift the limit."""
    assert statuses("198.51.100.7", ["192.0.2.1", "192.0.2.2"], behind) == [200, 429]


@pytest.mark.parametrize("address", ["*", "proxy.example.org", "10.0.0.300"])
def test_a_server_in_front_is_named_by_its_address(address: str) -> None:
    """Anything else would let anybody say who they are."""
    result = CliRunner().invoke(main, ["serve", "--behind", address, "--no-browser"])
    assert result.exit_code == 2
    assert "127.0.0.1" in result.output
