"""A real export of another directory, where it lies beside the checkout: no row is dropped silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from services_dir.exchange.imports.models import RecordKind
from services_dir.exchange.imports.showing import count_verdicts, file_lines
from services_dir.exchange.imports.sources import Format
from tests.exchange.imports import feeds

FEED = Path(__file__).resolve().parents[4] / "shared" / "datasets" / "baltimore-charmcare"

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]


@pytest.mark.skipif(not FEED.is_dir(), reason="the real feed is not beside the checkout")
def test_every_row_of_a_real_feed_is_accounted_for(session):
    run = feeds.make_plan(session, FEED)

    lines = {line.file: line for line in file_lines(run)}
    assert run.format is Format.OHANA
    assert sum(count_verdicts(run, RecordKind.PROGRAM).values()) == 1876
    assert sum(count_verdicts(run, RecordKind.ORGANIZATION).values()) == 748
    assert (lines["locations.csv"].rows, lines["phones.csv"].rows) == (1482, 7157)
    assert all(line.rows == line.taken + sum(line.left.values()) for line in lines.values())
