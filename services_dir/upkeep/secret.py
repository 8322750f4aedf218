"""The secret that signs cookies and form tokens: from the settings, or from a file in the home."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from services_dir.errors import N_, SettingsError
from services_dir.settings import Settings

FILE = "secret"


def get_secret(settings: Settings) -> str:
    """Give the secret; where none is set, the home's own, made at the first start for its owner only.

    Raises SettingsError if the home cannot be written or the file holds no key.
    """
    if settings.secret_key is not None:
        return settings.secret_key
    file = settings.home / FILE
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            _write_once(file)
        key = file.read_text().strip()
    except OSError as error:
        raise SettingsError(N_("The folder {home} cannot be written."), home=settings.home) from error
    if len(key) < 32:
        raise SettingsError(N_("The file {file} holds no key. Put it back from a backup."), file=file)
    return key


def _write_once(file: Path) -> None:
    """Two processes that start at once agree: the first one's key stands, complete or not at all."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
            handle.flush()
            os.fsync(handle.fileno())
        os.link(beside, file)
    finally:
        beside.unlink()
