"""The files of `static`, kept in memory and served under the digest of all of them together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import Flask, Response, abort, url_for

from services_dir.settings import STATIC

STYLE_SHEET = "css/main.css"
FORMS_SHEET = "css/forms.css"
WORKSPACE_SHEET = "css/workspace.css"
REFERRAL_SHEETS = "css/sheets.css"
MAP_SHEET = "css/map.css"
REPORTS_SHEET = "css/reports.css"
# Who searches loads one style sheet; who writes to us a second one, who signs in a third, who makes a
# referral sheet a fourth; the map and reports have their own. The layers are named in the order of the first:
# later files do not win by chance.
_SHEETS = {
    STYLE_SHEET: (
        "css/tokens.css",
        "css/base.css",
        "css/layout.css",
        "css/components/*.css",
        "css/print.css",
    ),
    FORMS_SHEET: ("css/forms/*.css",),
    WORKSPACE_SHEET: ("css/workspace/*.css",),
    REFERRAL_SHEETS: ("css/sheets/*.css",),
    REPORTS_SHEET: ("css/reports/*.css",),
    MAP_SHEET: ("css/map/*.css",),
}
_COMPONENTS = "@layer components{"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r"\s*([{};,>])\s*|(:) ")
# Named here, for a machine's own list of types may know none of them.
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
# What a script imports at once is put in its place; what it asks for later stays a file of its own.
_IMPORT = re.compile(r'^import \{[^}]*\} from "(\./[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const)", re.MULTILINE)
# No text of our scripts goes over several lines, so what a line begins with means nothing.
_SCRIPT_MARGIN = re.compile(r"^[ \t]*(?://.*)?\n?", re.MULTILINE)
_IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Assets:
    """All static files by their path, and one digest for them all."""

    digest: str
    files: Mapping[str, bytes]

    @classmethod
    def read(cls, folder: Path) -> Assets:
        """Read a folder, join its style files into sheets, and take the digest."""
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".css"]
        brought = {other for path in paths if path.suffix == ".js" for other in _imports(path)}
        files = {
            path.relative_to(folder).as_posix(): _delivered(path) for path in paths if path not in brought
        }
        files |= {name: joined_styles(folder, name).encode() for name in _SHEETS}
        digest = hashlib.sha256()
        for name in sorted(files):
            digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
        return cls(digest.hexdigest()[:16], files)


def _delivered(path: Path) -> bytes:
    """Give a file as it is sent: a script without lines that are comments, and without what indents it."""
    if path.suffix != ".js":
        return path.read_bytes()
    return _SCRIPT_MARGIN.sub("", joined_script(path)).encode()


def _imports(path: Path) -> list[Path]:
    return [path.parent / name for name in _IMPORT.findall(path.read_text("utf-8"))]


def joined_script(path: Path) -> str:
    """Give a script as one file with what it imports: each file of a chain costs a slow phone a trip.

    All share their names then: two modules that a script imports must not declare the same one.
    """
    return _IMPORT.sub(
        lambda found: _EXPORT.sub("", joined_script(path.parent / found[1])), path.read_text("utf-8")
    )


def joined_styles(folder: Path, sheet: str = STYLE_SHEET) -> str:
    """Give one style sheet: its files in the order of the layers, without comments and needless space."""
    paths = [path for pattern in _SHEETS[sheet] for path in sorted(folder.glob(pattern))]
    text = _COMMENT.sub("", "\n".join(path.read_text("utf-8") for path in paths))
    text = _AROUND.sub(r"\1\2", _SPACE.sub(" ", text)).replace(";}", "}").strip()
    # Components are one block each; as neighbours of one layer they need its name only once.
    before, opening, components = text.partition(_COMPONENTS)
    return before + opening + components.replace("}" + _COMPONENTS, "")


def init_app(app: Flask, folder: Path = STATIC) -> None:
    """Serve the files under /static/<digest>/ and give templates `asset("icon.svg")`."""
    assets = Assets.read(folder)

    @app.get("/static/<digest>/<path:name>", endpoint="static")
    def serve(digest: str, name: str) -> Response:
        if digest != assets.digest or name not in assets.files:
            abort(404)
        kind = _TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
        response = Response(assets.files[name], mimetype=kind)
        response.headers["Cache-Control"] = _IMMUTABLE
        return response

    @app.template_global()
    def asset(name: str) -> str:
        if name not in assets.files:
            raise LookupError(f"there is no static file {name}")
        return url_for("static", digest=assets.digest, name=name)
