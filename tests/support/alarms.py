"""Events about machines, as their sources publish them, delivered to a night's app."""

import json
from datetime import timedelta
from typing import Any

from local.sim.side.emitting import emit
from shared.adapters.storage.inbox import TableInbox
from shared.adapters.storage.store import TableStore
from shared.core.drain.model import Drain
from shared.core.events.records import EventOutcome, EventRecord
from shared.core.events.rules import Rule
from shared.core.events.signals import Source
from shared.core.maintenance.hold import Hold
from shared.core.policy.policy import Amount, Policy
from shared.engine.events.reception import hear
from shared.events import alert
from shared.events.envelope import Context
from shared.events.translators import translate
from tests.support.night.night import Crash, Night

LOSS = "VirtualMachineMigrationScheduledForDegradedHardware"


def rule(on: Source, name: str = "the rule", **more: Any) -> Rule:
    policy = more.pop(
        "policy", Policy(max_unavailable=Amount(100, percent=True), maintenance=Hold())
    )
    return Rule(name, on, policy=policy, **more)


class Alarmed(Night):
    """A night whose world publishes events. They wait in ``published`` until the test delivers
    them."""

    def __init__(self, hosts: int = 3, rules: tuple[Rule, ...] = ()) -> None:
        super().__init__(hosts, rules)
        self.published: list[dict[str, Any]] = []
        self.world.publish = self.published.append

    def emit(self, what: str, **told: Any) -> None:
        self.world.advance(self.clock.at)
        emit(self.world, {"what": what, "pool": self.pool.name, **told})

    def patch(self, *hosts: str, starts_in: float = 2400, lasts: float = 3600, **told: Any) -> None:
        self.emit(
            "updateRun",
            hosts={self.pool.name: list(hosts)},
            startsIn=starts_in,
            lasts=lasts,
            **told,
        )

    async def deliver_all(self) -> list[EventRecord]:
        """Deliver all published events in order, each once."""
        told, self.published[:] = list(self.published), []
        return [await self.hear(each) for each in told]

    async def hear(self, told: dict[str, Any]) -> EventRecord:
        outside = self.process.outside
        context = Context(self.clock.now(), "", outside.options.allowed)
        text = json.dumps(told)
        if alert.is_alert(text):
            return await hear(outside, *alert.translate(text, context))
        envelope, intent = translate(text, context)
        return await hear(outside, envelope.key, intent)

    async def deliver_until_taken(self, told: dict[str, Any]) -> None:
        """Deliver an event like Event Grid does: again, if the app died during the delivery."""
        try:
            await self.hear(told)
        except Crash:
            self.start_process()
            await self.hear(told)

    async def settled(self, within: timedelta = timedelta(minutes=10)) -> list[EventRecord]:
        """Let time pass until all delivered events were handled. Returns their records, the oldest
        first."""
        end = self.clock.at + within
        while self.clock.at < end:
            heard = await self.all_heard()
            if all(h.outcome is not EventOutcome.WAITING for h in heard):
                return heard
            await self.pass_time()
        raise AssertionError(f"still waiting after {within}: {await self.all_heard()}")

    async def all_heard(self) -> list[EventRecord]:
        page = await TableInbox(self.tables[1]).events(1000, None)
        return list(reversed(page.items))

    async def drains(self) -> list[Drain]:
        """All drains, the oldest first."""
        store = TableStore(*self.tables)
        page = await store.drains(None, None, 200, None)
        found = [await store.load(summary.id) for summary in reversed(page.items)]
        return [drain for drain in found if drain is not None]

    async def only_drain(self) -> Drain:
        [found] = await self.drains()
        return found

    async def live_on(self, span: timedelta) -> None:
        """Let time pass. What the estate publishes meanwhile is delivered at once."""
        end = self.clock.at + span
        while self.clock.at < end:
            await self.pass_time()
            await self.deliver_all()

    def as_it_was(self) -> bool:
        return all(host.allow_new_session for host in self.pool.hosts.values())


def patching(**more: Any) -> Alarmed:
    return Alarmed(3, (rule(Source.UPDATE_MANAGER, **more),))
