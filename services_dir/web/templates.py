"""Templates in every language: what they say word for word is translated when they are compiled.

A page of results says a hundred short texts. To look each of them up took a quarter of the template's time.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from flask.templating import Environment
from flask_babel import get_locale
from jinja2 import Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from services_dir.web.languages import SOURCE_LANGUAGE, translated

# A text without values, as the lexer sees it: _("Search").
_TEXT = ("name", "lparen", "string", "rparen")


class Templates(Environment):
    """The templates of an application: each is made in every language, when it is first needed."""

    language: str | None = None

    def get_or_select_template(
        self,
        template_name_or_list: str | Template | list[str | Template],
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """Give a template in the language of this request."""
        speaking = self._speaking(str(get_locale() or SOURCE_LANGUAGE))
        return super(Templates, speaking).get_or_select_template(template_name_or_list, parent, globals)

    def _speaking(self, language: str) -> Templates:
        made: dict[str, Templates] = self.__dict__.setdefault("_by_language", {})
        if language not in made:
            made[language] = self.overlay(extensions=[Translating])
            made[language].language = language
        return made[language]


class Translating(Extension):
    """Puts its translation in the place of each text that a template says without values."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Give the tokens of a template, with each text in this language: ("Search" | safe)."""
        held: list[Token] = []
        for token in stream:
            held.append(token)
            if len(held) < len(_TEXT):
                continue
            if held[0].value == "_" and tuple(one.type for one in held) == _TEXT:
                yield from self._safe(held[2])
                held.clear()
            else:
                yield held.pop(0)
        yield from held

    def _safe(self, text: Token) -> Iterator[Token]:
        """Give the translation as markup, as gettext does; the filter is applied when this is compiled."""
        said = translated(text.value) % {}
        for kind, value in (
            ("lparen", "("),
            ("string", said),
            ("pipe", "|"),
            ("name", "safe"),
            ("rparen", ")"),
        ):
            yield Token(text.lineno, kind, value)
