"""A form as a draft and a draft as a form: the two ways, for programs and for organizations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from services_dir.catalog.draft import (
    Draft,
    OrganizationDraft,
    ProgramDraft,
    from_builtins,
    new_id,
    to_builtins,
)
from services_dir.catalog.kinds import Level
from services_dir.catalog.rules import check_organization, check_program
from services_dir.errors import InvalidError
from services_dir.submissions.forms import filling
from services_dir.submissions.forms.choices import Choices
from services_dir.submissions.forms.organization import (
    AnyOrganizationForm,
    EditOrganizationForm,
    SubmitOrganizationForm,
)
from services_dir.submissions.forms.program import (
    AnyProgramForm,
    EditProgramForm,
    FromOutside,
    SubmitProgramForm,
)
from services_dir.submissions.forms.reading import Document, Reader, in_order, lines, sites, sources
from services_dir.web.errors import sentence
from services_dir.web.forms import form_errors

DraftForm = SubmitProgramForm | EditProgramForm | SubmitOrganizationForm | EditOrganizationForm
FormT = TypeVar("FormT", bound="DraftForm")


@dataclass(frozen=True)
class Origin:
    """What a form begins with: a draft, and the ids of those of its hidden sources that are the sender's."""

    draft: Draft | None = None
    own_sources: frozenset[str] = frozenset()


def form_from_draft(
    kind: type[FormT],
    choices: Choices,
    origin: Origin,
    formdata: MultiDict[str, str] | None = None,
    **values: Any,
) -> FormT:
    """Give the form for a draft; with `formdata` as it was typed, whatever the draft says."""
    shown: dict[str, Any] = {}
    if isinstance(origin.draft, ProgramDraft):
        shown = filling.program_values(
            origin.draft, choices, for_editor=kind.is_editor, own=origin.own_sources
        )
    elif origin.draft is not None:
        shown = filling.organization_values(origin.draft, choices)
    form = kind(formdata, data=shown | values)
    form.offer(choices)
    if isinstance(form, FromOutside):
        form.offer_languages()
    return form


def draft_from_form(form: DraftForm, choices: Choices, origin: Origin, *, today: date) -> Draft | None:
    """Give the draft that a form says; None if something is wrong: the form then says what, and where."""
    is_valid = form.validate()
    reader = Reader(choices)
    problems = []
    draft: Draft | None = None
    try:
        if isinstance(form, SubmitProgramForm | EditProgramForm):
            began = origin.draft if isinstance(origin.draft, ProgramDraft) else None
            document = _program(reader, form, began, origin.own_sources, today)
            draft = from_builtins(document, ProgramDraft)
            problems = check_program(draft, choices.known(draft))
        else:
            base = origin.draft if isinstance(origin.draft, OrganizationDraft) else None
            draft = from_builtins(_organization(reader, form, base), OrganizationDraft)
            problems = check_organization(draft, choices.known(draft))
    except InvalidError as error:
        if not form_errors(form):  # every field is checked above, so this is the last resort
            form.form_errors.append(sentence(error))
    reader.put_problems(form, problems)
    return draft if is_valid and not form_errors(form) else None


def _program(
    reader: Reader, form: AnyProgramForm, began: ProgramDraft | None, own: frozenset[str], today: date
) -> Document:
    old: Document = to_builtins(began) if began else {"id": new_id()}
    hours = old.get("hours")
    reader.zone, reader.zone_field = form.time_zone.data or "", form.time_zone
    document = {name: reader.value(form[name], name, old.get(name)) for name in filling.SAME}
    document["level"] = document["level"] or Level.LOCAL.value  # the field says already that it is missing
    document["url"] = reader.address(form.url, "url", old.get("url"))
    document |= _who_runs_it(reader, form, began)
    document |= {
        "texts": _texts(reader, form, old.get("texts", {}), today),
        "alternate_names": lines(form.alternate_names.data, old.get("alternate_names", ())),
        "former_names": lines(form.former_names.data, old.get("former_names", ())),
        "languages": _languages(reader, form, old.get("languages", ())),
        "interpreter": {
            "available": {"yes": True, "no": False}.get(form.interpreter.data or ""),
            "note": reader.value(
                form.interpreter_note, "interpreter.note", old.get("interpreter", {}).get("note")
            ),
        },
        "hours": reader.hours(form, "hours", hours, zone=form.time_zone),
        "phones": reader.phones(form.phones, "phones", old.get("phones", ())),
        "links": _links(reader, form, old.get("links", ())),
        "service_areas": reader.areas(form.service_areas, "service_areas", old.get("service_areas", ())),
        "sites": sites(reader, form.sites, began.sites if began else ()),
        "sources": sources(reader, form, began, own),
    }
    for name in ("categories", "populations", "populations_excluded"):
        reader.fields[name] = form[name]
        document[name] = in_order(form[name].data, old.get(name, ()))
    if isinstance(form, EditProgramForm):
        document |= {name: reader.value(form[name], name, old.get(name)) for name in filling.EDITORS}
        document["as_of"] = reader.date_of(form.as_of, "as_of", old.get("as_of"))
    return old | document


