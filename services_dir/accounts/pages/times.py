"""Moments in words."""

from __future__ import annotations

from datetime import datetime

from flask_babel import format_timedelta


def ago(moment: datetime, at: datetime) -> str:
    """Say how long ago something was, or in how long it will be: words that need no time zone."""
    return format_timedelta(moment - at, add_direction=True)
