"""A third language needs a catalog and nothing else: a copy of the program gets one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

ROOT = Path(__file__).resolve().parent.parent.parent

WORDS = {
    "Safety": "Segurança",
    "Leave this site": "Sair deste site",
    "Page not found": "Página não encontrada",
    "What do you need?": "De que precisa?",
}

LOOK = """
import json, os
from services_dir.app import create_app
app = create_app()
visitor = app.test_client()
paths = ("/pt/safety", "/safety", "/es/safety", "/pt/nada", "/robots.txt")
print(json.dumps({path: visitor.get(path).get_data(as_text=True) for path in paths}))
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a copy of the program answers after somebody put a small Portuguese catalog into it."""
    folder = tmp_path_factory.mktemp("copy")
    for part in ("services_dir", "templates", "static"):
        shutil.copytree(ROOT / part, folder / part)
    catalog = Catalog(locale="pt", charset="utf-8")
    for english, portuguese in WORDS.items():
        catalog.add(english, portuguese)
    file = folder / "services_dir" / "translations" / "pt" / "LC_MESSAGES" / "messages.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as compiled:
        write_mo(compiled, catalog)
    home = folder / "home"
    home.mkdir()
    seen = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "SERVICES_DIR_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(seen.stdout.splitlines()[-1])
    return found


def test_pages_are_in_the_third_language(pages):
    assert '<html lang="pt">' in pages["/pt/safety"]
    assert "<h1>Segurança</h1>" in pages["/pt/safety"]
    assert "Sair deste site" in pages["/pt/safety"]
    assert "Página não encontrada" in pages["/pt/nada"]
    assert "De que precisa?" in pages["/pt/nada"]


def test_what_is_not_translated_yet_is_in_english(pages):
    assert "If you are in danger now, call 911" in pages["/pt/safety"]


def test_every_page_leads_to_the_third_language_and_back(pages):
    assert '<a href="/pt/safety" hreflang="pt" lang="pt">Português</a>' in pages["/safety"]
    assert '<a href="/pt/safety" hreflang="pt" lang="pt">Português</a>' in pages["/es/safety"]
    for address, name in (("/safety", "English"), ("/es/safety", "Español")):
        assert f'<a href="{address}"' in pages["/pt/safety"]
        assert f">{name}</a>" in pages["/pt/safety"]


def test_the_other_parts_know_of_it(pages):
    assert "Disallow: /pt/exit\n" in pages["/robots.txt"]
