"""Following a partner's HSDS interface: what changed since the last round, and what is gone.

HSDS knows no mark for what was withdrawn, so each round also walks all ids (`minimal`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import quote, urlencode

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_dir.catalog.models import ForeignId
from services_dir.errors import N_, InvalidError
from services_dir.exchange.files.packages import File, Package
from services_dir.exchange.imports.fetching import Bounds, Client, check_address
from services_dir.exchange.imports.models import Feed, ImportRow, ImportRun, RecordKind
from services_dir.exchange.imports.planning import Progress, Transaction, no_progress, plan_withdrawals
from services_dir.exchange.imports.sources import DocumentSource, Format

_PER_PAGE = 100
_OVERLAP = timedelta(minutes=10)  # clocks differ, and a change may be committed after its time
_NESTED = ("phones", "service_at_locations", "attributes", "schedules", "service_areas", "languages")


@dataclass(frozen=True)
class Fetched:
    """What was read in a round: the records, all ids that are there, and up to when it was read."""

    source: DocumentSource
    ids: frozenset[str]
    newest: datetime | None


@contextmanager
def fetch(
    base: str,
    since: datetime | None,
    *,
    known: frozenset[str] = frozenset(),
    allows_private: bool = False,
    bounds: Bounds | None = None,
    progress: Progress = no_progress,
) -> Iterator[Fetched]:
    """Read what changed, and all ids; `known` are those that were brought before.

    What is listed, is not known and was not among the changes is asked for too: it may have been published
    with an earlier date. Raises InvalidError if the partner cannot be read whole.
    """
    client = Client(base, allows_private=allows_private, bounds=bounds or Bounds())
    with ExitStack() as stack:
        services = stack.enter_context(TemporaryFile())
        organizations = stack.enter_context(TemporaryFile())
        wanted = {"full": "true"} | ({"modified_after": since.isoformat()} if since else {})
        held = set(known)
        for done, record in enumerate(_full_services(client, wanted), 1):
            _write(services, record)
            held.add(str(record.get("id")))
            progress(done, 0)
        for record in _pages(client, "organizations", {"full": "true"}, is_needed=False):
            _write(organizations, record)
        ids = frozenset(
            str(record["id"])
            for record in _pages(client, "services", {"minimal": "true"})
            if record.get("id")
        )
        for one in sorted(ids - held):
            whole = client.get(f"services/{quote(one, safe='')}")
            if isinstance(whole, dict):
                _write(services, whole)
        files = [_file("organizations.ndjson", organizations), _file("services.ndjson", services)]
        source = DocumentSource(Package(base, tuple(files)), files, Format.API, may_be_empty=True)
        newest = client.server_time - _OVERLAP if client.server_time else None
        yield Fetched(source, ids, newest)


def plan_gone(transaction: Transaction, run_id: int, ids: frozenset[str]) -> None:
    """Add to a plan what the feed brought before and does not list any more.

    Raises InvalidError if it lists nothing at all although it did: then something else is wrong there.
    """
    with transaction() as session:
        run = session.get_one(ImportRun, run_id)
        links = session.execute(
            select(ForeignId.foreign_id, ForeignId.uuid).where(
                ForeignId.feed == run.feed.name,
                ForeignId.kind == RecordKind.PROGRAM.value,
                ForeignId.fingerprint.is_not(None),
            )
        ).all()
        if links and not ids:
            raise InvalidError(N_("The partner lists nothing at all any more; nothing was withdrawn."))
        gone = {uuid: foreign for foreign, uuid in links if foreign not in ids}
        counts = Counter(msgspec.json.decode(run.counts, type=dict[str, int]))
        last = session.scalar(select(func.max(ImportRow.position)).where(ImportRow.run_id == run_id)) or 0
        plan_withdrawals(session, run_id, gone, last, counts)
        run.counts = msgspec.json.encode(counts).decode()


def known_ids(session: Session, feed: str) -> frozenset[str]:
    """Give the ids of services that a feed brought before and that were not withdrawn since."""
    query = select(ForeignId.foreign_id).where(
        ForeignId.feed == feed,
        ForeignId.kind == RecordKind.PROGRAM.value,
        ForeignId.fingerprint.is_not(None),
    )
    return frozenset(session.scalars(query))


def note_round(session: Session, feed_id: int, newest: datetime | None) -> None:
    """Remember up to when the partner was read."""
    feed = session.get_one(Feed, feed_id)
    feed.modified_after = newest or feed.modified_after


def _full_services(client: Client, wanted: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Give whole services; of a partner who lists only summaries each is asked for on its own."""
    for record in _pages(client, "services", wanted):
        if any(name in record for name in _NESTED) or not record.get("id"):
            yield record
            continue
        whole = client.get(f"services/{quote(str(record['id']), safe='')}")
        yield whole if isinstance(whole, dict) else record


def _pages(
    client: Client, path: str, wanted: dict[str, str], *, is_needed: bool = True
) -> Iterator[dict[str, Any]]:
    """Give the records of all pages of a list."""
    page = 1
    while page <= client.bounds.pages:
        query = urlencode(wanted | {"page": page, "per_page": _PER_PAGE})
        answer = client.get(f"{path}?{query}")
        if answer is None and not is_needed and page == 1:
            return
        if not isinstance(answer, dict) or not isinstance(answer.get("contents"), list):
            raise InvalidError(N_("What the partner answers at {path} is no page of a list."), path=path)
        contents = answer["contents"]
        yield from (record for record in contents if isinstance(record, dict))
        total = answer.get("total_pages")
        is_last = page >= total if isinstance(total, int) else answer.get("last_page") is True
        if is_last or not contents:
            return
        page += 1
    raise InvalidError(N_("The partner has more pages than are read; nothing was changed."))


def _write(file: IO[bytes], record: dict[str, Any]) -> None:
    file.write(msgspec.json.encode(record) + b"\n")


def _file(name: str, content: IO[bytes]) -> File:
    size = content.tell()
    content.seek(0)
    return File(name, content, size)


__all__ = ["Fetched", "check_address", "fetch", "note_round", "plan_gone"]
