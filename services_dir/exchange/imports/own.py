"""Files in the register's own format, read as records of a feed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_dir.catalog.draft import Draft, ProgramDraft, to_builtins
from services_dir.catalog.kinds import CatalogStatus, Vocabulary
from services_dir.catalog.leading import follow
from services_dir.catalog.models import Organization, Place, Term
from services_dir.catalog.rules import References
from services_dir.errors import N_, InvalidError
from services_dir.exchange import tables
from services_dir.exchange.files.packages import Package
from services_dir.exchange.files.tables import CsvTable, EmptyTableError, open_table
from services_dir.exchange.imports.ledger import Ledger
from services_dir.exchange.imports.sources import EMPTY, EMPTY_ROW, NOT_KNOWN, Format
from services_dir.exchange.reader import Existing, read_texts
from services_dir.exchange.rows import RowError, Text
from services_dir.hsds.reading.notes import Notes
from services_dir.hsds.reading.records import ReadRecord
from services_dir.hsds.reading.tabular import ORIGIN, Record

_LISTS_LEFT = N_("Places and words are not imported: an administrator keeps them.")
_NAMES = frozenset(table.file for table in tables.ALL)
_LISTS = (tables.PLACES, tables.PLACE_PARENTS, tables.TERMS, tables.TERM_WORDS, tables.WORDS)


class OwnSource:
    """Organizations and programs of our own tables; each is a record that was read already."""

    format = Format.OWN

    def __init__(self, package: Package, existing: Existing) -> None:
        self.ledger = Ledger()
        texts: dict[str, Text] = {}
        for file in package.files:
            try:
                table = open_table(file)
            except EmptyTableError:
                self.ledger.account(file.name).reasons[EMPTY] = 0
                continue
            table.index(())
            account = self.ledger.account(file.name)
            account.rows = table.rows + len(table.torn) + table.blank
            if table.blank:
                account.reasons[EMPTY_ROW] = table.blank
            if file.name.lower() not in _NAMES:
                account.reasons[NOT_KNOWN] = table.rows + len(table.torn)
                continue
            texts[file.name.lower()] = Text(_after_mark(table), table.delimiter)
        for name in package.left:
            self.ledger.account(name).reasons[NOT_KNOWN] = 0
        for left in _LISTS:
            if left.file in texts:
                account = self.ledger.account(left.file)
                account.reasons[_LISTS_LEFT] = account.rows - account.reasons.total()
        reading = read_texts(texts, existing)
        broken = [error for error in reading.errors if not error.is_warning and not _is_of_row(error)]
        if broken and not (reading.programs or reading.organizations):
            raise InvalidError(N_("This cannot be read: {reason}"), reason=str(broken[0]))
        self._errors = [error for error in reading.errors if _is_of_row(error)]
        for error in reading.errors:
            if not _is_of_row(error):  # a column that nobody knows
                self.ledger.account(error.file).reasons[error.message.format(**error.values)] = 0
        self.size = len(reading.programs)
        self._organizations = [
            _record(one, tables.ORGANIZATIONS.file, reading.organization_lines.get(one.slug or "", 0))
            for one in reading.organizations
        ]
        self._programs = [_record(one.draft, tables.PROGRAMS.file, one.line) for one in reading.programs]
        self._count()

    def _count(self) -> None:
        """Rows with an error are those left out, the others are taken."""
        bad = Counter({(error.file, error.line) for error in self._errors if not error.is_warning})
        for file, account in self.ledger.accounts.items():
            wrong = sum(1 for name, _line in bad if name == file)
            for line in range(account.rows - wrong - account.reasons.total()):
                account.mark(line, 1)

    def organizations(self) -> Iterator[Record]:
        """Give all organizations."""
        yield from self._organizations

    def services(self) -> Iterator[Record]:
        """Give all programs, then rows that cannot be taken."""
        yield from self._programs
        refused: dict[tuple[str, int], list[RowError]] = {}
        for error in self._errors:
            if not error.is_warning:
                refused.setdefault((error.file, error.line), []).append(error)
        for (file, line), errors in refused.items():
            notes = Notes((file, line))
            for error in errors:
                notes.error({}, error.column, error.message, **error.values)
            read = ReadRecord(f"{file}:{line}", "", f"{file}, line {line}", {}, notes)
            yield {"id": f"{file}:{line}", ORIGIN: (file, line), READ: read}


READ = "read"


def _is_of_row(error: RowError) -> bool:
    return error.line > 1


def _after_mark(table: CsvTable) -> bytes:
    """Give a table as it is read, its lines numbered as in the file, without a line that names delimiters."""
    table.content.seek(0)
    content = table.content.read()
    first, end, rest = content.partition(b"\n")
    return end + rest if first.strip().startswith(b"sep=") else content


def _record(draft: Draft, file: str, line: int) -> Record:
    notes = Notes((file, line))
    read = ReadRecord(
        draft.slug or draft.id,
        draft.id,
        draft.name,
        to_builtins(draft),
        notes,
        organization_key=draft.organization if isinstance(draft, ProgramDraft) else None,
        is_whole=True,
    )
    return {"id": draft.slug or draft.id, READ: read}


def read_existing(session: Session) -> Existing:
    """Give what rows may refer to although the files do not hold it."""
    terms = session.execute(select(Term.vocabulary, Term.slug)).all()
    places = frozenset(session.scalars(select(Place.key)))
    organizations = dict(
        session.execute(
            select(Organization.slug, Organization.uuid).where(Organization.status == CatalogStatus.PUBLISHED)
        ).all()
    )
    merged = select(Organization).where(Organization.merged_into_id.is_not(None))
    organizations |= {one.slug: follow(session, one).uuid for one in session.scalars(merged)}
    return Existing(
        References(
            frozenset(slug for kind, slug in terms if kind is Vocabulary.CATEGORY),
            frozenset(slug for kind, slug in terms if kind is Vocabulary.POPULATION),
            places,
            frozenset(organizations.values()),
        ),
        organizations,
    )
