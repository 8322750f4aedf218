"""Writes of verification: ask, remind, take answers, record calls, keep contacts."""

from services_dir.verification.operations.answers import (
    confirm,
    confirm_all,
    note_change,
    record_call,
    report_gone,
    stop_writing,
)
from services_dir.verification.operations.approvals import assure_approved
from services_dir.verification.operations.contacts import flag_bounced, remove_contact, save_contact
from services_dir.verification.operations.rounds import (
    MakeLink,
    remind_due,
    start_due_rounds,
    start_round,
    start_rounds,
)

__all__ = [
    "MakeLink",
    "assure_approved",
    "confirm",
    "confirm_all",
    "flag_bounced",
    "note_change",
    "record_call",
    "remind_due",
    "remove_contact",
    "report_gone",
    "save_contact",
    "start_due_rounds",
    "start_round",
    "start_rounds",
    "stop_writing",
]
