"""What a request can reach of the application: its settings."""

from __future__ import annotations

from typing import cast

from flask import current_app

from services_dir.settings import Settings


def settings() -> Settings:
    """Give the settings the application was made with."""
    return cast(Settings, current_app.config["SETTINGS"])
