"""Requests made up by Schemathesis from our own description: no 5xx, and every answer as described."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from services_dir import clock, policy
from services_dir.db import transaction
from services_dir.search import sync
from tests.support.factories import draft_site, make_program
from tests.support.rich import a_rich_program

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


@pytest.fixture
def described(app, session):
    """Our API with some records, and nobody asking too often."""
    make_program(session, a_rich_program())
    make_program(session, sites=(draft_site(),))
    with transaction(session):
        policy.change(session, "api_requests_per_minute", 100_000, by=None, at=clock.now())
    sync.catch_up(app)
    return schemathesis.openapi.from_wsgi("/hsds/openapi.json", app)


def test_no_answer_is_a_failure_and_every_one_is_as_described(described):
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) == 16  # all but the description itself
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=15,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def holds(case):
            case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

        holds()


def test_the_description_is_valid_openapi_3_1(described):
    described.validate()
    assert described.raw_schema["openapi"].startswith("3.1")
