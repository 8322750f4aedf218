"""Writes a migration from what changed in the models: `make migration MESSAGE="Council meetings"`.

What it cannot see must be added by hand: CHECK constraints of tables that exist already, and triggers.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from flask import Flask

from services_dir.db import db
from services_dir.upkeep import schema


def main(message: str) -> None:
    """Bring an empty database to the newest migration, compare it with the models, write the next one."""
    with tempfile.TemporaryDirectory() as folder:
        app = Flask("services_dir")
        app.config["SQLALCHEMY_ENGINES"] = {"default": f"sqlite:///{Path(folder).resolve() / 'empty.sqlite'}"}
        db.init_app(app)
        schema.init_app(app)
        schema.upgrade(app)
        # On SQLite an existing table is changed by making it anew; a first one needs no such care.
        app.config["ALEMBIC_CONTEXT"]["render_as_batch"] = any(schema.FOLDER.glob("0*.py"))
        with app.app_context():
            [script] = schema.migrations.revision(message)
    if script is None:
        print("Nothing changed.")
        return
    path = Path(script.path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.strip().startswith("# ###")))
    print(path)


if __name__ == "__main__":
    main(sys.argv[1])
