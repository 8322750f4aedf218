"""Liveness and readiness: two words for machines, and nothing for anybody else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from services_dir.search import sync


@pytest.fixture
def ready(app):
    """A machine that asks an application whose index is open."""
    sync.rebuild(app)
    return app.test_client()


def test_with_database_and_index_it_is_ready(ready):
    response = ready.get("/readyz")

    assert (response.status_code, response.json) == (200, {"status": "ready"})
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_without_an_index_it_lives_and_is_not_ready(app):
    asking = app.test_client()

    assert asking.get("/healthz").status_code == 200
    response = asking.get("/readyz")

    assert (response.status_code, response.json) == (503, {"status": "not ready"})
    assert response.headers["Retry-After"] == "5"


def test_without_its_tables_it_lives_and_is_not_ready(ready, engine):
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE catalog_state RENAME TO elsewhere"))

    assert ready.get("/healthz").json == {"status": "ok"}
    response = ready.get("/readyz")

    assert (response.status_code, response.json) == (503, {"status": "not ready"})
    assert "Set-Cookie" not in response.headers
