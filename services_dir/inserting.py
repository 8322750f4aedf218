"""Inserting many new objects with all that hangs on them, one statement for each table.

The unit of work of a session looks at every attribute of every object; where thousands come at once that is
most of the time. What is inserted here stays outside of the session: later deeds find it by its ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table, insert, inspect
from sqlalchemy.orm import Mapper, RelationshipDirection, Session
from sqlalchemy.orm.attributes import set_committed_value

from services_dir.db import Base


class NewRow:
    """A row to be inserted, with attributes as an object of its model has them, but watched by no session.

    To make one costs a tenth of such an object.
    """

    def __init__(self, model: type[Base], **values: Any) -> None:
        self.__dict__ = values
        self.__dict__["model"] = model

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...


def insert_all(
    session: Session, objects: Iterable[Base | NewRow], *, numbered: tuple[type[Base], ...] = ()
) -> None:
    """Insert objects that are new, and what their relationships hold.

    What is in the database already, such as a place, is only referred to. The objects that are handed in,
    those that others refer to, and those of the classes `numbered` get their row ids.
    """
    roots = list(objects)
    found = _Found()
    for root in roots:
        found.take(root)
    awaited = {id(one) for one in roots} | found.parents
    mappers = {mapper.local_table: mapper for mapper in found.by_mapper}
    for table in Base.metadata.sorted_tables:
        if table in mappers:
            mapper = mappers[table]
            is_awaited = any(id(one) in awaited for one in found.by_mapper[mapper])
            _insert(session, table, mapper, found, is_awaited or issubclass(mapper.class_, numbered))


class _Found:
    """New objects by their tables, each with the columns that lead to other objects."""

    def __init__(self) -> None:
        self.by_mapper: dict[Mapper[Any], list[Base | NewRow]] = {}
        self.links: dict[int, dict[str, Base | NewRow]] = {}
        self.parents: set[int] = set()

    def take(self, one: Base | NewRow) -> None:
        """Take up an object and what hangs on it."""
        mapper = _mapper(one.model if isinstance(one, NewRow) else type(one))
        self.by_mapper.setdefault(mapper, []).append(one)
        for name, column, is_child in _relations(mapper):
            held = one.__dict__.get(name)
            for other in held if isinstance(held, list) else [held] if held is not None else ():
                if is_child:
                    self._link(other, column, one)
                    self.take(other)
                else:
                    self._link(one, column, other)
                    if id(other) not in self.links and _is_new(other):
                        self.take(other)

    def _link(self, one: Base | NewRow, column: str, other: Base | NewRow) -> None:
        self.links.setdefault(id(one), {})[column] = other
        self.parents.add(id(other))


@cache
def _mapper(model: type[Base]) -> Mapper[Any]:
    return inspect(model)


def _is_new(one: Base | NewRow) -> bool:
    """Tell whether an object is not in the database yet."""
    return isinstance(one, NewRow) or inspect(one).key is None


@cache
def _relations(mapper: Mapper[Any]) -> list[tuple[str, str, bool]]:
    """Give the relationships of a class: name, the column that holds it, whether that is the other's."""
    found: list[tuple[str, str, bool]] = []
    for relation in mapper.relationships:
        is_child = relation.direction is RelationshipDirection.ONETOMANY
        [(local, remote)] = relation.local_remote_pairs or ()
        if relation.back_populates is None or is_child:
            found.append((relation.key, str((remote if is_child else local).key), is_child))
    return found


@cache
def _columns(mapper: Mapper[Any]) -> list[tuple[str, Any]]:
    return [(attribute.key, attribute.columns[0]) for attribute in mapper.column_attrs]


def _insert(session: Session, table: Table, mapper: Mapper[Any], found: _Found, is_awaited: bool) -> None:
    objects = found.by_mapper[mapper]
    key = mapper.primary_key[0]
    name = mapper.get_property_by_column(key).key
    is_given = len(mapper.primary_key) > 1 or bool(key.foreign_keys) or name in objects[0].__dict__
    left_out = None if is_given else key
    rows = [dict(_values(one, mapper, found.links.get(id(one), {}), left_out)) for one in objects]
    if is_given or not is_awaited:
        session.execute(insert(table), rows)
        return
    statement = insert(table).returning(table.c[str(key.key)], sort_by_parameter_order=True)
    for one, number in zip(objects, session.scalars(statement, rows), strict=True):
        if isinstance(one, NewRow):
            one.__dict__[name] = number
        else:
            set_committed_value(one, name, number)


def _values(
    one: Base | NewRow,
    mapper: Mapper[Any],
    links: dict[str, Base | NewRow],
    left_out: ColumnElement[Any] | None,
) -> Iterator[tuple[str, Any]]:
    """Give the cells of a row: what was set, what leads to others, else the usual."""
    state = one.__dict__
    for name, column in _columns(mapper):
        if column is left_out:
            continue
        if column.key in links:
            yield column.key, links[column.key].__dict__["id"]
        elif name in state:
            yield column.key, state[name]
        else:
            default = column.default
            yield column.key, default.arg if default is not None and default.is_scalar else None
