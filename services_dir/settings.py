"""What is set from outside, by environment variables; read once, at the start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from services_dir.errors import N_, SettingsError


def find_data() -> Path:
    """Give the folder that holds `templates`, `static` and `seed_data`: in a wheel the package's own."""
    package = Path(__file__).resolve().parent
    return package / "_data" if (package / "_data").is_dir() else package.parent


ROOT = find_data()
TEMPLATES, STATIC, SEED_DATA = ROOT / "templates", ROOT / "static", ROOT / "seed_data"


SEARCH_MEMORY = 64 * 1024 * 1024  # enough for the words of 100,000 programs that are asked for often


@dataclass(frozen=True)
class Settings:
    """All settings, checked. `docs/settings.md` lists them for people who run this."""

    home: Path
    database_url: str
    secret_key: str | None
    base_url: str
    mail_url: str | None
    trusted_proxies: int
    exit_url: str
    search_memory: int  # bytes in each process for what was read and computed for words

    @property
    def uses_sqlite(self) -> bool:
        """Tell whether the database is one SQLite file."""
        return self.database_url.startswith("sqlite")

    @property
    def database_file(self) -> Path | None:
        """Give the SQLite file, or None on PostgreSQL."""
        name = make_url(self.database_url).database
        return Path(name) if self.uses_sqlite and name else None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings. Raises SettingsError with one sentence about the first wrong value."""
        env = os.environ if environ is None else environ
        home = _home(env.get("SERVICES_DIR_HOME") or "instance")
        database_url = _database_url(env.get("SERVICES_DIR_DATABASE_URL", ""), home)
        secret_key = env.get("SERVICES_DIR_SECRET_KEY") or None
        if secret_key is not None and len(secret_key) < 32:
            raise SettingsError(N_("SERVICES_DIR_SECRET_KEY needs at least 32 characters."))
        if secret_key is None and not database_url.startswith("sqlite"):
            raise SettingsError(
                N_("SERVICES_DIR_SECRET_KEY must be set with PostgreSQL, the same on every machine.")
            )
        return cls(
            home=home,
            database_url=database_url,
            secret_key=secret_key,
            base_url=_web_address(env, "SERVICES_DIR_BASE_URL", "").rstrip("/"),
            mail_url=_mail_url(env.get("SERVICES_DIR_MAIL_URL", "")),
            trusted_proxies=_hops(env.get("SERVICES_DIR_TRUSTED_PROXIES", "")),
            exit_url=_web_address(env, "SERVICES_DIR_EXIT_URL", "https://www.weather.gov/"),
            search_memory=_megabytes(env.get("SERVICES_DIR_SEARCH_MEMORY", "")),
        )


def _home(value: str) -> Path:
    sentence = N_("SERVICES_DIR_HOME is {value}, which is not a folder.")
    try:
        home = Path(value).expanduser().absolute()
    except RuntimeError as error:  # the home of a user that this machine does not have
        raise SettingsError(sentence, value=value) from error
    if home.exists() and not home.is_dir():
        raise SettingsError(sentence, value=home)
    return home


def _database_url(value: str, home: Path) -> str:
    if not value:
        return f"sqlite:///{home / 'services.sqlite'}"
    sentence = N_(
        "SERVICES_DIR_DATABASE_URL must look like sqlite:////folder/file.sqlite or "
        "postgresql://user:password@host/name."
    )
    try:
        url = make_url(value)
    except (ArgumentError, ValueError) as error:  # the latter for a port that is no number
        raise SettingsError(sentence) from error
    if url.drivername == "sqlite" and url.database:
        return f"sqlite:///{Path(url.database).absolute()}"
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    raise SettingsError(sentence)


def _web_address(env: Mapping[str, str], name: str, default: str) -> str:
    value = env.get(name) or default
    if not value:
        return ""
    if not _is_address(value, ("http", "https")):
        raise SettingsError(
            N_("{name} must be a web address such as https://services.example.org."), name=name
        )
    return value


def _mail_url(value: str) -> str | None:
    if not value:
        return None
    if not _is_address(value, ("smtp", "smtps")):
        raise SettingsError(
            N_("SERVICES_DIR_MAIL_URL must look like smtp://user:password@mail.example.org:587.")
        )
    return value


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        has_host = bool(parts.hostname) and parts.port != 0  # asking for the port checks it
    except ValueError:
        return False
    return parts.scheme in schemes and has_host and not any(c.isspace() for c in value)


def _megabytes(value: str) -> int:
    if not value:
        return SEARCH_MEMORY
    if not (value.isascii() and value.isdecimal() and len(value) <= 5 and int(value) >= 1):
        raise SettingsError(N_("SERVICES_DIR_SEARCH_MEMORY must be a number of megabytes from 1 to 99999."))
    return int(value) * 1024 * 1024


def _hops(value: str) -> int:
    if not value:
        return 0
    if not (value.isascii() and value.isdecimal() and len(value) <= 2) or int(value) > 10:
        raise SettingsError(N_("SERVICES_DIR_TRUSTED_PROXIES must be a number of proxies from 0 to 10."))
    return int(value)
