"""Events at the address that Event Grid delivers to, through the real runtime's trigger."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local.client import Client
from local.parts import Parts
from local.scenes.one_drain import POOL
from tests.end_to_end.conftest import CheckedClient, served
from tests.support.events import cloud_event, event_grid
from tests.support.wait import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
SAMPLES = Path(__file__).parents[1] / "samples" / "events"
REQUESTED, CANCELED = "AvdDrain.Drain.Requested", "AvdDrain.Drain.Canceled"
BODY = {
    "hostPool": POOL,
    "hosts": ["avd-fin-3"],
    "reason": "asked for by an event",
    "policy": {"maxUnavailable": "100%", "maintenance": {"kind": "hold"}},
}
BAD: tuple[Any, ...] = (
    {}, [], 7, None, "x", {"id": 1}, {"id": "1", "eventType": REQUESTED, "data": "x"},
    {"id": "1", "type": REQUESTED, "specversion": "1.0", "data": {"hostPool": 7}},
    {"id": "2", "eventType": "Microsoft.Maintenance.PreMaintenanceEvent", "data": {}},
    {"id": "4", "eventType": "Microsoft.Storage.BlobCreated", "data": {}},
    {"id": "3", "eventType": CANCELED, "data": {"drain": "no such drain"}},
    {"id": "x" * 2000, "eventType": REQUESTED, "data": {}},
)  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    async with served(tmp_path_factory.mktemp("events")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def client(parts: Parts) -> AsyncIterator[CheckedClient]:
    async with CheckedClient(parts.app_url, parts.sim_url, parts.key) as made:
        yield made


async def deliver(parts: Parts, text: str) -> int:
    """As Event Grid does."""
    url = f"{parts.app_url}/runtime/webhooks/EventGrid?functionName=hear_event"
    headers = {"x-functions-key": parts.key, "aeg-event-type": "Notification"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, data=text) as came,
    ):
        return came.status


async def heard(client: Client) -> list[dict[str, Any]]:
    _, listed, _ = await client.call("GET", "events?$top=200")
    return list(listed["value"])


async def test_a_drain_is_asked_for_and_canceled_by_events_in_either_schema(
    parts: Parts, client: Client
) -> None:
    for _ in range(3):
        assert await deliver(parts, f"[{event_grid(REQUESTED, BODY, 'a')}]") == 202
    [first] = [each for each in await heard(client) if each["id"] == "a"]
    assert first["outcome"] == "acted"
    assert await deliver(parts, cloud_event(CANCELED, {"request": "a", "reason": "no"}, "b")) == 202

    async def canceled() -> bool | None:
        return True if (await client.drain(first["drain"]))["status"] == "Canceled" else None

    assert await until(canceled, "the drain to be canceled")
    _, drains, _ = await client.call("GET", "drains")
    assert len(drains["value"]) == 1


async def test_whatever_comes_the_trigger_takes_it_and_starts_nothing(
    parts: Parts, client: Client
) -> None:
    _, before, _ = await client.call("GET", "drains")
    assert await deliver(parts, json.dumps([*BAD, *BAD])) == 202
    assert {each["outcome"] for each in await heard(client)} > {"malformed", "ignored", "refused"}
    _, after, _ = await client.call("GET", "drains")
    assert after == before
    assert "hear_event failed" not in parts.running["app"].said.read_text(
        errors="replace", encoding="utf-8"
    )


async def test_an_event_that_fails_for_a_passing_reason_is_sent_again_by_its_sender(
    parts: Parts, client: Client
) -> None:
    await client.sim(
        "POST", "faults", {"operation": "hostPools.get", "effect": "status", "status": 503}
    )
    text = event_grid(REQUESTED, BODY | {"hosts": ["avd-fin-5"]}, "again")
    assert await deliver(parts, text) == 500
    assert await deliver(parts, text) == 202
    [found] = [each for each in await heard(client) if each["id"] == "again"]
    assert found["outcome"] == "acted"


async def test_hundreds_of_broken_events_crash_nothing_and_start_nothing(
    parts: Parts, client: Client
) -> None:
    """Samples of the vendors' with a field broken, cut out, or of another kind; each one twice."""
    random, events = Random(20261124), list[Any]()
    samples = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(SAMPLES.glob("*.json"))
    ]
    for number in range(400):
        told = json.loads(json.dumps(random.choice(samples)))
        told["id"] = f"broken-{number}"
        for _ in range(random.choice((1, 1, 3))):
            holder = told
            while inner := [v for v in holder.values() if isinstance(v, dict)]:
                if random.random() < 0.2:
                    break
                holder = random.choice(inner)
            if holder:
                key = random.choice(list(holder))
                holder[key] = random.choice((None, 7, "x", [], {}, ["y"], "9" * 2000, "2026-13-45"))
        events += [told, told]
    failed = (
        parts.running["app"]
        .said.read_text(errors="replace", encoding="utf-8")
        .count("hear_event failed")
    )
    _, before, _ = await client.call("GET", "drains")
    for start in range(0, len(events), 50):
        assert await deliver(parts, json.dumps(events[start : start + 50])) == 202
    _, after, _ = await client.call("GET", "drains")
    assert [d["id"] for d in after["value"]] == [d["id"] for d in before["value"]]
    said = parts.running["app"].said.read_text(errors="replace", encoding="utf-8")
    assert said.count("hear_event failed") == failed
    outcomes = Counter(each["outcome"] for each in await heard(client))
    assert outcomes["malformed"] > 20
