"""Sources of events, from what they publish to hosts that are back: through the real runtime."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from rich.console import Console

from local.parts import FAST, Parts, running
from local.scenes import patch_night
from local.scenes.one_drain import POOL
from tests.end_to_end.conftest import CheckedClient, served
from tests.support import least_rights
from tests.support.wait import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
LAB = POOL.replace("hp-finance", "hp-lab")
LOSS = "VirtualMachinePossiblyDegradedDueToHardwareFailure"
ALL = {"maxUnavailable": "100%", "healthyWithin": "PT1M"}
RULES = [
    {"name": "loss", "on": "predictedLoss", "policy": ALL},
    {"name": "reboot", "on": "scheduledEvent", "eventTypes": ["Reboot"], "policy": ALL},
    {"name": "disks", "on": "alert", "severities": ["Sev0", "Sev1"], "policy": ALL},
    {"name": "patches", "on": "updateManager", "policy": ALL},
]
SETTINGS = {"EVENT_RULES": json.dumps(RULES), "EVENT_SETTLE": "PT1S", "UPDATE_CANCEL_LEAD": "PT2S"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    async with served(tmp_path_factory.mktemp("alarms"), **SETTINGS) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def client(parts: Parts) -> AsyncIterator[CheckedClient]:
    async with CheckedClient(parts.app_url, parts.sim_url, parts.key) as made:
        yield made


async def emit(client: CheckedClient, what: str, **told: Any) -> list[dict[str, Any]]:
    answer = await client.sim("POST", "emit", {"what": what, "pool": "hp-lab", **told})
    return list(answer["value"])


async def acted(client: CheckedClient, kind: str, number: int = 1) -> list[dict[str, Any]]:
    """The newest events of a kind, once so many of them have been seen to."""

    async def found() -> list[dict[str, Any]] | None:
        _, listed, _ = await client.call("GET", "events?$top=200")
        of_kind = [each for each in listed["value"] if each["type"].endswith(kind)]
        done = [each for each in of_kind if each["outcome"] != "waiting"]
        return done if len(done) >= number and len(done) == len(of_kind) else None

    return await until(found, f"{number} events {kind}")


async def phase(client: CheckedClient, drain: str, *wanted: str) -> dict[str, Any]:
    async def reached() -> dict[str, Any] | None:
        shown = await client.watched(drain)
        return shown if all(host["phase"] in wanted for host in shown["hosts"]) else None

    return await until(reached, f"hosts to be {wanted}")


@pytest.mark.parametrize("schema", ["eventGrid", "cloudEvents"])
async def test_a_machine_that_may_be_lost_is_held_until_it_is_available_again(
    client: CheckedClient, schema: str
) -> None:
    before = await client.hosts(LAB)
    host = "avd-lab-3" if schema == "eventGrid" else "avd-lab-4"
    await emit(client, "annotation", host=host, name=LOSS, schema=schema, times=3)
    heard = await acted(client, "ResourceAnnotated", 1 if schema == "eventGrid" else 2)
    drain = heard[0]["drain"]
    shown = await phase(client, drain, "maintaining")
    assert shown["cause"] == {"rule": "loss", "source": "predictedLoss", "about": None}
    assert (await client.hosts(LAB))[f"{host}.contoso.example"] is False
    await emit(client, "availability", host=host, schema=schema)
    await phase(client, drain, "done")
    assert await client.hosts(LAB) == before


async def test_a_burst_of_events_for_a_pool_is_one_drain(client: CheckedClient) -> None:
    hosts = [f"avd-lab-{n}" for n in range(1, 6)]
    for host in hosts:
        await emit(client, "scheduledEvent", hosts=[host], eventId=f"e-{host}", startsIn=3000)
    heard = await acted(client, "ScheduledEventEmitted", 5)
    assert {each["outcome"] for each in heard} == {"acted"}
    [drain] = {each["drain"] for each in heard}
    assert (await client.drain(drain))["hostCount"] == 5
    for host in hosts:
        await emit(client, "scheduledEvent", hosts=[host], eventId=f"e-{host}", status="Canceled")
    await phase(client, drain, "done", "skipped", "failed")


async def test_an_alert_is_posted_and_its_end_too(client: CheckedClient) -> None:
    [fired] = await emit(client, "alert", hosts=["avd-lab-5"], id="disk-1", severity="Sev1")
    status, answer, _ = await client.call("POST", "alerts", fired)  # an action group tries again
    assert (status, answer["type"]) == (202, "AzureMonitor.Alert")
    [heard] = await acted(client, "AzureMonitor.Alert")
    await phase(client, heard["drain"], "maintaining")
    await emit(client, "alert", hosts=["avd-lab-5"], id="disk-1", condition="Resolved")
    await phase(client, heard["drain"], "done")


async def test_an_alert_that_is_none_is_refused_with_every_fault(client: CheckedClient) -> None:
    alert = {"schemaId": "azureMonitorCommonAlertSchema", "data": {"essentials": {"alertId": 7}}}
    status, answer, headers = await client.call("POST", "alerts", alert)
    assert (status, headers["x-ms-error-code"]) == (400, "MalformedAlert")
    assert len(answer["error"]["details"]) >= 5


async def test_an_alert_of_another_schema_is_ignored_and_listed(client: CheckedClient) -> None:
    budget = {"schemaId": "AIP Budget Notification", "data": {"BudgetName": "a month"}}
    status, answer, _ = await client.call("POST", "alerts", budget)
    assert (status, answer["outcome"]) == (202, "ignored")
    _, events, _ = await client.call("GET", "events?$top=200")
    [listed] = [each for each in events["value"] if each["id"] == answer["id"]]
    assert "common alert schema" in listed["text"]


async def test_what_an_event_would_do_is_told_and_not_done(client: CheckedClient) -> None:
    hosts = await client.hosts(LAB)
    _, before, _ = await client.call("GET", "drains?$top=200")
    _, events, _ = await client.call("GET", "events?$top=200")
    told: dict[str, Any] = {
        "schemaId": "azureMonitorCommonAlertSchema",
        "data": {
            "essentials": {
                "alertId": "a", "alertRule": "r", "severity": "Sev0", "monitorCondition": "Fired",
                "firedDateTime": datetime.now(UTC).isoformat(),
                "alertTargetIDs": [f"{LAB}/sessionHosts/avd-lab-1.contoso.example"],
            }
        },
    }  # fmt: skip
    status, answer, _ = await client.call("POST", "events/simulate", told)
    assert status == 200
    [step] = answer["would"]
    assert (step["do"], step["rule"], step["hostPool"]) == ("startDrain", "disks", LAB)
    assert step["plan"]["hosts"][0]["name"] == "avd-lab-1.contoso.example"
    told["data"]["essentials"]["severity"] = "Sev4"
    _, answer, _ = await client.call("POST", "events/simulate", told)
    assert answer["would"] == []
    assert "no rule fits it" in answer["notes"][0]
    _, answer, _ = await client.call("POST", "events/simulate", {"data": 7})
    assert answer["understood"] == "malformed"
    assert await client.hosts(LAB) == hosts
    assert (await client.call("GET", "drains?$top=200"))[1] == before
    assert (await client.call("GET", "events?$top=200"))[1] == events


async def test_what_happens_to_drains_is_published(client: CheckedClient) -> None:
    async def ended() -> list[dict[str, Any]] | None:
        found = (await client.sim("GET", "topic"))["value"]
        _, listed, _ = await client.call("GET", "drains?$top=200")
        over = {each["subject"] for each in found if each["type"] == "AvdDrain.Drain.Ended"}
        return found if over >= {drain["id"] for drain in listed["value"]} else None

    found = await until(ended, "every drain's end to be published")
    assert {event["type"] for event in found} >= {
        "AvdDrain.Drain.Started", "AvdDrain.Host.Out", "AvdDrain.Drain.Ended",
    }  # fmt: skip
    assert all(event["specversion"] == "1.0" for event in found)


async def test_the_patch_night_goes_as_it_is_shown(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("patch-night")
    made = Parts(folder, settings={**FAST, **patch_night.SETTINGS})
    with (folder / "told").open("w", encoding="utf-8") as told:
        async with running(made):
            await made.start_azurite()
            await made.start_sim(least_rights.estate(made.folder), None)
            await made.start_app()
            good = await patch_night.job(made, Console(file=told))
    assert good, (folder / "told").read_text(encoding="utf-8")
