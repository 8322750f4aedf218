"""Accounts: add one, and let somebody in again who cannot sign in."""

from __future__ import annotations

import click

from services_dir.cli.edge import example, open_application, served_at


@click.group(epilog=example("services-dir account add kim@example.org --role coordinator"))
def account() -> None:
    """Look after the accounts of coordinators and administrators."""


@account.command(epilog=example("services-dir account add kim@example.org --role coordinator"))
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice(["coordinator", "administrator"]),
    required=True,
    help="A coordinator decides about submissions; an administrator also looks after accounts.",
)
@click.option("--name", default="", help="The person's name; she can also give it herself.")
def add(email: str, role: str, name: str) -> None:
    """Add an account and print a link, good once, with which its person chooses a password."""
    from services_dir import clock
    from services_dir.accounts import operations
    from services_dir.accounts.models import LinkPurpose, Role
    from services_dir.db import transaction

    at = clock.now()
    with open_application(), transaction() as session:
        made = operations.add_account(session, email, Role(role), name=name, by=None, at=at)
        token = operations.invite(session, made, by=None, at=at)
    _print_link(token, LinkPurpose.INVITATION)


@account.command(epilog=example("services-dir account recover kim@example.org"))
@click.argument("email")
def recover(email: str) -> None:
    """Print a link, good once, for a new password and a new app.

    The old password, all second factors and all sessions end at once. When the link is used, the account
    gets a mail that says so.
    """
    from services_dir import clock
    from services_dir.accounts import operations, queries
    from services_dir.accounts.models import LinkPurpose
    from services_dir.db import transaction

    with open_application(), transaction() as session:
        found = queries.get_account_by_email(session, email)
        token = operations.recover(session, found, by=None, at=clock.now())
    _print_link(token, LinkPurpose.RECOVERY)


def _print_link(token: str, purpose: str) -> None:
    from services_dir.accounts.models import LinkPurpose
    from services_dir.accounts.operations import link_address
    from services_dir.accounts.rules import LINK_LASTS

    days = LINK_LASTS[LinkPurpose(purpose)].days
    click.echo(f"This link works once, within {days} day{'' if days == 1 else 's'}. Give it to nobody else:")
    click.echo(link_address(served_at(), token))
