"""The sources of events in a night: what they publish, and how Event Grid delivers it: late, twice,
in any order, and again if the trigger failed."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from local.sim.side.emitting import emit
from tests.nights.script import Published
from tests.nights.world.common import Shared
from tests.nights.world.functions import Functions

AGAIN = 20.0
MOST_TRIES = 60


class Sources:
    """``pending``: deliveries under way. ``taken`` is called with each event that the app
    accepted."""

    def __init__(
        self, shared: Shared, functions: Functions, taken: Callable[[dict[str, Any]], None]
    ) -> None:
        self._taken = taken
        self._shared = shared
        self._functions = functions
        self._delays: list[tuple[float, ...]] = []
        self.pending = 0

    def publish(self, part: Published) -> None:
        """Publish an event. A run of Update Manager publishes another at its end."""
        scene = self._shared.scene
        known = {host.short for host in scene.pool.hosts.values()}
        named = [name for name in part.hosts if name in known]
        if not named:
            return  # the host does not exist any more
        told: dict[str, Any] = {"what": part.what, "pool": scene.pool.name, "host": named[0]}
        hosts = {scene.pool.name: named} if part.what == "updateRun" else named
        self._delays.append(part.delays)
        scene.world.publish = self._came
        emit(scene.world, {**told, "hosts": hosts, **part.told})

    def _came(self, event: dict[str, Any]) -> None:
        for delay in self._delays[-1] if self._delays else (0.0,):
            self.pending += 1
            self._shared.loop.call_later(delay, partial(self._deliver, event))

    def _deliver(self, event: dict[str, Any]) -> None:
        self._shared.loop.create_task(self._until_taken(event))

    async def _until_taken(self, event: dict[str, Any]) -> None:
        for _ in range(MOST_TRIES):
            if await self._functions.event(json.dumps(event)):
                self._taken(event)
                break
            await self._shared.loop.sleep(AGAIN)
        self.pending -= 1
