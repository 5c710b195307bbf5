"""Event Grid at the side address: publishes an event of a source, and is the topic for the app's
own events."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from local.sim.limits.faults import Called
from local.sim.server import Simulator
from local.sim.side.emitting import emit


def routes(simulator: Simulator) -> list[web.RouteDef]:
    async def emitted(request: web.Request) -> web.Response:
        simulator.catch_up()
        return web.json_response({"value": emit(simulator.world, await json_object(request))})

    async def topic(request: web.Request) -> web.Response:
        """Accept CloudEvents from a caller that has a key."""
        if not request.headers.get("aeg-sas-key"):
            return web.json_response({"error": {"code": "Unauthorized"}}, status=401)
        rule = simulator.faults.strike(Called("topic.publish"))
        if rule is not None:
            return web.json_response({"error": {"code": rule.code}}, status=rule.refusal.status)
        told = json.loads(await request.read())
        simulator.topic += told if isinstance(told, list) else [told]
        return web.Response(status=200)

    async def heard(request: web.Request) -> web.Response:
        return web.json_response({"value": simulator.topic})

    return [
        web.post("/_sim/emit", refusing(emitted)),
        web.post("/_sim/topic", topic),
        web.get("/_sim/topic", heard),
    ]


Handler = Callable[[web.Request], Awaitable[web.Response]]


def refusing(handler: Handler) -> Handler:
    """The handler, which answers 400 to what cannot be meant."""

    async def answer(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except (ValueError, TypeError, IndexError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return answer


async def json_object(request: web.Request) -> dict[str, Any]:
    try:
        told = json.loads(await request.read())
    except ValueError:
        raise ValueError("the body is not JSON") from None
    if not isinstance(told, dict):
        raise ValueError("the body is not a JSON object")
    return told
