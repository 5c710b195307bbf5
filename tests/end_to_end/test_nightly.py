"""Schedules, campaigns, conditions and reports over HTTP, through the real runtime and its timers."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from rich.console import Console

from local.parts import FAST, Parts, running
from local.scenes import night
from local.scenes.one_drain import POOL
from tests.end_to_end.conftest import CheckedClient, served
from tests.support import least_rights
from tests.support.wait import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
ANY = {"If-Match": "*"}
LAB = POOL.replace("hp-finance", "hp-lab")
QUICK = {"maxUnavailable": "100%", "maintenance": {"kind": "none"}, "healthyWithin": "PT1M"}
DRAIN = {"hostPool": LAB, "hosts": ["avd-lab-4"], "reason": "nightly", "policy": QUICK}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    async with served(tmp_path_factory.mktemp("nightly"), **night.SETTINGS) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def client(parts: Parts) -> AsyncIterator[CheckedClient]:
    async with CheckedClient(parts.app_url, parts.sim_url, parts.key) as made:
        yield made


async def change(client: CheckedClient, do: str, **told: Any) -> None:
    await client.sim("POST", "change", {"do": do, "pool": "hp-lab", **told})


async def test_a_schedule_is_made_shown_replaced_and_removed(client: CheckedClient) -> None:
    body = {
        "cron": "30 2 * * 6", "timeZone": "Europe/Berlin", "drain": DRAIN,
        "exceptDates": ["2026-12-26"], "lateWithin": "PT2H",
    }  # fmt: skip
    status, made, _ = await client.call("PUT", "schedules/weekly", body)
    assert (status, made["request"]["hosts"], len(made["next"])) == (201, ["avd-lab-4"], 5)
    status, again, _ = await client.call("PUT", "schedules/weekly", body | {"enabled": False}, ANY)
    assert (status, again["enabled"], again["next"]) == (200, False, [])
    _, listed, _ = await client.call("GET", "schedules")
    assert [each["name"] for each in listed["value"]] == ["weekly"]
    await client.call("PUT", "schedules/a-second", body)
    _, first, _ = await client.call("GET", "schedules?$top=1")
    _, second, _ = await client.call("GET", first["nextLink"])
    assert [first["value"][0]["name"], second["value"][0]["name"]] == ["a-second", "weekly"]
    assert "nextLink" not in second
    await client.call("DELETE", "schedules/a-second", None, ANY)
    assert (await client.call("GET", "schedules/weekly/runs"))[1] == {"value": []}
    status, answer, _ = await client.call("GET", "schedules/weekly/report")
    assert (status, answer["error"]["code"]) == (404, "ReportNotFound")
    assert (await client.call("DELETE", "schedules/weekly", None, ANY))[0] == 200
    assert (await client.call("GET", "schedules/weekly"))[0] == 404


async def test_all_that_is_wrong_with_a_schedule_is_told_at_once(client: CheckedClient) -> None:
    policy = {"atDeadline": "signOut", "deadline": "PT5M", "warnAtLeast": "PT1H"}
    body = {
        "cron": "0 22 * * *", "drain": DRAIN | {"policy": policy}, "exceptCalendar": "x",
        "reportTo": "https://x.example/",
    }  # fmt: skip
    status, answer, _ = await client.call("PUT", "schedules/Bad_Name", body)
    assert status == 400
    assert {fault["target"] for fault in answer["error"]["details"]} == {
        "name", "exceptCalendar", "reportTo", "drain.policy.warnAtLeast",
    }  # fmt: skip
    body = {"cron": "x", "timeZone": "Moon", "drain": DRAIN}
    status, answer, _ = await client.call("PUT", "schedules/nightly", body)
    assert status == 400
    assert {fault["target"] for fault in answer["error"]["details"]} == {"cron", "timeZone"}


async def test_a_campaign_is_foreseen_on_one_page_and_nothing_is_touched(
    client: CheckedClient,
) -> None:
    before = await client.hosts(LAB)
    body = {
        "reason": "patches",
        "waves": [
            {"name": "one", "drains": [DRAIN, DRAIN | {"hosts": ["nobody"]}]},
            {"name": "two", "drains": [DRAIN | {"hostPool": POOL, "hosts": "all"}]},
        ],
    }
    status, plan, _ = await client.call("POST", "campaigns?dryRun=true", body)
    assert status == 200
    [one, two] = plan["waves"]
    assert one["drains"][0]["plan"]["hosts"][0]["name"] == "avd-lab-4.contoso.example"
    assert "no host 'nobody'" in one["drains"][1]["refused"][0]
    assert len(two["drains"][0]["plan"]["hosts"]) == 6
    assert await client.hosts(LAB) == before
    assert (await client.call("GET", "campaigns"))[1] == {"value": []}


async def test_a_campaign_whose_condition_does_not_hold_waits_says_why_and_can_be_canceled(
    client: CheckedClient,
) -> None:
    await change(client, "fire", rule="sign-ins fail")
    conditions = [
        {"kind": "noAlertFiring", "rule": "sign-ins fail"},
        {"kind": "poolTag", "name": "x"},
    ]
    drain = DRAIN | {"policy": QUICK | {"conditions": conditions}}
    body = {"reason": "patches", "waves": [{"name": "one", "drains": [drain]}]}
    status, made, headers = await client.call(
        "POST", "campaigns", body, {"Idempotency-Key": "once"}
    )
    assert (status, headers["location"].endswith(f"campaigns/{made['id']}")) == (202, True)
    _, again, _ = await client.call("POST", "campaigns", body, {"Idempotency-Key": "once"})
    assert again["id"] == made["id"]

    async def waits(text: str) -> dict[str, Any] | None:
        _, campaign, _ = await client.call("GET", f"campaigns/{made['id']}")
        slot = campaign["waves"][0]["drains"][0]
        if slot["drain"] is None:
            return None
        [host] = await client.drain_hosts(slot["drain"])
        return campaign if host["waitsFor"] and text in host["waitsFor"]["text"] else None

    await until(lambda: waits("alerts to be resolved: sign-ins fail"), "it to wait for the alert")
    await change(client, "resolve", rule="sign-ins fail")
    await until(lambda: waits("the pool's tag x to be set"), "it to wait for the tag")
    assert (await client.hosts(LAB))["avd-lab-4.contoso.example"] is True
    status, _, _ = await client.call(
        "POST", f"campaigns/{made['id']}/cancel", {"reason": "no"}, ANY
    )
    assert status == 200

    async def over() -> dict[str, Any] | None:
        _, campaign, _ = await client.call("GET", f"campaigns/{made['id']}")
        return campaign if campaign["status"] == "Canceled" else None

    assert await until(over, "the campaign to be canceled")


async def test_hosts_that_are_overdue_are_listed_and_taken_in_turn(client: CheckedClient) -> None:
    status, listed, _ = await client.call("GET", f"overdue?hostPool={LAB}&since=P7D")
    assert (status, len(listed["value"])) == (200, 6)
    selection = {"atMost": 2, "names": ["avd-lab-2", "avd-lab-3", "avd-lab-4"]}
    hold = QUICK | {"maintenance": {"kind": "hold"}}
    body = DRAIN | {"hosts": selection, "policy": hold}
    _, plan, _ = await client.call("POST", "drains?dryRun=true", body)
    first = {host["name"] for host in plan["hosts"]}
    _, drain, _ = await client.call("POST", "drains", body)
    await client.call("POST", f"drains/{drain['id']}/release", {}, ANY)

    async def done() -> bool | None:
        return True if (await client.drain(drain["id"]))["status"] == "Succeeded" else None

    await until(done, "the drain to be done")
    _, plan, _ = await client.call("POST", "drains?dryRun=true", body)
    second = [host["name"] for host in plan["hosts"]]
    assert not set(second[:1]) <= first or len(set(second) - first) == 1
    _, listed, _ = await client.call("GET", f"overdue?hostPool={LAB}&since=P7D")
    assert len(listed["value"]) == 4
    status, answer, _ = await client.call("GET", "overdue?since=soon")
    assert (status, len(answer["error"]["details"])) == (400, 2)


async def test_the_night_goes_as_it_is_shown(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder: Path = tmp_path_factory.mktemp("night")
    made = Parts(folder, settings={**FAST, **night.SETTINGS})
    with (folder / "told").open("w", encoding="utf-8") as told:
        async with running(made):
            await made.start_azurite()
            await made.start_sim(least_rights.estate(made.folder), None)
            await made.start_app()
            good = await night.job(made, Console(file=told))
    assert good, (folder / "told").read_text(encoding="utf-8")
