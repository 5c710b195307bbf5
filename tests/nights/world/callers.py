"""The callers of the app in a night: operators and programs with their orders, and the webhook with
its replies."""

from datetime import datetime
from typing import Any

from shared.core.values.drainid import drain_id
from tests.nights.judges.known.court import SURPRISE, Court
from tests.nights.judges.known.ledger import TableLedger
from tests.nights.judges.promises.late import GONE_HOME, gone_home
from tests.nights.judges.promises.stepping import promised
from tests.nights.script import AT_MOST, Ask
from tests.nights.world.common import Shared
from tests.nights.world.functions import Functions
from tests.nights.world.scene import POOL_ID
from tests.support.night.estate import NightAnswer

_TRIES = 40


class Callers:
    def __init__(
        self, shared: Shared, functions: Functions, court: Court, ledger: TableLedger
    ) -> None:
        self._shared = shared
        self._functions = functions
        self._court = court
        self._ledger = ledger
        self._started: set[str] = set()
        self.asking = 0
        """Calls that are still to be made, or to be responded to."""

    @property
    def _now(self) -> datetime:
        return self._shared.scene.clock.at

    def ask(self, ask: Ask) -> None:
        self._shared.loop.create_task(self._until_answered(ask))

    async def _until_answered(self, ask: Ask) -> None:
        """Send a request like a Logic App: again while there is no response, or one that asks for a
        retry."""
        for _ in range(_TRIES):
            there = ask.drain in self._started
            came = await self._request(ask)
            if came is not None and came.status < 500:
                self._shared.tell(f"{ask.what} {ask.drain}: {came.status} {_code(came.body)}")
                self._judge(ask, came, there)
                break
            if ask.dies:
                break
            await self._shared.loop.sleep(15.0 + self._shared.chance.random() * 30)
        self.asking -= 1

    def _judge(self, ask: Ask, came: Any, there: bool) -> None:
        """Judge a response. ``there``: the drain had been accepted before this was asked."""
        if ask.what == "start" and came.status == 202:
            promised(self._court, self._ledger, str(came.body["id"]), self._now)
            self._started.add(ask.drain)
        elif came.status == 404 and "DrainNotFound" in _code(came.body):
            if there and not self._ledger.lost:
                text = f"{ask.what} of {ask.drain}: there is no such drain"
                self._court.breaks(SURPRISE, text, self._now)
        elif ask.what == "cancel" and came.status == 200:
            self._see_home(str(came.body["id"]))

    def _see_home(self, drain: str) -> None:
        """After a drain is cancelled, its hosts must come back, whatever cannot be read."""
        after = GONE_HOME.total_seconds() + 1
        end = max(self._shared.loop.time(), self._shared.script.settles_at) + after
        self._shared.loop.call_at(end, self._cancelled, drain)

    def _cancelled(self, drain: str) -> None:
        told = drain in self._ledger.lost or gone_home(self._court, drain, self._now)
        if not told and self._shared.loop.time() < AT_MOST:
            self._shared.loop.call_later(600.0, self._cancelled, drain)

    async def _request(self, ask: Ask) -> Any:
        if ask.what == "start":
            body = {"hostPool": POOL_ID.resource_id, **ask.body}
            headers = {"repeatability-request-id": ask.drain}
            return await self._functions.request("start_drain", {}, body, headers, ask.dies)
        path = {"id": drain_id(POOL_ID.key, f"caller {ask.drain}"), "order": ask.what}
        headers = {"if-match": "*"}
        return await self._functions.request("order_drain", path, ask.body, headers, ask.dies)

    async def answer(self, answer: NightAnswer) -> None:
        path = {"id": answer.drain, "token": answer.token}
        body = {"status": "Succeeded", "message": "patched"}
        came = await self._functions.request("hear_webhook", path, body, {})
        answer.given = answer.given or (came is not None and came.status < 500)


def _code(body: Any) -> str:
    error = body.get("error") if isinstance(body, dict) else None
    return f"{error['code']}: {error['message']}" if error else str(body.get("status", ""))
