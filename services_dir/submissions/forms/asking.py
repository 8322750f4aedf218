"""Which field of a form a coordinator's question is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import FormField

from services_dir.submissions.forms.rows import Rows

# Paths of a draft whose field bears another name.
_OTHER_NAMES = {"hours": "hours_words"}
_DESCRIPTIONS = {"en": "description", "es": "spanish_description"}


def field_of(form: Any, path: str) -> Any | None:
    """Give the field that shows a path of a draft (`phones.ID.number`); None if none does."""
    first, *rest = path.split(".")
    if first == "texts" and rest:
        group = form if rest[0] == "en" else form["spanish"].form if "spanish" in form else {}
        return _inside(group, rest[1]) if len(rest) > 1 else None
    if first == "descriptions" and rest:
        return _inside(form, _DESCRIPTIONS.get(rest[0], ""))
    field = _inside(form, _OTHER_NAMES.get(first, first))
    if isinstance(field, FormField) and rest:
        return _inside(field.form, rest[0]) or field
    if isinstance(field, Rows) and rest:
        entry = next((e for e in field if rest[0] in (e.form.key.data, e.short_name)), None)
        return field if entry is None else (_inside(entry.form, rest[1]) if rest[1:] else None) or entry
    return field


def questions_by_field(form: Any, questions: Mapping[str, str]) -> dict[str, list[str]]:
    """Give what coordinators ask by the id of the field it is about; what is about no field is left out."""
    found: dict[str, list[str]] = {}
    for path, question in questions.items():
        field = field_of(form, path)
        if field is not None:
            found.setdefault(field.id, []).append(question)
    return found


def fields_asked(form: Any, questions: Mapping[str, str]) -> frozenset[str]:
    """Give the names of the form's own fields in which something is asked."""
    ids = questions_by_field(form, questions)
    return frozenset(f.name for f in form if any(id == f.id or id.startswith(f"{f.id}-") for id in ids))


def _inside(form: Any, name: str) -> Any | None:
    return form[name] if name and name in form else None
