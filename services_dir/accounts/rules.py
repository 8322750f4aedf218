"""Decisions about accounts: who may do what, which passwords are good, where one may go after sign-in."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from services_dir.accounts.models import LinkPurpose, Role
from services_dir.errors import N_, InvalidError
from services_dir.values import without_controls


class Permission(StrEnum):
    """What an account may do in the workspace."""

    REVIEW = "review"  # propose, decide, keep the catalog true
    ADMINISTER = "administer"  # accounts, words, policy


PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.COORDINATOR: frozenset({Permission.REVIEW}),
    Role.ADMINISTRATOR: frozenset({Permission.REVIEW, Permission.ADMINISTER}),
}

LINK_LASTS: Final[dict[LinkPurpose, timedelta]] = {
    LinkPurpose.FIRST_ADMINISTRATOR: timedelta(days=7),
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.RECOVERY: timedelta(days=1),
}

UNCONFIRMED_LASTS: Final = timedelta(minutes=30)  # enough to install an app on a phone
PROOF_GRACE: Final = timedelta(minutes=10)  # for a form that was shown while the proof was fresh

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 200  # a longer one only costs time to hash

# The commonest passwords that are long enough, compared without spaces, signs and capitals.
_COMMONEST = frozenset(
    """
    123123123123 123456123456 1234567890123 12345678901234 123456789012 1234567890ab 123456789abc
    000000000000 111111111111 1q2w3e4r5t6y 1qaz2wsx3edc abcdefghijkl abcdef123456 abc123abc123
    administrator administrator1 adminadminadmin adminadmin123 admin1234567 changemechangeme changeme1234
    correcthorsebatterystaple iloveyou1234 iloveyouiloveyou letmeinletmein
    letmein12345 passwordpassword password1234 password12345 password123456 password1password
    qwertyqwerty qwerty123456 qwertyuiop12 qwertyuiop123 qwertyuiopasdf qwertyuiopasdfgh asdfghjkl123
    welcomewelcome welcome12345 welcome123456 monkeymonkey trustno1trustno1 zaq12wsxcde3
    """.split()
)


def fold_email(text: str) -> str:
    """Give an e-mail address in the one form in which it is stored and compared."""
    return unicodedata.normalize("NFKC", without_controls(text)).strip().casefold()


def check_password(password: str, email: str) -> None:
    """Raise InvalidError with a sentence if this should not be the password of this e-mail address."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidError(N_("Use at least {least} characters."), least=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise InvalidError(N_("Use at most {most} characters."), most=LONGEST_PASSWORD)
    if fold_email(password) in {email, email.partition("@")[0]}:
        raise InvalidError(N_("Do not use your e-mail address as your password."))
    plain = "".join(c for c in fold_email(password) if c.isalnum())
    if plain in _COMMONEST or len(set(password)) < 4:
        raise InvalidError(N_("Many people use this password, so it is easy to guess. Choose another one."))


def local_path(text: str | None) -> str | None:
    """Give a path of the workspace back, and None for anything that could lead elsewhere."""
    if not text or len(text) > 2000 or "\\" in text or any(ord(c) <= 32 or ord(c) == 127 for c in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    is_local = not parts.scheme and not parts.netloc and text.startswith("/")
    return text if is_local and (parts.path + "/").startswith("/workspace/") else None


def is_over(
    started_at: datetime, seen_at: datetime, *, idle: timedelta, absolute: timedelta, at: datetime
) -> bool:
    """Tell whether a session has come to its end."""
    return at - started_at >= absolute or at - seen_at >= idle


def is_fresh(proved_at: datetime, *, within: timedelta, at: datetime) -> bool:
    """Tell whether somebody proved lately enough who she is."""
    return at - proved_at < within


def device_name(user_agent: str | None) -> str:
    """Give coarse words for a browser, such as "Firefox on Windows", so that people know their sessions."""
    text = user_agent or ""
    browsers = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "CriOS": "Chrome"}
    browsers |= {"Chrome": "Chrome", "Safari": "Safari"}
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
    systems |= {"Mac OS": "Mac", "CrOS": "Chromebook", "Linux": "Linux"}
    browser = next((name for mark, name in browsers.items() if mark in text), "")
    system = next((name for mark, name in systems.items() if mark in text), "")
    return " on ".join(part for part in (browser, system) if part)
