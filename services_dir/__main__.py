"""The `services-dir` command, also as `python -m services_dir`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command and end with its status: 0 well, 1 it could not be done, 2 not understood."""
    os.umask(0o077)  # what a command writes is for its owner alone
    from services_dir.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
