"""What a request may bring along."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "path",
    [
        "/programs/{}",
        "/programs/{}/changes/new",
        "/programs/{}/problems/new",
        "/organizations/{}",
        "/organizations/{}/changes/new",
        "/submissions/{}",
        "/sign-in/link/{}",
        "/es/programs/{}",
    ],
)
def test_a_null_character_in_an_address_is_a_page_that_is_not_there(client, path):
    """PostgreSQL takes no such text, so a query with it would fail."""
    client.get(path.format("%00"), status=404)
    client.get(path.format("north%00house"), status=404)
