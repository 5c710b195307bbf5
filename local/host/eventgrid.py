"""Event Grid triggers at ``/runtime/webhooks/EventGrid?functionName=...``, for both schemas.

A subscription is validated as by the real host: with the validation event of Event Grid's schema,
or the OPTIONS handshake of CloudEvents. Each event of an array invokes the function once. If one
fails, the response to the whole delivery is 500, and it will be sent again.
"""

import asyncio
import json
from typing import Any

from aiohttp import web
from azure_functions_runtime.bindings.datumdef import Datum

from local.host.functions import Function
from local.host.outputs import Outputs
from local.host.web import HttpTriggers

PATH = "/runtime/webhooks/EventGrid"


class EventGridTriggers:
    def __init__(self, functions: list[Function], keys: HttpTriggers, outputs: Outputs) -> None:
        self._functions = {f.name.lower(): f for f in functions if f.kind == "eventgridtrigger"}
        self._keys = keys
        self._outputs = outputs

    def add_to(self, app: web.Application) -> None:
        app.router.add_post(PATH, self.deliver)
        app.router.add_route("OPTIONS", PATH, self.allow)

    async def allow(self, request: web.Request) -> web.Response:
        """The handshake of CloudEvents."""
        origin = request.headers.get("WebHook-Request-Origin", "")
        if not origin or self._function(request) is None:
            return web.Response(status=400)
        headers = {"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*"}
        return web.Response(status=200, headers=headers)

    async def deliver(self, request: web.Request) -> web.Response:
        if not self._keys.allowed(request):
            return web.Response(status=401)
        function = self._function(request)
        if function is None:
            return web.Response(status=404, text="no Event Grid trigger of that name")
        try:
            told = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400, text="the body is not JSON")
        events = told if isinstance(told, list) else [told]
        if request.headers.get("aeg-event-type", "").lower() == "subscriptionvalidation":
            return _validation(events)
        went = await asyncio.gather(*(self._invoke(function, event) for event in events))
        return web.Response(status=202 if all(went) else 500)

    def _function(self, request: web.Request) -> Function | None:
        return self._functions.get(request.query.get("functionName", "").lower())

    async def _invoke(self, function: Function, event: Any) -> bool:
        invoked = await self._outputs.invoke(function, Datum(json.dumps(event), "json"))
        return invoked.ok


def _validation(events: list[Any]) -> web.Response:
    first = events[0] if events and isinstance(events[0], dict) else {}
    code = (first.get("data") or {}).get("validationCode")
    if not code:
        return web.Response(status=400, text="no validationCode")
    return web.json_response({"validationResponse": code})
