"""A served register with the seed, as it stands after the first start; each journey may have its own copy."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.deeds import first_link
from tests.support.serving import serving

COMMAND = [Path(sys.executable).parent / "services-dir"]


@dataclass(frozen=True)
class Site:
    """A running register: its address, and what its start printed."""

    address: str
    log: Path

    @property
    def first_link(self) -> str:
        """Give the one-time link for the first administrator."""
        return first_link(self.log)


@pytest.fixture(scope="session")
def seeded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first start. Processes that test at once make it once, in their common folder."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    home = shared / "seeded-home"
    with (shared / "seeded-home.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (shared / "seeded-home.done").exists():
            shutil.rmtree(home, ignore_errors=True)
            with serving(COMMAND, home):
                pass
            (shared / "seeded-home.done").touch()
    return home


@pytest.fixture
def site(seeded_home: Path, tmp_path: Path) -> Iterator[Site]:
    """A register of this test's own."""
    home = tmp_path / "home"
    shutil.copytree(seeded_home, home)
    with serving(COMMAND, home) as address:
        yield Site(address, home.with_suffix(".log"))


@pytest.fixture(scope="session")
def reading_site(seeded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A register that journeys share which only read."""
    home = tmp_path_factory.mktemp("reading") / "home"
    shutil.copytree(seeded_home, home)
    with serving(COMMAND, home) as address:
        yield Site(address, home.with_suffix(".log"))
