"""One drain on a simulated estate, from the HTTP request to the restore."""

import time
from typing import Any

from rich.console import Console

from local.client import Client
from local.parts import Parts
from local.watching import watch

POOL = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-desktops"
    "/providers/Microsoft.DesktopVirtualization/hostPools/hp-finance"
)
REQUEST: dict[str, Any] = {
    "hostPool": POOL,
    "hosts": "all",
    "reason": "monthly patches",
    "policy": {
        "maxUnavailable": "70%",
        "deadline": "PT12S",
        "atDeadline": "signOut",
        "warnAtLeast": "PT10S",
        "maintenance": {"kind": "restart"},
        "healthyWithin": "PT1M",
    },
}
_AT_MOST = 180.0


async def job(parts: Parts, console: Console) -> bool:
    """Carry out a drain and print how it went. True: every host is as it was."""
    async with Client(parts.app_url, parts.sim_url, parts.key) as client:
        before = await client.hosts(POOL)
        began = time.monotonic()
        status, drain, _ = await client.call("POST", "drains", REQUEST)
        if status != 202:
            console.print(f"the app answered {status}: {drain}")
            return False
        console.print(f"POST /api/drains → 202: {drain['id']}", markup=False, soft_wrap=True)
        await watch(parts, console, drain["id"], at_most=_AT_MOST)
        drain = await client.drain(drain["id"])
        after = await client.hosts(POOL)
        log = (await client.sim("GET", "log"))["value"]
    _summary(console, drain, log, time.monotonic() - began)
    return as_it_was(console, before, after) and drain["status"] == "Succeeded"


def _summary(console: Console, drain: dict[str, Any], log: list[Any], seconds: float) -> None:
    def times(what: str) -> int:
        return sum(1 for line in log if line["what"] == what)

    phases = ", ".join(f"{number} {phase}" for phase, number in drain["summary"].items())
    console.print(f"\n{drain['status']} after {seconds:.0f} s: {phases}")
    console.print(
        f"in the estate: {times('message')} messages, {times('sign-out asked')} sign-outs, "
        f"{times('restart')} restarts, {times('cut off by restart')} users cut off"
    )


def as_it_was(console: Console, before: dict[str, bool], after: dict[str, bool]) -> bool:
    """Print ``allowNewSession`` of each host before and after. True: all are as they were."""
    console.print("\nallowNewSession, as the control plane tells it:")
    for name, was in before.items():
        now = after.get(name)
        word = "as it was" if now == was else "NOT as it was"
        console.print(f"  {name.split('.')[0]:<12} before {was!s:<5}  after {now!s:<5}  {word}")
    return before == after
