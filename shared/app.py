"""The app as ``function_app.py`` sees it: one method a kind of trigger.

The settings are checked when it is made, so that a wrong one stops the app at its start; what
is heavy is imported, and connected, when the first trigger fires.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import azure.functions as func

from shared.api.routes import Access, Route
from shared.settings.http import HttpAuth
from shared.settings.settings import load
from shared.wiring import connect

if TYPE_CHECKING:
    from shared.engine.world.outside import Outside

log = logging.getLogger(__name__)


class DrainApp:
    """Raises SettingsError if the environment holds settings the app cannot run with."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._settings = load(environ)
        self._outside: Outside | None = None
        self._removed_at: datetime | None = None

    def _connected(self) -> "Outside":
        if self._outside is None:
            self._outside = connect(self._settings)
        return self._outside

    def auth_level(self, route: Route) -> func.AuthLevel:
        """What the host asks of callers. Where App Service authentication lets them in, the host
        asks for nothing, and ``http`` that they were let in."""
        by_key = self._settings.http_auth is HttpAuth.FUNCTION_KEY and not _open(route)
        return func.AuthLevel.FUNCTION if by_key else func.AuthLevel.ANONYMOUS

    async def http(self, route: Route, req: func.HttpRequest) -> func.HttpResponse:
        """Answer a request by the route's handler."""
        from shared.api.http.addresses import base_of
        from shared.api.http.answering import answer
        from shared.api.http.queries import faults as query_faults
        from shared.api.http.web import Request

        headers = {key.lower(): value for key, value in req.headers.items()}
        settings = self._settings
        base = base_of(
            req.url,
            headers,
            settings.public_address,
            settings.own_host,
            trust_forwarded=settings.trust_forwarded,
        )
        faults = query_faults(route.query, route.needed, req.url, req.params)
        query, path = dict(req.params), dict(req.route_params)
        request = Request(req.method, base, headers, query, path, req.get_body(), faults)
        if not self._let_in(route, headers):
            return func.HttpResponse(status_code=401)
        came = await answer(route.handler, self._connected(), request, self._caller(headers))
        kind = {"Content-Type": f"{came.kind}; charset=utf-8"}
        return func.HttpResponse(
            came.text, status_code=came.status, headers={**kind, **came.headers}
        )

    async def tick(self) -> None:
        """Send for the drains that are overdue."""
        from shared.engine.timers.tick import tick

        if sent := await tick(self._connected()):
            log.info("%d overdue drains sent for", sent)

    async def watch(self) -> None:
        """Put back hosts that no drain works on any more."""
        from shared.engine.timers.watchdog import watch

        if closed := await watch(self._connected()):
            log.warning("%d hosts were put back by the watchdog", closed)

    async def run_schedules(self) -> None:
        """See to the moments of all schedules that have passed."""
        from shared.engine.schedules.lookahead import look_ahead
        from shared.engine.schedules.scheduling import tick
        from shared.engine.timers.retaining import EVERY, remove_old

        outside = self._connected()
        await tick(outside)
        await look_ahead(outside)
        now = outside.clock.now()
        if self._removed_at is None or now - self._removed_at >= EVERY:
            self._removed_at = now
            if removed := await remove_old(outside):
                log.info("%d old rows removed", removed)

    async def step(self, message: str) -> None:
        """Take the step that a queue message asks for, or tell the subscriber."""
        from shared.adapters.storage.queue import decode
        from shared.ports import PostReport, SeeToEvents, StepCampaign, TakeStep, TellSubscriber

        outside, work = self._connected(), decode(message)
        match work:
            case TakeStep():
                from shared.engine.step.poolwork import work_on

                await work_on(outside, work)
            case StepCampaign(campaign):
                from shared.engine.schedules import campaigning

                await campaigning.step(outside, campaign)
            case SeeToEvents():
                from shared.engine.events.handling import see_to

                await see_to(outside)
            case TellSubscriber() | PostReport():  # older than their own queue
                await outside.queue.send(work, timedelta(0))

    async def call(self, message: str) -> None:
        """Make the callback, or post the report, that a message asks for."""
        from shared.adapters.storage.queue import decode
        from shared.engine.timers.calling import call
        from shared.ports import PostReport, TellSubscriber

        work = decode(message)
        if not isinstance(work, TellSubscriber | PostReport):
            raise ValueError("no call: a message of another queue")
        await call(self._connected(), work)

    async def event(self, text: str) -> None:
        """Do what an event asks for. Raises what its sender may mend by sending it again."""
        from shared.engine.events.reception import hear
        from shared.events.envelope import Context
        from shared.events.translators import translate

        outside = self._connected()
        options = outside.options
        context = Context(outside.clock.now(), options.address, options.allowed)
        envelope, intent = translate(text, context)
        await hear(outside, envelope.key, intent)

    async def poisoned(self, message: str) -> None:
        """Report a step that failed again and again."""
        from shared.adapters.storage.queue import decode
        from shared.engine.timers.poisoned import report

        try:
            work = decode(message)
        except ValueError:
            log.exception("a message that is none of this app's was put aside")
            return
        await report(self._connected(), work)

    def _let_in(self, route: Route, headers: Mapping[str, str]) -> bool:
        """App Service authentication tells the principal of whom it let in, and takes such a header
        from anybody else."""
        if self._settings.http_auth is HttpAuth.FUNCTION_KEY or _open(route):
            return True
        return bool(headers.get("x-ms-client-principal-id"))

    def _caller(self, headers: Mapping[str, str]) -> str:
        """Who asks, for the history. The principal's name only where it can be believed."""
        settings = self._settings
        by_key = settings.http_auth is HttpAuth.FUNCTION_KEY
        if by_key and not settings.trust_principal:
            return "a caller with a function key"
        told = headers.get("x-ms-client-principal-name") or headers.get("x-ms-client-principal-id")
        return told or "a caller with a function key"


def _open(route: Route) -> bool:
    return route.access is Access.ANYBODY
