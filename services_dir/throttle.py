"""How often one address may do something, counted without keeping the address.

A row holds an HMAC of the scope and the address under a key of the day. The key is made at the first
count of a day (UTC) and destroyed with that day's rows at the first count of the next, so that
nobody can find out later whose rows they were. Counting therefore starts over at midnight UTC.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, date, datetime, timedelta
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network
from typing import Any, Final

from sqlalchemy import Date, LargeBinary, String, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from services_dir.db import Base


class ThrottleKey(Base):
    """The secret of one day."""

    __tablename__ = "throttle_key"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class ThrottleCount(Base):
    """How often something was done since a moment, by an address that cannot be read from it."""

    __tablename__ = "throttle_count"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int]


TABLES_LEFT_OUT_OF_BACKUPS: Final = (ThrottleKey.__tablename__, ThrottleCount.__tablename__)


def allow(session: Session, scope: str, address: str, *, limit: int, within: timedelta, at: datetime) -> bool:
    """Count one more deed of an address and tell whether it may happen.

    At most `limit` are allowed in a period of length `within` that opens with the first of them; what is
    refused is not counted. One statement counts and decides, so that two at once cannot both be the last.
    The session must be in a transaction that writes, and whoever calls commits it before the deed.
    """
    if limit < 1:
        return False
    digest = _digest(session, scope, address, at)
    is_over = ThrottleCount.since <= at - within
    first = _insert(session)(ThrottleCount).values(digest=digest, since=at, count=1)
    counted = first.on_conflict_do_update(
        index_elements=[ThrottleCount.digest],
        set_={
            "since": case((is_over, first.excluded.since), else_=ThrottleCount.since),
            "count": case((is_over, 1), else_=ThrottleCount.count + 1),
        },
        where=is_over | (ThrottleCount.count < limit),
    ).returning(ThrottleCount.digest)
    return session.execute(counted).first() is not None


def network(address: str | None) -> str:
    """Give what stands for a network address: of IPv6 the first half, for one line has 2^64 of them."""
    plain = (address or "").partition("%")[0]  # without the zone of a link-local address
    try:
        parsed = IPv6Address(plain)
    except AddressValueError:
        return plain
    mapped: IPv4Address | None = parsed.ipv4_mapped
    return str(mapped or IPv6Network((parsed, 64), strict=False))


def forget(session: Session, scope: str, address: str, *, at: datetime) -> None:
    """Take back what was counted for an address, because it proved to be welcome."""
    session.execute(delete(ThrottleCount).where(ThrottleCount.digest == _digest(session, scope, address, at)))


def clean(session: Session, *, at: datetime) -> None:
    """Destroy the keys of former days and all that was counted with them."""
    today = at.astimezone(UTC).date()
    session.execute(delete(ThrottleKey).where(ThrottleKey.day < today))
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    session.execute(delete(ThrottleCount).where(ThrottleCount.since < midnight))


def _digest(session: Session, scope: str, address: str, at: datetime) -> str:
    message = f"{scope}\0{address}".encode(errors="backslashreplace")
    return hmac.new(_key_of_day(session, at), message, hashlib.sha256).hexdigest()


def _key_of_day(session: Session, at: datetime) -> bytes:
    today = at.astimezone(UTC).date()
    find = select(ThrottleKey.key).where(ThrottleKey.day == today)
    key = session.scalar(find)
    if key is None:
        clean(session, at=at)
        made = _insert(session)(ThrottleKey).values(day=today, key=secrets.token_bytes(32))
        session.execute(made.on_conflict_do_nothing())  # somebody else may make it at the same moment
        key = session.scalars(find).one()
    return key


def _insert(session: Session) -> Any:
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert if is_postgresql else sqlite.insert
