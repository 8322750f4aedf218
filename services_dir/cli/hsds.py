"""Holding an API of HSDS to the standard: ours, or a partner's."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click

from services_dir.cli.edge import example, open_application

if TYPE_CHECKING:
    from services_dir.exchange.checks import Asker


@click.group(epilog=example("services-dir hsds check", "services-dir hsds check https://example.org/hsds"))
def hsds() -> None:
    """Look at interfaces that speak Open Referral HSDS."""


@hsds.command(epilog=example("services-dir hsds check", "services-dir hsds check https://example.org/hsds"))
@click.argument("url", required=False)
@click.option("--most", default=400, type=click.IntRange(10, 100_000), help="Requests made at most.")
def check(url: str | None, most: int) -> int:
    """Check what the API at URL answers, and say what is not as the standard asks, and why.

    Without URL our own is checked, in this process. Where an API says that it was asked too often (429), the
    next request waits as long as it says. The exit status is 1 if a check fails.
    """
    from services_dir.exchange.checks import Bounds, HttpAsker, SelfAsker

    if url is not None:
        return _report(HttpAsker(url, Bounds(requests=most)))
    with open_application():
        logging.getLogger("services_dir.web").setLevel(logging.WARNING)  # our own requests are no news
        return _report(SelfAsker())


def _report(ask: Asker) -> int:
    from services_dir.exchange.checks import Outcome, check

    failed = 0
    for finding in check(ask):
        click.echo(f"{finding.number:2} {finding.outcome.value:8} {finding.title}")
        for reason in finding.reasons:
            click.echo(f"            {reason}")
        failed += finding.outcome is Outcome.FAILS
    click.echo(f"{failed} of the checks fail." if failed else "All checks hold.")
    return 1 if failed else 0
