"""The real command in processes of its own: run to its end, or serving on a free port."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_WITHIN = 300  # seconds; a first start loads the seed, and other tests run meanwhile


def environment(home: Path, **settings: str) -> dict[str, str]:
    """Give an environment with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SERVICES_DIR_")}
    kept.pop("PORT", None)
    return {**kept, "SERVICES_DIR_HOME": str(home), **settings}


def run(home: Path, *arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "services_dir", *arguments],
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        timeout=120,
    )


def free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Served:
    """A running server: where it is, its process, and the files with what it printed and logged."""

    address: str
    process: subprocess.Popen[bytes]
    output: Path
    log: Path

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Ask for an address and give status and body."""
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    @property
    def link(self) -> str | None:
        """The path of the one-time link that the start printed."""
        found = re.search(rf"{self.address}(\S+)\n", self.output.read_text())
        return found.group(1) if found else None

    def is_ready(self) -> bool:
        """Tell whether it answers and its index is open."""
        try:
            return self.get("/readyz")[0] == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> int:
        """End it gracefully and give its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=40)


@contextmanager
def serving(home: Path, *arguments: str, **settings: str) -> Iterator[Served]:
    """Serve a home on a free port until the end of the block."""
    port = free_port()
    output, log = home.with_name("output"), home.with_name("log")
    command = [sys.executable, "-m", "services_dir", "serve", "--port", str(port), *arguments]
    with output.open("wb") as out, log.open("wb") as err:
        process = subprocess.Popen(command, env=environment(home, **settings), stdout=out, stderr=err)
    served = Served(f"http://127.0.0.1:{port}", process, output, log)
    try:
        until = time.monotonic() + START_WITHIN
        while not served.is_ready():
            assert process.poll() is None, f"it ended:\n{log.read_text()}"
            assert time.monotonic() < until, f"it did not answer:\n{log.read_text()}"
            time.sleep(0.1)
        yield served
    finally:
        if process.poll() is None:
            served.stop()
