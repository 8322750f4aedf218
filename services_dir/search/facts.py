"""What is known of the programs of a segment, by number of document: sets, names, dates and sites.

Gathered when a segment is written, as arrays and Roaring bitmaps, and mapped when it is read. Every byte
is held to a checksum when it is opened: a set or a date that is wrong would mislead.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from itertools import chain
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from services_dir.catalog.hours import Timetable
from services_dir.catalog.kinds import ProgramKind
from services_dir.search import beginnings, blocks
from services_dir.search.beginnings import Beginnings
from services_dir.search.blocks import DamagedError, Extent, Texts, packed_texts
from services_dir.search.document import Facts
from services_dir.search.query import Facet
from services_dir.values import fold

KeyT = TypeVar("KeyT")
NameKey = tuple[str, bytes]

_MARK = b"SDFAC004"
_ENGLISH = "en"


class GatheredFacts:
    """The facts of a segment's programs while it is written."""

    def __init__(self) -> None:
        self._ids: list[bytes] = []
        self._programs = BitMap()
        self._assured = array("i")
        self._names: dict[str, dict[int, str]] = defaultdict(dict)
        self._organizations: dict[str, int] = {"": 0}
        self._organization_of = array("I")
        # Other names, of programs and of organizations, by which they are found and not shown.
        self._called: list[tuple[str, int]] = []
        self._organization_called: dict[tuple[str, int], None] = {}
        self._sets: dict[str, dict[str, BitMap]] = defaultdict(lambda: defaultdict(BitMap))
        self._timetables: dict[Timetable, BitMap] = defaultdict(BitMap)
        self._exact: list[tuple[int, int]] = []
        self._sites: list[tuple[int, float, float]] = []
        self._state: tuple[int, bytes] | None = None

    @property
    def documents(self) -> int:
        """Give the number of documents so far."""
        return len(self._ids)

    def take(self, document_id: str, facts: Facts | None, state: bytes | None = None) -> None:
        """Enter the next document: a program, or what a commit says of itself."""
        number = self.documents
        self._ids.append(document_id.encode())
        self._assured.append(facts.assured_on.toordinal() if facts and facts.assured_on else 0)
        name = facts.organization if facts else ""
        self._organization_of.append(self._organizations.setdefault(name, len(self._organizations)))
        if state is not None:
            self._state = number, state
        if facts is None:
            return
        self._programs.add(number)
        self._called += [(text, number) for text in facts.other_names]
        organization = self._organizations[name]
        self._organization_called |= {(text, organization): None for text in facts.organization_other_names}
        for language, text in facts.names.items():
            self._names[language][number] = text
        for group, key in _keys(facts):
            self._sets[group][key].add(number)
        self._timetables[facts.timetable].add(number)
        self._exact += [(_digest(text), number) for text in filter(None, (*facts.known_as, *facts.numbers))]
        self._sites += [(number, site.latitude, site.longitude) for site in facts.sites]

    def packed(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Give all of it as arrays and notes."""
        ids = np.array(self._ids or [b""], dtype=bytes)[: self.documents]
        self._exact.sort()
        organization_of = np.array(self._organization_of, dtype=np.uint32)
        by_organization = np.argsort(organization_of, kind="stable")
        sites = np.array(self._sites, dtype=np.float64).reshape(-1, 3)
        sets, places = self._packed_sets()
        arrays: dict[str, NDArray[Any]] = {
            "ids": ids.view(np.uint8).ravel(),
            "by_id": np.argsort(ids).astype(np.uint32),
            "assured": np.array(self._assured, dtype=np.int32),
            "digests": np.array([digest for digest, _number in self._exact], dtype=np.uint64),
            "digest_numbers": np.array([number for _digest, number in self._exact], dtype=np.uint32),
            "site_documents": sites[:, 0].astype(np.uint32),
            "latitudes": np.radians(sites[:, 1]),
            "longitudes": np.radians(sites[:, 2]),
            "sets": np.frombuffer(sets, dtype=np.uint8),
            "organization_of": organization_of,
            "by_organization": by_organization.astype(np.uint32),
            "organization_starts": np.searchsorted(
                organization_of[by_organization], np.arange(len(self._organizations) + 1)
            ).astype(np.uint32),
            **packed_texts("organizations", (name.encode() for name in self._organizations)),
            **beginnings.packed("organizations", ((at, name) for name, at in self._organizations.items())),
            **_packed_called("called", self._called),
            **_packed_called("organizations_called", list(self._organization_called)),
        }
        for language in dict.fromkeys((_ENGLISH, *self._names)):
            held = self._names[language]
            names = [held.get(number, "") for number in range(self.documents)]
            arrays |= packed_texts(f"names/{language}", (name.encode() for name in names))
            arrays[f"order/{language}"] = self._order(language)
            shown = ((number, self._name(number, language)) for number in self._programs)
            arrays |= beginnings.packed(f"names/{language}", shown)
        notes = {"id_length": ids.itemsize, "sets": places, "state": self._state}
        return arrays, notes

    def _packed_sets(self) -> tuple[bytes, dict[str, dict[str, tuple[int, int]]]]:
        """Give all sets one after another, and from where to where each goes."""
        timetables = {
            msgspec.json.encode(timetable).decode(): held for timetable, held in self._timetables.items()
        }
        groups = {**self._sets, "timetables": timetables, "": {"programs": self._programs}}
        content = bytearray()
        places: dict[str, dict[str, tuple[int, int]]] = {}
        for group, sets in groups.items():
            places[group] = {}
            for key, held in sets.items():
                start = len(content)
                content += held.serialize()
                places[group][key] = start, len(content)
        return bytes(content), places

    def _name(self, number: int, language: str) -> str:
        return self._names[language].get(number) or self._names[_ENGLISH].get(number, "")

    def _order(self, language: str) -> NDArray[np.uint32]:
        keys = {n: name_key(self._name(n, language), self._ids[n]) for n in self._programs}
        return np.array(sorted(keys, key=keys.__getitem__), dtype=np.uint32)


def _packed_called(name: str, called: list[tuple[str, int]]) -> dict[str, NDArray[Any]]:
    """Give other names, and whose each is."""
    return {
        f"{name}/of": np.array([number for _text, number in called], dtype=np.uint32),
        **packed_texts(name, (text.encode() for text, _number in called)),
        **beginnings.packed(name, ((at, text) for at, (text, _number) in enumerate(called))),
    }


def write(file: Any, gathered: GatheredFacts, extra: blocks.Arrays) -> None:
    """Write what was gathered, and arrays of somebody else."""
    arrays, notes = gathered.packed()
    blocks.write(file, _MARK, gathered.documents, {**arrays, **extra}, notes)


class SegmentFacts:
    """The facts of a segment's programs as they are read."""

    def __init__(self, arrays: blocks.Arrays, notes: Mapping[str, Any]) -> None:
        self.arrays = arrays
        self.ids = arrays["ids"].view(f"S{notes['id_length']}")
        self.state: tuple[int, bytes] | None = tuple(notes["state"]) if notes["state"] else None
        self.assured = arrays["assured"]
        self.site_documents = arrays["site_documents"].astype(np.int64)
        self.latitudes = arrays["latitudes"]
        self.longitudes = arrays["longitudes"]
        self._organizations = Texts.of(arrays, "organizations")
        self._organization_of = arrays["organization_of"]
        self._digests = blocks.view_of(arrays["digests"])
        self._names = {
            name.split("/")[1]: Texts.of(arrays, name.removesuffix("/ends"))
            for name in arrays
            if name.startswith("names/") and name.endswith("/ends")
        }
        sets = notes["sets"]

        def group(name: str, key_of: Callable[[str], KeyT]) -> Mapping[KeyT, BitMap]:
            return Sets(arrays["sets"], {key_of(key): place for key, place in sets.get(name, {}).items()})

        self.numbers = group("", str)["programs"]
        self.listed = {facet: group(facet.value, str) for facet in Facet}
        self.excluded = group("excluded", str)
        self.interpreters = group("interpreters", str).get("", BitMap())
        self.kinds = group("kinds", ProgramKind)
        self.areas = group("areas", str)
        self.timetables = group("timetables", _timetable)

    @classmethod
    def mapped(cls, extent: Extent, documents: int) -> SegmentFacts:
        """Map those that were written. Raises DamagedError if anything of it differs."""
        try:
            table, arrays = blocks.read(extent, _MARK, is_checked=True)
            if table.documents != documents:
                raise DamagedError("the number of documents")
            return cls(arrays, table.notes)
        except DamagedError:
            raise
        except Exception as error:
            raise DamagedError(str(error)) from error

    @classmethod
    def of(cls, gathered: GatheredFacts) -> SegmentFacts:
        """Give what was gathered without writing it."""
        return cls(*gathered.packed())

    def id_of(self, number: int) -> str:
        """Give the id of a document."""
        return bytes(self.ids[number]).decode()

    def name(self, number: int, language: str) -> str:
        """Give the name of a program in a language, or the English one."""
        held = self._names.get(language)
        return ((held[number] if held is not None else b"") or self._names[_ENGLISH][number]).decode()

    def organization(self, number: int) -> str:
        """Give the name of the organization that answers for a program."""
        return self._organizations[self._organization_of[number]].decode()

    def names_starting(self, start: str, language: str) -> Iterator[tuple[int, str]]:
        """Give the programs, as shown in a language, of whose names some word goes on as a text begins."""
        shown = language if language in self._names else _ENGLISH
        names = Beginnings(self.arrays, f"names/{shown}", lambda number: self.name(number, shown))
        yield from names.starting(start)
        yield from ((number, self.name(number, shown)) for number in self._called_starting("called", start))

    def organizations_starting(self, start: str) -> Iterator[tuple[str, BitMap]]:
        """Give the organizations with a word in their name that begins so, each with its programs."""
        names = Beginnings(self.arrays, "organizations", lambda at: self._organizations[at].decode())
        starts, by_organization = self.arrays["organization_starts"], self.arrays["by_organization"]
        found = (at for at, _name in names.starting(start))
        for at in chain(found, self._called_starting("organizations_called", start)):
            name = self._organizations[at].decode()
            yield name, BitMap(by_organization[starts[at] : starts[at + 1]].tolist())

    def _called_starting(self, name: str, start: str) -> Iterator[int]:
        """Give whose other names have a word that begins so."""
        texts = Texts.of(self.arrays, name)
        of = self.arrays[f"{name}/of"]
        for at, _text in Beginnings(self.arrays, name, lambda at: texts[at].decode()).starting(start):
            yield int(of[at])

    def name_order(self, language: str) -> NDArray[np.uint32]:
        """Give the programs in the order of their names as shown in a language."""
        held = self.arrays.get(f"order/{language}")
        return held if held is not None else self.arrays[f"order/{_ENGLISH}"]

    def name_key(self, number: int, language: str) -> NameKey:
        """Give by what a program is put in the order of names."""
        return name_key(self.name(number, language), bytes(self.ids[number]))

    def number_of(self, document_id: str) -> int | None:
        """Give the number of a document by its id."""
        wanted, by_id = document_id.encode(), self.arrays["by_id"]
        at = bisect_left(by_id, wanted, key=lambda number: bytes(self.ids[number]))
        if at < len(by_id) and self.ids[by_id[at]] == wanted:
            return int(by_id[at])
        return None

    def known_as(self, text: str) -> BitMap:
        """Give the programs of which a text is a name or a number, and nothing more."""
        digest, digests = _digest(text), self._digests
        first, last = bisect_left(digests, digest), bisect_right(digests, digest)
        return BitMap(self.arrays["digest_numbers"][first:last].tolist())


class Sets(Mapping[KeyT, BitMap], Generic[KeyT]):
    """Sets under keys, each read when it is first asked for."""

    def __init__(self, content: NDArray[np.uint8], places: Mapping[KeyT, tuple[int, int]]) -> None:
        self._content = content
        self._places = places
        self._read: dict[KeyT, BitMap] = {}

    def __getitem__(self, key: KeyT) -> BitMap:
        found = self._read.get(key)
        if found is None:
            start, end = self._places[key]
            found = self._read[key] = BitMap.deserialize(self._content[start:end].tobytes())
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[KeyT]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def name_key(name: str, document_id: bytes) -> NameKey:
    """Give by what a name is put in order: in lower case without accents, then by id."""
    return fold(name), document_id


def _keys(facts: Facts) -> Iterator[tuple[str, str]]:
    """Give the sets that a program belongs to: which group, and which key."""
    for facet, values in facts.options.items():
        yield from ((facet.value, value) for value in values)
    yield from (("excluded", value) for value in facts.excluded)
    if facts.has_interpreter:
        yield "interpreters", ""
    yield "kinds", facts.kind.value
    yield from (("areas", key) for key in facts.areas)


def _timetable(encoded: str) -> Timetable:
    return msgspec.json.decode(encoded, type=Timetable)


def _digest(text: str) -> int:
    """Give a number for a text, 64 bits of it: far fewer names than would ever share one."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
