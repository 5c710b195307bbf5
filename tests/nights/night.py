"""Carries out a script: from the evening until everything has come to rest, or a promise is
broken."""

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from shared.adapters.storage.index.left import is_left
from shared.adapters.storage.records import adapter, unpacked
from shared.adapters.storage.tables.table import TableConflictError
from shared.core.notifications.lane import Lane
from shared.errors import (
    ChangedError,
    LeaseHeldError,
    LeaseLostError,
    OutsideError,
    StorageError,
    UnreadableError,
)
from tests.nights.draw import draw
from tests.nights.drawn.chance import HOUR
from tests.nights.judges.known.court import ONE_BAD_HOST, SURPRISE, Broken
from tests.nights.judges.known.ledger import TableLedger
from tests.nights.judges.promises.forecasts import foreseen
from tests.nights.judges.promises.late import sent_home
from tests.nights.judges.promises.rest import never_back
from tests.nights.judges.promises.standing import stood
from tests.nights.judges.promises.stepping import stepped
from tests.nights.judges.promises.telling import told
from tests.nights.judges.promises.witness import Witness
from tests.nights.script import AT_MOST, Ask, Script
from tests.nights.world.badrules import bad_rules
from tests.nights.world.callers import Callers
from tests.nights.world.common import Shared
from tests.nights.world.disturb import arrive, disturb, everybody_leaves
from tests.nights.world.faults import PlantedError
from tests.nights.world.functions import Functions
from tests.nights.world.loop import VirtualLoop
from tests.nights.world.queue import MemoryQueue
from tests.nights.world.scene import EVENING, POOL_ID, Scene
from tests.nights.world.sources import Sources
from tests.support.memory_table import MemoryTable

LEEWAY = timedelta(seconds=45)
"""Two clocks, each up to 2 s off, and a jump of 20 s."""
A_STEP = timedelta(seconds=90)
"""The duration of a lease."""
_MEANT = (
    StorageError,
    OutsideError,
    TableConflictError,
    LeaseLostError,
    LeaseHeldError,
    ChangedError,
)
"""Errors that a step, a timer or a request may end with: it is repeated. Any other error is a fault
in the app's code."""


@dataclass(slots=True)
class Came:
    """The result of a night."""

    script: Script
    broken: Broken | None
    steps: int
    crashes: int
    faults: int
    calls: int
    ends: dict[str, str] = field(default_factory=dict)
    """How each drain ended, by its idempotency key."""
    story: list[str] = field(default_factory=list)


def night(script: Script | int, *, tell: bool = False) -> Came:
    """Let a night pass. ``tell``: print it line by line."""
    return Night(draw(script) if isinstance(script, int) else script, tell).pass_()


