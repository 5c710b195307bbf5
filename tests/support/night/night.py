"""A whole night in one process: the real engine and core on a simulated estate, with a clock that
is advanced, a queue like those of Azure Storage, and a process that can be killed at any call.

Nothing here waits. Time passes a little with each look at the clock, and jumps to what is due next.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from local.sim.estate.things import Host, Pool
from local.sim.estate.world import World, find_host
from shared.adapters.storage.store import TableStore
from shared.core.conditions import Ask, Reply
from shared.core.drain.model import Drain
from shared.core.events.rules import Rule
from shared.core.host.orders import Answer
from shared.core.host.status import ENDED
from shared.core.notifications.rules import Notifications
from shared.core.policy.policy import Policy
from shared.core.start.request import Start
from shared.core.start.selection import Selection
from shared.core.values.hostpool import HostPoolId
from shared.engine.drains import answers, intake
from shared.engine.events.handling import see_to
from shared.engine.schedules import campaigning
from shared.engine.step.poolwork import work_on
from shared.engine.timers.calling import call
from shared.engine.timers.overdue import resend_overdue
from shared.errors import AnswerLostError, NotFoundError, OutsideError
from shared.ports import (
    PassOn,
    PostReport,
    SeeToEvents,
    StepCampaign,
    TakeStep,
    TellReceiver,
    TellSubscriber,
    Work,
)
from tests.support.memory_table import MemoryTable
from tests.support.night.app import Process, process_of
from tests.support.night.estate import NightAnswer
from tests.support.night.killer import Crash, Killer, Refusal

__all__ = ["EVENING", "Crash", "Killer", "Night"]

EVENING = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
_HIDDEN = timedelta(minutes=10)
_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Clock:
    """A clock. Each look at it lets a little time pass, so that no two times are the same."""

    at: datetime = EVENING

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=5)
        return self.at


@dataclass(slots=True)
class Message:
    work: Work
    visible_at: datetime
    tries: int = 0


class Night:
    """An estate with one pool, ``hp``, and the app beside it."""

    def __init__(self, hosts: int = 3, rules: tuple[Rule, ...] = ()) -> None:
        self.rules = rules
        self.replies: dict[type[Ask], Reply] = {}
        """The replies to a policy's conditions, by what they ask."""
        self.notifications = Notifications()
        """Who is notified of what, from the app's next life on."""
        self.publishes = False
        """Whether the app has a topic for its own events, from its next life on."""
        self.clock = Clock()
        self.world = World(EVENING)
        self.pool = Pool("11111111-2222-3333-4444-555555555555", "rg", "hp-one")
        self.world.pools.append(self.pool)
        for n in range(hosts):
            self.world.add_host(self.pool, f"host-{n}.contoso.example")
        self.queue: list[Message] = []
        self.faults: list[tuple[str, OutsideError]] = []
        """Calls to fail, by name, each once. An AnswerLostError comes after the effect."""
        self.on_listing: list[Callable[[], None]] = []
        """What happens right after the next listings of hosts, one function each."""
        self.refusals: list[Refusal] = []
        self.operations: dict[str, list[str]] = {}
        self.answers: list[NightAnswer] = []
        """The webhook's replies. Each is sent ``answer_after`` after its call (None: never)."""
        self.answer_after: timedelta | None = timedelta(minutes=10)
        self._ids = itertools.count(1)
        self.tables = MemoryTable(), MemoryTable()
        self._next_tick = EVENING + _MINUTE
        self.process = self.start_process()

    @property
    def pool_id(self) -> HostPoolId:
        return HostPoolId.parse(self.pool.id)

    def host(self, name: str) -> Host:
        host = find_host(self.pool, name)
        if host is None:
            raise NotFoundError(f"no host {name}")
        return host

    def host_of(self, vm_id: str) -> Host:
        for host in self.pool.hosts.values():
            if host.vm.id == vm_id:
                return host
        raise NotFoundError(f"no VM {vm_id}")

    def refuse(self, name: str, error: Exception, host: str = "") -> Refusal:
        """Refuse calls from now on, until the result is removed from ``refusals``."""
        refusal = Refusal(name, error, host)
        self.refusals.append(refusal)
        return refusal

    def listed(self) -> None:
        if self.on_listing:
            self.on_listing.pop(0)()

    def start_process(self, killer: Killer | None = None) -> Process:
        """Start a new life of the app, on the state that the last one left."""
        self.process = process_of(self, killer or Killer(), f"process-{next(self._ids)}")
        return self.process

    async def start(
        self, policy: Policy, *, unique: str = "a", hosts: tuple[str, ...] | None = None
    ) -> Drain:
        """Start a drain of all hosts, or of the named ones."""
        asked = Start(self.pool_id, Selection(hosts), "patches", policy, False, unique, "digest")
        return await self.drain((await intake.start(self.process.outside, asked, "anna")).id)

    async def drain(self, id_: str) -> Drain:
        found = await TableStore(*self.tables).load(id_)
        assert found is not None
        return found

    async def until_over(self, id_: str, *, within: timedelta = timedelta(hours=12)) -> Drain:
        """Let the night pass until the drain has ended. A process that dies is started again.
        Raises AssertionError after ``within``."""
        end = self.clock.at + within
        while self.clock.at < end:
            drain = await self.drain(id_)
            if drain.progress.status in ENDED and not self.queue:
                return drain
            await self.pass_time()
        raise AssertionError(f"still {drain.progress.status} after {within}: {drain.hosts}")

    def jump(self, at: datetime) -> None:
        """Jump to a later time, and drop what was due before."""
        self.clock.at = max(self.clock.at, at)
        self.queue.clear()
        self._next_tick = self.clock.at + _MINUTE
        self.world.advance(self.clock.at)

    async def until(self, done: Callable[[], bool], *, steps: int = 5000) -> None:
        for _ in range(steps):
            if done():
                return
            await self.pass_time()
        raise AssertionError("it never came to that")

    async def pass_time(self) -> None:
        """Jump to what is due next (a message, the timer or a reply), and let the app handle it."""
        said = [answer for answer in self.answers if not answer.given]
        due = min([self._next_tick, *(m.visible_at for m in self.queue), *(a.at for a in said)])
        self.clock.at = max(self.clock.at, due)
        self.world.advance(self.clock.at)
        try:
            if due in (answer.at for answer in said):
                await self._answer(min(said, key=lambda answer: answer.at))
                return
            if due == self._next_tick:
                self._next_tick += _MINUTE
                await resend_overdue(self.process.outside)
                return
            message = min(self.queue, key=lambda m: m.visible_at)
            message.visible_at = self.clock.at + _HIDDEN
            message.tries += 1
            outside = self.process.outside
            match message.work:
                case SeeToEvents():
                    await see_to(outside)
                case StepCampaign(campaign):
                    await campaigning.step(outside, campaign)
                case TellSubscriber() | PostReport() | TellReceiver() | PassOn() as work:
                    await call(outside, work)
                case TakeStep() as work:
                    await work_on(outside, work)
            self.queue.remove(message)
        except Crash:
            self.start_process()

    async def _answer(self, due: NightAnswer) -> None:
        """Send the webhook's reply. If the process dies, the reply is sent again."""
        said = Answer(self.clock.at, True, "patched")
        await answers.answer(self.process.outside, due.drain, due.token, said)
        due.given = True

    def deliver(self, work: Work, delay: timedelta) -> None:
        self.queue.append(Message(work, self.clock.at + delay))

    def record(self, name: str, *, before: bool = True) -> None:
        """Fail a call if the test asked for it."""
        for fault in self.faults:
            if fault[0] == name and isinstance(fault[1], AnswerLostError) != before:
                self.faults.remove(fault)
                raise fault[1]

    def happened(self, what: str) -> list[dict[str, Any]]:
        """What truly happened, from the world's own log."""
        return [line for line in self.world.log if line["what"] == what]
