"""Connections to the database: which file they use."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from services_dir.db import CommitMarks
from tests.support.databases import make_engine


@pytest.fixture
def file(tmp_path):
    return tmp_path / "register.sqlite"


@pytest.fixture
def engine(file):
    engine = make_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(sa.text("create table lamp (name text)"))
        connection.execute(sa.text("insert into lamp values ('red')"))
    yield engine
    engine.dispose()


def names(engine):
    with engine.connect() as connection:
        return list(connection.scalars(sa.text("select name from lamp")))


def move(file, target):
    for path in file.parent.glob(f"{file.name}*"):
        path.rename(target.parent / path.name.replace(file.name, target.name))


@pytest.mark.parametrize("is_pooled", [True, False])
def test_a_file_that_is_gone_is_not_made_anew_and_is_read_again_when_it_is_back(engine, file, is_pooled):
    away = file.with_name("away")
    assert names(engine) == ["red"]
    if not is_pooled:
        engine.dispose()
    move(file, away)

    for _ in range(2):
        with pytest.raises(OperationalError):
            names(engine)
    assert not file.exists()

    move(away, file)
    assert names(engine) == ["red"]


def test_another_file_in_its_place_is_read(engine, file, tmp_path):
    other = tmp_path / "other.sqlite"
    second = make_engine(f"sqlite:///{other}")
    with second.begin() as connection:
        connection.execute(sa.text("create table lamp (name text)"))
        connection.execute(sa.text("insert into lamp values ('blue')"))
    second.dispose()
    assert names(engine) == ["red"]

    move(file, tmp_path / "away")
    move(other, file)

    assert names(engine) == ["blue"]


def test_a_mark_is_another_one_after_each_commit_and_only_then(engine, file):
    marks = CommitMarks(engine)
    seen = [marks.newest()]
    assert marks.newest() == seen[0]

    with engine.connect() as writing:
        writing.execute(sa.text("insert into lamp values ('green')"))
        assert marks.newest() == seen[0], "not committed yet"
        writing.commit()
    seen.append(marks.newest())
    assert names(engine) == ["red", "green"]
    assert marks.newest() == seen[1]

    away = file.with_name("away")
    move(file, away)
    assert marks.newest() is None
    assert not file.exists()
    move(away, file)
    seen.append(marks.newest())
    assert len({None, *seen}) == 4


@pytest.mark.postgres
def test_a_database_without_such_marks_gives_none(database_url):
    assert CommitMarks(make_engine(database_url)).newest() is None