class Night:
    def __init__(self, script: Script, tell: bool) -> None:
        self._script = script
        self._story: list[str] = []
        self._tells = tell
        self.loop = VirtualLoop()  # type: ignore[abstract]  # it has no sockets
        tables = MemoryTable(), MemoryTable()
        self.ledger = TableLedger(tables[0], POOL_ID.key)
        self.witness = Witness(self.ledger, LEEWAY, A_STEP)
        self.witness.court.calm = not (
            script.faults
            or script.crashes
            or script.jumps
            or script.disturbances
            or script.refusals_of_the_estate
            or script.spells
            or script.hangs_of_the_estate
            or script.bad_rules
        )
        if script.rules:
            self.witness.court.rules = {rule["name"]: rule for rule in json.loads(script.rules)}
        self.scene = Scene(script, self.loop, self._happened)
        self.tables = tables
        self.queue = MemoryQueue(self.loop.time, self._queued)
        self.shared = Shared(
            script, self.loop, self.scene, tables, self.queue,
            Random(f"night {script.seed}"), self._tell, self._lost,
        )  # fmt: skip
        self.witness.court.script = script
        self.witness.court.failures = self.shared.failures
        self.witness.court.settled_at = EVENING + timedelta(seconds=script.settles_at)
        self._unreadable = any(d.what.startswith("newer") for d in script.disturbances)
        self.functions = Functions(self.shared, self._stepped, self._surprised)
        self.callers = Callers(self.shared, self.functions, self.witness.court, self.ledger)
        self.sources = Sources(self.shared, self.functions, self._taken)
        self._rested = False
        self.ends: dict[str, str] = {}

    def pass_(self) -> Came:
        logging.disable(logging.CRITICAL)
        try:
            with bad_rules(self._script.bad_rules, self.loop.time):
                ended = self._until_rest()
        finally:
            logging.disable(logging.NOTSET)
        if not ended:
            self._breaks(ONE_BAD_HOST, "it never came to rest")
        if self.loop.surprises:
            self._breaks(SURPRISE, repr(self.loop.surprises[0]))
        return Came(
            self._script, self.witness.broken, self.functions.steps, self.shared.crashes,
            self.shared.faults, self.shared.calls, self._ends(), self._story,
        )  # fmt: skip

    def _until_rest(self) -> bool:
        self.witness.begin(self.scene.hosts_now(), self.scene.clock.at)
        self._plan()
        ended = self.loop.run_until(self._over, AT_MOST)
        self.functions.end()
        self.loop.run_until(lambda: not self.loop.tasks, self.loop.time() + HOUR)
        return ended

    def _over(self) -> bool:
        return self._rested or self.witness.broken is not None

    def _plan(self) -> None:
        script, loop = self._script, self.loop
        for ask in script.asks:
            for _ in range(ask.times):
                self.callers.asking += 1
                loop.call_at(ask.at, self.callers.ask, ask)
        for person in script.people:
            if person.on is None:
                loop.call_at(person.arrives, partial(arrive, self.scene, person))
        for disturbance in script.disturbances:
            loop.call_at(disturbance.at, partial(disturb, self.shared, disturbance))
        for part in script.published:
            loop.call_at(part.at, partial(self.sources.publish, part))
        for jump in script.jumps:
            loop.call_at(jump.at, partial(self.functions.jump, jump.instance, jump.by))
        for name in dict.fromkeys(ask.drain for ask in script.asks):
            self.callers.asking += 1
            again = [d.at for d in script.disturbances if d.what == "older again"]
            late = [ask.at + HOUR for ask in script.asks if ask.drain == name]
            end = max(script.trouble_until, *(at + 60.0 for at in again), *late)
            loop.call_at(end, self.callers.ask, Ask(end, "resume", name, {}))
        self.functions.open()
        loop.call_at(60.0, self._each_minute)

    def _each_minute(self) -> None:
        """Each minute: send the webhook's replies that are due, send people home in the small
        hours, and check whether everything has come to rest."""
        self.loop.call_later(60.0, self._each_minute)
        if self._script.published:
            self.scene.catch_up()
        for answer in self.scene.answers:
            if not answer.given and answer.at <= self.scene.clock.at:
                self.loop.create_task(self.callers.answer(answer))
        if self.loop.time() < self._script.trouble_until + HOUR / 4:
            return
        everybody_leaves(self.scene)
        sent_home(self.witness.court, self._now)
        quiet = not self.callers.asking and not self.sources.pending and not self._runs_on()
        if quiet and not self.functions.busy and not self.queue.messages:
            if self._at_work():
                return
            self.witness.rested(self.scene.hosts_now(), self.scene.clock.at)
            if self._script.tells:
                told(self.witness.court, self._lane(), self._now)
            self._rested = True

    def _lane(self) -> Lane | None:
        """The lane of the receiver of notifications."""
        found = self.tables[1].peek("lanes", "desk", "~")
        return adapter(Lane).validate_json(unpacked(found[0].values)) if found else None

    def _runs_on(self) -> bool:
        """Whether some maintenance run has not ended."""
        return any(
            run.status in ("Pending", "InProgress") for run in self.scene.world.runs.values()
        )

    def _at_work(self) -> bool:
        """Whether some drain goes on, or some host is out."""
        listed = self.tables[1].peek("active", "", "~")
        active = [row for row in listed if not is_left(row.key)]
        claims = self.tables[0].peek(POOL_ID.key, "claim|", "claim|~")
        return bool(active) or any(
            row.values["out"] and not self._never_back(row.key.removeprefix("claim|"))
            for row in claims
        )

    def _never_back(self, host: str) -> bool:
        court = self.witness.court
        here = next((now for now in self.scene.hosts_now() if now.key == host), None)
        if here is not None:
            return never_back(court, here, self._now)
        return any(court.never_allowed(host, call) for call in ("set_allow_new_session", "set_tag"))

    def _surprised(self, where: str, error: Exception) -> None:
        unreadable = self._unreadable and isinstance(error, UnreadableError)
        if not unreadable and not isinstance(error, (*_MEANT, PlantedError)):
            self._breaks(SURPRISE, f"{where}: {type(error).__name__}: {error}")

    def _happened(self, line: dict[str, Any]) -> None:
        if self._tells:
            more = {k: v for k, v in line.items() if k not in ("at", "what", "host", "session")}
            words = ", ".join(str(v) for v in more.values() if v is not None)
            self._tell(f"  {line.get('host', '').split('.')[0]:4} {line['what']} ({words})")
        self.witness.saw(line)

    def _lost(self, drain: str) -> None:
        if drain not in self.ledger.lost:
            self.ledger.control(drain)
            self.ledger.lost.add(drain)
            self._tell(f"the records of {drain} are gone")

    def _taken(self, event: dict[str, Any]) -> None:
        told = event.get("type") or event.get("eventType", "")
        if told.endswith(".PreMaintenanceEvent"):
            run = str(event["data"]["correlationId"]).lower()
            self.witness.court.heard.setdefault(run, self._now)

    def _queued(self, at: float) -> None:
        self.functions.changed(at)

    def _stepped(self, drain: str) -> None:
        if drain not in self.ledger.lost:
            stepped(self.witness.court, self.ledger, drain, self._now)
            foreseen(self.witness.court, self.ledger, drain, self._now)
            stood(self.witness.court, self.ledger, drain, self._now)

    def _breaks(self, promise: str, text: str) -> None:
        self.witness.court.breaks(promise, text, self._now)

    @property
    def _now(self) -> datetime:
        return self.scene.clock.at

    def _tell(self, text: str) -> None:
        if self._tells:
            at = self.loop.time()
            self._story.append(f"{at // 3600:02.0f}:{at // 60 % 60:02.0f}:{at % 60:04.1f} {text}")

    def _ends(self) -> dict[str, str]:
        found = {}
        for row in self.tables[1].peek("drains", "", "~"):
            found[row.values["drain"][-10:]] = str(row.values["status"])
        return found
