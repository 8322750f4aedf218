"""Settings: what is read from the environment, and the one sentence about a wrong value."""

from __future__ import annotations

from pathlib import Path

import pytest

from services_dir.errors import SettingsError
from services_dir.settings import Settings

KEY = "not a secret: only tests know this key"


def test_without_settings_everything_lies_in_a_folder_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    settings = Settings.from_environment({})

    assert settings.home == tmp_path / "instance"
    assert settings.database_file == tmp_path / "instance" / "services.sqlite"
    assert (settings.secret_key, settings.mail_url, settings.base_url) == (None, None, "")
    assert settings.trusted_proxies == 0


def test_a_postgresql_address_names_the_driver_and_keeps_its_password():
    settings = Settings.from_environment(
        {
            "SERVICES_DIR_DATABASE_URL": "postgres://register:made-up@db.example/register",
            "SERVICES_DIR_SECRET_KEY": KEY,
        }
    )

    assert settings.database_url == "postgresql+psycopg://register:made-up@db.example/register"
    assert not settings.uses_sqlite
    assert settings.database_file is None


def test_a_slash_at_the_end_of_the_base_address_does_not_count():
    settings = Settings.from_environment({"SERVICES_DIR_BASE_URL": "https://services.example.org/"})

    assert settings.base_url == "https://services.example.org"


def test_the_memory_of_search_is_given_in_megabytes():
    assert Settings.from_environment({}).search_memory == 64 * 1024 * 1024
    assert Settings.from_environment({"SERVICES_DIR_SEARCH_MEMORY": "512"}).search_memory == 512 * 1024 * 1024


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SERVICES_DIR_HOME", __file__),
        ("SERVICES_DIR_HOME", "~nobody-of-this-name/home"),
        ("SERVICES_DIR_DATABASE_URL", "somewhere"),
        ("SERVICES_DIR_DATABASE_URL", "sqlite://"),
        ("SERVICES_DIR_DATABASE_URL", "mysql://h/n"),
        ("SERVICES_DIR_DATABASE_URL", "postgresql://u:p@h:port/n"),
        ("SERVICES_DIR_SECRET_KEY", "short"),
        ("SERVICES_DIR_BASE_URL", "services.example.org"),
        ("SERVICES_DIR_BASE_URL", "https://[broken"),
        ("SERVICES_DIR_BASE_URL", "https://services.example.org:port"),
        ("SERVICES_DIR_MAIL_URL", "mail.example.org"),
        ("SERVICES_DIR_MAIL_URL", "smtp://[broken"),
        ("SERVICES_DIR_MAIL_URL", "smtp://mail.example.org:port"),
        ("SERVICES_DIR_TRUSTED_PROXIES", "-1"),
        ("SERVICES_DIR_TRUSTED_PROXIES", "11"),
        ("SERVICES_DIR_TRUSTED_PROXIES", "1" * 5000),
        ("SERVICES_DIR_EXIT_URL", "javascript:alert(1)"),
        ("SERVICES_DIR_SEARCH_MEMORY", "0"),
        ("SERVICES_DIR_SEARCH_MEMORY", "96 MB"),
        ("SERVICES_DIR_SEARCH_MEMORY", "100000"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_setting(name, value):
    with pytest.raises(SettingsError, match=name) as caught:
        Settings.from_environment({"SERVICES_DIR_SECRET_KEY": KEY} | {name: value})

    assert "\n" not in str(caught.value)


def test_postgresql_without_a_key_stops_the_start():
    with pytest.raises(SettingsError, match="must be set with PostgreSQL"):
        Settings.from_environment({"SERVICES_DIR_DATABASE_URL": "postgresql://u@h/n"})


def test_a_home_below_the_one_of_the_user_is_found(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))

    assert Settings.from_environment({"SERVICES_DIR_HOME": "~/register"}).home == Path(tmp_path, "register")
