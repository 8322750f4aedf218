"""What people who run a directory read: every setting and command is there, and nothing that is not."""

from __future__ import annotations

import re
from pathlib import Path

from services_dir import settings

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
_SETTING = re.compile(r"SERVICES_DIR_[A-Z_]+")


def test_every_setting_is_documented_and_every_documented_setting_exists():
    known = set(_SETTING.findall(Path(settings.__file__).read_text("utf-8")))

    documented = set(_SETTING.findall((DOCS / "settings.md").read_text("utf-8")))

    assert documented == known
