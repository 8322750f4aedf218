"""What a sender does step by step, for tests: begin, write, send."""

from __future__ import annotations

from typing import Any

from tests.support.client import Visit, Visitor

PROGRAM_FIELDS: dict[str, dict[str, Any]] = {
    "program": {
        "name": "Lantern legal clinic",
        "description": "Made-up lawyers help with papers.",
        "organization": "Made-up Keepers",
        "level": "local",
    },
    "help": {"categories": ["legal-assistance", "housing"]},
    "reach": {"phones-0-number": "(860) 555-0123"},
    "where": {"service_areas-0-place": "hartford county"},
    "you": {
        "sources-0-url": "www.example.org/clinic",
        "sender_name": "Pat Made-up",
        "sender_email": "pat@example.org",
    },
}


def begin(client: Visitor, path: str = "/submit", **typed: Any) -> str:
    """Press Start, and give the address of the sender's own page."""
    sent = client.submit(client.get(path), typed)
    assert sent.location
    return sent.location.partition("/edit")[0]


def write(client: Visitor, own: str, step: str, typed: dict[str, Any], *, status: int = 303) -> Visit:
    """Fill in one step and press Next."""
    address = f"{own}/edit/{step}"
    return client.submit(client.get(address), typed, action=address, status=status)


def fill(client: Visitor, own: str, **changes: dict[str, Any]) -> None:
    """Fill in every step that is needed; `changes` replace or add what is typed on a step."""
    for step, typed in (
        PROGRAM_FIELDS | {k: PROGRAM_FIELDS.get(k, {}) | v for k, v in changes.items()}
    ).items():
        write(client, own, step, typed)


def send(client: Visitor, own: str, *, status: int = 303, **typed: Any) -> Visit:
    """Press Send on the last page."""
    address = f"{own}/check"
    return client.submit(client.get(address), typed, action=address, status=status)


def propose(client: Visitor, path: str = "/submit", **changes: dict[str, Any]) -> str:
    """Suggest a program from the first button to the last, and give the sender's own page."""
    own = begin(client, path)
    fill(client, own, **changes)
    send(client, own, message="I work there.")
    return own
