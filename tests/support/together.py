"""Deeds of several people at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services_dir.db import transaction
from services_dir.errors import ConflictError


def at_once(engine: sa.Engine, *deeds: Callable[[Session], object]) -> list[str]:
    """Do some deeds in threads of their own, at the same moment; give "done" or the error of each."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[Session], object]) -> str:
        with Session(engine) as own:
            barrier.wait()
            try:
                with transaction(own):
                    deed(own)
            except ConflictError as error:
                return str(error)
            return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))
