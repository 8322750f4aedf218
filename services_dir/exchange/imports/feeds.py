"""Feeds: found by name, or begun with what is usual in their records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.catalog import gazetteer
from services_dir.catalog.kinds import Level
from services_dir.catalog.models import Schedule
from services_dir.errors import N_, InvalidError
from services_dir.exchange.imports.models import Feed
from services_dir.values import without_controls

_LONGEST = 120
_NO_ZONE = "UTC"


def find_feed(
    session: Session,
    name: str,
    *,
    at: datetime,
    address: str | None = None,
    level: Level | None = None,
    areas: Sequence[str] | None = None,
    zone: str | None = None,
) -> Feed:
    """Give the feed of a name, made if there is none yet, with what was said of it.

    Raises InvalidError for an empty name, an unknown place or one too many signs.
    """
    title = " ".join(without_controls(name).split())
    if not title or len(title) > _LONGEST:
        raise InvalidError(N_("Give the feed a name of at most {count} signs."), count=_LONGEST)
    feed = session.scalars(select(Feed).where(Feed.name == title)).one_or_none()
    if feed is None:
        feed = Feed(name=title, level=Level.LOCAL, zone=_usual_zone(session), areas="", made_at=at)
        session.add(feed)
    feed.address = address or feed.address
    feed.level = level or feed.level
    feed.zone = zone or feed.zone
    if areas is not None:
        feed.areas = ",".join(_known_areas(session, areas))
    session.flush()
    return feed


def _known_areas(session: Session, areas: Sequence[str]) -> list[str]:
    places = gazetteer.current(session)
    keys = []
    for area in areas:
        found = places.places.get(area) or places.find(area)
        if found is None:
            raise InvalidError(N_("We do not know the place “{value}”."), value=area)
        keys.append(found.key)
    return keys


def _usual_zone(session: Session) -> str:
    """Give the time zone of most schedules: what a directory covers is in its data, not in the code."""
    usual = select(Schedule.zone).group_by(Schedule.zone).order_by(func.count().desc(), Schedule.zone)
    return session.scalar(usual.limit(1)) or _NO_ZONE
