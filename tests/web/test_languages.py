"""Every public page in two languages."""

from __future__ import annotations

import pytest
from flask import render_template, url_for

from services_dir.search.vocabulary import language_name as option_name
from services_dir.web.languages import current_language, language_name
from tests.web.conftest import Page


@pytest.mark.parametrize(
    ("path", "language"), [("/safety", "en"), ("/es/safety", "es"), ("/es", "es"), ("/especial", "en")]
)
def test_the_address_decides_the_language(small_app, path, language):
    with small_app.test_request_context(path):
        assert current_language() == language


def test_addresses_keep_the_language_of_the_page_they_stand_on(small_app):
    with small_app.test_request_context("/safety"):
        assert url_for("site.about") == "/about"
        assert url_for("site.about", in_language="es") == "/es/about"
    with small_app.test_request_context("/es/safety"):
        assert url_for("site.about") == "/es/about"
        assert url_for("site.about", in_language="en") == "/about"


def test_a_facet_called_language_stays_a_parameter(small_app):
    with small_app.test_request_context("/es/programs"):
        assert url_for("search.results", language=["es", "vi"]) == "/es/programs?language=es&language=vi"


def test_the_switch_leads_to_the_same_page_with_its_parameters(visitor):
    page = visitor.get("/programs?q=a%26b&language=vi&language=es&_external=1").page

    switch = page.one("a", hreflang="es")
    assert switch.get("href") == "/es/programs?q=a%26b&language=vi&language=es&_external=1"
    assert switch.get("lang") == "es"
    back = visitor.get(switch.get("href")).page.one("a", hreflang="en")
    assert back.get("href", "").startswith("/programs?q=a%26b")


def test_a_page_in_one_language_offers_no_switch(small_app, visitor):
    small_app.add_url_rule(
        "/sign-in", view_func=lambda: render_template("errors/public.html", page=Page("In"))
    )

    assert visitor.get("/sign-in").page.all("a", hreflang=None) == []


@pytest.mark.parametrize("path", ["/nowhere", "/send"])
def test_where_no_page_can_be_opened_the_switch_leads_home(visitor, path):
    page = (
        visitor.get("/nowhere", status=404).page
        if path == "/nowhere"
        else visitor.post(path, status=422).page
    )

    assert page.one("a", hreflang="es").get("href") == "/es/"


def test_a_page_in_spanish_says_so_and_stays_spanish(visitor):
    page = visitor.get("/es/safety").page

    assert page.root.get("lang") == "es"
    inner = [link for link in page.links if link.startswith("/") and not link.startswith("/static")]
    assert [link for link in inner if not link.startswith("/es/")] == ["/safety"]


def test_the_prefix_alone_leads_to_the_home_page(visitor):
    assert visitor.get("/es", status=308).location.endswith("/es/")


def test_only_known_languages_have_a_prefix(visitor):
    visitor.get("/fr/safety", status=404)
    visitor.get("/en/safety", status=404)


def test_a_missing_spanish_page_answers_in_spanish(visitor):
    assert visitor.get("/es/no-existe", status=404).page.root.get("lang") == "es"


def test_static_files_have_one_address(small_app):
    with small_app.test_request_context("/es/safety"):
        assert small_app.jinja_env.globals["asset"]("icon.svg").startswith("/static/")


def test_languages_are_named_in_the_language_of_the_page(small_app):
    with small_app.test_request_context("/safety"):
        assert language_name("es") == "Spanish"
        assert language_name("ase") == "American Sign Language"
        assert language_name("Spoken words") == "Spoken words"
    with small_app.test_request_context("/es/safety"):
        assert language_name("es") == "español"


def test_a_language_that_the_locale_data_do_not_know_has_a_name_in_the_search_too():
    assert option_name("ase", "en") == "American Sign Language"
    assert option_name("ase", "es") == "Lengua de señas americana"
    assert option_name("es", "es") == "Español"
