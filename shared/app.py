"""The app as ``function_app.py`` sees it: one method a kind of trigger.

The settings are checked when it is made, so that a wrong one stops the app at its start; what
is heavy is imported, and connected, when the first trigger fires.
"""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

import azure.functions as func

from shared.settings import load
from shared.wiring import connect

if TYPE_CHECKING:
    from shared.engine.outside import Outside

log = logging.getLogger(__name__)


class DrainApp:
    """Raises SettingsError if the environment holds settings the app cannot run with."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._settings = load(environ)
        self._outside: Outside | None = None

    def _connected(self) -> "Outside":
        if self._outside is None:
            self._outside = connect(self._settings)
        return self._outside

    async def http(self, name: str, req: func.HttpRequest) -> func.HttpResponse:
        """Answer a request by the handler of that name in ``shared.api.handlers``."""
        from shared.api import handlers
        from shared.api.web import Request

        request = Request(
            method=req.method,
            url=req.url,
            headers={key.lower(): value for key, value in req.headers.items()},
            query=dict(req.params),
            path=dict(req.route_params),
            body=req.get_body(),
        )
        handler = getattr(handlers, name)
        came = await handlers.answer(
            handler, self._connected(), request, self._caller(request.headers)
        )
        headers = {"Content-Type": "application/json; charset=utf-8", **came.headers}
        return func.HttpResponse(came.text, status_code=came.status, headers=headers)

    async def tick(self) -> None:
        """Send for the drains that are overdue."""
        from shared.engine.tick import tick

        if sent := await tick(self._connected()):
            log.info("%d overdue drains sent for", sent)

    async def watch(self) -> None:
        """Put back hosts that no drain works on any more."""
        from shared.engine.watchdog import watch

        if closed := await watch(self._connected()):
            log.warning("%d hosts were put back by the watchdog", closed)

    async def step(self, message: str) -> None:
        """Take the step that a queue message asks for."""
        from shared.adapters.queue import decode
        from shared.engine.step import step

        await step(self._connected(), decode(message))

    async def poisoned(self, message: str) -> None:
        """Report a step that failed again and again."""
        from shared.adapters.queue import decode
        from shared.engine.poisoned import report

        try:
            work = decode(message)
        except ValueError:
            log.exception("a message that is none of this app's was put aside")
            return
        await report(self._connected(), work)

    def _caller(self, headers: Mapping[str, str]) -> str:
        """Who asks, for the history. The principal's name only where it can be believed."""
        name = (
            headers.get("x-ms-client-principal-name", "") if self._settings.trust_principal else ""
        )
        return name or "a caller with a function key"
