"""A webhook like a Logic App: POST ``/_sim/webhook`` accepts a host, and reports later to the
callback address how its work ended.

``?after=60`` is how long the work takes in the estate's seconds. ``?answer=fail`` reports a
failure, ``?answer=never`` reports nothing, ``?answer=refuse`` refuses the call.
"""

import asyncio
import json

import aiohttp
from aiohttp import web

from local.sim.estate.world import World, find_host

_TRIES = 20


class Webhook:
    """Remembers the calls it has had, and does the work of each host once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: set[str] = set()
        self._working: set[asyncio.Task[None]] = set()

    async def take(self, request: web.Request) -> web.Response:
        manner, after = request.query.get("answer", ""), request.query.get("after", "60")
        try:
            told = json.loads(await request.read())
            callback, host, drain = told["callbackUrl"], str(told["host"]), str(told["drain"])
            seconds = float(after) / self._world.speed
        except (ValueError, KeyError, TypeError):
            return web.json_response({"error": "not a call with a callback"}, status=400)
        found = [h for pool in self._world.pools if (h := find_host(pool, host)) is not None]
        self._world.note("webhook called", found[0] if found else None, attempt=told["attempt"])
        if manner == "refuse":
            return web.json_response({"error": "not me"}, status=400)
        key = f"{drain}/{host}"
        if manner != "never" and key not in self._seen:
            self._seen.add(key)
            task = asyncio.create_task(_work(callback, seconds, failed=manner == "fail"))
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        return web.json_response({"taken": True}, status=202)


async def _work(callback: str, seconds: float, *, failed: bool) -> None:
    body = {"status": "Failed", "message": "the image is broken"} if failed else {
        "status": "Succeeded", "message": "patched",
    }  # fmt: skip
    async with aiohttp.ClientSession() as session:
        for _ in range(_TRIES):
            await asyncio.sleep(seconds)
            try:
                async with session.post(callback, json=body) as response:
                    if response.status < 500:
                        return
            except aiohttp.ClientError:
                continue
