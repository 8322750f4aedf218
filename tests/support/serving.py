"""Servers for tests: the real command in a process of its own, or an application in a thread."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

START_WITHIN = 300  # seconds; a first start loads the seed, and other tests run meanwhile


@contextmanager
def serving(
    command: Sequence[str | Path], home: Path, folder: Path | None = None, **environment: str
) -> Iterator[str]:
    """Start `services-dir serve` on a free port and an own home, wait until it answers, and end it.

    `command` is how the program is called, `folder` where it is started. What it prints is in the file
    `home` with the ending `.log`.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {"PATH": os.environ["PATH"], "SERVICES_DIR_HOME": str(home), **environment}
    with home.with_suffix(".log").open("a+") as log:
        arguments = [*command, "serve", "--host", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(arguments, cwd=folder, env=variables, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            until = time.monotonic() + START_WITHIN
            while not _answers(address):
                log.seek(0)
                assert process.poll() is None, f"it ended:\n{log.read()[-3000:]}"
                assert time.monotonic() < until, f"it did not answer:\n{log.read()[-3000:]}"
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextmanager
def serving_app(app: Flask) -> Iterator[str]:
    """Serve an application from a thread of this process, for a browser to visit."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def read(address: str) -> str:
    """Give what an address answers; anything but success raises."""
    with urllib.request.urlopen(address, timeout=30) as response:
        return response.read().decode()


def _answers(address: str) -> bool:
    try:
        return bool(read(f"{address}/readyz"))
    except (urllib.error.URLError, ConnectionError):
        return False
