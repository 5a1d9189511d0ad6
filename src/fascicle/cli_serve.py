"""`fascicle serve`: the pages in a browser, from this computer. The web libraries are imported only here."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Sequence
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import click

from fascicle.knowledge.loader import species_covered
from fascicle.model import Case
from fascicle.pipeline import assess, load

if TYPE_CHECKING:
    import uvicorn

PORT = 8765


def _addresses(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses and nets as they were given; a name or “*” would let anybody say who they are."""
    for address in given:
        try:
            ip_network(address)
        except ValueError:
            raise click.BadParameter(
                f"{address!r} is no IP address or net; give one such as 127.0.0.1 or 10.0.0.0/8."
            ) from None
    return given


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes any free one.")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--name", "names", multiple=True, help="A name the server answers to, when it is not only for this computer."
)
@click.option(
    "--behind",
    multiple=True,
    callback=_addresses,
    metavar="ADDRESS",
    help="Address of a server in front that passes requests on; it is believed who asks (X-Forwarded-For).",
)
def serve(port: int, no_browser: bool, host: str, names: tuple[str, ...], behind: tuple[str, ...]) -> None:
    """Show the pages in the browser. Nothing entered is kept or sent anywhere.

    On any address but this computer's own give --name, and put a server with TLS in front; --behind names that server.
    """
    from fascicle.web.app import Settings, create_app, hosts_for, local

    if not local(host) and not names:
        raise click.UsageError(
            f"--host {host} can be reached by others. Give --name with the name they use, and put a server with TLS in front."
        )
    for species in species_covered():
        load(species)  # a fault in the knowledge is told here, before anybody asks
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}"
    app = create_app(Settings(hosts=hosts_for(host, names), limited=bool(behind) or not local(host)))
    click.echo(f"fascicle is at {address}  (stop it with Ctrl and C)")
    _run(configured(app, behind), listening, None if no_browser else address)


def _listen(host: str, port: int) -> socket.socket:
    """A socket at this address. A taken port is a clear error."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen()  # from here on a browser that comes early waits instead of being refused
    except OSError as error:
        found.close()
        raise click.ClickException(f"cannot listen on {host} port {port} ({error.strerror}). Try --port 0.") from None
    return found


def _warm() -> None:
    """Work through an empty case of each species, so that the first answer does not wait for what is made once."""
    for species in species_covered():
        assess(Case(species=species))


def configured(app: Any, behind: Sequence[str] = ()) -> uvicorn.Config:
    """How the app is served. behind: addresses of servers in front, the only ones believed about who asks.

    Without them everybody behind such a server would share one rate limit.
    No access log: addresses of pages are nobody's business.
    """
    import uvicorn

    return uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        limit_concurrency=200,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=2,  # who waits for a long answer when it is stopped waits in vain
        h11_max_incomplete_event_size=65_536,
        proxy_headers=bool(behind),
        forwarded_allow_ips=list(behind),
    )


def _run(config: uvicorn.Config, listening: socket.socket, address: str | None) -> None:
    """Serve until stopped; open the browser once the server answers."""
    import uvicorn

    server = uvicorn.Server(config)
    threading.Thread(target=_warm, daemon=True).start()
    if address is not None:
        threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
    server.run(sockets=[listening])
