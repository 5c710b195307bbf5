"""An estate of several pools, two instances of the app, and drains that keep coming."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import aiohttp

from local.client import Client
from local.host.pause import pause
from local.parts import FAST, Parts, free_port, running

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
POOLS = ("hp-kill-a", "hp-kill-b", "hp-kill-c")
HOSTS = 4
SPEED = 40.0
ENDED = ("Succeeded", "Failed", "Canceled")
_TRIES = 200


def pool_id(name: str) -> str:
    return (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-kills"
        f"/providers/Microsoft.DesktopVirtualization/hostPools/{name}"
    )


def estate(r: Random) -> str:
    """The estate file: people of all manners, hosts that are slow, one that was drained before."""
    lines = [f"speed = {SPEED}"]
    for pool in POOLS:
        tag = 'exclusion_tag = "ExcludeFromScaling"\nautoscale = 90' if pool.endswith("b") else ""
        lines.append(
            f'[[pool]]\nname = "{pool}"\nsubscription = "{SUBSCRIPTION}"\n'
            f'resource_group = "rg-kills"\nmax_session_limit = 10\n{tag}'
        )
        for n in range(HOSTS):
            drained = "true" if (pool.endswith("a") and n == 0) else "false"
            lines.append(
                f'[[pool.host]]\nname = "{pool}-{n}.contoso.example"\ndrained = {drained}\n'
                f"restart_takes = {r.uniform(20, 90):.0f}\nboot_takes = {r.uniform(20, 90):.0f}"
            )
            for p in range(r.choice((0, 1, 2))):
                manner = r.choice(("leaves", "moves", "disconnects", "stubborn", "works"))
                lines.append(
                    f'[[pool.person]]\nupn = "{pool}-{n}-{p}@contoso.example"\n'
                    f'on = "{pool}-{n}"\nmanner = "{manner}"\nafter = {r.uniform(20, 200):.0f}'
                )
    return "\n".join(lines) + "\n"


def request(r: Random, pool: str) -> dict[str, Any]:
    maintenance = r.choice(("none", "restart", "restart", "restart", "redeploy"))
    policy = {
        "maxUnavailable": r.choice((2, 3, "50%")),
        "failureBudget": "100%",
        "deadline": f"PT{r.choice((4, 8))}S",
        "atDeadline": "signOut",
        "warnAtLeast": "PT3S",
        "healthyWithin": "PT40S",
        "maintenance": {"kind": maintenance},
    }
    return {"hostPool": pool_id(pool), "hosts": "all", "reason": "patches", "policy": policy}


class Fleet:
    """All parts, and the drains that were started. ``apps`` are the names of the instances."""

    def __init__(self, parts: Parts, client: Client, r: Random) -> None:
        self.parts = parts
        self.client = client
        self.r = r
        self.ports = {"app": parts.ports.app, "app-2": free_port()}
        self.drains: dict[str, list[str]] = {pool: [] for pool in POOLS}
        self.bodies: dict[str, dict[str, Any]] = {}
        self._number = 0

    async def begin(self) -> None:
        for name, port in self.ports.items():
            await self.parts.start_app(name, port)

    async def start(self, pool: str) -> None:
        """Start a drain, as a caller does who repeats the request until it is answered."""
        self._number += 1
        body, key = request(self.r, pool), {"Idempotency-Key": f"{pool}-{self._number}"}
        status, drain = await self.ask("POST", "drains", body, key)
        if status == 202:
            self.drains[pool].append(str(drain["id"]))
            self.bodies[str(drain["id"])] = body

    async def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Ask whichever instance, again and again until one answers."""
        for _ in range(_TRIES):
            port = self.r.choice(list(self.ports.values()))
            url = f"http://127.0.0.1:{port}/api/{path}"
            try:
                status, came, _ = await self.client.call(method, url, body, headers)
            except (aiohttp.ClientError, TimeoutError):
                status, came = 0, None
            if status != 0 and status < 500:
                return status, came
            await pause(asyncio.Event(), 0.1)
        raise AssertionError(f"nobody answers {method} {path}")

    async def ended(self, pool: str) -> bool:
        """Whether the pool's last drain is over."""
        if not self.drains[pool]:
            return True
        _, drain = await self.ask("GET", f"drains/{self.drains[pool][-1]}")
        return drain["status"] in ENDED


@asynccontextmanager
async def fleet(folder: Path, r: Random) -> AsyncIterator[Fleet]:
    """Everything started, and stopped at the end."""
    path = folder / "estate.toml"
    path.write_text(estate(r), encoding="utf-8")
    settings = {**FAST, "LEASE_FOR": "PT10S", "OVERDUE_AFTER": "PT5S"}
    async with running(Parts(folder, settings=settings)) as parts:
        await parts.start_azurite()
        await parts.start_sim(path, SPEED)
        async with Client(parts.app_url, parts.sim_url, parts.key) as client:
            made = Fleet(parts, client, r)
            yield made
