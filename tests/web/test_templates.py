"""A template says its texts in the language of the page, whichever page needed it first."""

from __future__ import annotations

import pytest
from flask import Flask, render_template
from jinja2 import ChoiceLoader, DictLoader

from services_dir.settings import TEMPLATES
from services_dir.web import languages
from services_dir.web.templates import Templates

LAMP = (
    '{% from "components/tag.html" import tag %}'
    '{{ _("Search") }}, {{ tag(_("Safety")) }}, {{ "<" ~ _("Search") if page else _("Safety") }}, '
    '{{ _("Page %(page)s of %(pages)s", page=page, pages=7) }}'
)
SAID = {
    "/": 'Search, <span class="tag tag--plain">Safety</span>, &lt;Search, Page 3 of 7',
    "/es/": 'Buscar, <span class="tag tag--plain">Seguridad</span>, &lt;Buscar, Página 3 de 7',
}


@pytest.fixture
def speaking_app():
    app = Flask("services_dir", template_folder=str(TEMPLATES))
    app.jinja_environment = Templates
    languages.init_app(app)
    app.jinja_env.loader = ChoiceLoader([DictLoader({"lamp.html": LAMP}), app.jinja_env.loader])
    return app


@pytest.mark.parametrize("paths", [("/", "/es/", "/"), ("/es/", "/")])
def test_texts_are_in_the_language_of_each_page(speaking_app, paths):
    for path in paths:
        with speaking_app.test_request_context(path):
            assert render_template("lamp.html", page=3) == SAID[path]
