"""How requests go out: over connections that are open, and by a proxy where one is set."""

import asyncio

import pytest
from azure.core.rest import HttpRequest

from shared.adapters.transport import Transport


@pytest.mark.parametrize("proxy", ["", "http://proxy.contoso.example:8080"])
def test_the_environment_is_heeded_where_it_sets_a_proxy(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    if proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert Transport()._use_env_settings is bool(proxy)


async def test_a_connection_that_was_closed_while_the_loop_was_busy_is_not_used() -> None:
    """The other side closes what it has answered, after a moment, as services do with idle connections."""
    closed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        await answered.wait()
        writer.close()
        closed.set()

    answered = asyncio.Event()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server, Transport() as transport:

        async def post() -> int:
            response = await transport.send(HttpRequest("POST", url), stream=True)
            await response.read()
            return int(response.status_code)

        assert await post() == 200
        answered.set()
        await closed.wait()
        assert await post() == 200
