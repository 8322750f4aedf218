"""What mails say: each kind with its subject, its paragraphs and the button in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from services_dir.errors import N_


class MailKind(StrEnum):
    """Why a mail is written."""

    PRIVATE_LINK = "private_link"  # values: link, label
    DECISION = "decision"  # values: link, label
    LAPSED = "lapsed"  # values: link, label
    INVITATION = "invitation"  # values: link
    RECOVERY = "recovery"  # values: link
    RECOVERY_DONE = "recovery_done"  # values: link, of the sign-in page
    VERIFICATION = "verification"  # values: link, label (the organization), count (of its programs)
    REMINDER = "reminder"  # the same
    DIGEST = "digest"  # values: link, waiting, overdue, due
    URGENT = "urgent"  # values: link


@dataclass(frozen=True)
class Message:
    """A mail to one person: its kind, where it goes, in which language, and what is filled in.

    No value may hold anything that is not public: a mail lies on machines that are not ours.
    """

    kind: MailKind
    to: str
    language: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """The words of a mail, marked for translation, with the names of values in braces."""

    subject: str
    before: tuple[str, ...]
    button: str  # the words on the link
    after: tuple[str, ...] = ()


_KEEP = N_("Keep this e-mail. Whoever has the link can do the same as you, so do not pass it on.")
_OPEN = N_("You need no account and no password. Opening the link changes nothing.")
_CONTACT = N_(
    "You get this e-mail because you are our contact. On the page you can ask us to stop writing to you."
)
_NOT_YOU = N_("If you did not expect this e-mail, you need not do anything.")

LETTERS: dict[MailKind, Letter] = {
    MailKind.PRIVATE_LINK: Letter(
        N_("Your private link: {label}"),
        (
            N_("This is your private link to what you tell us about “{label}”."),
            N_("With it you can go on writing, see where it stands, answer questions, or take it back."),
        ),
        N_("Open your page"),
        (_KEEP, _NOT_YOU),
    ),
    MailKind.DECISION: Letter(
        N_("There is an answer for you: {label}"),
        (
            N_("A coordinator has read what you sent us about “{label}”."),
            N_("Follow the link to read the answer. If there are questions, you can answer them there."),
        ),
        N_("Read the answer"),
        (_KEEP,),
    ),
    MailKind.LAPSED: Letter(
        N_("We closed what you sent us: {label}"),
        (
            N_("We asked you something about “{label}” and did not hear from you, so we closed it."),
            N_("If it should still be listed, please send it again. The link leads to what you wrote."),
        ),
        N_("Open your page"),
        (_NOT_YOU,),
    ),
    MailKind.INVITATION: Letter(
        N_("Please help to keep the services directory"),
        (
            N_("Somebody who keeps the services directory asks you to work on it with them."),
            N_("Follow the link to choose a password. The link works once and ends after some days."),
        ),
        N_("Accept the invitation"),
        (_NOT_YOU,),
    ),
    MailKind.RECOVERY: Letter(
        N_("A new way into the services directory for you"),
        (
            N_(
                "Somebody who keeps the services directory lets you sign in anew. "
                "Every device was signed out."
            ),
            N_("Follow the link to choose a password. The link works once, within a day."),
        ),
        N_("Choose a password"),
        (N_("If you did not ask for this, tell an administrator at once, and do not follow the link."),),
    ),
    MailKind.RECOVERY_DONE: Letter(
        N_("Your account was opened anew"),
        (
            N_("The way you sign in to the services directory was just set anew. All sessions were ended."),
            N_("If this was not you, tell an administrator at once."),
        ),
        N_("Go to the sign-in page"),
    ),
    MailKind.VERIFICATION: Letter(
        N_("Is this still right? Your entry in the services directory"),
        (
            N_("The services directory lists programs of {label}. Number of programs to check: {count}."),
            N_(
                "People in danger rely on it. Please look at each program and tell us: it is right, "
                "something must change, or it no longer exists. This takes a few minutes."
            ),
        ),
        N_("Check the programs"),
        (
            _OPEN,
            _CONTACT,
        ),
    ),
    MailKind.REMINDER: Letter(
        N_("Please check: your entry in the services directory"),
        (
            N_("Some weeks ago we asked you to check the programs of {label}. Still to check: {count}."),
            N_("Without an answer, the directory will say that these programs are not confirmed."),
        ),
        N_("Check the programs"),
        (
            _OPEN,
            _CONTACT,
        ),
    ),
    MailKind.DIGEST: Letter(
        N_("What waits in the services directory today"),
        (
            N_("Waiting to be read: {waiting}"),
            N_("Waiting longer than they should: {overdue}"),
            N_("Programs to be confirmed: {due}"),
        ),
        N_("Open the workspace"),
    ),
    MailKind.URGENT: Letter(
        N_("Urgent: please read a report in the services directory"),
        (
            N_("Somebody reports that a number does not answer, or that an address should not be public."),
            N_("Please look at it now. Nothing more is said here, because e-mail can be read by others."),
        ),
        N_("Open the report"),
    ),
}
