"""Which published listing a record of a feed may be: by phone, website and name, from an index made once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services_dir.catalog.draft import Draft, ProgramDraft
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import Organization, Phone, Program, ProgramText, Site
from services_dir.catalog.similar import NEAR, SHARED, Likeness, host_of, hosts_of, numbers_of, plain_name
from services_dir.values import fold

_COMMON = 60  # a word that more names share finds nothing
_SHARED_NUMBER = 6  # a number of more listings, such as a central one, says nothing about any one of them


@dataclass(frozen=True)
class Match:
    """A published listing that a record may be, and why."""

    uuid: str
    name: str
    reasons: tuple[Likeness, ...]

    @property
    def is_likely(self) -> bool:
        """Tell whether the name and something else are the same."""
        return Likeness.NAME in self.reasons and len(self.reasons) > 1


@dataclass
class Index:
    """Listings of one kind by number, host, and the words of their names."""

    names: dict[str, str] = field(default_factory=dict)
    by_number: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_host: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_word: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, str] = field(default_factory=dict)

    def add(self, uuid: str, name: str, hosts: Iterable[str]) -> None:
        """Add a listing."""
        self.names[uuid] = name
        self.by_name.setdefault(fold(name), uuid)
        for host in hosts:
            if host:
                self.by_host[host].add(uuid)
        for word in set(plain_name(name).split()):
            self.by_word[word].add(uuid)

    def find(self, draft: Draft) -> Match | None:
        """Give the listing that a draft is most like; None if it is like none."""
        if not self.names:
            return None
        found: Counter[str] = Counter()
        reasons: dict[str, set[Likeness]] = defaultdict(set)
        for reason, uuids in (
            (Likeness.PHONE, self._numbered(draft)),
            (Likeness.WEBSITE, self._hosted(draft)),
            (Likeness.NAME, self._named(draft.name)),
        ):
            for uuid in uuids - {draft.id}:
                found[uuid] += 2 if reason is Likeness.NAME else 1
                reasons[uuid].add(reason)
        if not found:
            return None
        uuid, weight = max(found.items(), key=lambda item: (item[1], item[0]))
        if weight < 2:
            return None
        return Match(uuid, self.names[uuid], tuple(one for one in Likeness if one in reasons[uuid]))

    def _numbered(self, draft: Draft) -> set[str]:
        held = (self.by_number.get(number, set()) for number in numbers_of(draft))
        return {uuid for uuids in held if len(uuids) <= _SHARED_NUMBER for uuid in uuids}

    def _hosted(self, draft: Draft) -> set[str]:
        held = (self.by_host.get(host, set()) for host in hosts_of(draft))
        return {uuid for uuids in held if len(uuids) <= SHARED for uuid in uuids}

    def _named(self, name: str) -> set[str]:
        plain = plain_name(name)
        held = (self.by_word.get(word, set()) for word in plain.split())
        candidates = {uuid for uuids in held if len(uuids) <= _COMMON for uuid in uuids}
        same = self.by_name.get(fold(name))
        near = {
            uuid
            for uuid in candidates
            if fuzz.token_sort_ratio(plain, plain_name(self.names[uuid]), score_cutoff=NEAR)
        }
        return near | ({same} if same else set())


def index_programs(session: Session) -> Index:
    """Index all published programs. Three statements."""
    index = Index()
    rows = session.execute(
        select(Program.uuid, ProgramText.name, Program.url, Organization.url)
        .join(Program.organization)
        .join(ProgramText, (ProgramText.program_id == Program.id) & (ProgramText.language == "en"))
        .where(Program.status == CatalogStatus.PUBLISHED)
    )
    for uuid, name, url, owner_url in rows:
        index.add(uuid, name, {host_of(url), host_of(owner_url)})
    numbers = session.execute(
        select(Phone.number, Program.uuid)
        .select_from(Phone)
        .outerjoin(Site, Site.id == Phone.site_id)
        .join(Program, or_(Program.id == Phone.program_id, Program.id == Site.program_id))
        .where(Program.status == CatalogStatus.PUBLISHED, Phone.number.startswith("+"))
    )
    for number, uuid in numbers:
        index.by_number[number].add(uuid)
    return index


def index_organizations(session: Session) -> Index:
    """Index all published organizations."""
    index = Index()
    rows = session.execute(
        select(Organization.uuid, Organization.name, Organization.url).where(
            Organization.status == CatalogStatus.PUBLISHED
        )
    )
    for uuid, name, url in rows:
        index.add(uuid, name, {host_of(url)})
    return index


def is_program(draft: Draft) -> bool:
    """Tell whether a draft is that of a program."""
    return isinstance(draft, ProgramDraft)
