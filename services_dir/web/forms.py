"""Forms: public ones without a session, those of the workspace with one, and where a post may come from."""

from __future__ import annotations

import gettext
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import (
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectFieldBase
from wtforms.i18n import messages_path
from wtforms.meta import DefaultMeta
from wtforms.widgets import ListWidget

from services_dir import clock
from services_dir.errors import N_, ForbiddenError
from services_dir.values import without_controls
from services_dir.web.context import settings
from services_dir.web.languages import current_language, translated

# Faster than a person fills in a form; `FORM_MINIMUM_AGE` in the application's configuration changes it.
MINIMUM_AGE = timedelta(seconds=2)
# After that the form is shown again with everything kept, to be sent once more.
LIFETIME = timedelta(hours=12)

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenState(StrEnum):
    """What a form's token says about the form."""

    GOOD = "good"
    EARLY = "early"
    EXPIRED = "expired"
    FORGED = "forged"


_TOKEN_SENTENCES = {
    TokenState.EARLY: N_("That was very quick. Please read it once more and send it again."),
    TokenState.EXPIRED: N_("This page was open for a long time. Please check it and send it again."),
    TokenState.FORGED: N_("We could not see that this came from our own page. Please send it again."),
}


def form_token(name: str, *, at: datetime) -> str:
    """Give the signed token of a form that was shown at a moment."""
    return str(_serializer().dumps([name, int(at.timestamp())]))


def read_token(token: str, name: str, *, at: datetime) -> TokenState:
    """Tell whether a token belongs to the form of this name and is of the right age."""
    try:
        named, stamp = _serializer().loads(token)
        shown_at = datetime.fromtimestamp(stamp, UTC)
    except (BadSignature, TypeError, ValueError):
        return TokenState.FORGED
    if named != name:
        return TokenState.FORGED
    if at - shown_at > LIFETIME:
        return TokenState.EXPIRED
    if at - shown_at < current_app.config["FORM_MINIMUM_AGE"]:
        return TokenState.EARLY
    return TokenState.GOOD


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="public-form")


class FormTranslations:
    """Words of WTForms' own messages: from our catalog, else from the catalog that WTForms brings."""

    def gettext(self, string: str) -> str:
        """Translate one sentence."""
        ours = translated(string)
        return ours if ours != string else _wtforms_catalog(current_language()).gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate a sentence that counts."""
        return _wtforms_catalog(current_language()).ngettext(singular, plural, n)


@cache
def _wtforms_catalog(language: str) -> gettext.NullTranslations:
    return gettext.translation("wtforms", messages_path(), [language], fallback=True)


def clean(value: object) -> object:
    """Take control characters and outer spaces from a text; leave everything else alone."""
    return without_controls(value.replace("\r\n", "\n")).strip() if isinstance(value, str) else value


class _CleanMeta(DefaultMeta):
    """Adds `clean` to every field but passwords, and translates the messages of WTForms."""

    def bind_field(self, form: Any, unbound_field: Any, options: MutableMapping[str, Any]) -> Any:
        if not issubclass(unbound_field.field_class, (PasswordField, FormField, FieldList)):
            options = {**options, "filters": [clean, *unbound_field.kwargs.get("filters", ())]}
        return unbound_field.bind(form=form, **options)

    def get_translations(self, form: Any) -> FormTranslations:
        return FormTranslations()


class Switched(StrEnum):
    """What the switch of languages asks of the form it belongs to: the same page once more, nothing sent."""

    TYPED = "typed"
    REFUSED = "refused"  # it was looked at before: its mistakes are told in the other language too


class PublicForm(Form):
    """A form anybody may send, without a session: a signed token says which form it is and when it was shown.

    A subclass sets `form_name`; its template begins with `form_guard(form)`. Where something can be typed,
    the template also names the form for the switch of languages (`switch` in `layouts/public.html`), so that
    the switch keeps what was typed: it asks for the form by a post, and `validate` then accepts nothing.
    """

    Meta = _CleanMeta
    form_name: ClassVar[str]
    may_be_quick: ClassVar[bool] = False  # a form of one button, which nobody needs time to fill in

    form_token = HiddenField()
    switched = HiddenField()
    leave_empty = StringField(
        _l("Leave this field empty. It is only here to stop programs that fill in forms by themselves.")
    )

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        if not self.form_token.data:
            self.form_token.data = form_token(self.form_name, at=clock.now())

    def validate(self, extra_validators: Any = None) -> bool:
        """Check fields, token and the field that must stay empty; what is refused can be sent again."""
        if self.is_switched:
            if self.switched.data == Switched.REFUSED:
                super().validate(extra_validators)
            return False
        is_valid = super().validate(extra_validators)
        if self.leave_empty.data:
            self.leave_empty.data = ""
            self.leave_empty.errors = [_("This field must stay empty. We emptied it: please send again.")]
            is_valid = False
        state = read_token(self.form_token.data or "", self.form_name, at=clock.now())
        if state is TokenState.EARLY and self.may_be_quick:
            state = TokenState.GOOD
        if state is not TokenState.GOOD:
            self.form_errors.append(translated(_TOKEN_SENTENCES[state]))
            is_valid = False
        if state in (TokenState.EXPIRED, TokenState.FORGED):
            # The new one counts as shown long enough: the person has read the page.
            shown_at = clock.now() - current_app.config["FORM_MINIMUM_AGE"] - timedelta(seconds=1)
            self.form_token.data = form_token(self.form_name, at=shown_at)
        return is_valid

    @property
    def is_switched(self) -> bool:
        """Tell whether the form was not sent: its page was asked for in another language."""
        return self.switched.data in tuple(Switched)

    @property
    def switching(self) -> Switched:
        """Give what the switch of languages has to ask of this form as it is shown."""
        return Switched.REFUSED if self.errors else Switched.TYPED

    @property
    def refusal(self) -> int:
        """Give the status of the page that shows this form, not valid: 422, or 200 where it was not sent."""
        return 200 if self.is_switched else 422


class _WorkspaceCsrf(_FlaskFormCSRF):
    """Flask-WTF's check with a sentence for the person."""

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        try:
            super().validate_csrf_token(form, field)
        except ValidationError as error:
            raise ValidationError(
                _("You signed in again, or this page was open for very long. Please send it again.")
            ) from error