def _who_runs_it(reader: Reader, form: AnyProgramForm, began: ProgramDraft | None) -> Document:
    """Give the organization: one of the register by its name, or a new one."""
    typed, group = form.organization.data or "", form.new_organization.form
    old = began.organization if began else None
    reader.fields["organization"] = form.organization
    for name in ("name", "level", "url"):
        reader.fields[f"new_organization.{name}"] = group[name]
    is_same = old is not None and typed == reader.choices.organizations.get(old, "")
    uuid = old if is_same else reader.choices.find_organization(typed) if typed else None
    if typed and uuid is None:
        reader.note(
            form.organization,
            _("This organization is not in our list. Choose one, or open “It is not in the list” below."),
        )
    before = began.new_organization if began else None
    if not (group["name"].data or group["url"].data):
        return {"organization": uuid, "new_organization": None}
    if not group["level"].data:
        reader.note(group["level"], _("Choose what kind of organization it is."))
    new = (to_builtins(before) if before else {"id": new_id()}) | {
        "name": group["name"].data or "",
        "level": group["level"].data or Level.LOCAL.value,
        "url": reader.address(group["url"], "new_organization.url", before.url if before else None),
    }
    return {"organization": uuid, "new_organization": new}


def _texts(reader: Reader, form: AnyProgramForm, old: Document, today: date) -> Document:
    before = old.get("en", {})
    english = {n: reader.value(form[n], f"texts.en.{n}", before.get(n, "")) or "" for n in filling.TEXTS}
    texts: Document = {"en": before | english}
    group, before = form.spanish.form, old.get("es", {})
    spanish = {n: reader.value(group[n], f"texts.es.{n}", before.get(n, "")) or "" for n in filling.TEXTS}
    if any(group[name].data for name in filling.TEXTS):
        spanish["name"] = spanish["name"] or english["name"]
        is_new = any(before.get(name) != spanish[name] for name in filling.TEXTS)
        mark = {"translated_on": today.isoformat(), "translated_version": None} if is_new else {}
        texts["es"] = before | spanish | mark
    elif before and all(not before.get(name) for name in filling.TEXTS if name != "name"):
        texts["es"] = before  # a translation that holds the name only, as in English: shown as nothing
    return texts | {code: text for code, text in old.items() if code not in ("en", "es")}


def _languages(reader: Reader, form: AnyProgramForm, old: Any) -> list[Document]:
    languages = []
    for row, here, part in reader.rows(form.languages, "languages", old):
        code = reader.language(row.language, f"{here}.code", part.get("code"))
        if code is None:
            reader.note(row.language, _("Name the language."))
        languages.append(
            part | {"code": code or "en", "note": reader.value(row.note, f"{here}.note", part.get("note"))}
        )
    return languages


def _links(reader: Reader, form: AnyProgramForm, old: Any) -> list[Document]:
    links: list[Document] = []
    reader.fields["links"] = form.links
    known = {link["url"]: link for link in old}
    for entry in form.links:
        row = entry.form
        if row.is_empty:
            continue
        here = f"links.{len(links)}"
        url = reader.address(row.url, f"{here}.url", row.url.data if row.url.data in known else None)
        links.append({"label": reader.value(row.label, f"{here}.label") or url or "", "url": url or ""})
    return links


def _organization(reader: Reader, form: AnyOrganizationForm, began: OrganizationDraft | None) -> Document:
    old: Document = to_builtins(began) if began else {"id": new_id()}
    typed = form.parent.data or ""
    reader.fields["parent"] = form.parent
    is_same = bool(began and began.parent) and typed == reader.choices.organizations.get(old["parent"], "")
    parent = old["parent"] if is_same else reader.choices.find_organization(typed) if typed else None
    if typed and parent is None:
        reader.note(form.parent, _("This organization is not in our list."))
    names = ("name", "level", "email", "partners_note")
    said = {name: reader.value(form[name], name, old.get(name)) for name in names}
    descriptions = dict(old.get("descriptions", {}))
    for code, field in (("en", form.description), ("es", form.spanish_description)):
        words = reader.value(field, f"descriptions.{code}", descriptions.get(code))
        descriptions = {c: text for c, text in descriptions.items() if c != code}
        if words is not None:
            descriptions[code] = words
    return (
        old
        | said
        | {
            "name": said["name"] or "",
            "level": said["level"] or Level.LOCAL.value,
            "parent": parent,
            "url": reader.address(form.url, "url", old.get("url")),
            "descriptions": descriptions,
            "phones": reader.phones(form.phones, "phones", old.get("phones", ())),
            "aliases": lines(form.aliases.data, old.get("aliases", ())),
            "former_names": lines(form.former_names.data, old.get("former_names", ())),
        }
    )
