"""Writing all that is published into a file, in the forms others read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO

import click
from sqlalchemy.orm import Session

from services_dir.cli.edge import example, open_application, served_at

_OUT = click.argument("out", type=click.Path(path_type=Path, dir_okay=False))


@click.group(epilog=example("services-dir export hsds package.zip", "services-dir export csv programs.csv"))
def export() -> None:
    """Write all that is published into a file. An existing file is replaced when the new one is complete."""


@export.command(name="json", epilog=example("services-dir export json catalog.json"))
@_OUT
def json_(out: Path) -> None:
    """Write one JSON document in HSDS 3.1: organizations, services, taxonomies and terms, in full."""
    from services_dir.exchange.exports import json_chunks

    _write(out, json_chunks)


@export.command(epilog=example("services-dir export ndjson services.ndjson"))
@_OUT
def ndjson(out: Path) -> None:
    """Write every service in HSDS 3.1, one JSON object a line."""
    from services_dir.exchange.exports import ndjson_chunks

    _write(out, ndjson_chunks)


@export.command(epilog=example("services-dir export csv programs.csv"))
@_OUT
def csv(out: Path) -> None:
    """Write a table for spreadsheets: one program a row, in words."""
    from services_dir.exchange.exports import csv_chunks

    _write(out, lambda session, today: csv_chunks(session, today, served_at()))


@export.command(epilog=example("services-dir export hsds package.zip", "services-dir export hsds package"))
@click.argument("out", type=click.Path(path_type=Path))
def hsds(out: Path) -> None:
    """Write the tabular package of HSDS 3.1: datapackage.json and a CSV file for each kind of object.

    If OUT ends in .zip it is one archive, otherwise a folder, which must be empty if it is there.
    """
    from services_dir.exchange.exports import package_chunks

    if out.suffix.lower() == ".zip":
        _write(out, package_chunks)
    else:
        _write_folder(out)


@export.command(
    epilog=example("services-dir export pdf directory.pdf", "services-dir export pdf --language es guia.pdf")
)
@_OUT
@click.option("--language", default="en", help="en or es: the language of all but programs' own texts.")
def pdf(out: Path, language: str) -> None:
    """Write a directory to print: by kind of help, then by town, with contents and index."""
    from services_dir import clock
    from services_dir.sheets.directory import directory_pdf
    from services_dir.web.languages import LANGUAGES

    if language not in LANGUAGES:
        raise click.BadParameter(f"one of these: {', '.join(LANGUAGES)}.", param_hint="--language")
    _write(out, lambda session, _today: [directory_pdf(session, clock.now())], path=f"/{language}/")


def _write_folder(out: Path) -> None:
    from services_dir import clock
    from services_dir.db import db
    from services_dir.errors import N_, ConflictError
    from services_dir.exchange.exports import write_package

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        reason = N_("{folder} is there and not empty. Name a new folder, or a file that ends in .zip.")
        raise ConflictError(reason, folder=out)
    with open_application(), tempfile.TemporaryDirectory(dir=out.absolute().parent) as beside:
        made = Path(beside, out.name)
        made.mkdir()
        write_package(db.session, clock.now().date(), made)
        made.replace(out)
    click.echo(f"Wrote {out}")


def _write(out: Path, chunks: Callable[[Session, date], Iterable[bytes]], path: str = "/") -> None:
    from services_dir import clock
    from services_dir.db import db

    with open_application() as app, app.test_request_context(path), replacing(out) as file:
        for chunk in chunks(db.session, clock.now().date()):
            file.write(chunk)
    click.echo(f"Wrote {out}")


@contextmanager
def replacing(out: Path) -> Iterator[IO[bytes]]:
    """Write beside a file and put the new one in its place at the end; on failure nothing is left."""
    with tempfile.NamedTemporaryFile(dir=out.absolute().parent, prefix=f".{out.name}.", delete=False) as file:
        made = Path(file.name)
        try:
            yield file.file
            file.close()
            made.chmod(0o644)
            made.replace(out)
        except BaseException:
            made.unlink(missing_ok=True)
            raise
