"""What is done to the parts meanwhile: kills, restarts, faults of the control plane."""

import asyncio
from collections import Counter
from typing import Any

from local.host.pause import pause
from tests.kills.fleet import POOLS, Fleet

FAULTS: tuple[dict[str, Any], ...] = (
    {"operation": "sessionHosts.update", "effect": "lose"},
    {"operation": "sessionHosts.update", "effect": "cut"},
    {"operation": "sessionHosts.update", "effect": "late", "seconds": 2},
    {"operation": "sessionHosts.list", "effect": "status", "status": 503},
    {"operation": "sessionHosts.list", "effect": "delay", "seconds": 3},
    {"operation": "userSessions.listByHostPool", "effect": "status", "status": 500},
    {"operation": "userSessions.sendMessage", "effect": "lose"},
    {"operation": "userSessions.delete", "effect": "status", "status": 503},
    {"operation": "virtualMachines.restart", "effect": "lose"},
    {"operation": "virtualMachines.instanceView", "effect": "status", "status": 429, "retryAfter": 1},
    {"operation": "tags.updateAtScope", "effect": "lose"},
    {"operation": "*", "effect": "status", "status": 429, "retryAfter": 2},
)  # fmt: skip


async def chaos(fleet: Fleet, kills: int) -> Counter[str]:
    """Keep every pool drained by somebody, and kill, until there were so many kills; then let
    everything that was begun come to its end. What was done, by kind."""
    done: Counter[str] = Counter()
    while done["kills"] < kills:
        for pool in POOLS:
            if await fleet.ended(pool):
                await fleet.start(pool)
                done["drains"] += 1
        await pause(asyncio.Event(), fleet.r.uniform(0.1, 1.6))
        chance = fleet.r.random()
        if chance < 0.12:
            await fleet.client.sim("POST", "faults", fleet.r.choice(FAULTS))
            done["faults"] += 1
        if chance > 0.93:
            await _restart_azurite(fleet)
            done["restarts of the emulator"] += 1
        name = fleet.r.choice(list(fleet.ports))
        await fleet.parts.running[name].kill()
        await fleet.parts.start_app(name, fleet.ports[name])
        done["kills"] += 1
    await fleet.client.sim("DELETE", "faults")
    for pool in POOLS:
        await _until_ended(fleet, pool)
    return done


async def _restart_azurite(fleet: Fleet) -> None:
    """Stopped and started on the same data: it is asked to, for a killed emulator loses what the
    service would have kept."""
    await fleet.parts.running["azurite"].stop()
    await fleet.parts.start_azurite()


async def _until_ended(fleet: Fleet, pool: str) -> None:
    for _ in range(1200):
        if await fleet.ended(pool):
            return
        await pause(asyncio.Event(), 0.2)
    _, drain = await fleet.ask("GET", f"drains/{fleet.drains[pool][-1]}")
    raise AssertionError(f"it never ended: {drain}")
