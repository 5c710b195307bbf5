"""HTTP triggers behind function keys, and the admin address that lists functions and fires them."""

import hmac
import re
from typing import Any

from aiohttp import web
from azure_functions_runtime.bindings.datumdef import Datum

from local.host.functions import Function
from local.host.outputs import Outputs

_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]
_PARAMETER = re.compile(r"\{\*?([A-Za-z0-9_]+)(?::[^}?]+)?\??\}")


class HttpTriggers:
    """The routes of all functions with an HTTP trigger."""

    def __init__(self, functions: list[Function], prefix: str, key: str, outputs: Outputs) -> None:
        self._functions = [f for f in functions if f.kind == "httptrigger"]
        self._prefix = prefix
        self._key = key
        self._outputs = outputs

    def add_to(self, app: web.Application) -> None:
        for function in self._functions:
            route = function.trigger.get("route") or function.name
            path = "/" + "/".join(p for p in (self._prefix, _PARAMETER.sub(r"{\1}", route)) if p)
            for method in function.trigger.get("methods") or _METHODS:
                app.router.add_route(str(method).upper(), path, self._handler(function))

    def _handler(self, function: Function) -> Any:
        async def handle(request: web.Request) -> web.Response:
            level = str(function.trigger.get("authLevel") or "function").lower()
            if level != "anonymous" and not self.allowed(request):
                return web.Response(status=401)
            try:
                datum = await _datum(request)
            except web.RequestPayloadError:  # it is not compressed as its header says
                return web.Response(status=400, text="the body cannot be read")
            invoked = await self._outputs.invoke(function, datum)
            return _response(invoked.value) if invoked.ok else web.Response(status=500)

        return handle

    def allowed(self, request: web.Request) -> bool:
        """Whether the request has the key, in the ``x-functions-key`` header or as ``code`` in the
        query."""
        given = request.headers.get("x-functions-key") or request.query.get("code", "")
        return hmac.compare_digest(given.encode(), self._key.encode())


async def _datum(request: web.Request) -> Datum:
    headers = {name.lower(): request.headers.getall(name) for name in request.headers}
    query = {name: request.query.getall(name) for name in request.query}
    return Datum(
        {
            "method": Datum(request.method, "string"),
            "url": Datum(str(request.url), "string"),
            "headers": _joined(headers),
            "params": {k: Datum(v, "string") for k, v in request.match_info.items()},
            "query": _joined(query),
            "body": Datum(await request.read(), "bytes"),
        },
        "http",
    )


def _joined(values: dict[str, list[str]]) -> dict[str, Datum]:
    """Joins repeated values into one text, as the real host does with its StringValues."""
    return {name: Datum(",".join(told), "string") for name, told in values.items()}


def _response(datum: Datum | None) -> web.Response:
    if datum is None:
        return web.Response(status=204)
    if datum.type != "http":
        return web.Response(text=str(datum.value))
    value = datum.value
    headers = {name: told.value for name, told in value["headers"].items()}
    return web.Response(
        status=int(value["status_code"].value), headers=headers, body=value["body"].value
    )
