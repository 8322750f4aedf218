"""Passkeys (WebAuthn): what the browser is asked, and what its answer proves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services_dir.accounts import challenges
from services_dir.errors import N_, InvalidError

_LONGEST = 20_000  # of an answer; the largest real ones have a tenth of that
_NOT_READ = N_("The passkey's answer could not be used. Please try again.")


@dataclass(frozen=True)
class Ceremony:
    """One side of a ceremony: the site's address and name, the key of the register, and the browser."""

    origin: str  # such as "https://services.example.org"
    name: str
    key: str
    browser: str  # the CSRF secret in its cookie

    @property
    def host(self) -> str:
        """Give the name for which passkeys are made: the host without its port."""
        return urlsplit(self.origin).hostname or ""

    @property
    def is_possible(self) -> bool:
        """Tell whether browsers make passkeys here: for a name over HTTPS, or on this machine."""
        try:
            ip_address(self.host)
        except ValueError:
            return bool(self.host) and (self.origin.startswith("https://") or self.host == "localhost")
        return False


@dataclass(frozen=True)
class NewKey:
    """The public half of a passkey that was just made."""

    credential_id: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class Answer:
    """What a passkey answered: still to be verified with its public half."""

    credential_id: str
    challenge: bytes
    text: str


def ask_to_make(
    ceremony: Ceremony, *, account_id: int, email: str, known: Sequence[str], at: datetime
) -> str:
    """Give the options, as JSON, with which a browser makes a passkey; `known` ones are not made twice."""
    options = webauthn.generate_registration_options(
        rp_id=ceremony.host,
        rp_name=ceremony.name,
        user_id=f"account-{account_id}".encode(),
        user_name=email,
        challenge=challenges.new_challenge(ceremony.key, ceremony.browser, at=at),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_described(known),
    )
    return webauthn.options_to_json(options)


def ask_to_prove(ceremony: Ceremony, *, known: Sequence[str] = (), verified: bool, at: datetime) -> str:
    """Give the options, as JSON, with which a browser asks for one of the `known` passkeys, or for any.

    `verified` asks for a finger, a face or a PIN as well: then the passkey is the whole sign-in.
    """
    wish = UserVerificationRequirement.REQUIRED if verified else UserVerificationRequirement.DISCOURAGED
    options = webauthn.generate_authentication_options(
        rp_id=ceremony.host,
        challenge=challenges.new_challenge(ceremony.key, ceremony.browser, at=at),
        allow_credentials=_described(known),
        user_verification=wish,
    )
    return webauthn.options_to_json(options)


def read_new(ceremony: Ceremony, text: str, *, at: datetime) -> tuple[NewKey, bytes]:
    """Give the passkey that a browser made, and the challenge it answered. Raises InvalidError."""
    try:
        credential = parse_registration_credential_json(_loaded(text))
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        _check_challenge(ceremony, challenge, at)
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=ceremony.host,
            expected_origin=ceremony.origin,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise InvalidError(_NOT_READ) from error
    identity = bytes_to_base64url(verified.credential_id)
    return NewKey(identity, verified.credential_public_key, verified.sign_count), challenge


def read_answer(ceremony: Ceremony, text: str, *, at: datetime) -> Answer:
    """Give what a passkey answered, if it was asked by us just now. Raises InvalidError."""
    try:
        credential = parse_authentication_credential_json(_loaded(text))
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise InvalidError(_NOT_READ) from error
    _check_challenge(ceremony, challenge, at)
    return Answer(bytes_to_base64url(credential.raw_id), challenge, text)


def new_count(
    ceremony: Ceremony, answer: Answer, *, public_key: bytes, sign_count: int, verified: bool
) -> int | None:
    """Give how often the passkey has signed by now, or None if the answer is not of this passkey."""
    try:
        result = webauthn.verify_authentication_response(
            credential=_loaded(answer.text),
            expected_challenge=answer.challenge,
            expected_rp_id=ceremony.host,
            expected_origin=ceremony.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=verified,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return None
    return result.new_sign_count


def _check_challenge(ceremony: Ceremony, challenge: bytes, at: datetime) -> None:
    if not challenges.is_ours(challenge, ceremony.key, ceremony.browser, at=at):
        raise InvalidError(N_("This page was open for very long. Please try again."))


def _loaded(text: str) -> dict[str, object]:
    if len(text) > _LONGEST:
        raise ValueError("too long")
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def _described(known: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(identity)) for identity in known]
