"""The final words of a mail: text and HTML from one letter, in the recipient's language.

Outside Flask on purpose: a mail is written in the language of its recipient, not of the page it comes from.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services_dir.mail import operations
from services_dir.mail.messages import LETTERS, Message
from services_dir.mail.operations import Rendered
from services_dir.settings import TEMPLATES

_CATALOGS = Path(__file__).resolve().parent.parent / "translations"


def render(message: Message) -> Rendered:
    """Write a mail. Raises KeyError if a value that its letter names is missing."""
    letter = LETTERS[message.kind]
    translate = _catalog(message.language).ugettext

    def say(sentence: str) -> str:
        return translate(sentence).format_map(message.values)

    subject = say(letter.subject)
    words = {
        "language": message.language,
        "name": translate("Services directory"),
        "subject": subject,
        "before": [say(sentence) for sentence in letter.before],
        "button": say(letter.button),
        "link": message.values["link"],
        "after": [say(sentence) for sentence in letter.after],
    }
    text, html = (
        _environment().get_template(f"mail/letter.{kind}").render(words) for kind in ("txt", "html")
    )
    return Rendered(subject, text, html)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _catalog(language: str) -> NullTranslations:
    return Translations.load(_CATALOGS, [language])


operations.renderers.append(render)
