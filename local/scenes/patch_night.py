"""A night in which Azure Update Manager patches two groups of hosts.

The pre event of each run starts a drain. On the hosts of the first run, all users leave in time:
the hosts are patched, and put back after the post event. On a host of the second run, one user
stays in spite of all messages. So that run is cancelled before its cut-off, and its hosts are put
back unpatched.
"""

import asyncio
import json
import time
from typing import Any

from rich.console import Console

from local.client import Client
from local.parts import Parts
from local.scenes.one_drain import POOL, as_it_was
from local.watching import watch

_LAB = POOL.replace("hp-finance", "hp-lab")
RULES = [
    {
        "name": "patch night",
        "on": "updateManager",
        "usersRemain": "cancelRun",
        "decideBefore": "PT4S",
        "policy": {"maxUnavailable": "70%", "healthyWithin": "PT1M"},
    }
]
SETTINGS = {"EVENT_RULES": json.dumps(RULES), "UPDATE_CANCEL_LEAD": "PT5S", "EVENT_SETTLE": "PT1S"}
RUNS = {
    "wave-one": {"hp-lab": ["avd-lab-2", "avd-lab-3", "avd-lab-4"]},
    "wave-two": {"hp-finance": ["avd-fin-0", "avd-fin-1"]},
}
"""The maintenance configurations and the hosts of each. The user who stays is on avd-fin-1."""
_TIMES = {"startsIn": 560, "lasts": 300, "cutOff": 100}
"""In the estate's seconds, which pass twenty times as fast as on the wall clock."""
_BEGIN_WITHIN = 60.0
_AT_MOST = 180.0


async def job(parts: Parts, console: Console) -> bool:
    async with Client(parts.app_url, parts.sim_url, parts.key) as client:
        before = await client.hosts(POOL) | await client.hosts(_LAB)
        for configuration, hosts in RUNS.items():
            told = {"what": "updateRun", "configuration": configuration, "hosts": hosts, **_TIMES}
            await client.sim("POST", "emit", told)
            names = ", ".join(name for some in hosts.values() for name in some)
            console.print(f"Update Manager is about to run '{configuration}' on {names}")
        drains = await _follow(parts, client, console)
        after = await client.hosts(POOL) | await client.hosts(_LAB)
        log = (await client.sim("GET", "log"))["value"]
        _, events, _ = await client.call("GET", "events")
        published = (await client.sim("GET", "topic"))["value"]
    console.print("\nwhat Update Manager did:")
    for line in log:
        if line["what"].startswith("run ") and line["what"] != "run scheduled":
            console.print(f"  {line['what']}: {line['run'].split('/')[8]}", markup=False)
    console.print("\nwhat came of the events:")
    for event in reversed(events["value"]):
        kind = event["type"].rsplit(".", 1)[-1]
        console.print(
            f"  {kind} of {event['subject']}: {event['outcome']}, {event['text']}", soft_wrap=True
        )
    console.print("\nwhat the app published:")
    for event in published:
        console.print(f"  {event['type']:<32} {event['subject']}", soft_wrap=True)
    return _as_it_should_be(console, drains, log, before, after)


async def _follow(parts: Parts, client: Client, console: Console) -> list[dict[str, Any]]:
    """Wait until each run has started a drain, watch the drains to their end, and return them."""
    began = time.monotonic()
    drains: list[dict[str, Any]] = []
    while len(drains) < len(RUNS) and time.monotonic() - began < _BEGIN_WITHIN:
        await asyncio.sleep(0.5)
        _, listed, _ = await client.call("GET", "drains")
        drains = list(reversed(listed["value"]))
    await watch(parts, console, *(drain["id"] for drain in drains), at_most=_AT_MOST)
    return [await client.watched(drain["id"]) for drain in drains]


def _as_it_should_be(
    console: Console, drains: list[dict[str, Any]], log: list[dict[str, Any]],
    before: dict[str, bool], after: dict[str, bool],
) -> bool:  # fmt: skip
    patched = [line for line in log if line["what"] == "patched"]
    cancelled = [line for line in log if line["what"] == "run cancelled"]
    cut_off = [line for line in log if line["what"].startswith("cut off") and line.get("user")]
    faults = []
    if sorted(line["host"].split(".")[0] for line in patched) != RUNS["wave-one"]["hp-lab"]:
        faults.append("not just the hosts of wave-one were patched")
    if any(line["sessions"] or not line["drained"] for line in patched):
        faults.append("a host was patched that was not drained and empty")
    if len(cancelled) != 1 or "wave-two" not in cancelled[0]["run"]:
        faults.append("wave-two was not cancelled, once")
    if cut_off:
        faults.append(f"{len(cut_off)} users were cut off")
    statuses = {drain["hostPool"].rsplit("/", 1)[-1]: drain["status"] for drain in drains}
    if statuses != {"hp-lab": "Succeeded", "hp-finance": "Canceled"}:
        faults.append(f"the drains ended as {statuses}")
    same = as_it_was(console, before, after)
    for fault in faults:
        console.print(f"  {fault}")
    return same and not faults
