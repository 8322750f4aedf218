"""The wheel: it holds all that is needed, and serves from an empty folder."""

from __future__ import annotations

import json
import re
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from services_dir.settings import SEED_DATA, STATIC, TEMPLATES
from tests.support.serving import read, serving

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [file] = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a new environment with the wheel and the locked libraries.

    The libraries are borrowed from the environment that runs the tests; its own entry for this project,
    a .pth file, does not count there, because a folder named in a .pth file is not searched for more.
    """
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True, capture_output=True
    )
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return folder / "bin"


def test_the_wheel_holds_every_file_that_is_needed_at_run_time(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder in (TEMPLATES, STATIC, SEED_DATA):
        needed = {
            f"services_dir/_data/{folder.name}/{path.relative_to(folder).as_posix()}"
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert needed, folder
        assert needed <= held, sorted(needed - held)
    for folder in ("migrations", "translations"):
        needed = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / "services_dir" / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert needed <= held, sorted(needed - held)


@pytest.mark.slow
def test_an_installed_wheel_serves_the_seeded_catalog_from_an_empty_folder(installed, tmp_path):
    folder, home = tmp_path / "empty", tmp_path / "home"
    folder.mkdir()

    with serving([installed / "services-dir"], home, folder) as address:
        page = read(address + "/")
        assert "<h1" in page
        [sheet] = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        assert "{" in read(address + sheet)
        found = json.loads(read(address + "/programs.json?q=hotline"))
        assert found["total"] > 0
        assert "<h1" in read(f"{address}/programs/{found['hits'][0]['slug']}")

    assert not list(folder.iterdir()), "the folder it was started from stays empty"
    assert (home / "services.sqlite").exists()
