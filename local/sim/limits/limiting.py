"""The side address that shows and changes the limits."""

from aiohttp import web

from local.sim.server import Simulator
from local.sim.side.grid import json_object, refusing


def routes(simulator: Simulator) -> list[web.RouteDef]:
    async def told(request: web.Request) -> web.Response:
        return web.json_response(simulator.limits.told())

    async def change(request: web.Request) -> web.Response:
        simulator.limits.change(await json_object(request))
        return web.json_response(simulator.limits.told())

    return [web.get("/_sim/limits", told), web.post("/_sim/limits", refusing(change))]
