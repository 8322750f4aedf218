"""Listings that a draft may repeat: the same phone, the same website, or nearly the same name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services_dir.catalog.draft import Draft, OrganizationDraft, ProgramDraft
from services_dir.catalog.kinds import CatalogStatus
from services_dir.catalog.models import (
    Organization,
    OrganizationName,
    Phone,
    Program,
    ProgramName,
    ProgramText,
    Site,
)
from services_dir.errors import N_
from services_dir.values import Labelled, fold

# How alike two names must be, of 100, after words that many names share are left out.
NEAR = 84
# A website of more listings than this, such as that of a state, says nothing about any one of them.
SHARED = 6
_LIMIT = 5
_COMMON = frozenset(
    "the of for and a an in at on to inc llc ct program programs service services center".split()
)


class Likeness(Labelled):
    """Why a listing may be the same as another."""

    PHONE = "phone", N_("the same phone number")
    WEBSITE = "website", N_("the same website")
    NAME = "name", N_("nearly the same name")


@dataclass(frozen=True)
class Similar:
    """A published listing that a draft may repeat, and why; `organization` runs it, None if it is one."""

    slug: str
    name: str
    organization: str | None
    reasons: tuple[Likeness, ...]

    @property
    def is_program(self) -> bool:
        """Tell whether it is a program, not an organization."""
        return self.organization is not None


# Row id, slug, name, another name, who runs it, web addresses.
_Row = tuple[int, str, str, str | None, str | None, tuple[str | None, ...]]


@dataclass(frozen=True)
class _Known:
    id: int
    slug: str
    names: tuple[str, ...]
    organization: str | None
    hosts: frozenset[str]


def find_similar(session: Session, draft: Draft, *, limit: int = _LIMIT) -> list[Similar]:
    """Give the published listings of the same kind that a draft may repeat, most alike first.

    The listing that the draft changes is not among them. Three statements, whatever the draft.
    """
    is_program = isinstance(draft, ProgramDraft)
    known = {row.id: row for row in (_programs if is_program else _organizations)(session, draft.id)}
    found: dict[int, set[Likeness]] = {}
    for reason, ids in (
        (Likeness.PHONE, _same_phone(session, draft)),
        (Likeness.WEBSITE, _same_host(known.values(), hosts_of(draft))),
        (Likeness.NAME, _near_name(known.values(), draft)),
    ):
        for id in ids:
            if id in known:
                found.setdefault(id, set()).add(reason)
    lines = [
        Similar(
            known[id].slug,
            known[id].names[0],
            known[id].organization,
            tuple(reason for reason in Likeness if reason in reasons),
        )
        for id, reasons in found.items()
    ]
    # A near name and one more reason weigh most; then a near name; then by name, to be the same each time.
    lines.sort(key=lambda line: (-len(line.reasons), Likeness.NAME not in line.reasons, fold(line.name)))
    return lines[:limit]


def numbers_of(draft: Draft) -> frozenset[str]:
    """Give every phone number that a draft names."""
    phones = [*draft.phones]
    if isinstance(draft, ProgramDraft):
        phones += [phone for site in draft.sites for phone in site.phones]
        phones += draft.new_organization.phones if draft.new_organization is not None else ()
    return frozenset(phone.number for phone in phones)


def hosts_of(draft: Draft) -> frozenset[str]:
    """Give the hosts of the websites that a draft names, without `www.`."""
    urls = [draft.url]
    if isinstance(draft, ProgramDraft):
        urls += [link.url for link in draft.links]
        urls.append(draft.new_organization.url if draft.new_organization is not None else None)
    return frozenset(filter(None, map(host_of, urls)))


def host_of(url: str | None) -> str:
    """Give the host of a web address without `www.`; "" if it has none."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _programs(session: Session, but: str) -> Iterator[_Known]:
    rows = session.execute(
        select(
            Program.id,
            Program.slug,
            ProgramText.name,
            ProgramName.name,
            Program.url,
            Organization.name,
            Organization.url,
        )
        .join(Program.organization)
        .join(ProgramText, (ProgramText.program_id == Program.id) & (ProgramText.language == "en"))
        .outerjoin(ProgramName, ProgramName.program_id == Program.id)
        .where(Program.status == CatalogStatus.PUBLISHED, Program.uuid != but)
    )
    return _gathered(
        (id, slug, name, other, owner, (url, owner_url))
        for id, slug, name, other, url, owner, owner_url in rows
    )


def _organizations(session: Session, but: str) -> Iterator[_Known]:
    rows = session.execute(
        select(Organization.id, Organization.slug, Organization.name, OrganizationName.name, Organization.url)
        .outerjoin(OrganizationName, OrganizationName.organization_id == Organization.id)
        .where(Organization.status == CatalogStatus.PUBLISHED, Organization.uuid != but)
    )
    return _gathered((id, slug, name, other, None, (url,)) for id, slug, name, other, url in rows)


def _gathered(rows: Iterable[_Row]) -> Iterator[_Known]:
    """Give one value for each listing: there is a row for each of its other names."""
    others: dict[int, list[str]] = {}
    first: dict[int, _Row] = {}
    for row in rows:
        id, other = row[0], row[3]
        first.setdefault(id, row)
        others.setdefault(id, []).extend((other,) if other else ())
    for id, slug, name, _other, owner, urls in first.values():
        yield _Known(id, slug, (name, *others[id]), owner, frozenset(filter(None, map(host_of, urls))))


def _same_phone(session: Session, draft: Draft) -> list[int]:
    # Asked also when there is no number, so that the count of statements is the same for every draft.
    # Short codes such as 711 are everybody's.
    numbers = Phone.number.in_({number for number in numbers_of(draft) if number.startswith("+")})
    if isinstance(draft, OrganizationDraft):
        return list(
            session.scalars(select(Phone.organization_id).where(numbers, Phone.organization_id.is_not(None)))
        )
    rows = session.execute(
        select(Phone.program_id, Site.program_id)
        .outerjoin(Site, Site.id == Phone.site_id)
        .where(numbers, or_(Phone.program_id.is_not(None), Phone.site_id.is_not(None)))
    )
    return [own or of_site for own, of_site in rows]


def _same_host(known: Iterable[_Known], hosts: frozenset[str]) -> list[int]:
    rows = [row for row in known if row.hosts & hosts]
    listed = Counter(host for row in rows for host in row.hosts)
    telling = {host for host in hosts if listed[host] <= SHARED}
    return [row.id for row in rows if row.hosts & telling]


def _near_name(known: Iterable[_Known], draft: Draft) -> list[int]:
    names = [(row.id, plain_name(name)) for row in known for name in row.names]
    near = process.extract(
        plain_name(draft.name),
        [name for _, name in names],
        scorer=fuzz.token_sort_ratio,
        score_cutoff=NEAR,
        limit=_LIMIT,
    )
    return [names[index][0] for _name, _score, index in near]


def plain_name(name: str) -> str:
    """Give the words of a name that tell it from others, folded."""
    words = ["".join(sign for sign in word if sign.isalnum()) for word in fold(name).split()]
    return " ".join(word for word in words if word and word not in _COMMON) or fold(name)
