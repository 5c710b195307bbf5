"""One life of an app instance: its clock, its calls to the outside, and its death.

Every call goes through here. A call takes a while, may go wrong as the script says, and may be
where the instance dies: then nothing of it runs any more, no ``except`` and no ``finally``.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from inspect import iscoroutinefunction
from typing import Any

from shared.adapters.storage.beats import TableBeats
from shared.adapters.storage.inbox import TableInbox
from shared.adapters.storage.queue import encode
from shared.adapters.storage.store import TableStore
from shared.core.notifications.rules import (
    NotificationRule,
    Notifications,
    Receiver,
    ReceiverKind,
)
from shared.core.values.pace import Pace
from shared.engine.world.outside import Options, Outside
from shared.errors import OutsideError
from shared.ports import Work
from tests.nights.script import Crash, Fault, lasts
from tests.nights.world.common import Shared
from tests.nights.world.faults import (
    BLANK,
    LONGEST_CALL,
    LONGEST_LATE,
    LONGEST_STALE,
    PlantedError,
    azure_error,
    refusal_error,
    storage_error,
)
from tests.nights.world.foreign import spoilt
from tests.nights.world.loop import VirtualLoop
from tests.nights.world.queue import MemoryQueue
from tests.nights.world.scene import EVENING
from tests.support.night.app import ALLOWED, documents
from tests.support.night.helpers import (
    NightConditions,
    NightReceivers,
    NightRights,
    NightRuns,
    NightScripts,
    NightSources,
    NightStorage,
    NightWebhooks,
)
from tests.support.night.ports import NightMachines, NightPlane

PACE = Pace(timedelta(seconds=20), timedelta(minutes=4), timedelta(minutes=15))
"""Slower than the defaults: that makes a night cheaper, and no rule depends on it."""
TELLS = Notifications(
    (
        Receiver(
            "desk", ReceiverKind.TEAMS, "NOTIFY_DESK", fold=timedelta(hours=6),
            settle=timedelta(minutes=15),
        ),
    ),
    (NotificationRule("all", ("desk",)),),
)  # fmt: skip
"""Folded for longer than by default, so that more is folded in a night."""
CHUNKS = (1, 3, 32)
"""The chunk sizes of the instances in turn: pools are small here, and a stream of actions must be
cut at any point."""
WRITES = frozenset(
    ["set_allow_new_session", "send_message", "sign_out", "set_tag", "power", "run", "forget", "call", "cancel", "transact", "send", "notify"]
)  # fmt: skip
_ALSO = {"sessions_on": "sessions"}
"""What befalls the one befalls the other."""
_STALE = {"hosts": "hosts", "sessions": "sessions"}


class DeadError(BaseException):
    """The instance is gone."""


@dataclass(slots=True)
class InstanceClock:
    loop: VirtualLoop
    ahead: float

    def now(self) -> datetime:
        return EVENING + timedelta(seconds=self.loop.tick() + self.ahead)


class _QueuePort:
    def __init__(self, queue: MemoryQueue) -> None:
        self._queue = queue

    async def send(self, work: Work, delay: timedelta) -> None:
        """Send a message with a delay in whole seconds, as the service has them."""
        self._queue.send(encode(work), float(int(delay.total_seconds() + 0.5)))


class _Through:
    """Passes every call of a port through its instance."""

    def __init__(self, inner: object, instance: "Instance", port: str) -> None:
        self._inner = inner
        self._instance = instance
        self._port = port

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if not iscoroutinefunction(method):  # it asks nobody
            return method
        attribute, name = name, _ALSO.get(name, name)
        instance, port = self._instance, self._port

        async def call_storage(*words: Any, **named: Any) -> Any:
            async def do() -> Any:
                return await method(*words, **named)

            return await instance.call(port, name, do, words)

        async def call_azure(*words: Any, **named: Any) -> Any:
            async def do() -> Any:
                try:
                    instance.refuse(name, words)
                    came = await method(*words, **named)
                except (OutsideError, PlantedError) as error:
                    instance.failed(name, words, error)
                    raise
                return instance.shown(name, came, words)

            return await instance.call(port, name, do, words)

        call = call_azure if port == "azure" else call_storage
        setattr(self, attribute, call)
        return call


class Instance:
    """``number`` belongs to the place of an instance; each life in it has its own name."""

    def __init__(self, shared: Shared, number: int, name: str, died: Callable[[Crash], None]):
        self._shared = shared
        self._died = died
        self.number = number
        self.name = name
        self.dead = False
        self._ghosts = False
        self._left: int | None = None
        """How many calls are left until it dies. None: that is not known."""
        self.clock = InstanceClock(shared.loop, shared.script.skews[number])
        self.outside = self._outside()

    def _outside(self) -> Outside:
        scene, tables = self._shared.scene, self._shared.tables

        def through(inner: object, port: str) -> Any:
            return _Through(inner, self, port)

        return Outside(
            store=TableStore(*(through(table, "table") for table in tables)),
            plane=through(NightPlane(scene), "azure"),
            machines=through(NightMachines(scene), "azure"),
            scripts=through(NightScripts(scene), "azure"),
            webhooks=through(NightWebhooks(scene), "azure"),
            receivers=through(NightReceivers(scene), "azure"),
            rights=through(NightRights(scene), "azure"),
            sources=through(NightSources(scene), "azure"),
            conditions=through(NightConditions(scene), "azure"),
            update_runs=through(NightRuns(scene), "azure"),
            inbox=TableInbox(through(tables[1], "table")),
            **documents(through(tables[1], "table")),
            queue=through(_QueuePort(self._shared.queue), "queue"),
            storage=NightStorage(scene),
            beats=TableBeats(through(tables[1], "table")),
            clock=self.clock,
            options=Options(
                holder=self.name,
                pace=PACE,
                chunk=CHUNKS[self.number % len(CHUNKS)],
                allowed=ALLOWED,
                address="https://drains.contoso.example/api/",
                rules=self._shared.rules,
                notifications=TELLS if self._shared.script.tells else Notifications(),
            ),
        )

    async def call(
        self, port: str, name: str, do: Callable[[], Awaitable[Any]], words: tuple[Any, ...]
    ) -> Any:
        """Make a call. Raises the call's error, and DeadError if the instance is gone."""
        if self.dead:
            raise DeadError
        shared = self._shared
        shared.calls += 1
        shared.by_name[name] += 1
        fault = shared.due.get(("", shared.calls)) or shared.due.get((name, shared.by_name[name]))
        death = shared.deaths.get(shared.calls) or self._counted()
        quick = port != "azure"
        held = (
            0.0 if fault is None else fault.seconds if quick else min(fault.seconds, LONGEST_CALL)
        )
        wait = self._before(name, quick, held if fault and fault.kind == "slow" else 0.0)
        if not quick or wait > 0.015:
            await shared.loop.sleep(wait)
        if death is not None and not self.dead and not death.after:
            self._die(death, name)
            raise DeadError
        if self.dead:
            if self._ghosts and name in WRITES:
                await self._do(port, do)
            raise DeadError
        if fault is not None and fault.kind not in ("slow", "stuck"):
            came = await self._wrong(port, name, do, fault, words)
        else:
            came = await self._do(port, do)
        if death is not None and not self.dead:
            self._die(death, name)
        if fault is not None and fault.kind == "stuck":
            shared.tell(f"{self.name}: the answer of {name} takes {held:.0f} s")
            shared.faults += 1
            await shared.loop.sleep(held)
        elif not quick and (back := shared.chance.random() * 0.8) > 0.4:
            await shared.loop.sleep(back)
        if self.dead:
            raise DeadError
        return came

    def lives_for(self, calls: int) -> None:
        """Die at that call from now on, and come back soon."""
        self._left = calls

    def _counted(self) -> Crash | None:
        """The death at this call; None if it is not the last one."""
        if self._left is None:
            return None
        self._left -= 1
        return Crash(0, after=False, back_after=30.0, ghosts=False) if self._left == 0 else None

    def refuse(self, name: str, words: tuple[Any, ...]) -> None:
        """Raise the error of a call that is refused now."""
        at = self._shared.loop.time()
        for refusal in self._shared.script.refusals:
            if refusal.meets(name, at, words):
                self._shared.faults += 1
                raise refusal_error(refusal.kind, refusal.longer)

    def failed(self, name: str, words: tuple[Any, ...], error: Exception) -> None:
        shared = self._shared
        shared.failures.note(name, words, error, shared.scene.clock.at)

    def shown(self, name: str, came: Any, words: tuple[Any, ...]) -> Any:
        """The result of a call as it is shown while spells last."""
        at = self._shared.loop.time()
        spells = [spell for spell in self._shared.script.spells if lasts(spell, at)]
        if not spells or came is None:
            return came
        return spoilt(spells, name, came, " ".join(map(str, words)).lower())

    def _before(self, name: str, quick: bool, held: float) -> float:
        """How many seconds pass until a call has its effect."""
        shared = self._shared
        wait = shared.chance.random() * (0.03 if quick else 0.6)
        if held:
            shared.tell(f"{self.name}: {name} takes {held:.0f} s")
            shared.faults += 1
        return wait + held + (self._hung(name) if shared.script.hangs and not quick else 0.0)

    def _hung(self, name: str) -> float:
        at = self._shared.loop.time()
        for hang in self._shared.script.hangs:
            if hang.call == name and lasts(hang, at):
                self._shared.faults += 1
                self._shared.tell(f"{self.name}: {name} hangs for {hang.seconds:.0f} s")
                return hang.seconds
        return 0.0

    async def _do(self, port: str, do: Callable[[], Awaitable[Any]]) -> Any:
        if port == "azure":
            self._shared.scene.catch_up()
        return await do()

    async def _wrong(
        self,
        port: str,
        name: str,
        do: Callable[[], Awaitable[Any]],
        fault: Fault,
        words: tuple[Any, ...],
    ) -> Any:
        shared, writes = self._shared, name in WRITES
        if fault.kind == "stale":
            past = shared.scene.past(min(fault.seconds, LONGEST_STALE))
            if name not in _STALE or past is None:
                return await self._do(port, do)
            shared.tell(f"{self.name}: {name} shows what was so at {past.at:.0f} s")
            shared.faults += 1
            return self.shown(name, getattr(past, _STALE[name]), words)
        if fault.kind == BLANK:
            return self._blank(await self._do(port, do), name, fault)
        if fault.kind == "twice" and not (writes and port != "azure"):
            return await self._do(port, do)
        shared.faults += 1
        shared.tell(f"{self.name}: {name}: {fault.kind}")
        if fault.kind == "twice":
            await self._do(port, do)
            return await self._do(port, do)
        if fault.kind == "lose":
            await self._do(port, do)
        elif fault.kind == "late" and writes and port == "azure":
            later = LONGEST_LATE * min(1.0, fault.seconds / 60)
            shared.tell(f"… and it will happen {later:.0f} s later")
            shared.loop.create_task(self._later(later, port, do))
        if port == "azure":
            error = azure_error(fault.kind, fault.seconds, writes=writes)
            self.failed(name, words, error)
            raise error
        raise storage_error(fault.kind)

    def _blank(self, came: Any, name: str, fault: Fault) -> Any:
        """A listing of sessions without some of them. None: nobody was asked, so it is the next."""
        shared = self._shared
        if came is None:
            shared.due[name, shared.by_name[name] + 1] = fault
            return None
        shared.tell(f"{self.name}: {name} lacks those of {fault.host or 'all hosts'}")
        shared.faults += 1
        return tuple(each for each in came if not each.host_key.startswith(fault.host))

    async def _later(self, seconds: float, port: str, do: Callable[[], Awaitable[Any]]) -> None:
        await self._shared.loop.sleep(seconds)
        try:
            await self._do(port, do)
        except Exception as error:  # noqa: BLE001 - nobody hears what comes of it
            self._shared.tell(f"a late call came to nothing: {error}")

    def _die(self, crash: Crash, name: str) -> None:
        self._shared.crashes += 1
        self._shared.failures.crashes.append(self._shared.scene.clock.at)
        self._shared.tell(f"{self.name} dies {'after' if crash.after else 'before'} {name}")
        self.dead = True
        self._ghosts = crash.ghosts
        self._died(crash)

    def end(self) -> None:
        """End the instance: nothing of it runs any more."""
        self.dead = True
