"""Errors whose message is a sentence for the person, marked here and translated by `web`."""

from __future__ import annotations

from typing import Any


def N_(message: str) -> str:
    """Mark a sentence for translation without translating it."""
    return message


class ServicesDirError(Exception):
    """A sentence for the person in front of the screen, with values to fill in."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message.format(**values) if values else message)
        self.message = message
        self.values = values


class NotFoundError(ServicesDirError):
    """There is no such thing; a page answers 404."""


class GoneError(ServicesDirError):
    """It was here and was taken back; a page answers 410."""


class ConflictError(ServicesDirError):
    """Somebody else was faster, or the state does not allow this; a page answers 409."""


class ForbiddenError(ServicesDirError):
    """This person may not do this; a page answers 403."""


class InvalidError(ServicesDirError):
    """What was sent cannot be understood or accepted; a page answers 422."""


class UnavailableError(ServicesDirError):
    """It is there and cannot be had at this moment; a page answers 503."""


class SettingsError(ServicesDirError):
    """A setting has a wrong value; the start stops with this sentence."""
