"""A night: a schedule starts a campaign of three pools in two waves, and reports in the morning.

The first wave has the pilots. When they are done, the other two pools run side by side, in a
maintenance window that opens a minute after the schedule's time. In one of them the canary does not
come back, so the rest of that pool is left alone. The app runs on the wall clock; the estate runs
twenty times as fast.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console
from rich.markdown import Markdown

from local.client import Client
from local.parts import Parts
from local.scenes.one_drain import POOL
from local.watching import watch

POOLS = {
    name: POOL.replace("hp-finance", name) for name in ("hp-frontdesk", "hp-finance", "hp-lab")
}
SETTINGS = {"NIGHTLY_SCHEDULE": "* * * * * *"}
_POLICY = {
    "maxUnavailable": "70%",
    "deadline": "PT12S",
    "atDeadline": "signOut",
    "warnAtLeast": "PT8S",
    "healthyWithin": "PT12S",
    "maintenance": {"kind": "restart"},
}
_BEGINS_WITHIN = 180.0
_AT_MOST = 300.0


def schedule(at: datetime) -> dict[str, Any]:
    """The schedule of the scene: it runs at the full minute ``at`` and, being daily, once in the
    scene."""
    opens, closes = at + timedelta(minutes=1), at + timedelta(hours=2)
    window = {
        "starts": f"{opens:%H:%M}", "ends": f"{closes:%H:%M}", "timeZone": "UTC",
        "hostTakes": "PT2M",
    }  # fmt: skip
    canary = {**_POLICY, "canary": True, "order": "asListed", "failureBudget": 1, "window": window}
    return {
        "cron": f"{at:%M} {at:%H} * * *",
        "timeZone": "UTC",
        "campaign": {
            "reason": "nightly patches",
            "waves": [
                {
                    "name": "pilots",
                    "drains": [_drain("hp-frontdesk", ["avd-desk-0", "avd-desk-1"])],
                },
                {
                    "name": "everybody",
                    "failures": 1,
                    "drains": [
                        _drain(
                            "hp-finance", ["avd-fin-0", "avd-fin-5"], {**_POLICY, "window": window}
                        ),
                        _drain("hp-lab", "all", canary),
                    ],
                },
            ],
        },
    }


def _drain(pool: str, hosts: Any, policy: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "hostPool": POOLS[pool], "hosts": hosts, "reason": "nightly patches",
        "policy": policy or _POLICY,
    }  # fmt: skip


async def job(parts: Parts, console: Console) -> bool:
    soon = datetime.now(UTC) + timedelta(seconds=65)
    at = soon.replace(second=0, microsecond=0)
    async with Client(parts.app_url, parts.sim_url, parts.key) as client:
        before = await _hosts(client)
        status, told, _ = await client.call("PUT", "schedules/nightly", schedule(at))
        if status != 201:
            console.print(f"the app answered {status}: {told}")
            return False
        console.print(f"PUT /api/schedules/nightly → 201; its next moment is {told['next'][0]}")
        campaign = await _follow(parts, client, console)
        report, text = await _report(client)
        after = await _hosts(client)
        log = (await client.sim("GET", "log"))["value"]
    console.print()
    console.print(Markdown(text) if console.is_terminal else text, markup=False, soft_wrap=True)
    return _as_it_should_be(console, campaign, report, log, before, after)


async def _hosts(client: Client) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for pool in POOLS.values():
        found |= await client.hosts(pool)
    return found


async def _follow(parts: Parts, client: Client, console: Console) -> dict[str, Any]:
    """Wait until the campaign begins, then watch it to its end and return it."""
    console.print("waiting for the schedule's moment …")
    began = time.monotonic()
    while time.monotonic() - began < _BEGINS_WITHIN:
        _, listed, _ = await client.call("GET", "campaigns")
        if listed["value"]:
            break
        await asyncio.sleep(0.5)
    else:
        return {"status": "NotStarted", "waves": []}
    id_ = listed["value"][0]["id"]
    await watch(parts, console, "--campaign", id_, at_most=_AT_MOST)
    _, campaign, _ = await client.call("GET", f"campaigns/{id_}")
    return dict(campaign)


async def _report(client: Client) -> tuple[dict[str, Any], str]:
    """The report of the run, as JSON and as Markdown. The timer makes it after the campaign's
    end."""
    for _ in range(60):
        status, report, _ = await client.call("GET", "schedules/nightly/report")
        if status == 200:
            _, text, _ = await client.call("GET", "schedules/nightly/report?format=markdown")
            return report, str(text)
        await asyncio.sleep(0.5)
    return {}, "no report came"


def _as_it_should_be(
    console: Console, campaign: dict[str, Any], report: dict[str, Any], log: list[Any],
    before: dict[str, bool], after: dict[str, bool],
) -> bool:  # fmt: skip
    faults = []
    statuses = {
        slot["hostPool"].rsplit("/", 1)[-1]: slot["status"]
        for wave in campaign["waves"] for slot in wave["drains"]
    }  # fmt: skip
    wanted = {"hp-frontdesk": "Succeeded", "hp-finance": "Succeeded", "hp-lab": "Failed"}
    if statuses != wanted:
        faults.append(f"the drains ended as {statuses}")
    restarted = {line["host"].split(".")[0] for line in log if line["what"] == "restart"}
    if restarted & {f"avd-lab-{n}" for n in range(1, 6)}:
        faults.append("hosts of hp-lab were touched although its canary had failed")
    if [line for line in log if line["what"].startswith("cut off") and line.get("user")]:
        faults.append("users were cut off")
    if not any("avd-lab-0" in line for line in report.get("attention", ())):
        faults.append("the report does not name the host that did not come back")
    for name, was in before.items():
        if after.get(name) != was:
            faults.append(f"{name}: allowNewSession was {was}, and is {after.get(name)}")
    for fault in faults:
        console.print(fault, markup=False)
    return not faults
