"""Describing a database's schema as plain values, so that two can be compared, and filling it with rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

Description = dict[str, Any]
_NOT_OURS = {"alembic_version"}


def describe(engine: sa.Engine) -> Description:
    """Give tables, columns, keys, constraints, indexes and triggers of a database."""
    inspector = sa.inspect(engine)
    tables: Description = {}
    for table in sorted(set(inspector.get_table_names()) - _NOT_OURS):
        tables[table] = {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": _by_name(inspector.get_foreign_keys(table)),
            "unique": _by_name(inspector.get_unique_constraints(table)),
            "checks": _by_name(inspector.get_check_constraints(table)),
            "indexes": _by_name(inspector.get_indexes(table)),
        }
    return {"tables": tables, "triggers": _triggers(engine)}


def _by_name(items: Any) -> dict[str, str]:
    return {str(item["name"]): repr(sorted(item.items())) for item in items}


def _triggers(engine: sa.Engine) -> dict[str, str]:
    if engine.dialect.name == "sqlite":
        statement = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        statement = (
            "SELECT tgname, pg_get_triggerdef(pg_trigger.oid) || ' ' || prosrc "
            "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
        )
    with engine.connect() as connection:
        return {name: " ".join(text.split()) for name, text in connection.exec_driver_sql(statement)}


def fill(engine: sa.Engine) -> dict[str, int]:
    """Put a row into every table, whatever its columns, and give the number of rows of each.

    Optional columns stay empty, but for a reference where a constraint asks for one; numbers are multiples of
    5 where one asks for that.
    """
    metadata = sa.MetaData()
    metadata.reflect(engine)
    made: dict[str, dict[str, Any]] = {}
    for table in metadata.sorted_tables:
        if table.name in _NOT_OURS:
            continue
        made[table.name] = _insert(engine, table, made)
    return count(engine)


def count(engine: sa.Engine) -> dict[str, int]:
    """Give the number of rows of each table."""
    with engine.connect() as connection:
        return {
            name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()
            for name in sorted(set(sa.inspect(engine).get_table_names()) - _NOT_OURS)
        }


def _insert(engine: sa.Engine, table: sa.Table, made: dict[str, dict[str, Any]]) -> dict[str, Any]:
    row = {
        column.name: _value(column, position, made)
        for position, column in enumerate(table.columns, start=1)
        if not column.nullable or column.primary_key
    }
    choices = [column for column in table.columns if column.nullable and column.foreign_keys]
    fives = {name: 5 * value for name, value in row.items() if type(value) is int and value > 1}
    for attempt in (row, *(row | {extra.name: _value(extra, 1, made)} for extra in choices), row | fives):
        try:
            with engine.begin() as connection:
                connection.execute(table.insert().values(attempt))
        except sa.exc.IntegrityError:
            continue
        return attempt
    raise AssertionError(f"no row fits into {table.name}: {row}")


def _value(column: sa.Column[Any], position: int, made: dict[str, dict[str, Any]]) -> Any:
    for key in column.foreign_keys:
        if key.column.table.name in made:
            return made[key.column.table.name][key.column.name]
    if isinstance(column.type, sa.Boolean):
        return False
    if isinstance(column.type, sa.Integer | sa.Numeric | sa.Float):
        return 1 if column.primary_key else position
    if isinstance(column.type, sa.DateTime):
        return datetime(2026, 1, 2, tzinfo=UTC)
    if isinstance(column.type, sa.Date):
        return date(2026, 1, 2)
    if isinstance(column.type, sa.LargeBinary):
        return b"x"
    return [] if isinstance(column.type, sa.JSON) else "x"