class WorkspaceForm(FlaskForm):
    """A form of somebody who is signed in; its CSRF token lives as long as the session."""

    class Meta(_CleanMeta, FlaskForm.Meta):
        """Our texts, and Flask-WTF's CSRF token."""

        csrf_class = _WorkspaceCsrf

        def get_translations(self, form: Any) -> FormTranslations:
            """Give the words of our messages, not those Flask-WTF chooses."""
            return FormTranslations()


@dataclass(frozen=True)
class FormError:
    """An error of a form: the id of the input to go to, its label, the sentence."""

    id: str | None
    label: str | None
    text: str


def form_errors(form: Form) -> list[FormError]:
    """List every error of a form, those of forms within it too, in the order of the fields."""
    errors = [FormError(None, None, str(text)) for text in form.form_errors]
    return [*errors, *(error for field in form for error in _field_errors(field))]


def _field_errors(field: Field) -> Iterator[FormError]:
    if isinstance(field, FormField):
        yield from form_errors(field.form)
    elif isinstance(field, FieldList):
        for entry in field:
            yield from _field_errors(entry)
        yield from (FormError(field.id, field.label.text, text) for text in flat_errors(field.errors))
    else:
        is_hidden = field.type in ("HiddenField", "CSRFTokenField")
        target = None if is_hidden else f"{field.id}-0" if is_group(field) else field.id
        for text in flat_errors(field.errors):
            yield FormError(target, None if is_hidden else field.label.text, text)


def flat_errors(errors: Sequence[Any]) -> list[str]:
    """Give the sentences among a field's errors; those of fields within it are shown beside these."""
    return [str(error) for error in errors if not isinstance(error, (dict, list, tuple))]


def is_group(field: Field) -> bool:
    """Tell whether a field is shown as several tick boxes or radio buttons."""
    return isinstance(field, SelectFieldBase) and isinstance(field.widget, ListWidget)


def refuse_cross_site() -> None:
    """Refuse a post that another website made the browser send. Raises ForbiddenError.

    Runs before every request of the application; older browsers say neither, and the form's token decides.
    """
    if request.method in _SAFE_METHODS or request.headers.get("Sec-Fetch-Site") in ("same-origin", "none"):
        return
    origin = request.headers.get("Origin")
    known = {request.host.lower(), urlsplit(settings().base_url).netloc.lower()} - {""}
    is_foreign = origin is not None and _host_of(origin) not in known
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or is_foreign:
        raise ForbiddenError(N_("This form was sent from another website. Please fill it in on this site."))


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:  # such as "http://[broken"
        return ""


def init_app(app: Flask) -> None:
    """Guard every post, and give templates what the form components need."""
    app.config.setdefault("FORM_MINIMUM_AGE", MINIMUM_AGE)
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    app.before_request(refuse_cross_site)
    app.add_template_global(form_errors)
    app.add_template_global(is_group)
    app.add_template_filter(flat_errors)
