"""What all commands share: the application on its database, and sentences instead of tracebacks."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from services_dir.errors import ServicesDirError

if TYPE_CHECKING:
    from flask import Flask

INTERRUPTED = 130  # what a shell reports after Ctrl+C
_OBJECTS_BETWEEN = 20_000  # how many more there must be before unused cycles are looked for


def example(*lines: str) -> str:
    """Give the examples at the end of a help text, each on a line of its own."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def guard(deed: Callable[[], Any]) -> int:
    """Do something and give the exit status; what was to be expected is told in one sentence on stderr."""
    from sqlalchemy.exc import DBAPIError

    try:
        status = deed()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.UsageError as error:
        where = f" See: {error.ctx.command_path} --help" if error.ctx else ""
        return _complain(f"{error.format_message()}{where}", 2)
    except click.ClickException as error:
        return _complain(error.format_message())
    except ServicesDirError as error:
        return _complain(str(error))
    except DBAPIError as error:
        return _complain(f"The database cannot be used: {_first_line(error.orig)}")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads the rest
        return 1
    except OSError as error:
        return _complain(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}.")
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    return status if isinstance(status, int) else 0


def _complain(sentence: str, status: int = 1) -> int:
    click.echo(sentence, err=True)
    return status


def _first_line(error: object) -> str:
    return (str(error).strip() or "no answer").splitlines()[0].rstrip(".") + "."


@contextmanager
def make_application() -> Iterator[Flask]:
    """Open the application by the settings of the environment, whatever state its database is in.

    Raises SettingsError with a sentence about the first wrong setting.
    """
    from services_dir.app import create_app
    from services_dir.db import db
    from services_dir.web import logs

    logs.configure()
    app = create_app()
    with app.app_context(), _seldom_collecting():
        try:
            yield app
        finally:
            db.session.close()
            for engine in db.engines.values():
                engine.dispose()


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for unused cycles seldom, and not in what is loaded: a command over many rows makes few."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


@contextmanager
def open_application() -> Iterator[Flask]:
    """Open the application on a database that is ready. Raises ConflictError if it is not."""
    from services_dir.settings import Settings
    from services_dir.upkeep import start

    start.check_exists(Settings.from_environment())
    with make_application() as app:
        start.check_ready(app)
        yield app


def served_at() -> str:
    """Give the address that links lead to: the one of the settings, or that of `make run`."""
    from services_dir.settings import Settings

    return Settings.from_environment().base_url or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
