"""A draft as a form and a form as a draft: nothing is lost on the way, and nothing slips in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import render_template_string
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from services_dir.catalog.draft import (
    AreaDraft,
    AsOf,
    DatedHours,
    Hours,
    Interpreter,
    LinkDraft,
    OrganizationDraft,
    PhoneDraft,
    ProgramDraft,
    ProgramText,
    SiteDraft,
    SourceDraft,
    SpokenLanguage,
    WeeklyHours,
)
from services_dir.catalog.kinds import (
    Availability,
    DatePrecision,
    Day,
    Known,
    Level,
    PhoneKind,
    Precision,
    ProgramKind,
    RunBy,
    Visibility,
)
from services_dir.db import db
from services_dir.submissions.forms import (
    EditOrganizationForm,
    EditProgramForm,
    Origin,
    SubmitProgramForm,
    draft_from_form,
    form_from_draft,
    load,
)
from services_dir.submissions.forms.rows import read_clock
from services_dir.submissions.pages import FormPage, Words
from services_dir.web.forms import form_errors
from tests.support.factories import ZONE, draft_program, make_organization
from tests.support.markup import Markup

pytestmark = pytest.mark.sqlite  # nothing here depends on the database's kind

TODAY = date(2026, 3, 2)
ALPHABET = st.sampled_from("abc xyzÁñ'&<>\"\n-.,;:(0123")


def words(most=40):
    typed = st.text(ALPHABET, min_size=1, max_size=most)
    return typed.map(lambda t: "\n".join(map(tidy, t.split("\n"))).strip()).filter(bool)


def tidy(text):
    return " ".join(text.split())


def lines(most=40):
    return words(most).map(tidy).filter(bool)


def maybe(strategy):
    return st.none() | strategy


def several(strategy, most=3):
    return st.lists(strategy, max_size=most).map(tuple)


def subset(*values):
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
WEEKS = st.builds(
    WeeklyHours,
    days=st.lists(st.sampled_from(Day), min_size=1, unique=True).map(tuple),
    opens=CLOCKS,
    closes=CLOCKS,
)
EXCEPTIONS = st.builds(DatedHours, on=st.dates(date(2026, 1, 1), date(2027, 1, 1)), note=maybe(lines()))
SPOKEN_HOURS = st.builds(
    Hours, words=words(), zone=st.just(ZONE), weekly=several(WEEKS), exceptions=several(EXCEPTIONS, 1)
)
ALWAYS = st.builds(Hours, words=st.just("") | words(), zone=st.just(ZONE), round_the_clock=st.just(True))
HOURS = maybe(SPOKEN_HOURS | ALWAYS)
PHONES = st.builds(
    PhoneDraft,
    kind=st.sampled_from([k for k in PhoneKind if k is not PhoneKind.RELAY]),
    number=st.integers(100, 199).map(lambda n: f"+18605550{n}") | st.sampled_from(["211", "988"]),
    extension=maybe(st.sampled_from(["5", "ext. 12"])),
    label=maybe(lines()),
    language=maybe(st.sampled_from(["en", "es", "ase", "prs"])),
    instruction=maybe(words()),
    hours=HOURS,
)
AREAS = st.builds(
    AreaDraft,
    place=st.sampled_from(
        [
            "town/hartford",
            "county/hartford",
            "planning-region/capitol",
            "zip/06511",
            "village/westville",
            "state/connecticut",
            "nation/united-states",
            "named-area/greater-new-haven",
        ]
    ),
)
PUBLIC_SITES = st.builds(
    SiteDraft,
    name=maybe(lines()),
    street=maybe(lines()),
    city=maybe(st.sampled_from(["Hartford", "Westville", "Los Angeles"])),
    state=maybe(st.sampled_from(["CT", "CA"])),
    postal_code=maybe(st.just("06103")),
    town=st.sampled_from(["town/hartford", "town/hamden"]),
    latitude=st.just(41.5),
    longitude=st.just(-72.5),
    precision=st.sampled_from(Precision),
    access_notes=maybe(words()),
    phones=several(PHONES, 2),
    hours=HOURS,
    service_areas=several(AREAS, 1),
)
HIDDEN_SITES = st.builds(
    SiteDraft,
    visibility=st.just(Visibility.AREA_ONLY),
    town=maybe(st.just("town/hartford")),
    region=maybe(st.just("planning-region/capitol")),
    phones=several(PHONES, 1),
)
SOURCES = st.builds(
    SourceDraft,
    title=words(),
    url=st.sampled_from(["https://www.example.org/a", "http://example.com/b?c=d"]),
    as_of=maybe(
        st.sampled_from(
            [
                AsOf(text="2026", precision=DatePrecision.YEAR),
                AsOf(text="2026-02-13", precision=DatePrecision.MONTH),
            ]
        )
    ),
    is_public=st.booleans(),
    supports=maybe(words()),
    fields=st.just(("phones",)),
    feed=maybe(lines(10)),
)


LANGUAGES = st.builds(
    SpokenLanguage, code=st.sampled_from(["en", "es", "ase", "prs", "ht"]), note=maybe(lines())
)


def program_texts(name=None):
    said = st.just("") | words()
    return st.builds(
        ProgramText,
        name=lines(),
        description=words() if name else said,
        eligibility=said,
        how_to_apply=said,
        what_happens=said,
        cost=said,
        alert=said,
        translated_on=st.none() if name else maybe(st.just(date(2026, 1, 1))),
        translated_version=st.none() if name else maybe(st.just(3)),
    )


ALL_TEXTS = st.builds(
    lambda en, others: {"en": en} | others,
    program_texts("en"),
    st.dictionaries(st.sampled_from(["es", "pt"]), program_texts(), max_size=2),
)
CATEGORIES = ("housing", "emergency-shelter", "legal-assistance", "health-care")
POPULATIONS = ("all-survivors", "minors", "men")


@st.composite
def program_drafts(draw, organization):
    served = draw(subset(*POPULATIONS))
    availability = draw(st.sampled_from(Availability))
    is_paused = availability is Availability.PAUSED
    return ProgramDraft(
        slug=draw(maybe(st.just("a-slug"))),
        kind=draw(st.sampled_from(ProgramKind)),
        level=draw(st.sampled_from(Level)),
        **draw(who_runs_it(organization)),
        texts=draw(ALL_TEXTS),
        alternate_names=draw(several(lines())),
        former_names=draw(several(lines())),
        categories=draw(subset(*CATEGORIES).filter(bool)),
        populations=served,
        populations_excluded=tuple(p for p in draw(subset(*POPULATIONS)) if p not in served),
        population_note=draw(maybe(words())),
        min_age=draw(maybe(st.integers(0, 20))),
        max_age=draw(maybe(st.integers(20, 120))),
        languages=draw(
            several(
                st.builds(
                    SpokenLanguage,
                    code=st.sampled_from(["en", "es", "ase", "prs", "ht"]),
                    note=maybe(lines()),
                )
            )
        ),
        interpreter=draw(st.builds(Interpreter, available=maybe(st.booleans()), note=maybe(words()))),
        phones=draw(several(PHONES)),
        email=draw(maybe(st.just("a@example.org"))),
        url=draw(maybe(st.just("https://example.org/x"))),
        links=draw(several(st.builds(LinkDraft, label=lines(), url=st.just("https://example.org/y")))),
        hours=draw(HOURS),
        sites=draw(several(PUBLIC_SITES | HIDDEN_SITES)),
        service_areas=draw(several(AREAS, 4).filter(bool)),
        area_words=draw(maybe(words())),
        asks_immigration_status=draw(st.sampled_from(Known)),
        needs_police_report=draw(st.sampled_from(Known)),
        mandated_reporters=draw(st.sampled_from(Known)),
        run_by=draw(maybe(st.sampled_from(RunBy))),
        availability=availability,
        paused_until=draw(maybe(st.just(date(2026, 5, 1)))) if is_paused else None,
        alert_until=draw(maybe(st.just(date(2026, 6, 1)))),
        partners_note=draw(maybe(words())),
        as_of=draw(maybe(st.just(AsOf(text="2025-11", precision=DatePrecision.MONTH)))),
        sources=draw(several(SOURCES)),
        confidence=draw(maybe(st.sampled_from(["high", "medium", "low"]))),
        editor_note=draw(maybe(words())),
    )


def who_runs_it(organization):
    new = st.builds(
        OrganizationDraft,
        name=lines(),
        level=st.sampled_from(Level),
        url=maybe(st.just("https://example.net/")),
        partners_note=maybe(words()),
    )
    return st.just({"organization": organization}) | st.fixed_dictionaries({"new_organization": new})


@pytest.fixture
def choices(app, session):
    organization = make_organization(session)
    with app.test_request_context("/submit"):
        yield load(db.session), organization.uuid


def as_sent(form):
    """Give what a browser sends of a form: rendered as the page shows it, then read back."""
    page = render_template_string(
        '{% from "submissions/_form.html" import draft_form %}<form></form>{{ draft_form(page) }}',
        page=FormPage("", Words("", "", "Send"), form, load(db.session), "/x"),
    )
    values = Markup(page).form("/x").values
    return MultiDict([(name, value) for name, held in values.items() for value in held])


def there_and_back(kind, choices, draft, **origin):
    origin = Origin(draft, **origin)
    sent = as_sent(form_from_draft(kind, choices, origin))
    form = form_from_draft(kind, choices, origin, sent)
    read = draft_from_form(form, choices, origin, today=TODAY)
    assert read is not None, form_errors(form)
    return read


@pytest.fixture(autouse=True)
def patient(app):
    app.config["FORM_MINIMUM_AGE"] = timedelta(0)
    app.config["WTF_CSRF_ENABLED"] = False


# Pages are slow to make, so failing drafts are shown as found and not made smaller.
MANY = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("kind", [EditProgramForm, SubmitProgramForm])
def test_a_draft_survives_its_form_exactly(choices, kind):
    known, organization = choices

    @MANY
    @given(program_drafts(organization))
    def every_draft(draft):
        assert there_and_back(kind, known, draft) == draft

    every_draft()


def test_the_form_carries_all_that_may_be_said(choices):
    """Read on top of nothing, the draft is the same but for identities and what only editors keep."""
    known, organization = choices

    @MANY
    @given(program_drafts(organization))
    def every_draft(draft):
        sent = as_sent(form_from_draft(EditProgramForm, known, Origin(draft)))
        sent["time_zone"] = ZONE
        form = form_from_draft(EditProgramForm, known, Origin(), sent)
        read = draft_from_form(form, known, Origin(), today=TODAY)
        assert read is not None, form_errors(form)
        assert bare(read) == bare(draft)

    every_draft()


def bare(draft):
    """Give what a form shows of a draft."""

    def hours(held, keep_weekly=False):
        return held and (held.words, held.round_the_clock, held.weekly if keep_weekly else ())

    def phones(held):
        return [
            (p.kind, p.number, p.extension, p.label, p.language, p.instruction, hours(p.hours)) for p in held
        ]

    new = draft.new_organization
    return (
        replace(draft.texts["en"], translated_on=None, translated_version=None),
        draft.kind,
        draft.level,
        draft.organization,
        new and (new.name, new.level, new.url),
        set(draft.categories),
        set(draft.populations),
        set(draft.populations_excluded),
        (draft.population_note, draft.min_age, draft.max_age, draft.email, draft.url, draft.links),
        [(spoken.code, spoken.note) for spoken in draft.languages],
        draft.interpreter,
        phones(draft.phones),
        [(s.visibility, s.name, s.street, s.state, s.postal_code, s.access_notes) for s in draft.sites],
        [(s.region, phones(s.phones), hours(s.hours)) for s in draft.sites],
        [area.place for area in draft.service_areas],
        (draft.area_words, draft.partners_note, draft.alternate_names, draft.former_names),
        (draft.asks_immigration_status, draft.needs_police_report, draft.mandated_reporters, draft.run_by),
        (draft.availability, draft.paused_until, draft.alert_until, draft.confidence, draft.editor_note),
        [(s.title, s.url, s.as_of and s.as_of.text, s.is_public, s.supports) for s in draft.sources],
    )


def test_an_organization_survives_its_form_exactly(choices):
    known, parent = choices
    drafts = st.builds(
        OrganizationDraft,
        slug=maybe(st.just("a-slug")),
        name=lines(),
        level=st.sampled_from(Level),
        aliases=several(lines()),
        former_names=several(lines()),
        parent=st.sampled_from([None, parent]),
        url=maybe(st.just("https://example.org/x")),
        email=maybe(st.just("a@example.org")),
        descriptions=st.dictionaries(st.sampled_from(["en", "es", "pt"]), words()),
        partners_note=maybe(words()),
        phones=several(PHONES),
    )

    @MANY
    @given(drafts)
    def every_draft(draft):
        assert there_and_back(EditOrganizationForm, known, draft) == draft

    every_draft()


def test_what_is_for_editors_is_neither_shown_nor_taken_from_outside(choices):
    known, organization = choices
    secret = SourceDraft(title="Telltale memo", url="https://example.org/memo", supports="Telltale fact")
    shown = SourceDraft(title="A page", url="https://example.org/a", is_public=True, supports="Telltale too")
    draft = draft_program(
        organization=organization,
        editor_note="Telltale note",
        confidence="low",
        sources=(secret, shown),
    )
    sent = as_sent(form_from_draft(SubmitProgramForm, known, Origin(draft)))
    assert "elltale" not in str(sent)

    forged = MultiDict(
        [
            *sent.items(multi=True),
            ("editor_note", "Forged"),
            ("confidence", "high"),
            ("kind", "legal-right"),
            ("sources-0-supports", "Forged"),
            ("sources-1-key", secret.id),
            ("sources-1-title", "Forged"),
            ("sources-1-url", "https://example.org/forged"),
            ("sources-1-is_public", "y"),
            ("phones-5-key", "not an identity"),
            ("phones-5-number", "860-555-0150"),
        ]
    )
    form = form_from_draft(SubmitProgramForm, known, Origin(draft), forged)
    read = draft_from_form(form, known, Origin(draft), today=TODAY)

    assert read is not None, form_errors(form)
    assert (read.editor_note, read.confidence, read.kind) == ("Telltale note", "low", ProgramKind.PROGRAM)
    assert read.sources[:2] == (secret, shown)
    assert (read.sources[2].title, read.sources[2].is_public) == ("Forged", False)
    assert read.sources[2].id != secret.id
    assert len(read.phones[-1].id) == 36


def test_a_touched_address_loses_its_point_and_an_untouched_one_keeps_it(choices):
    known, organization = choices
    site = SiteDraft(
        street="1 Made-up Way",
        town="town/hartford",
        latitude=41.7,
        longitude=-72.6,
        precision=Precision.EXACT,
    )
    draft = draft_program(organization=organization, sites=(site,))
    sent = as_sent(form_from_draft(SubmitProgramForm, known, Origin(draft)))
    sent["sites-0-street"] = "2 Made-up Way"

    form = form_from_draft(SubmitProgramForm, known, Origin(draft), sent)
    read = draft_from_form(form, known, Origin(draft), today=TODAY)

    assert read.sites[0] == replace(
        site, street="2 Made-up Way", latitude=None, longitude=None, precision=None
    )


def test_a_changed_translation_is_dated(choices):
    known, organization = choices
    draft = draft_program(organization=organization)
    sent = as_sent(form_from_draft(SubmitProgramForm, known, Origin(draft)))
    sent["spanish-description"] = "Un programa inventado."

    form = form_from_draft(SubmitProgramForm, known, Origin(draft), sent)
    spanish = draft_from_form(form, known, Origin(draft), today=TODAY).texts["es"]

    assert (spanish.name, spanish.translated_on) == (draft.name, TODAY)


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("9", "09:00"),
        ("9:30 am", "09:30"),
        ("12 a.m.", "00:00"),
        ("12pm", "12:00"),
        ("5 PM", "17:00"),
        ("17.45", "17:45"),
        ("24:00", "24:00"),
        ("noon", "12:00"),
        ("13 pm", None),
        ("25:00", None),
        ("9:75", None),
        ("soon", None),
        ("", None),
    ],
)
def test_times_are_read_as_people_write_them(app, typed, clock):
    with app.test_request_context("/submit"):
        assert read_clock(typed) == clock
