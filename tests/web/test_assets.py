"""Static files: one digest for all of them, one style sheet, little weight."""

from __future__ import annotations

import re
import shutil

import pytest

from services_dir.settings import STATIC
from services_dir.web.assets import (
    FORMS_SHEET,
    STYLE_SHEET,
    WORKSPACE_SHEET,
    Assets,
    joined_script,
    joined_styles,
)


def address(app, name: str) -> str:
    with app.test_request_context():
        return app.jinja_env.globals["asset"](name)


def test_a_file_is_served_under_the_digest_and_may_be_kept_for_a_year(small_app, visitor):
    answer = visitor.http.get(address(small_app, "icon.svg"))

    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["icon.svg", "css/main.css", "js/start.js"])
def test_a_wrong_digest_finds_nothing(small_app, visitor, name):
    right = address(small_app, name)

    visitor.get(right.replace(right.split("/")[2], "0" * 16), status=404)


@pytest.mark.parametrize("name", ["../pyproject.toml", "css/tokens.css", "nothing.js", "%2e%2e/x"])
def test_only_the_files_themselves_are_served(small_app, visitor, name):
    digest = address(small_app, "icon.svg").split("/")[2]

    assert visitor.http.get(f"/static/{digest}/{name}").status_code == 404


def test_any_change_of_any_file_changes_the_digest(tmp_path):
    shutil.copytree(STATIC, tmp_path / "static")
    before = Assets.read(tmp_path / "static").digest

    style = tmp_path / "static/css/components/tag.css"
    style.write_text(style.read_text().replace("1rem", "2rem"))

    assert Assets.read(tmp_path / "static").digest != before
    assert Assets.read(STATIC).digest == before


def test_a_template_that_names_a_missing_file_fails(small_app):
    with pytest.raises(LookupError, match=r"gone\.css"):
        address(small_app, "gone.css")


def test_the_style_sheet_is_small_and_holds_every_file():
    sheet = joined_styles(STATIC)

    assert len(sheet.encode()) <= 20_000
    assert "/*" not in sheet
    assert sheet.count("{") == sheet.count("}")
    for path in (STATIC / "css/components").glob("*.css"):
        assert f".{path.stem.split('_')[0]}" in sheet or path.stem == "home"


@pytest.mark.sqlite
@pytest.mark.parametrize("name", [FORMS_SHEET, WORKSPACE_SHEET])
def test_visitors_of_the_search_need_not_load_the_other_sheets(client, name):
    sheet = Assets.read(STATIC).files[name].decode()

    assert 0 < len(sheet) <= 20_000
    assert "/*" not in sheet
    for path in ("/", "/programs", "/safety"):
        assert name not in client.get(path).text


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("path", "sheets"),
    [("/submit", [STYLE_SHEET, FORMS_SHEET]), ("/sign-in", [STYLE_SHEET, FORMS_SHEET, WORKSPACE_SHEET])],
)
def test_pages_with_forms_load_what_they_need(client, path, sheets):
    held = [sheet.get("href", "") for sheet in client.get(path).page.all("link", rel="stylesheet")]

    assert ["css/" + address.rpartition("css/")[2] for address in held] == sheets


def test_the_style_sheets_load_nothing():
    files = Assets.read(STATIC).files
    for name in (STYLE_SHEET, FORMS_SHEET, WORKSPACE_SHEET):
        assert b"url(" not in files[name]
        assert b"@import" not in files[name]


# What a visitor of the search never loads: these belong to forms, to signing in and to the page of a sheet.
ELSEWHERE = ("passkeys", "saving", "sheet-text")


def test_scripts_are_small():
    scripts = {name: content for name, content in Assets.read(STATIC).files.items() if name.endswith(".js")}

    assert sum(len(content) for content in scripts.values()) <= 15_000
    assert (
        sum(
            len(script)
            for name, script in scripts.items()
            if not name.endswith(tuple(f"{one}.js" for one in ELSEWHERE))
        )
        <= 10_000
    )


def test_a_script_is_sent_without_its_margins_and_comments():
    for name, content in Assets.read(STATIC).files.items():
        if name.endswith(".js"):
            written = [line.strip() for line in joined_script(STATIC / name).splitlines()]
            sent = content.decode().splitlines()
            assert sent == [line for line in written if line and not line.startswith("//")]
            assert not any(line.count("`") % 2 for line in sent), "a text over several lines"


def test_what_a_script_imports_comes_with_it_and_no_name_twice():
    files = Assets.read(STATIC).files
    for name in files:
        if name.endswith(".js"):
            text = joined_script(STATIC / name)
            names = re.findall(
                r"^(?:export )?(?:async function|function|const|let) (\w+)", text, re.MULTILINE
            )

            assert not re.search(r"^import ", text, re.MULTILINE), name
            assert sorted(names) == sorted(set(names)), name
    assert b"function watchExit" in files["js/start.js"]
    assert "js/modules/quick-exit.js" not in files


def test_each_component_has_a_style_sheet_that_opens_with_its_markup():
    for path in (
        path
        for part in ("components", "forms", "workspace")
        for path in (STATIC / "css" / part).glob("*.css")
    ):
        assert re.match(r"/\*.*<\w+.*\*/", path.read_text("utf-8"), re.DOTALL), path.name


def test_a_script_imports_by_relative_address(small_app, visitor):
    start = visitor.http.get(address(small_app, "js/start.js"))

    assert start.mimetype == "text/javascript"
    for name in re.findall(r'from "\./(.+?)"', start.text):
        assert visitor.http.get(address(small_app, f"js/{name}")).status_code == 200


def test_the_style_sheet_is_delivered_as_one_file(visitor):
    sheets = visitor.get("/safety").page.all("link", rel="stylesheet")

    assert [sheet.get("href", "").endswith(STYLE_SHEET) for sheet in sheets] == [True]
