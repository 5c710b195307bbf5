"""GET /api/doctor as the app answers it: its own wiring, storage in the emulator, Azure simulated and at fault."""

import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest_asyncio
from aiohttp.test_utils import TestServer
from azure.data.tables.aio import TableServiceClient
from azure.storage.queue.aio import QueueServiceClient

from local.sim.__main__ import application
from local.sim.estate.file import read_estate
from local.sim.server import Simulator
from local.sim.services.topics import GROUP as SOURCES
from shared.adapters.storage.tables.table import END
from shared.api.routes import NAMED
from shared.app import DrainApp
from shared.core.start.permissions import TABLE, Scope
from shared.settings.azure import CALLS_QUEUE, WORK_QUEUE
from tests.support import least_rights
from tests.unit.settings.test_settings import GOOD

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-desktops"
FINANCE = f"{GROUP}/providers/Microsoft.DesktopVirtualization/hostPools/hp-finance"
Finding = dict[str, Any]


@dataclass
class Installed:
    sim: Simulator
    app: DrainApp
    prefix: str
    storage: str

    async def ask(self, **query: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(await self.body(**query))
        return told

    async def body(self, **query: str) -> bytes:
        url = "https://app.example/api/doctor"
        request = func.HttpRequest("GET", url, params=query, body=b"")
        came = await self.app.http(NAMED["doctor"], request)
        assert came.status_code == 200, came.get_body()
        return came.get_body()

    async def wrong(self, **query: str) -> list[Finding]:
        """All but what is ok, and what every new installation here has."""
        found = (await self.ask(**query))["findings"]
        usual = ("ok", "TimerNeverRan", "CallersByKey", "StorageByKey", "NoEvents")
        return [f for f in found if f["severity"] not in usual and f["code"] not in usual]


@pytest_asyncio.fixture(loop_scope="session")
async def installed(storage: str, tmp_path: Path) -> AsyncIterator[Installed]:
    sim = Simulator(read_estate(least_rights.estate(tmp_path), datetime.now(UTC), 60.0))
    async with TestServer(application(sim)) as server:
        prefix = f"d{uuid.uuid4().hex[:12]}"
        settings = {
            **GOOD,
            "AzureWebJobsStorage": storage,
            "ARM_ENDPOINT": str(server.make_url("")),
            "ARM_CREDENTIAL": "staticToken",
            "ARM_STATIC_TOKEN": "t",
            "TABLE_PREFIX": prefix,
            "HOST_POOLS": GROUP,
            "EVENT_GROUPS": SOURCES,
            "EVENT_RULES": '[{"name": "patches", "on": "updateManager"}, {"name": "disks", "on": "alert"}]',
        }
        app = DrainApp(settings)
        yield Installed(sim, app, prefix, storage)
        outside: Any = app._connected()
        await outside.plane._clients.close()
        await outside.storage._service.close()
        for clients in outside.storage._clients.values():
            for client in clients():
                await client.close()


async def test_with_least_rights_nothing_is_wrong_and_nothing_stays(installed: Installed) -> None:
    assert await installed.wrong() == []
    async with TableServiceClient.from_connection_string(installed.storage) as service:
        for name in ("pools", "index"):
            table = service.get_table_client(f"{installed.prefix}{name}")
            kept = [row async for row in table.list_entities() if row["RowKey"] < END]
            assert kept == []
    async with QueueServiceClient.from_connection_string(installed.storage) as service:
        for name in (WORK_QUEUE, CALLS_QUEUE):
            told = await service.get_queue_client(name).get_queue_properties()
            assert told.approximate_message_count == 0


async def test_after_its_timers_ran_the_doctor_knows_that_they_did(installed: Installed) -> None:
    await installed.app.tick()
    await installed.app.watch()
    await installed.app.run_schedules()
    codes = [f["code"] for f in (await installed.ask())["findings"]]
    assert (codes.count("TimerRuns"), "TimerNeverRan" in codes) == (3, False)


async def test_a_missing_right_is_told_by_its_name_and_its_pool(installed: Installed) -> None:
    action = "Microsoft.DesktopVirtualization/hostpools/sessionhosts/write"
    pool = next(pool for pool in installed.sim.world.pools if pool.name == "hp-finance")
    pool.rights = [r.action for r in TABLE if r.scope is Scope.POOLS and r.action != action]
    [told] = await installed.wrong()
    assert (told["code"], told["severity"]) == ("RightMissing", "error")
    assert told["about"] == FINANCE
    assert action in told["text"]
    assert told["whatToDo"]


async def test_what_may_not_be_read_is_refused_by_azure_and_said(installed: Installed) -> None:
    pool = next(pool for pool in installed.sim.world.pools if pool.name == "hp-finance")
    pool.rights = "none"
    told = await installed.wrong(hostPool=FINANCE)
    assert {finding["severity"] for finding in told} == {"error"}
    assert any("hostpools/read" in finding["text"].lower() for finding in told)
    assert (await installed.ask(hostPool=FINANCE))["status"] == "error"


async def test_an_api_version_that_is_retired_is_told(installed: Installed) -> None:
    installed.sim.faults.add(
        {"effect": "status", "status": 400, "code": "NoRegisteredProviderFound", "times": -1,
         "path": "*/hp-finance[?]*api-version=2024-04-03*",
         "message": "No registered resource provider found for API version '2024-04-03'."}
    )  # fmt: skip
    [told] = await installed.wrong(hostPool=FINANCE)
    assert (told["code"], told["severity"]) == ("RequestRefused", "error")
    assert "2024-04-03" in told["text"]
    assert "api-version" in told["whatToDo"]


async def test_versions_of_host_updates_that_are_retired_hold_every_host(
    installed: Installed,
) -> None:
    installed.sim.faults.add(
        {"effect": "status", "status": 400, "code": "NoRegisteredProviderFound", "times": -1,
         "path": "*sessionhostupdatestatuses*"}
    )  # fmt: skip
    [told] = await installed.wrong(hostPool=FINANCE)
    assert "UPDATE_STATUS_VERSIONS" in told["whatToDo"]


async def test_a_pool_that_is_gone_is_told(installed: Installed) -> None:
    gone = FINANCE.replace("hp-finance", "hp-gone")
    told = await installed.wrong(hostPool=gone)
    assert [(f["code"], f["about"]) for f in told] == [("NotThere", gone)]


async def test_a_service_that_does_not_answer_well_is_unknown(installed: Installed) -> None:
    installed.sim.faults.add(
        {"operation": "sessionHosts.list", "effect": "status", "status": 503, "times": -1}
    )
    told = await installed.wrong(hostPool=FINANCE)
    assert {f["severity"] for f in told} == {"unknown"}
    assert (await installed.ask(hostPool=FINANCE))["status"] == "unknown"


async def test_messages_that_nobody_reports_are_told(installed: Installed) -> None:
    async with QueueServiceClient.from_connection_string(installed.storage) as service:
        queue = service.get_queue_client(f"{WORK_QUEUE}-poison")
        await queue.create_queue()
        await queue.send_message("x")
        [told] = await installed.wrong()
        await queue.delete_queue()
    assert (told["code"], told["severity"]) == ("PoisonedMessages", "warning")


async def test_a_look_is_bounded_in_reads(installed: Installed) -> None:
    await installed.ask(**{"$top": "1"})
    once = sum(installed.sim.calls.values())
    assert once <= 11 + 2 + len(installed.sim.world.topics)
    await installed.ask(**{"$top": "1"})
    assert sum(installed.sim.calls.values()) == 2 * once


async def test_what_pools_have_in_common_is_said_once(installed: Installed) -> None:
    told = await installed.ask()
    assert len(told["hostPools"]) == 3
    about = [f["about"] for f in told["findings"] if f["code"] == "RightsHeld"]
    assert len(about) == len(set(about)) == 4


async def test_as_a_text_the_worst_comes_first(installed: Installed) -> None:
    gone = FINANCE.replace("hp-finance", "hp-gone")
    lines = (await installed.body(hostPool=gone, format="markdown")).decode().splitlines()
    assert lines[0] == "# avd-drain: something is wrong"
    assert lines[2].startswith("- **error** NotThere")


async def test_what_brings_events_is_told(installed: Installed) -> None:
    told = (await installed.ask())["findings"]
    subscribed = {f["about"].rsplit("/", 1)[1] for f in told if f["code"] == "EventsSubscribed"}
    assert subscribed == {"egst-health", "egst-scheduled", "egst-runs", "evgt-avd-drain"}


async def test_a_subscription_that_is_not_ready_or_leads_elsewhere_is_told(
    installed: Installed,
) -> None:
    health, scheduled, runs, _ = installed.sim.world.topics
    health.subscriptions[0].state = "Failed"
    scheduled.subscriptions[0].destination = {
        "endpointType": "WebHook", "properties": {"endpointBaseUrl": "https://elsewhere.example/x"},
    }  # fmt: skip
    runs.subscriptions.clear()
    told = {
        (f["code"], f["severity"], f["about"].rsplit("/", 1)[-1]) for f in await installed.wrong()
    }
    assert told == {
        ("SubscriptionNotReady", "error", "egst-health"),
        ("NotSubscribed", "warning", "egst-scheduled"),
        ("NotSubscribed", "warning", "egst-runs"),
        ("RuleWithoutEvents", "warning", "EVENT_RULES"),
    }


async def test_topics_that_may_not_be_read_are_unknown_and_nothing_is_said_of_rules(
    installed: Installed,
) -> None:
    installed.sim.world.rights["sources"] = ["Microsoft.EventGrid/*/read"]
    assert not await installed.wrong()
    installed.sim.world.rights["sources"] = []
    [told] = await installed.wrong()
    assert (told["code"], told["severity"], told["about"]) == ("RightMissing", "unknown", SOURCES)
    assert "Microsoft.EventGrid/" in told["text"]
    installed.sim.world.rights["sources"] = [
        "Microsoft.EventGrid/systemTopics/read",
        "Microsoft.EventGrid/topics/read",
    ]
    told_of = {f["about"] for f in await installed.wrong()}
    assert told_of == {topic.id for topic in installed.sim.world.topics}
