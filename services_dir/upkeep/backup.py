"""Backups: one file with database, secret and manifest, made while serving; restored into an empty home."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from io import BufferedReader
from pathlib import Path
from typing import Final

import msgspec
from flask import Flask

from services_dir import audit
from services_dir.db import db, prepare, transaction
from services_dir.errors import N_, ConflictError, InvalidError
from services_dir.settings import Settings
from services_dir.upkeep import dumps, schema, start
from services_dir.upkeep import secret as secrets

FORMAT: Final = 1
FOLDER: Final = "backups"
MANIFEST: Final = "manifest.json"
SECRET: Final = "secret"

_BLOCK = 1 << 20
_NOT_A_BACKUP = N_("{file} is not a backup of this program, or it is damaged. Nothing was changed.")
_NOT_EMPTY = N_("{place} is in use already. Restore into an empty home, with an empty database.")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, NotImplementedError)


class Part(msgspec.Struct, frozen=True):
    """Size and SHA-256 of a file in a backup."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """What a backup says of itself: its own format, who made it and when, the schema, and its parts."""

    format: int
    program: str
    version: str
    created: datetime
    schema: str
    files: dict[str, Part]


@dataclass(frozen=True)
class Backup:
    """A backup in the home: its file and when it was made."""

    file: Path
    created: datetime


def create(settings: Settings, file: Path | None = None, *, at: datetime) -> Path:
    """Write a backup of this moment to a file, by default in the home, and give its path.

    Sessions, one-time links and throttles are left out, and so is the index, which is built from the
    database. Raises ConflictError if the file exists, or if the database cannot be copied.
    """
    target = file or settings.home / FOLDER / f"services-dir-{at.astimezone(UTC):%Y-%m-%d-%H%M%S}.zip"
    if target.exists():
        raise ConflictError(N_("{file} exists already. Choose another name."), file=target)
    start.check_exists(settings)
    if settings.database_file is not None:
        start.check_file(settings.database_file)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as name:
        folder = Path(name)
        parts = {dumps.part_name(settings): folder / "database", SECRET: folder / SECRET}
        revision = dumps.dump(settings, folder / "database")
        (folder / SECRET).write_text(secrets.get_secret(settings))
        manifest = Manifest(
            format=FORMAT,
            program="services-dir",
            version=version("services-dir"),
            created=at.astimezone(UTC),
            schema=revision,
            files={name: _measure(path) for name, path in parts.items()},
        )
        _write(folder / "whole", parts, manifest)
        (folder / "whole").replace(target)
    _sync(target.parent)
    return target


def restore(settings: Settings, file: Path, *, at: datetime) -> Manifest:
    """Bring a backup back into an empty home and an empty database, and give its manifest.

    The database gets an id of its own and the newest schema. Whatever happens on the way, home and
    database are afterwards as they were or complete. Raises InvalidError if the file is no whole backup
    of this program, ConflictError if something is in the way.
    """
    with _opened(file) as archive:
        manifest = _read_manifest(archive, file)
        name = dumps.part_name(settings)
        if name not in manifest.files:
            raise ConflictError(
                N_("This backup is of another database system. Set SERVICES_DIR_DATABASE_URL to fit it.")
            )
        _refuse_used(settings)
        start.prepare_home(settings)
        for leftover in settings.home.glob(".restore-*"):  # of a restore that was killed
            shutil.rmtree(leftover, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.home) as folder:
            database, secret = Path(folder) / "database", Path(folder) / SECRET
            _take_out(archive, name, manifest.files[name], database, file)
            _take_out(archive, SECRET, manifest.files[SECRET], secret, file)
            key = secret.read_text().strip()
            _refuse_other_key(settings, key)
            put_back = _put_back_sqlite if settings.uses_sqlite else _put_back_postgres
            put_back(settings, manifest, database, secret, at)
    return manifest


def list_backups(settings: Settings) -> list[Backup]:
    """List the whole backups in the home, the newest first."""
    found = []
    for file in (settings.home / FOLDER).glob("*.zip"):
        try:
            with _opened(file) as archive:
                found.append(Backup(file, _read_manifest(archive, file).created))
        except (InvalidError, OSError):
            continue
    return sorted(found, key=lambda backup: backup.created, reverse=True)


def _put_back_sqlite(
    settings: Settings, manifest: Manifest, database: Path, secret: Path, at: datetime
) -> None:
    target = settings.database_file
    assert target is not None
    _refuse_newer(f"sqlite:///{database}", manifest)
    dumps.give_new_id(database)
    _finish(f"sqlite:///{database}", at)
    with closing(sqlite3.connect(database)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")  # one file again, without a log beside it
    database.chmod(0o600)
    _sync(database)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.secret_key is None:
        _move(secret, settings.home / secrets.FILE)
    _move(database, target)  # last: as long as there is no database, the home counts as empty


def _put_back_postgres(
    settings: Settings, manifest: Manifest, database: Path, _secret: Path, at: datetime
) -> None:
    _refuse_newer(settings.database_url, manifest)
    dumps.load_postgres(settings, database)
    _finish(settings.database_url, at)


def _finish(url: str, at: datetime) -> None:
    """Bring a database that was put back to the newest schema, and write down that it was."""
    with _bare_application(url) as app:
        schema.upgrade(app)
        with transaction() as session:
            audit.record(session, "database.restored", kind="database", subject=None, by=None, at=at)


def _refuse_newer(url: str, manifest: Manifest) -> None:
    with _bare_application(url):
        known = {script.revision for script in schema.migrations.script_directory.walk_revisions()}
    if manifest.schema not in known:
        raise ConflictError(_newer())


@contextmanager
def _bare_application(url: str) -> Iterator[Flask]:
    """Open an application that knows its database and nothing else."""
    app = Flask("services_dir")
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": url}}
    db.init_app(app)
    schema.init_app(app)
    with app.app_context():
        prepare(db.engine)
        try:
            yield app
        finally:
            db.session.close()
            db.engine.dispose()


def _refuse_used(settings: Settings) -> None:
    database = settings.database_file
    if database is not None and database.exists():
        raise ConflictError(_NOT_EMPTY, place=database)
    if database is None and not dumps.is_empty(settings.database_url):
        raise ConflictError(_NOT_EMPTY, place=N_("The database"))


def _refuse_other_key(settings: Settings, key: str) -> None:
    file = settings.home / secrets.FILE
    if settings.secret_key is not None and settings.secret_key != key:
        raise ConflictError(
            N_(
                "SERVICES_DIR_SECRET_KEY is not the key of this backup. "
                "Set it to the text of the file “secret” in the backup."
            )
        )
    if settings.secret_key is None and file.exists() and file.read_text().strip() != key:
        raise ConflictError(_NOT_EMPTY, place=settings.home)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    if not file.is_file():
        raise InvalidError(N_("There is no file {file}."), file=file)
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except _BROKEN as error:
        raise InvalidError(_NOT_A_BACKUP, file=file) from error


def _read_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """Read what a backup says of itself; it may hold exactly what it names, and only what we know."""
    if archive.getinfo(MANIFEST).file_size > _BLOCK:
        raise InvalidError(_NOT_A_BACKUP, file=file)
    try:
        kind = msgspec.json.decode(content := archive.read(MANIFEST), type=dict)
        if isinstance(kind.get("format"), int) and kind["format"] > FORMAT:
            raise ConflictError(_newer())
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError as error:
        raise InvalidError(_NOT_A_BACKUP, file=file) from error
    databases = manifest.files.keys() & {dumps.SQLITE, dumps.POSTGRESQL}
    is_ours = manifest.program == "services-dir" and len(databases) == 1
    if not is_ours or manifest.files.keys() - databases != {SECRET}:
        raise InvalidError(_NOT_A_BACKUP, file=file)
    if sorted(archive.namelist()) != sorted([MANIFEST, *manifest.files]):
        raise InvalidError(_NOT_A_BACKUP, file=file)
    return manifest


def _newer() -> str:
    return N_("A newer version of this program made this backup. Install that version to restore it.")


def _write(target: Path, parts: dict[str, Path], manifest: Manifest) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
            for name, path in parts.items():
                archive.write(path, name)
        handle.flush()
        os.fsync(handle.fileno())


def _take_out(archive: zipfile.ZipFile, name: str, part: Part, target: Path, file: Path) -> None:
    """Write a part to a file of our naming; its own name in the archive is never a path."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with archive.open(name) as source, os.fdopen(descriptor, "wb") as handle:
        shutil.copyfileobj(source, handle, _BLOCK)
    if _measure(target) != part:
        raise InvalidError(_NOT_A_BACKUP, file=file)


def _measure(path: Path) -> Part:
    with path.open("rb") as handle:
        return Part(path.stat().st_size, _digest(handle))


def _digest(handle: BufferedReader) -> str:
    return hashlib.file_digest(handle, "sha256").hexdigest()


def _move(source: Path, target: Path) -> None:
    """Move a file, for its owner only, in one step that cannot be half done."""
    source.chmod(0o600)
    if source.stat().st_dev == target.parent.stat().st_dev:
        source.replace(target)
    else:
        beside = target.with_name(f".{target.name}.restoring")
        shutil.copyfile(source, beside)
        beside.chmod(0o600)
        _sync(beside)
        beside.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
