"""Writes of yearly reports: publishing one, and forgetting files that must be made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.catalog import past
from services_dir.catalog.kinds import ChangeKind
from services_dir.catalog.models import CatalogChange, CatalogState, Program
from services_dir.catalog.past import Removal
from services_dir.errors import N_, ConflictError
from services_dir.reports.annual.figures import Figures
from services_dir.reports.annual.models import AnnualFile, AnnualReport


def next_edition(session: Session, year: int) -> int:
    """Give the number of the next edition of a year."""
    newest = session.scalar(select(func.max(AnnualReport.edition)).where(AnnualReport.year == year))
    return (newest or 0) + 1


def publish(
    session: Session,
    figures: Figures,
    files: Mapping[str, bytes],
    *,
    edition: int,
    seen_change: int,
    by: int | None,
    at: datetime,
) -> AnnualReport:
    """Keep figures for good, with the PDF by language.

    The files were set from the catalog as of `seen_change`: if an address was removed since, they are not
    kept. Raises ConflictError if somebody else published this edition meanwhile.
    """
    _wait_for_removals(session)
    report = AnnualReport(
        year=figures.year,
        edition=edition,
        as_of=figures.as_of,
        moment=figures.moment,
        published_at=at,
        published_by_id=by,
        figures=figures.to_json(),
    )
    session.add(report)
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError(N_("Somebody else published this report at the same time.")) from error
    if _was_address_removed(session, seen_change):
        files = {}
    session.add_all(
        AnnualFile(report_id=report.id, language=language, content=content)
        for language, content in files.items()
    )
    audit.record(session, "report.published", kind="annual_report", subject=report.id, by=by, at=at)
    session.flush()
    return report


class _Files:
    """Files of reports name programs: where an address leaves the past, they are made again without it."""

    def documents(self, session: Session, program: Program) -> Iterable[str]:
        """Give nothing: what a report says of a program stands in its versions."""
        return ()

    def rewrite(self, session: Session, program: Program, removal: Removal) -> None:
        """Forget all files; figures stay, for they hold no text of a program."""
        _wait_for_removals(session)
        session.execute(delete(AnnualFile))


def _wait_for_removals(session: Session) -> None:
    """Let only one transaction at a time keep files or forget them: who holds the catalog's state."""
    session.execute(select(CatalogState.id).with_for_update())


def _was_address_removed(session: Session, since: int) -> bool:
    removed = select(CatalogChange.number).where(
        CatalogChange.number > since, CatalogChange.kind == ChangeKind.HIDE_PLACE
    )
    return session.scalar(removed.limit(1)) is not None


past.register(_Files())
