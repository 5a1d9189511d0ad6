"""`fascicle serve`: the pages in a browser, from this computer. The web libraries are imported only here."""

from __future__ import annotations

import socket
import threading
import webbrowser
from typing import Any

import click

from fascicle.knowledge.loader import species_covered
from fascicle.model import Case
from fascicle.pipeline import assess, load

PORT = 8765


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes any free one.")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--name", "names", multiple=True, help="A name the server answers to, when it is not only for this computer."
)
def serve(port: int, no_browser: bool, host: str, names: tuple[str, ...]) -> None:
    """Show the pages in the browser. Nothing entered is kept or sent anywhere.

    On any address but this computer's own give --name, and put a server with TLS in front.
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
    app = create_app(Settings(hosts=hosts_for(host, names), limited=not local(host)))
    click.echo(f"fascicle is at {address}  (stop it with Ctrl and C)")
    _run(app, listening, None if no_browser else address)


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


def _run(app: Any, listening: socket.socket, address: str | None) -> None:
    """Serve until stopped; open the browser once the server answers. No access log: addresses of pages are nobody's business."""
    import uvicorn

    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        limit_concurrency=200,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=2,  # who waits for a long answer when it is stopped waits in vain
        h11_max_incomplete_event_size=65_536,
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    threading.Thread(target=_warm, daemon=True).start()
    if address is not None:
        threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
    server.run(sockets=[listening])
