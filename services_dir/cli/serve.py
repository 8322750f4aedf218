"""Serving: the first start prepares everything, then gunicorn answers with several processes."""

from __future__ import annotations

from multiprocessing import get_context
from typing import TYPE_CHECKING

import click

from services_dir.cli.edge import example, guard

if TYPE_CHECKING:
    from flask import Flask


@click.command(epilog=example("services-dir serve --host 0.0.0.0 --port 8080 --workers 4"))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    envvar="PORT",
    show_default=True,
    show_envvar=True,
    help="The port to listen on.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many processes answer.",
)
def serve(host: str, port: int, workers: int) -> int:
    """Serve the register; the first start makes database and index and loads the seed.

    As long as no administrator has a password, each start prints a link to choose one.
    """
    from services_dir.app import create_app
    from services_dir.cli.server import Server, listen
    from services_dir.web import logs

    logs.configure()
    app = create_app()
    with listen(host, port) as listener:
        address = _address(host, port)
        app.config["SERVED_AT"] = address
        # In a process of its own: nothing may be open here when the workers are forked.
        preparing = get_context("fork").Process(target=_prepare, args=(app, address), daemon=True)
        preparing.start()
        preparing.join()
        if preparing.exitcode:
            return abs(preparing.exitcode)
        Server(app, listener, workers=workers, address=address).run()
    return 0


def _prepare(app: Flask, address: str) -> None:
    raise SystemExit(guard(lambda: _prepare_and_tell(app, address)))


def _prepare_and_tell(app: Flask, address: str) -> None:
    from services_dir.accounts.models import LinkPurpose
    from services_dir.accounts.rules import LINK_LASTS
    from services_dir.upkeep import start

    started = start.prepare(app, app.config["SETTINGS"].base_url or address)
    if started.seed is not None:
        click.echo(start.describe_seed(started.seed))
    if started.link is not None:
        days = LINK_LASTS[LinkPurpose.FIRST_ADMINISTRATOR].days
        click.echo(f"Nobody looks after this register yet. This link, good once and for {days} days, makes")
        click.echo(f"the first administrator:\n  {started.link}")


def _address(host: str, port: int) -> str:
    """Give the address under which this machine finds itself."""
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104 - what people type
    name = here.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"
