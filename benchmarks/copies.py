"""A large catalog in the database: the seed's programs copied, row by row, under ids of their own.

The copies share the seed's organizations. Statements that copy whole tables fill 100,000 programs in a minute
or two, where publishing each would take an hour.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Table, func, insert, literal, select
from sqlalchemy.sql.expression import ColumnElement

from services_dir.catalog.models import (
    Assurance,
    Link,
    Location,
    Phone,
    Program,
    ProgramLanguage,
    ProgramName,
    ProgramTerm,
    ProgramText,
    ProgramVersion,
    Schedule,
    ScheduleException,
    ScheduleInterval,
    ServiceArea,
    Site,
    Source,
)

_COPIED: tuple[Table, ...] = tuple(
    model.__table__
    for model in (
        Program,
        ProgramText,
        ProgramName,
        ProgramTerm,
        ProgramLanguage,
        Link,
        Source,
        Assurance,
        Location,
        Site,
        ServiceArea,
        Phone,
        Schedule,
        ScheduleInterval,
        ScheduleException,
    )
)
_STEP = 1_000_000  # between the ids of one copy and the next


def fill(connection: Connection, least: int, *, with_versions: bool = False) -> int:
    """Copy all programs until there are at least so many, and give how many there are.

    Only reports read versions; with them the database is twice as large.
    """
    tables = (*_COPIED, ProgramVersion.__table__) if with_versions else _COPIED
    held = connection.scalar(select(func.count()).select_from(Program)) or 0
    most = connection.scalar(select(func.max(Program.id))) or 0
    assert 0 < most < _STEP
    copies = -(-least // held) - 1
    for number in range(1, copies + 1):
        for table in tables:
            _copy(connection, table, number)
    return held * (copies + 1)


def _copy(connection: Connection, table: Table, number: int) -> None:
    """Copy the original rows of a table once more; what refers to a copied row refers to its copy."""
    names = [column.name for column in table.columns]
    key = next(iter(table.primary_key.columns))
    values = select(*(_value(column, number) for column in table.columns)).where(key < _STEP)
    connection.execute(insert(table).from_select(names, values))


def _value(column: Column, number: int) -> ColumnElement:
    targets = {key.column.table for key in column.foreign_keys}
    if targets & set(_COPIED) or (column.primary_key and column.name == "id"):
        return column + number * _STEP
    if column.name == "uuid":
        return literal(f"{number:08x}") + func.substr(column, 9)
    if column.name == "slug":
        return column + f"-{number}"
    return column
