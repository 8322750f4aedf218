"""Writes of indicators: planning an import of figures, and applying it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from services_dir import audit
from services_dir.errors import N_, ConflictError
from services_dir.indicators import queries
from services_dir.indicators.models import ImportState, IndicatorFigure, IndicatorImport
from services_dir.indicators.reading import FigureRow, read_table
from services_dir.values import Labelled

_SAID = ("value", "source_title", "source_url", "source_as_of", "note")


class Verdict(Labelled):
    """What an import does with a row."""

    NEW = "new", N_("New")
    CHANGED = "changed", N_("Changed")
    SAME = "same", N_("The same")
    REMOVED = "removed", N_("Taken away")
    REFUSED = "refused", N_("Refused")


@dataclass(frozen=True)
class PlanLine:
    """A row of a table and what becomes of it; `before` is the figure that is there now."""

    row: FigureRow
    verdict: Verdict
    before: IndicatorFigure | None


def plan(
    session: Session, content: bytes, file_name: str, *, by: int | None, at: datetime
) -> IndicatorImport:
    """Read a table and keep it, to be applied; no figure changes. Raises InvalidError if it is no table."""
    rows = read_table(content)
    held = IndicatorImport(
        file_name=file_name[:200],
        rows=msgspec.json.encode(rows).decode(),
        state=ImportState.PLANNED,
        made_by_id=by,
        made_at=at,
        applied_at=None,
    )
    session.add(held)
    session.flush()
    audit.record(session, "indicators.planned", kind="indicator_import", subject=held.id, by=by, at=at)
    return held


def judge(session: Session, rows: Sequence[FigureRow]) -> list[PlanLine]:
    """Say what becomes of each row, by what is there now."""
    held = {(one.series, one.period, one.breakdown, one.part): one for one in queries.list_figures(session)}
    return [PlanLine(row, _verdict(row, held.get(row.key)), held.get(row.key)) for row in rows]


def apply(session: Session, import_id: int, *, by: int | None, at: datetime) -> list[PlanLine]:
    """Do what the plan says; rows that were refused are left out.

    Raises NotFoundError, or ConflictError if it was applied before.
    """
    held = queries.get_import(session, import_id)
    session.refresh(held, with_for_update=True)
    if held.state is ImportState.APPLIED:
        raise ConflictError(N_("This import was applied already."))
    lines = judge(session, queries.rows_of(held))
    for line in lines:
        _do(session, line, held)
    held.state, held.applied_at = ImportState.APPLIED, at
    changed = sorted({line.row.series for line in lines if line.verdict not in _NOTHING})
    audit.record(
        session,
        "indicators.applied",
        kind="indicator_import",
        subject=held.id,
        by=by,
        at=at,
        fields=changed,
    )
    return lines


_NOTHING = (Verdict.SAME, Verdict.REFUSED)


def _verdict(row: FigureRow, before: IndicatorFigure | None) -> Verdict:
    if row.problem:
        return Verdict.REFUSED
    if row.removes:
        return Verdict.REMOVED if before is not None else Verdict.SAME
    if before is None:
        return Verdict.NEW
    is_same = all(getattr(before, name) == getattr(row, name) for name in _SAID)
    return Verdict.SAME if is_same else Verdict.CHANGED


def _do(session: Session, line: PlanLine, held: IndicatorImport) -> None:
    if line.verdict in _NOTHING:
        return
    if line.verdict is Verdict.REMOVED:
        session.delete(line.before)
        return
    series, period, breakdown, part = line.row.key
    figure = line.before or IndicatorFigure(series=series, period=period, breakdown=breakdown, part=part)
    for name in _SAID:
        setattr(figure, name, getattr(line.row, name))
    figure.import_id = held.id
    session.add(figure)
