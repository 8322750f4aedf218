"""Reads of indicators: the figures, and the tables that were handed in."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.errors import N_, NotFoundError
from services_dir.indicators.models import IndicatorFigure, IndicatorImport
from services_dir.indicators.reading import FigureRow


def list_figures(session: Session) -> Sequence[IndicatorFigure]:
    """List all figures, by series and period."""
    order = (IndicatorFigure.series, IndicatorFigure.period, IndicatorFigure.breakdown, IndicatorFigure.part)
    return session.scalars(select(IndicatorFigure).order_by(*order)).all()


def list_imports(session: Session, most: int = 20) -> Sequence[IndicatorImport]:
    """List the newest tables that were handed in."""
    return session.scalars(select(IndicatorImport).order_by(IndicatorImport.id.desc()).limit(most)).all()


def get_import(session: Session, import_id: int) -> IndicatorImport:
    """Give a table that was handed in. Raises NotFoundError."""
    found = session.get(IndicatorImport, import_id)
    if found is None:
        raise NotFoundError(N_("There is no such import."))
    return found


def rows_of(held: IndicatorImport) -> list[FigureRow]:
    """Give the rows of a table as they were read."""
    return msgspec.json.decode(held.rows, type=list[FigureRow])
