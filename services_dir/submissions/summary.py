"""What the queue lists and filters by, taken from a draft once, so that no list has to read documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
    summarize_all(session, [submission], [draft])


def summarize_all(session: Session, submissions: Sequence[Submission], drafts: Sequence[Draft]) -> None:
    """Note kinds of help and regions of drafts on their submissions, in one statement for all."""
    places = [_places(draft) for draft in drafts]
    regions = _regions(session, set().union(*places))
    for submission, draft, keys in zip(submissions, drafts, places, strict=True):
        if isinstance(draft, OrganizationDraft):
            submission.categories = submission.regions = None
            continue
        submission.categories = joined(draft.categories)
        submission.regions = joined(region for key in keys for region in regions.get(key, ()))


def _places(draft: Draft) -> set[str]:
    if isinstance(draft, OrganizationDraft):
        return set()
    areas = (*draft.service_areas, *(area for site in draft.sites for area in site.service_areas))
    towns = {key for site in draft.sites for key in (site.town, site.region) if key}
    return {area.place for area in areas} | towns


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


def _regions(session: Session, keys: set[str]) -> dict[str, set[str]]:
    """Give the regions of each place."""
    if not keys:
        return {}
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
    found: dict[str, set[str]] = {}
    for key, kind, region in rows:
        if kind in _WHOLE or region:
            found.setdefault(key, set()).add(key if kind in _WHOLE else region)
    return found
