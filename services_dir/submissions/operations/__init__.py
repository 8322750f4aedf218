"""What a sender can do: draft, send, send a newer version, take back; and what is kept of her."""

from services_dir.submissions.operations.bulk import Sending, open_submissions
from services_dir.submissions.operations.contacts import keep_contact
from services_dir.submissions.operations.drafting import Beginning, discard, drop_old_drafts, save, start
from services_dir.submissions.operations.links import DRAFT_LIVES, LINK_LIVES, add_link, give_link
from services_dir.submissions.operations.sending import (
    Sender,
    open_submission,
    revise,
    send_started,
    withdraw,
)

__all__ = [
    "DRAFT_LIVES",
    "LINK_LIVES",
    "Beginning",
    "Sender",
    "Sending",
    "add_link",
    "discard",
    "drop_old_drafts",
    "give_link",
    "keep_contact",
    "open_submission",
    "open_submissions",
    "revise",
    "save",
    "send_started",
    "start",
    "withdraw",
]
