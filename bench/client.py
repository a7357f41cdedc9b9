"""The caller, in a process of its own on the same cores: one request at a time on a kept connection, or a load of webhooks.

`python -m bench.client` reads questions as lines of JSON on standard input and answers each with a line of JSON.
A general HTTP client would take longer than a page, so this one is a socket and a search for the end of the answer.
"""

from __future__ import annotations

import asyncio
import json
import select
import socket
import subprocess
import sys
import time
from dataclasses import asdict
from typing import Any, Final

PIECE: Final = 1 << 20
LAST: Final = b"\r\n0\r\n\r\n"


class Wire:
    """Kept connections to ports of this machine."""

    def __init__(self) -> None:
        self._sockets: dict[int, socket.socket] = {}

    def _socket(self, port: int) -> socket.socket:
        if port in self._sockets and select.select([self._sockets[port]], [], [], 0)[0]:
            self._sockets.pop(port).close()  # the server did so while nobody asked
        if port not in self._sockets:
            made = socket.create_connection(("127.0.0.1", port), timeout=300)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets[port] = made
        return self._sockets[port]

    def get(self, port: int, path: str, token: str = "", etag: str = "", want: bool = False) -> dict[str, Any]:
        """Ask once: how many ms it took, the status, the answer's size, and with `want` the answer."""
        headers = f"authorization: Bearer {token}\r\n" if token else ""
        headers += f"if-none-match: {etag}\r\n" if etag else ""
        request = f"GET {path} HTTP/1.1\r\nhost: bench\r\n{headers}\r\n".encode()
        wire = self._socket(port)
        began = time.perf_counter()
        wire.sendall(request)
        head, body, size = _answer(wire, want)
        took = (time.perf_counter() - began) * 1000
        said = {"ms": took, "status": int(head[9:12]), "bytes": size}
        return said | ({"body": body.decode("latin-1"), "head": head.decode("latin-1")} if want else {})


def _answer(wire: socket.socket, want: bool) -> tuple[bytes, bytes, int]:
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _some(wire)
    head, first = data[:end], data[end + 4 :]
    at = head.lower().find(b"content-length:")
    if at < 0 and head[9:12] != b"304":
        return head, b"", _stream(wire, first)
    left = int(head[at + 15 :].split(b"\r\n", 1)[0]) - len(first) if at >= 0 else 0
    pieces = [first]
    while left > 0:
        pieces.append(_some(wire))
        left -= len(pieces[-1])
    body = b"".join(pieces) if want else b""
    return head, body, sum(map(len, pieces))


def _stream(wire: socket.socket, first: bytes) -> int:
    """Read a chunked answer to its end, keeping nothing but the count."""
    size, tail = len(first), first[-len(LAST) :]
    while not (b"\r\n" + tail).endswith(LAST):
        piece = _some(wire)
        size += len(piece)
        tail = (tail + piece)[-len(LAST) :]
    return size


def _some(wire: socket.socket) -> bytes:
    piece = wire.recv(PIECE)
    if not piece:
        raise ConnectionError("the server closed the connection")
    return piece


class Caller:
    """A client process, asked from here."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "bench.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def get(self, port: int, path: str, token: str = "", etag: str = "", want: bool = False, status: int = 200) -> dict[str, Any]:
        """Ask once. Raises `RuntimeError` when the answer has another status."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        question = {"port": port, "path": path, "token": token, "etag": etag, "want": want}
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        said: dict[str, Any] = json.loads(self._process.stdout.readline() or b"{}")
        if said.get("status") != status:
            raise RuntimeError(f"{path}: {said}")
        return said

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()


def serve_questions() -> None:
    """Answer the questions on standard input."""
    wire = Wire()
    for line in sys.stdin:
        said = wire.get(**json.loads(line))
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


def webhooks(url: str, secret: str, account: str, rate: float, seconds: float) -> None:
    """Send signed webhooks at a steady rate; say what became of them as a line of JSON."""
    from callboard import sim

    report = asyncio.run(sim.load(url, secret, account, rate, seconds, seed=int(time.time()) % 100_000))
    sys.stdout.write(json.dumps(asdict(report)) + "\n")


def hammer(url: str, seconds: float, headers: dict[str, str]) -> None:
    """Ask for one page on 16 connections for some seconds; say the rate and p99 in ms as a line of JSON."""
    import aiohttp
    import uvloop

    took: list[float] = []

    async def one(session: aiohttp.ClientSession, until: float) -> None:
        while (began := time.perf_counter()) < until:
            async with session.get(url) as answer:
                await answer.read()
            took.append((time.perf_counter() - began) * 1000)

    async def all_() -> None:
        async with aiohttp.ClientSession(headers=headers) as session:
            await asyncio.gather(*(one(session, time.perf_counter() + seconds) for _ in range(16)))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(all_())
    sys.stdout.write(json.dumps([len(took) / seconds, sorted(took)[len(took) * 99 // 100]]) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["hammer"]:
        hammer(sys.argv[2], float(sys.argv[3]), json.loads(sys.argv[4]))
    elif sys.argv[1:2] == ["webhooks"]:
        webhooks(*sys.argv[2:5], float(sys.argv[5]), float(sys.argv[6]))
    else:
        serve_questions()
