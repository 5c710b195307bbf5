"""Receivers over real HTTP: what they are sent is what the pages say, and whatever they do spoils nothing else."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks import Webhook, WebhookVerificationError

from shared.adapters.outgoing import Outgoing
from shared.adapters.receivers.receivers import ConfiguredReceivers, Endpoint
from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.host.outcome import Accepted, Gone, Outcome, Refused, Unknown
from shared.core.notifications.message import Item, Message
from shared.core.notifications.rules import ReceiverKind
from shared.engine.callbacks import strangers
from shared.settings.documents.notifications import key_of

PAGE = (Path(__file__).parents[2] / "docs" / "notifications.md").read_text(encoding="utf-8")
KEY, OLD = (f"whsec_{base64.b64encode(bytes([n]) * 32).decode()}" for n in (1, 2))
NOW = datetime(2026, 11, 24, 2, 12, tzinfo=UTC)
HAPPENING = Happening(
    "d/host-1", Kind.HOST_ATTENTION, Level.ERROR, NOW, "a|1", "not well: naïve 🎉 <b>", ("/pool",), "d", "host-1"
)  # fmt: skip
MESSAGE = Message("tickets-1", Kind.HOST_ATTENTION, (Item(HAPPENING, 1, NOW),))


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class There:
    """A receiver that does what a test says."""

    answer: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.came.append((headers, await request.read()))
        return web.Response(status=202) if self.answer is None else await self.answer(request)

    def receivers(self, kind: ReceiverKind = ReceiverKind.HTTPS) -> ConfiguredReceivers:
        keys = (key_of(KEY), key_of(OLD)) if kind is ReceiverKind.HTTPS else ()
        endpoints = {"tickets": Endpoint(kind, self.url, keys)}
        return ConfiguredReceivers(endpoints, Outgoing(loopback=True), None, Clock())

    async def outcome(self) -> Outcome:
        return await strangers.answer_of(self.receivers().notify("tickets", MESSAGE))


@pytest_asyncio.fixture(loop_scope="session")
async def there() -> AsyncIterator[There]:
    found = There()
    app = web.Application()
    app.router.add_post("/in", found.take)
    async with TestServer(app) as server:
        found.url = str(server.make_url("/in?sig=topsecret"))
        yield found


def documented() -> Callable[[dict[str, str], bytes, list[str]], bool]:
    """The receiver of docs/notifications.md, as it stands there."""
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    space: dict[str, Any] = {}
    exec(code, space)
    found: Callable[[dict[str, str], bytes, list[str]], bool] = space["is_from_the_app"]
    return found


async def test_the_documented_receiver_knows_what_is_from_the_app(there: There) -> None:
    is_from_the_app = documented()
    await there.receivers().notify("tickets", MESSAGE)
    [(headers, body)] = there.came
    assert is_from_the_app(headers, body, [KEY])
    assert is_from_the_app(headers, body, [OLD])  # while one key replaces the other
    assert not is_from_the_app(headers, body, [f"whsec_{base64.b64encode(b'3' * 32).decode()}"])
    assert not is_from_the_app(headers, body + b" ", [KEY])
    assert not is_from_the_app({**headers, "webhook-id": "other"}, body, [KEY])
    old = str(int(headers["webhook-timestamp"]) - 600)
    assert not is_from_the_app({**headers, "webhook-timestamp": old}, body, [KEY])
    assert not is_from_the_app({}, body, [KEY])
    assert not is_from_the_app({**headers, "webhook-timestamp": "x"}, body, [KEY])


async def test_the_library_of_standard_webhooks_knows_it_too(there: There) -> None:
    await there.receivers().notify("tickets", MESSAGE)
    [(headers, body)] = there.came
    for key in (KEY, OLD):
        told = Webhook(key).verify(body, headers)
        assert told["id"] == headers["webhook-id"] == MESSAGE.id
    with pytest.raises(WebhookVerificationError):
        Webhook(KEY).verify(body.replace(b"host-1", b"host-2"), headers)


async def test_the_example_on_the_page_has_the_fields_that_are_sent(there: There) -> None:
    await there.receivers().notify("tickets", MESSAGE)
    [(_, body)] = there.came

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shape(each) for name, each in value.items() if name != "counts"}
        return [shape(each) for each in value] if isinstance(value, list) and value and isinstance(
            value[0], dict
        ) else None  # fmt: skip

    told = next(t for t in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) if '"version"' in t)
    assert shape(json.loads(told)) == shape(json.loads(body))


async def test_a_workflow_of_teams_gets_a_card(there: There) -> None:
    await there.receivers(ReceiverKind.TEAMS).notify("tickets", MESSAGE)
    [(headers, body)] = there.came
    assert headers["content-type"].startswith("application/json")
    assert json.loads(body)["attachments"][0]["content"]["type"] == "AdaptiveCard"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Accepted()),
        (202, Accepted()),
        (429, Refused("it answered 429")),
        (503, Refused("it answered 503")),
        (500, Unknown()),
        (504, Unknown()),
        (404, Gone()),
        (410, Gone()),
        (401, Refused("it answered 401", final=True)),
        (400, Refused("it answered 400", final=True)),
        (302, Refused("it answered 302: redirects are not followed", final=True)),
        (308, Refused("it answered 308: redirects are not followed", final=True)),
    ],
)
async def test_every_answer_means_something(there: There, status: int, expected: Outcome) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": "/in", "Retry-After": "1"})

    there.answer = answer
    assert await there.outcome() == expected
    assert len(there.came) == 1


async def test_a_receiver_that_hangs_is_left_after_a_while(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        await held.wait()
        return web.Response()

    there.answer = answer
    monkeypatch.setattr(strangers, "WITHIN", timedelta(seconds=0.3))
    assert await there.outcome() == Unknown()
    held.set()


async def test_of_a_receiver_that_answers_without_an_end_nothing_is_read(there: There) -> None:
    wrote = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal wrote
        response = web.StreamResponse()
        await response.prepare(request)
        while wrote < 1 << 30:  # until nobody listens any more
            await response.write(b"x" * 65536)
            wrote += 65536
        return response

    there.answer = answer
    assert await there.outcome() == Accepted()
    assert wrote < 64 << 20


async def test_a_receiver_that_talks_no_http_is_of_unknown_outcome() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 1_000_000)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    there = There(url=f"http://127.0.0.1:{port}/")
    async with server:
        assert await there.outcome() == Unknown()


async def test_no_error_holds_an_address_or_a_key(
    there: There, caplog: pytest.LogCaptureFixture
) -> None:
    for status in (400, 401, 404, 429, 500, 302):

        async def answer(_: web.Request, status: int = status) -> web.Response:
            return web.Response(status=status, text="topsecret")

        there.answer = answer
        told = repr(await there.outcome()) + repr(there.receivers().__dict__)
        assert "topsecret" not in told + caplog.text
        assert KEY not in told
    there.url = "https://no-such-name.invalid/?sig=topsecret"
    assert "topsecret" not in repr(await there.outcome()) + caplog.text


@pytest.mark.parametrize(
    "url", ["https://10.0.0.4/x", "https://169.254.169.254/x", "https://[::1]/"]
)
async def test_no_private_address_is_called(url: str) -> None:
    endpoints = {"tickets": Endpoint(ReceiverKind.TEAMS, url)}
    receivers = ConfiguredReceivers(endpoints, Outgoing(loopback=False), None, Clock())
    outcome = await strangers.answer_of(receivers.notify("tickets", MESSAGE))
    assert outcome == Refused("its address is not public", final=True)
