"""What the queue lists and filters by, taken from a draft once, so that no list has to read documents."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from services_dir.catalog.draft import Draft, OrganizationDraft
from services_dir.catalog.kinds import PlaceKind
from services_dir.catalog.models import Place
from services_dir.catalog.models.places import PlaceParent
from services_dir.submissions.models import Submission

_LONGEST = 400
# What stands for itself: a region, and areas that hold all regions.
_WHOLE = (PlaceKind.PLANNING_REGION, PlaceKind.STATE, PlaceKind.NATION)


def summarize(session: Session, submission: Submission, draft: Draft) -> None:
    """Note kinds of help and regions of a draft on its submission."""
    if isinstance(draft, OrganizationDraft):
        submission.categories = submission.regions = None
        return
    submission.categories = joined(draft.categories)
    areas = (*draft.service_areas, *(area for site in draft.sites for area in site.service_areas))
    places = {area.place for area in areas} | {
        p for site in draft.sites for p in (site.town, site.region) if p
    }
    submission.regions = joined(_regions(session, places))


def joined(words: Iterable[str]) -> str | None:
    """Give words as a text in which each stands between commas; None for no word, too many are cut."""
    text = ""
    for word in sorted(set(words)):
        if len(text) + len(word) + 2 <= _LONGEST:
            text += f",{word}"
    return f"{text}," if text else None


def split(text: str | None) -> list[str]:
    """Give the words of such a text."""
    return [word for word in (text or "").split(",") if word]


def _regions(session: Session, keys: set[str]) -> set[str]:
    if not keys:
        return set()
    parent = aliased(Place)
    rows = session.execute(
        select(Place.key, Place.kind, parent.key)
        .outerjoin(PlaceParent, PlaceParent.place_id == Place.id)
        .outerjoin(parent, parent.id == PlaceParent.parent_id)
        .where(
            Place.key.in_(keys),
            or_(parent.id.is_(None), Place.kind.in_(_WHOLE), parent.kind == PlaceKind.PLANNING_REGION),
        )
    )
    return {key if kind in _WHOLE else region for key, kind, region in rows if kind in _WHOLE or region}
