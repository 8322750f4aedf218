"""A client that asks for pages over connections that stay open; run as a process of its own.

Reads what to do as JSON from its input and writes what came of it as JSON: `python -m benchmarks.load`.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.comparing import percentile

_TIMEOUT = 300.0
_LAST_CHUNK = b"\r\n0\r\n\r\n"
_ROOT = Path(__file__).parent.parent


@dataclass
class Load:
    """What came of asking: seconds of each answer, of all of it, and which workers answered."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    octets: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    workers: set[str] = field(default_factory=set)

    @property
    def rate(self) -> float:
        """Give the requests per second."""
        return len(self.latencies) / self.seconds

    def latency(self, share: float) -> float:
        """Give what a share of the answers took at most, in milliseconds."""
        return 1e3 * percentile(self.latencies, share)

    def add(self, other: Load) -> None:
        """Take in another one."""
        self.latencies += other.latencies
        self.seconds += other.seconds
        self.octets += other.octets
        self.statuses += other.statuses
        self.workers |= other.workers


def put_load(ports: Sequence[int], paths: Sequence[str], clients: int, seconds: float) -> Load:
    """Ask for paths in their order, each once, until time is up or all were asked for."""
    asked = json.dumps({"ports": list(ports), "paths": list(paths), "clients": clients, "seconds": seconds})
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=asked, text=True, stdout=subprocess.PIPE, check=True, cwd=_ROOT,
    )  # fmt: skip
    told = json.loads(done.stdout)
    statuses = Counter({int(status): count for status, count in told["statuses"].items()})
    return Load(told["latencies"], told["seconds"], told["octets"], statuses, set(told["workers"]))


class _Client:
    """One connection, with at most one request under way."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connect()

    def _connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self._port), timeout=_TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, path: str) -> None:
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAccept: text/html\r\n\r\n"
        self._received = bytearray()
        self._end = 0
        self.headers: dict[str, str] = {}
        self.began = time.perf_counter()
        self.socket.sendall(request.encode())

    def receive(self) -> bool:
        """Take what came; tell whether the answer is whole."""
        self._received += (part := self.socket.recv(1 << 18))
        if not part:
            raise ConnectionError("the server closed the connection")
        if not self.headers:
            head_end = self._received.find(b"\r\n\r\n")
            if head_end >= 0:
                self._head = bytes(self._received[:head_end]).decode("latin-1").split("\r\n")
                self.headers = {
                    name.lower(): value.strip()
                    for name, _colon, value in (line.partition(":") for line in self._head[1:])
                }
                self._end = head_end + 4 + int(self.headers.get("content-length", 0))
        if "content-length" in self.headers:
            return len(self._received) >= self._end
        return self._received.endswith(_LAST_CHUNK)

    @property
    def status(self) -> int:
        return int(self._head[0].split()[1])

    @property
    def size(self) -> int:
        return len(self._received)

    def rest(self) -> None:
        """Open another connection if the server wants to close this one."""
        if self.headers.get("connection", "").lower() == "close":
            self.socket.close()
            self._connect()


def run(ports: Sequence[int], paths: Sequence[str], clients: int, seconds: float) -> Load:
    """Put the load on; a client begins its next request when its last was answered."""
    load, waiting = Load(), deque(paths)
    selector = selectors.DefaultSelector()
    began = time.perf_counter()
    until = began + seconds
    for at in range(min(clients, len(waiting))):
        client = _Client(ports[at % len(ports)])
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.ask(waiting.popleft())
    while selector.get_map():
        for key, _events in selector.select():
            client = key.data
            if not client.receive():
                continue
            load.latencies.append(time.perf_counter() - client.began)
            load.statuses[client.status] += 1
            load.octets += client.size
            load.workers.add(client.headers.get("x-worker", ""))
            selector.unregister(client.socket)
            if waiting and time.perf_counter() < until:
                client.rest()
                selector.register(client.socket, selectors.EVENT_READ, client)
                client.ask(waiting.popleft())
            else:
                client.socket.close()
    load.seconds = time.perf_counter() - began
    return load


def main() -> None:
    """Do what the input says."""
    load = run(**json.load(sys.stdin))
    json.dump(vars(load) | {"workers": sorted(load.workers)}, sys.stdout)


if __name__ == "__main__":
    main()
