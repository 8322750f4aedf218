"""The server: gunicorn with our settings, our socket and our logs."""

from __future__ import annotations

import errno
import logging
import socket
from typing import Any

import click
from flask import Flask
from gunicorn import glogging
from gunicorn.app.base import BaseApplication

from services_dir import search
from services_dir.errors import N_, SettingsError
from services_dir.upkeep.worker import start_worker

_THREADS = 4  # of each process: a slow reader keeps one thread, not everybody
_BACKLOG = 1024
_REASONS = {
    errno.EADDRINUSE: N_("Port {port} is in use already. Choose another one, such as --port {other}."),
    errno.EACCES: N_("Port {port} is kept for the system. Choose another one, such as --port 8000."),
    errno.EADDRNOTAVAIL: N_("This machine has no address {host}. Use 127.0.0.1, or 0.0.0.0 for all."),
}


def listen(host: str, port: int) -> socket.socket:
    """Take a port, so that nobody else does; connections come in once the server runs.

    Raises SettingsError with a sentence if that cannot be.
    """
    listener: socket.socket | None = None
    try:
        family, *_, address = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        if listener is not None:
            listener.close()
        raise _refused(error, host, port) from error
    return listener


def _refused(error: OSError, host: str, port: int) -> SettingsError:
    if isinstance(error, socket.gaierror):
        return SettingsError(N_("There is no host named {host}."), host=host)
    reason = _REASONS.get(error.errno or 0, N_("Nothing can listen at {host} on port {port}."))
    return SettingsError(reason, host=host, port=port, other=port + 1 if port < 65535 else 8000)


class Logger(glogging.Logger):
    """Leaves gunicorn's lines to the logs of the application, which take addresses out of them."""

    def setup(self, cfg: Any) -> None:
        """Pass on what is worth knowing, and write nothing directly."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)


class Server(BaseApplication):
    """An application served by several processes on a socket that was taken before."""

    def __init__(self, app: Flask, listener: socket.socket, *, workers: int, address: str) -> None:
        self.app = app
        self.listener = listener
        self.workers = workers
        self.address = address
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's own choice."""
        chosen: dict[str, Any] = {
            "workers": self.workers,
            "worker_class": "gthread",
            "threads": _THREADS,
            "preload_app": True,
            "limit_request_line": 0,  # the application answers a long address, with a page
            "forwarded_allow_ips": "",  # whom to believe is a setting of ours
            "accesslog": None,
            "logger_class": Logger,
            "control_socket_disable": True,
            "graceful_timeout": 20,
            "proc_name": "services-dir",
            "when_ready": self._tell,
            "post_fork": self._start_threads,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:  # older versions of gunicorn know fewer of them
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Give the application, made before the workers are forked."""
        return self.app

    def run(self) -> None:
        """Serve until a signal ends it. Raises SettingsError if somebody took the port meanwhile."""
        try:
            self.listener.listen(_BACKLOG)
        except OSError as error:
            host, port, *_ = self.listener.getsockname()
            raise _refused(error, host, port) from error
        self.cfg.set("bind", f"fd://{self.listener.detach()}")
        super().run()

    def _tell(self, _arbiter: object) -> None:
        click.echo(f"Serving at {self.address} (Ctrl+C ends it).")

    def _start_threads(self, _arbiter: object, _worker: object) -> None:
        search.start_follower(self.app)
        start_worker(self.app)
