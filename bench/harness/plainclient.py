"""Writes as many as it can for two seconds, by raw HTTP with several connections and no more work than
that: what the simulator takes at most, or a little less. Prints writes a second."""

import asyncio
import sys
import time
from urllib.parse import urlsplit

_CONNECTIONS = 16
_SECONDS = 2.0
_BODY = b'{"properties": {"allowNewSession": false}}'


async def _write(where: str, port: int, request: bytes, end: float) -> int:
    reader, writer = await asyncio.open_connection(where, port)
    done = 0
    while time.perf_counter() < end:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(head.decode(errors="replace"))
        length = next(x for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        done += 1
    writer.close()
    return done


async def run(url: str, pool_id: str) -> float:
    address = urlsplit(url)
    host = f"{pool_id.rsplit('/', 1)[-1]}-0.contoso.example"
    head = (
        f"PATCH {pool_id}/sessionHosts/{host}?api-version=2024-04-03 HTTP/1.1\r\n"
        f"Host: {address.netloc}\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(_BODY)}\r\n\r\n"
    )
    request = head.encode() + _BODY
    began = time.perf_counter()
    where, port = address.hostname or "127.0.0.1", address.port or 80
    writes = [_write(where, port, request, began + _SECONDS) for _ in range(_CONNECTIONS)]
    done = await asyncio.gather(*writes)
    return sum(done) / (time.perf_counter() - began)


if __name__ == "__main__":
    print(asyncio.run(run(sys.argv[1], sys.argv[2])))
