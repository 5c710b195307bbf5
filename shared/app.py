"""The app as ``function_app.py`` sees it: one method per kind of trigger.

The host waits for this module, and for all that it imports, at every cold start. So it imports only
what binding needs: the routes and the settings. The settings are checked when the app is made, so a
wrong setting stops the app at its start. What a trigger does is in ``shared/triggers``. Those
modules, and the connections to Azure, are loaded when the first trigger of their kind fires.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import azure.functions as func

from shared.api.routes import Access, Route
from shared.settings.http import HttpAuth
from shared.settings.settings import load

if TYPE_CHECKING:
    from shared.engine.world.outside import Outside


class DrainApp:
    """The app in one process. Raises SettingsError if the environment holds settings the app cannot
    run with."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._settings = load(environ)
        self._outside: Outside | None = None
        self._removed_at: datetime | None = None
        self._ran: dict[str, datetime] = {}

    def auth_level(self, route: Route) -> func.AuthLevel:
        """The key that the host asks of callers of a route. With App Service authentication the
        host asks for none: ``http`` checks that the caller was let in."""
        open_ = route.access is Access.ANYBODY
        by_key = self._settings.http_auth is HttpAuth.FUNCTION_KEY and not open_
        return func.AuthLevel.FUNCTION if by_key else func.AuthLevel.ANONYMOUS

    async def http(self, route: Route, req: func.HttpRequest) -> func.HttpResponse:
        from shared.triggers import requests

        try:
            return await requests.respond(self._settings, self._connected, route, req)
        finally:
            if self._outside is not None:
                self._outside.telemetry.send()  # in the background: the response does not wait

    async def tick(self) -> None:
        from shared.triggers import tick

        async with self._told() as outside:
            await self._timer(outside, "TICK_SCHEDULE", tick.run)

    async def watch(self) -> None:
        from shared.triggers import watchdog

        async with self._told() as outside:
            await self._timer(outside, "WATCHDOG_SCHEDULE", watchdog.run)

    async def run_schedules(self) -> None:
        from shared.triggers import schedules

        async with self._told() as outside:
            await self._timer(outside, "NIGHTLY_SCHEDULE", schedules.run)
            now = outside.clock.now()
            if schedules.is_time_to_remove(self._removed_at, now):
                self._removed_at = now
                await schedules.remove(outside)

    async def step(self, message: str) -> None:
        from shared.triggers import queues

        async with self._told() as outside:
            await queues.step(outside, message)

    async def call(self, message: str) -> None:
        from shared.triggers import queues

        async with self._told() as outside:
            await queues.call(outside, message)

    async def poisoned(self, queue: str, message: str) -> None:
        from shared.triggers import queues

        async with self._told() as outside:
            await queues.poisoned(outside, queue, message)

    async def event(self, text: str) -> None:
        from shared.triggers import events

        async with self._told() as outside:
            await events.hear(outside, text)

    @asynccontextmanager
    async def _told(self) -> "AsyncIterator[Outside]":
        """The outside for one function call. Telemetry is flushed at the end of the call, because
        the instance may be frozen then."""
        outside = self._connected()
        try:
            yield outside
        finally:
            await outside.telemetry.flush()

    async def _timer(
        self, outside: "Outside", setting: str, run: "Callable[[Outside], Awaitable[None]]"
    ) -> None:
        from shared.triggers import beats

        await run(outside)
        await beats.note(outside, setting, self._ran)

    def _connected(self) -> "Outside":
        if self._outside is None:
            from shared.adapters.logs import keep_plain
            from shared.wiring import connect

            keep_plain()
            self._outside = connect(self._settings)
        return self._outside
