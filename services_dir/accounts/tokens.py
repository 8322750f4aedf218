"""Links that work once: one table, one purpose each; the database decides who was first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from services_dir.accounts.models import LinkPurpose, OneTimeLink
from services_dir.accounts.rules import LINK_LASTS
from services_dir.errors import N_, NotFoundError
from services_dir.values import new_token, sha256

_DEAD = N_("This link was used already, or it is too old. Ask for a new one.")


def get_link(session: Session, token: str, at: datetime) -> OneTimeLink:
    """Give a link that still works, without using it. Raises NotFoundError."""
    link = session.scalar(select(OneTimeLink).where(_works(token, at)))
    if link is None:
        raise NotFoundError(_DEAD)
    return link


def make_link(session: Session, purpose: LinkPurpose, account_id: int | None, *, at: datetime) -> str:
    """Give a token for an account, in place of any unused one; the table keeps only its hash."""
    void_links(session, account_id, at=at)
    token = new_token()
    session.add(
        OneTimeLink(
            token_hash=sha256(token),
            purpose=purpose,
            account_id=account_id,
            made_at=at,
            expires_at=at + LINK_LASTS[purpose],
        )
    )
    session.flush()
    return token


def find_last_purpose(session: Session, account_id: int) -> LinkPurpose | None:
    """Give what the newest link of an account was for, or None if it never had one."""
    newest = select(OneTimeLink.purpose).where(OneTimeLink.account_id == account_id)
    return session.scalar(newest.order_by(OneTimeLink.id.desc()).limit(1))


def void_links(session: Session, account_id: int | None, *, at: datetime) -> None:
    """Make the unused links of an account useless; with None, those for the first administrator."""
    unused = OneTimeLink.account_id.is_not_distinct_from(account_id) & OneTimeLink.used_at.is_(None)
    session.execute(update(OneTimeLink).where(unused).values(used_at=at))


def use_link(session: Session, token: str, *, at: datetime) -> OneTimeLink:
    """Use a link up and give it. Raises NotFoundError if it was used, is too old or never was."""
    used = update(OneTimeLink).where(_works(token, at)).values(used_at=at).returning(OneTimeLink)
    link = session.scalars(used).one_or_none()
    if link is None:
        raise NotFoundError(_DEAD)
    return link


def _works(token: str, at: datetime) -> ColumnElement[bool]:
    is_it = OneTimeLink.token_hash == sha256(token)
    return and_(is_it, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > at)
