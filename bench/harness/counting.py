"""A wire tap in front of a storage service: passes everything on, and counts requests and bytes.

A process of its own (``python -m bench.harness.counting``), so that what it costs is not the app's.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass, fields
from typing import Self

import aiohttp
from aiohttp import web

from local.parts import Parts, free_port

_LINE = b" HTTP/1.1\r\n"


@dataclass(frozen=True, slots=True)
class Counts:
    """``requests``: ``reads`` and ``writes`` (a batch is one); of the writes ``deletes`` are those by the
    method DELETE; ``rows``: written in batches or alone. Bytes are those on the wire: ``sent`` to the
    service, ``came`` from it."""

    requests: int
    reads: int
    writes: int
    deletes: int
    rows: int
    sent: int
    came: int

    def since(self, before: "Counts") -> "Counts":
        mine, theirs = asdict(self), asdict(before)
        return Counts(**{name: mine[name] - theirs[name] for name in mine})


@dataclass(slots=True)
class Meter:
    """The tap as the bench sees it, in front of the service at ``of``."""

    of: int
    port: int
    side: str

    @classmethod
    async def start(cls, parts: Parts, of: int) -> Self:
        port, side = free_port(), free_port()
        words = [sys.executable, "-m", "bench.harness.counting", "--port", str(port)]
        words += ["--to", str(of), "--side", str(side)]
        part = await parts.start(f"meter-{of}", words)
        url = f"http://127.0.0.1:{side}/"
        await parts.ready(part, url)
        return cls(of, port, url)

    def through(self, storage: str) -> str:
        """The connection string, with the tap in place of the service."""
        return storage.replace(f":{self.of}/", f":{self.port}/")

    async def counts(self) -> Counts:
        async with aiohttp.ClientSession() as session, session.get(self.side) as response:
            return Counts(**await response.json())


class Tap:
    def __init__(self, to: int) -> None:
        self._to = to
        self._seen: Counter[str] = Counter()

    def told(self) -> dict[str, int]:
        return {each.name: self._seen[each.name] for each in fields(Counts)}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, to = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._up(reader, to), self._down(there, writer))

    async def _up(self, reader: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        """Requests, one after another: head, then as much body as the head says."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(_length(head))
                self._count(head, body)
                to.write(head + body)
                await to.drain()
        except (asyncio.IncompleteReadError, OSError):
            to.close()

    async def _down(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await there.read(1 << 18):
                self._seen["came"] += len(data)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    def _count(self, head: bytes, body: bytes) -> None:
        reads = head.startswith((b"GET", b"HEAD"))
        self._seen["requests"] += 1
        self._seen["reads" if reads else "writes"] += 1
        self._seen["deletes"] += head.startswith(b"DELETE")
        self._seen["sent"] += len(head) + len(body)
        if not reads:
            is_batch = b"/$batch" in head.split(b"\r\n", 1)[0]
            self._seen["rows"] += body.count(_LINE) if is_batch else 1


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def _run(port: int, to: int, side: int) -> None:
    tap = Tap(to)

    async def told(request: web.Request) -> web.Response:
        return web.Response(text=json.dumps(tap.told()), content_type="application/json")

    app = web.Application()
    app.router.add_get("/", told)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    server = await asyncio.start_server(tap.serve, "127.0.0.1", port, limit=1 << 22)
    await web.TCPSite(runner, "127.0.0.1", side).start()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.harness.counting")
    for name in ("port", "to", "side"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args()
    asyncio.run(_run(given.port, given.to, given.side))
