"""The embedded host runs any small function app: this one has nothing to do with the project."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from azure.storage.queue import TextBase64EncodePolicy
from azure.storage.queue.aio import QueueClient

from local.parts import ROOT, Parts
from tests.support.bare import bare
from tests.support.wait import until

SMALL = Path(__file__).with_name("small_app")


class Small:
    """The running small app."""

    def __init__(self, folder: Path, url: str, key: str, session: aiohttp.ClientSession) -> None:
        self.folder = folder
        self.url = url
        self.key = key
        self.session = session

    def noted(self, kind: str) -> list[dict[str, Any]]:
        path = self.folder / "out.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [line for line in map(json.loads, lines) if line["kind"] == kind]

    async def deliver(self, events: object, **headers: str) -> tuple[int, str]:
        url = f"{self.url}/runtime/webhooks/EventGrid?functionName=event&code={self.key}"
        async with self.session.post(url, json=events, headers=headers) as response:
            return response.status, await response.text()


@pytest_asyncio.fixture
async def small(parts: Parts, tmp_path: Path) -> AsyncIterator[Small]:
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder)
    settings = folder / "local.settings.json"
    values = {
        "AzureWebJobsStorage": parts.storage,
        "SMALL_QUEUE": "small-queue",
        "SMALL_SCHEDULE": "* * * * * *",
    }
    settings.write_text(json.dumps({"Values": values}), encoding="utf-8")
    words = ["-m", "local.host", "--app", str(folder), "--port", str(parts.ports.app)]
    part = await parts.start("small", [sys.executable, *words, "--settings", str(settings)])
    await parts.ready(part, parts.app_url)
    async with aiohttp.ClientSession() as session:
        yield Small(folder, parts.app_url, parts.key, session)


async def test_http_functions_answer_behind_their_key(small: Small) -> None:
    url = f"{small.url}/small/greet/Bert?q=1"
    async with small.session.get(url) as refused:
        assert refused.status == 401
    async with small.session.get(url, headers={"x-functions-key": "wrong"}) as refused:
        assert refused.status == 401
    key = {"x-functions-key": small.key}
    async with small.session.post(url, data=b"hello", headers=key) as response:
        assert (response.status, response.headers["x-kind"]) == (203, "POST")
        said = json.loads(await response.text())
    assert said == {"name": "Bert", "query": "1", "body": "hello", "url": url}
    async with small.session.get(f"{small.url}/small/open") as response:
        assert (response.status, await response.text()) == (200, "come in")
    async with small.session.get(f"{small.url}/small/breaks?code={small.key}") as response:
        assert (response.status, await response.text()) == (500, "")
    async with small.session.delete(url, headers=key) as response:
        assert response.status == 405


async def test_a_queue_carries_messages_tries_again_and_puts_poison_aside(
    small: Small, parts: Parts
) -> None:
    key = {"x-functions-key": small.key}
    for text in ("one", "once more", "poison"):
        async with small.session.post(f"{small.url}/small/put", data=text, headers=key) as put:
            assert put.status == 200
    poison = QueueClient.from_connection_string(parts.storage, "small-queue-poison")

    async def put_aside() -> str | None:
        try:
            peeked = await poison.peek_messages()
        except Exception:  # noqa: BLE001 - the queue is made with its first message
            return None
        return str(peeked[0].content) if peeked else None

    content = await until(put_aside, "a poison message")
    await poison.close()
    assert content == TextBase64EncodePolicy().encode("poison")
    tries = [(line["text"], line["tries"]) for line in small.noted("queue")]
    assert sorted(tries) == [
        ("once more", 1),
        ("once more", 2),
        ("one", 1),
        ("poison", 1),
        ("poison", 2),
        ("poison", 3),
    ]


async def test_a_timer_fires_by_its_schedule(small: Small) -> None:
    async def twice() -> bool | None:
        return len(small.noted("timer")) >= 2 or None

    assert await until(twice, "a timer that fired twice")


async def test_events_of_both_schemas_reach_their_function(small: Small) -> None:
    grid: dict[str, Any] = {
        "id": "1",
        "eventType": "A",
        "subject": "s",
        "eventTime": "2026-01-01T00:00:00Z",
    }
    grid |= {"data": {}, "dataVersion": "1", "topic": "t"}
    cloud: dict[str, Any] = {
        "specversion": "1.0",
        "id": "2",
        "type": "B",
        "source": "s",
        "data": {},
    }
    assert (await small.deliver([grid]))[0] == 202
    assert (await small.deliver(cloud))[0] == 202
    assert [(e["id"], e["type"]) for e in small.noted("event")] == [("1", "A"), ("2", "B")]
    assert (await small.deliver([grid, grid | {"id": "bad"}]))[0] == 500


async def test_event_subscriptions_are_validated_in_both_ways(small: Small) -> None:
    event = {"id": "1", "data": {"validationCode": "abc"}}
    status, text = await small.deliver([event], **{"aeg-event-type": "SubscriptionValidation"})
    assert (status, json.loads(text)) == (200, {"validationResponse": "abc"})
    url = f"{small.url}/runtime/webhooks/EventGrid?functionName=event"
    headers = {"WebHook-Request-Origin": "eventgrid.azure.net"}
    async with small.session.options(url, headers=headers) as response:
        assert response.headers["WebHook-Allowed-Origin"] == "eventgrid.azure.net"
    async with small.session.post(url, json=[event]) as response:
        assert response.status == 401


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SMALL_SCHEDULE": "every day"}, "not an NCRONTAB schedule: 'every day'"),
        ({"SMALL_QUEUE": None}, "the setting 'SMALL_QUEUE', which a trigger names, is not set"),
        ({"AzureWebJobsStorage": None}, "the connection 'AzureWebJobsStorage' is not set"),
    ],
)
async def test_an_app_that_cannot_start_says_why(
    tmp_path: Path, change: dict[str, str | None], said: str
) -> None:
    values = {
        "AzureWebJobsStorage": "UseDevelopmentStorage=true",
        "SMALL_QUEUE": "q",
        "SMALL_SCHEDULE": "* * * * * *",
    }
    kept = {k: v for k, v in (values | change).items() if v is not None}
    settings = tmp_path / "local.settings.json"
    settings.write_text(json.dumps({"Values": kept}), encoding="utf-8")
    words = ["-m", "local.host", "--app", str(SMALL), "--port", "0", "--settings", str(settings)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        cwd=ROOT,
        env=bare({"PYTHONPATH": str(ROOT), "FUNCTIONS_HOST_KEY": "k"}),
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    assert said in told.decode()
