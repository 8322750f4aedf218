"""How a number to call is written and linked."""

from __future__ import annotations

import phonenumbers
from flask import Flask

from services_dir.errors import N_

_TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
_DEEDS = {
    "voice": N_("Call"),
    "hotline": N_("Call"),
    "text": N_("Text"),
    "tty": N_("TTY"),
    "relay": N_("Relay"),
    "fax": N_("Fax"),
    "whatsapp": N_("WhatsApp"),
}


def phone_display(number: str) -> str:
    """Write an E.164 number as people read it; a short code stays as it is."""
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    if parsed.country_code != 1:
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    digits = str(parsed.national_number)
    if len(digits) != 10:
        return number
    spoken = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return f"1-{spoken}" if digits.startswith(_TOLL_FREE) else spoken


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
    for function in (phone_display, phone_href, phone_deed):
        app.add_template_global(function)
