"""Languages of the public pages: Spanish under /es, English without a prefix; texts from the catalogs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import Blueprint, Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel, Domain, get_translations, gettext

from services_dir.errors import N_

SOURCE_LANGUAGE = "en"
# Name of each language in itself. A further one is a line here and a catalog in `translations`.
LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}

# Languages that the locale data have no name for.
_NAMED_HERE = {"ase": N_("American Sign Language"), "prs": N_("Dari")}

# The prefix travels under a name that no query uses: `language` is a facet of the search.
_PREFIX = "in_language"
_TRANSLATED = [code for code in LANGUAGES if code != SOURCE_LANGUAGE]


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

    An address that leads nowhere, or takes only a post, gives the home page; a page that exists in one
    language only gives nothing.
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
    if not current_app.url_map.bind("").test(path, "GET"):
        return url_for("site.home", in_language=code)
    query = request.query_string.decode("ascii", "replace")
    return f"{path}?{query}" if query else path


def language_name(code: str) -> str:
    """Give the name of a language in the language of this request; what is no code stays as it is."""
    if code in _NAMED_HERE:
        return gettext(_NAMED_HERE[code])
    return str(Locale.parse(current_language()).languages.get(code, code))


def translated(text: str) -> str:
    """Translate a marked text without filling anything in, so that a percent sign stays one."""
    return get_translations().ugettext(text) if text else text


class _Domain(Domain):
    """Looks for the catalog of a request once, not for each of the hundred texts on a page."""

    def get_translations(self) -> NullTranslations:
        if not g:
            return super().get_translations()
        if "translations" not in g:
            g.translations = super().get_translations()
        found: NullTranslations = g.translations
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
