"""The command line: a noun, then a verb; one file per group of commands.

Modules here import the application inside their functions, so that `--help` answers at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from services_dir.cli.account import account
from services_dir.cli.backup import backup
from services_dir.cli.database import database
from services_dir.cli.doctor import doctor
from services_dir.cli.edge import example, guard
from services_dir.cli.export import export
from services_dir.cli.hsds import hsds
from services_dir.cli.imports import imports
from services_dir.cli.index import index
from services_dir.cli.indicators import indicators
from services_dir.cli.report import report
from services_dir.cli.search import search
from services_dir.cli.seed import seed
from services_dir.cli.serve import serve
from services_dir.cli.work import work


@click.group(name="services-dir", epilog=example("services-dir serve --port 8080"))
@click.version_option(package_name="services-dir", message="%(prog)s %(version)s")
def cli() -> None:
    """Run a register of services for victims of human trafficking.

    All that is written lies in the folder SERVICES_DIR_HOME (default: instance). See docs/settings.md.
    """


for _command in (
    serve,
    search,
    seed,
    database,
    index,
    imports,
    export,
    hsds,
    indicators,
    report,
    account,
    backup,
    work,
    doctor,
):
    cli.add_command(_command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit status; what went wrong is one sentence on stderr."""
    return guard(lambda: cli.main(arguments, prog_name="services-dir", standalone_mode=False))
