"""The mail as servers read it: headers that nothing can be put into, text and HTML."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from email_validator import validate_email

from services_dir.mail.models import OutgoingMail
from services_dir.mail.operations import one_line


def write(mail: OutgoingMail, *, sender: str, name: str) -> EmailMessage:
    """Give a waiting mail with its headers; `sender` is our address, `name` how we call ourselves.

    The library's policy refuses line breaks in every header, and addresses are taken apart, not pasted.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(one_line(name), addr_spec=_ascii(sender))
    message["To"] = Address(addr_spec=_ascii(mail.recipient or ""))
    message["Subject"] = one_line(mail.subject or "")
    message["Date"] = format_datetime(mail.made_at)
    message["Message-ID"] = f"<{mail.uuid}@{_ascii(sender).rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # no answers from people on holiday
    message.set_content(mail.text or "", cte="quoted-printable")
    message.add_alternative(mail.html or "", subtype="html", cte="quoted-printable")
    message["Content-Language"] = mail.language  # last: a part takes over what begins like this
    return message


def _ascii(address: str) -> str:
    """Give an address with its domain in ASCII, where the part before it allows that."""
    checked = validate_email(address, check_deliverability=False, test_environment=True)
    return checked.ascii_email or f"{checked.local_part}@{checked.ascii_domain}"
