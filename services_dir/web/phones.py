"""How a number to call is written and linked."""

from __future__ import annotations

from flask import Flask

from services_dir.errors import N_
from services_dir.values import spoken_number

_DEEDS = {
    "voice": N_("Call"),
    "hotline": N_("Call"),
    "text": N_("Text"),
    "tty": N_("TTY"),
    "relay": N_("Relay"),
    "fax": N_("Fax"),
    "whatsapp": N_("WhatsApp"),
}


def phone_href(kind: str, number: str, extension: str | None = None) -> str | None:
    """Give what a tap on the number opens, or None for kinds that a phone cannot dial."""
    if kind in ("fax", "whatsapp"):
        return None
    if kind == "text":
        return f"sms:{number}"
    digits = "".join(c for c in extension or "" if c.isdecimal())
    return f"tel:{number};ext={digits}" if digits else f"tel:{number}"


def phone_deed(kind: str) -> str:
    """Give the marked word for what one does with a number of this kind."""
    return _DEEDS.get(kind, _DEEDS["voice"])


def init_app(app: Flask) -> None:
    """Give the functions to templates."""
    for function in (spoken_number, phone_href, phone_deed):
        app.add_template_global(function)
