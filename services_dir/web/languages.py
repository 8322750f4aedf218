"""Languages of the public pages: Spanish under /es, English without a prefix; texts from the catalogs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from babel import Locale
from babel.support import NullTranslations
from flask import Blueprint, Flask, current_app, has_app_context, has_request_context, request, url_for
from flask.globals import app_ctx
from flask_babel import Babel, Domain, get_translations
from werkzeug.exceptions import HTTPException

from services_dir.language_names import CATALOGS, language_name_in

SOURCE_LANGUAGE = "en"


def _find_languages() -> dict[str, str]:
    """Give the name of each language in itself: the source, then those that have a compiled catalog."""
    codes = sorted(file.parts[-3] for file in CATALOGS.glob("*/LC_MESSAGES/messages.mo"))
    names = {code: Locale.parse(code).get_display_name(code) or code for code in (SOURCE_LANGUAGE, *codes)}
    return {code: name[:1].upper() + name[1:] for code, name in names.items()}


LANGUAGES: Mapping[str, str] = _find_languages()

# The prefix travels under a name that no query uses: `language` is a facet of the search.
_PREFIX = "in_language"
_TRANSLATED = [code for code in LANGUAGES if code != SOURCE_LANGUAGE]
_REPEATABLE = "may_be_repeated"

View = TypeVar("View", bound=Callable[..., Any])


def current_language() -> str:
    """Give the code of the language of this request; English outside a request."""
    if not has_request_context():
        return SOURCE_LANGUAGE
    first = request.path.split("/", 2)[1] if request.path.startswith("/") else ""
    return first if first in _TRANSLATED else SOURCE_LANGUAGE


def register_public(app: Flask, blueprint: Blueprint) -> None:
    """Register a blueprint of public pages, each of them in every language under the same endpoint."""
    known = {id(rule) for rule in app.url_map.iter_rules()}
    app.register_blueprint(blueprint)
    for rule in [rule for rule in app.url_map.iter_rules() if id(rule) not in known]:
        app.add_url_rule(
            f"/<any({', '.join(_TRANSLATED)}):{_PREFIX}>{rule.rule}",
            rule.endpoint,
            methods=list(rule.methods or ()),
            defaults=rule.defaults,
            provide_automatic_options=False,
        )
        app.extensions["translated_endpoints"].add(rule.endpoint)


def other_languages() -> list[tuple[str, str, str]]:
    """Give code, name and address of this same page, its parameters kept, in each other language.

    An address that takes only a post gives the page above it, one that leads nowhere the home page; a page
    that exists in one language only gives nothing.
    """
    here = current_language()
    if (
        request.endpoint is not None
        and request.endpoint not in current_app.extensions["translated_endpoints"]
    ):
        return []
    return [(code, name, _in_language(code)) for code, name in LANGUAGES.items() if code != here]


def _in_language(code: str) -> str:
    if request.endpoint is None:
        return url_for("site.home", in_language=code)
    path = url_for(request.endpoint, in_language=code, **(request.view_args or {}))
    pages = current_app.url_map.bind("")
    while not pages.test(path, "GET"):  # a deed: the page whose button it is lies above it
        path = path.rpartition("/")[0]
        if path in ("", f"/{code}"):
            return url_for("site.home", in_language=code)
    query = request.query_string.decode("ascii", "replace")
    return f"{path}?{query}" if query else path


def repeatable(view: View) -> View:
    """Let the switch of languages send a post again: it asks a question and changes nothing."""
    setattr(view, _REPEATABLE, True)
    return view


def fields_to_repeat() -> list[tuple[str, str]] | None:
    """Give what was posted, for the same page in another language; None where a link is enough."""
    if request.method != "POST" or request.endpoint is None:
        return None
    if not hasattr(current_app.view_functions[request.endpoint], _REPEATABLE):
        return None
    try:
        return list(request.form.items(multi=True))
    except HTTPException:  # too much was sent; the page that says so reads it no more
        return None


def language_name(code: str) -> str:
    """Give the name of a language in the language of this request; what is no code stays as it is."""
    return language_name_in(current_language(), code)


def translated(text: str) -> str:
    """Translate a marked text without filling anything in, so that a percent sign stays one."""
    if not text:
        return text
    held = app_ctx.g.get("translations") if has_app_context() else None
    return (held or get_translations()).ugettext(text)


class _Domain(Domain):
    """Looks for the catalog of a request once, not for each of the hundred texts on a page."""

    def get_translations(self) -> NullTranslations:
        if not has_app_context():
            return super().get_translations()
        held = app_ctx.g  # itself: each look through the proxy would cost as much as the translation
        if "translations" not in held:
            held.translations = super().get_translations()
        found: NullTranslations = held.translations
        return found


class _Babel(Babel):
    @cached_property
    def domain_instance(self) -> Domain:
        return _Domain(domain=self.domain)


def init_app(app: Flask) -> None:
    """Set up the catalogs, and make addresses keep the language of the page they stand on."""
    app.extensions["translated_endpoints"] = set()
    _Babel(app, default_locale=SOURCE_LANGUAGE, locale_selector=current_language)
    app.add_template_global(current_language)
    app.add_template_global(other_languages)
    app.add_template_global(fields_to_repeat)
    app.add_template_global(language_name)
    app.add_template_filter(translated)

    @app.url_value_preprocessor
    def take_prefix(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values is not None:
            values.pop(_PREFIX, None)

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint not in app.extensions["translated_endpoints"]:
            return
        language = values.setdefault(_PREFIX, current_language())
        if language == SOURCE_LANGUAGE:
            del values[_PREFIX]
