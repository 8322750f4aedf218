"""Codes that an app shows, anew every 30 seconds (TOTP, RFC 6238)."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

SECONDS = 30


def new_secret() -> str:
    """Give 160 random bits as the 32 letters that an app takes."""
    return pyotp.random_base32()


def address(secret: str, *, email: str, issuer: str) -> str:
    """Give the otpauth address that an app reads from a QR code."""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=email, issuer_name=issuer)


def code_at(secret: str, step: int) -> str:
    """Give the code of a step, which is the number of half minutes since 1970."""
    return pyotp.TOTP(secret, interval=SECONDS).generate_otp(step)


def step_at(at: datetime) -> int:
    """Give the step of a moment."""
    return int(at.timestamp()) // SECONDS


def find_step(secret: str, typed: str, at: datetime) -> int | None:
    """Give the step whose code was typed, or None; a clock may be wrong by one step either way."""
    code = "".join(typed.split())
    if not (code.isascii() and code.isdecimal()):  # compare_digest takes nothing but ASCII
        return None
    now = step_at(at)
    found = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(code_at(secret, step), code)]
    return found[-1] if found else None
