"""Attributes of a record: our own further facts, our own terms, and terms of other taxonomies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services_dir.catalog.kinds import Vocabulary
from services_dir.hsds.reading.context import Context, ForeignTerm
from services_dir.hsds.reading.tabular import Record
from services_dir.hsds.reading.texts import said
from services_dir.hsds.taxonomies import EXCLUDED


@dataclass
class Attributes:
    """What the attributes of one object say."""

    facts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    terms: dict[tuple[Vocabulary, bool], list[str]] = field(default_factory=lambda: defaultdict(list))
    foreign: list[tuple[ForeignTerm, bool]] = field(default_factory=list)

    @property
    def is_ours(self) -> bool:
        """Tell whether a directory of our kind wrote the record, so that what it leaves out is not so."""
        return bool(self.facts.get("slug"))

    def fact(self, code: str, label: str | None = None) -> str | None:
        """Give the value of a further fact; with a label, the one that bears it."""
        for value, held in self.facts.get(code, ()):
            if label is None or held == label:
                return value
        return None

    def labelled(self, code: str) -> dict[str, str]:
        """Give the values of a fact by their labels."""
        return {label: value for value, label in self.facts.get(code, ()) if label}

    def slugs(self, vocabulary: Vocabulary, *, excluded: bool = False) -> list[str]:
        """Give the slugs of our own terms."""
        return self.terms.get((vocabulary, excluded), [])


def read_attributes(record: Record, context: Context) -> Attributes:
    """Read the attributes of an object."""
    found = Attributes()
    for attribute in records(record.get("attributes")):
        term = attribute.get("taxonomy_term")
        term = term if isinstance(term, dict) else {}
        key = said(attribute, "taxonomy_term_id") or said(term, "id")
        code = context.facts.get(key)
        is_excluded = said(attribute, "link_type") == EXCLUDED
        if code is not None:
            found.facts[code].append((said(attribute, "value"), said(attribute, "label")))
        elif key in context.own_terms:
            vocabulary, slug = context.own_terms[key]
            found.terms[vocabulary, is_excluded].append(slug)
        elif term or key:
            found.foreign.append((_foreign(term, key), is_excluded))
    return found


def _foreign(term: Record, key: str) -> ForeignTerm:
    detail = term.get("taxonomy_detail")
    taxonomy = said(term, "taxonomy") or (said(detail, "name") if isinstance(detail, dict) else "")
    code = said(term, "code", "taxonomy_id") if not isinstance(detail, dict) else said(term, "code")
    name = said(term, "name") or code or key
    return ForeignTerm(taxonomy[:120], (code or key)[:120], name[:200])


def records(value: Any, text_as: str = "") -> Iterable[Record]:
    """Give those of a list that are objects; what stands alone is a list of one.

    Some feeds write a text where HSDS has an object: it becomes the property `text_as`, if that is given.
    """
    items = value if isinstance(value, list | tuple) else [value]
    return [
        item if isinstance(item, dict) else {text_as: item}
        for item in items
        if isinstance(item, dict) or (text_as and isinstance(item, str) and item.strip())
    ]
