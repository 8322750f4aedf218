"""A small application with all the plumbing, two features and no database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Blueprint, Flask, render_template, render_template_string, request
from flask_babel import gettext as _
from sqlalchemy.exc import DatabaseError, OperationalError
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from services_dir import web
from services_dir.errors import ConflictError, GoneError, InvalidError, NotFoundError
from services_dir.settings import TEMPLATES, Settings
from services_dir.site import views as site
from services_dir.web import navigation
from services_dir.web.forms import PublicForm
from services_dir.web.languages import register_public
from services_dir.web.sessions import use_workspace_sessions
from tests.support.client import Visitor

SECRET = "Lighthouse-7719"


@dataclass(frozen=True)
class Titled:
    """The least that a template needs."""

    title: str


class LetterForm(PublicForm):
    """A form with a field of each kind that components treat differently."""

    form_name = "letter"
    name = StringField("Name", [InputRequired()], description="As people know it.")
    text = TextAreaField("Text", [Length(max=40)])
    colour = RadioField(
        "Which colour?", [InputRequired()], choices=[SelectChoice("r", "Red"), SelectChoice("b", "Blue")]
    )


LETTER = """{% extends "layouts/public.html" %}
{% from "components/error_summary.html" import error_summary %}
{% from "components/field.html" import field %}
{% from "components/form_guard.html" import form_guard %}
{% from "components/button.html" import button %}
{% block main %}<h1>Letter</h1>{{ error_summary(form) }}
<form method="post" data-keeps novalidate>{{ form_guard(form) }}
{{ field(form.name, example="Ms. Made-up") }}{{ field(form.text) }}{{ field(form.colour) }}
{{ button("Send") }}</form>
{% endblock %}"""


def _feature() -> Blueprint:
    bp = Blueprint("search", __name__)

    @bp.get("/programs")
    def results() -> str:
        return render_template("errors/public.html", page=Page(_("Results")))

    @bp.route("/letter", methods=["GET", "POST"])
    def letter() -> tuple[str, int]:
        form = LetterForm(request.form)
        is_wrong = request.method == "POST" and not form.validate()
        return render_template_string(LETTER, page=Titled("Letter"), form=form), 422 if is_wrong else 200

    @bp.post("/send")
    def send() -> str:
        raise InvalidError("This cannot be sent.")

    @bp.get("/fails/<kind>")
    @bp.get("/fails/<kind>.json", endpoint="fails_json")
    def fails(kind: str) -> str:
        errors = {
            "missing": NotFoundError("There is no {thing}.", thing="lamp"),
            "gone": GoneError("It is no longer listed."),
            "conflict": ConflictError("Somebody was faster."),
            "down": OperationalError("SELECT secret", {"name": SECRET}, Exception(SECRET)),
            "damaged": DatabaseError("SELECT", {}, Exception("malformed")),
            "bug": RuntimeError(SECRET),
        }
        raise errors[kind]

    return bp


@dataclass(frozen=True)
class Page:
    """What the template of an error needs, for an ordinary page."""

    title: str
    text: str = ""
    is_ours: bool = False


@pytest.fixture
def small_settings(home: Path) -> Settings:
    """Settings that name a database nobody opens."""
    return Settings.from_environment(
        {"SERVICES_DIR_HOME": str(home), "SERVICES_DIR_BASE_URL": "https://directory.example.org"}
    )


@pytest.fixture
def small_app(small_settings: Settings) -> Flask:
    """The plumbing with two features."""
    app = Flask("services_dir", template_folder=str(TEMPLATES), static_folder=None)
    app.config["SETTINGS"] = small_settings
    app.config["SECRET_KEY"] = "not a secret: only tests know this key"
    use_workspace_sessions(app, base_url="")
    web.init_app(app)
    register_public(app, site.bp)
    register_public(app, _feature())
    navigation.add(app, *site.ENTRIES)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def visitor(small_app: Flask) -> Visitor:
    """Somebody who reads the small application with care."""
    return Visitor(small_app)
