"""``python -m bench.telemetry``: how much the app tells of itself in a night: what comes to an OTLP
collector, and to the place where Application Insights takes it, counted and weighed.

The night is the simulation of the tests: the real engine on an estate with a clock of its own, so that eight
hours take seconds. Whatever is due is sent at each function's end, as the app does, by the real exporters.
What the Functions host tells beside that is not in it: there is none here.
"""

import asyncio
import random
from dataclasses import dataclass
from datetime import timedelta

from local.sim.estate.people import Manner, Person
from shared.adapters.telemetry.batch import Batch
from shared.adapters.telemetry.destinations import AzureMonitor, Otlp
from shared.adapters.telemetry.loghandler import listen
from shared.adapters.telemetry.plain import cleaner
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Amount, Policy
from shared.core.values.usernames import UserNames
from shared.ports.measures import ARM_REQUESTS, ARM_TOKENS
from shared.triggers import tick, watchdog
from tests.support.night.night import Night
from tests.support.telemetry.collector import Collector, collecting
from tests.support.telemetry.ingestion import Ingestion, taking_in
from tests.support.telemetry.noted import Noted, noting

HOURS = 8
_MINUTE = timedelta(minutes=1)
DOLLARS_A_GIGABYTE = 2.30
"""Log Analytics, pay as you go, East US: the price of what is taken in."""
COLUMNS = "{:36} {:>7} {:>7} {:>6} {:>7} {:>9} {:>8} {:>9} {:>8}"


@dataclass
class Sent:
    """Sends as the app does, and counts what comes."""

    noted: Noted
    collector: Collector
    ingestion: Ingestion

    def __post_init__(self) -> None:
        listen(self.noted, cleaner(UserNames.FULL))
        self._exporters = (
            Otlp(self.collector.url)(),
            AzureMonitor(self.ingestion.connection_string)(),
        )

    def send(self, batch: Batch) -> None:
        for exporter in self._exporters if batch else ():
            if left := exporter.send(batch):
                raise RuntimeError(f"{len(left)} records were not taken")

    def over(self) -> None:
        """A function is over, in which Azure was asked: the estate of a night counts no requests."""
        for kind in ("reads", "writes"):
            self.noted.count(ARM_REQUESTS, kind=kind, outcome="ok")
            self.noted.record(ARM_TOKENS, 190, kind=kind)
        self.send(self.noted.take())


async def timers(night: Night, sent: Sent) -> None:
    """One minute's: the tick, and every fifth the watchdog."""
    await tick.run(night.process.outside)
    sent.send(sent.noted.take())
    if night.clock.at.minute % 5 == 0:
        await watchdog.run(night.process.outside)
        sent.send(sent.noted.take())


async def night_of(hosts: int, sent_to: tuple[Collector, Ingestion]) -> Night:
    """Eight hours; with hosts, a drain that restarts all of them, whose users leave by and by."""
    night = Night(max(hosts, 1))
    sent = Sent(noting(night), *sent_to)
    end = night.clock.at + timedelta(hours=HOURS)
    if hosts:
        await _drain(night, {n: random.Random(n).uniform(0, 4) for n in night.pool.hosts})  # noqa: S311
    next_minute = night.clock.at + _MINUTE
    while night.clock.at < end:
        if night.queue and min(m.visible_at for m in night.queue) < next_minute:
            await night.pass_time()
            sent.over()
        else:
            night.clock.at, next_minute = max(night.clock.at, next_minute), next_minute + _MINUTE
            night.world.advance(night.clock.at)
            await timers(night, sent)
    sent.send(sent.noted.take(all_=True))
    return night


async def _drain(night: Night, leaves: dict[str, float]) -> None:
    """Two users on every host, who leave after so many hours; a tenth of the hosts at a time."""
    for name, hours in leaves.items():
        for number in range(2):
            user = Person(f"user-{number}-{name}", Manner.WORKS, after=hours * 3_600)
            night.world.sign_in(night.pool, night.host(name), user)
    policy = Policy(
        max_unavailable=Amount(10, percent=True),
        deadline=timedelta(hours=4),
        maintenance=Restart(),
    )
    await night.start(policy)


def line(what: str, to: tuple[Collector, Ingestion]) -> str:
    collector, ingestion = to
    otlp = sum(len(body) for _, body in collector.bodies)
    insights = sum(ingestion.sizes.values())
    steps = len(collector.named("drain.step"))
    return COLUMNS.format(
        what, steps, len(collector.spans), len(collector.logs), len(collector.points), collector.requests,
        f"{otlp / 1e6:.2f}", f"{insights / 1e6:.2f}", f"{insights / 1e9 * DOLLARS_A_GIGABYTE:.4f}",
    )  # fmt: skip


async def main() -> None:
    head = (
        "a night of 8 hours",
        "steps",
        "spans",
        "logs",
        "points",
        "requests",
        "OTLP MB",
        "App.I. MB",
        "dollars",
    )
    print(COLUMNS.format(*head))
    for what, hosts in (
        ("no drain", 0),
        ("a drain of 100 hosts", 100),
        ("a drain of 1,000 hosts", 1_000),
    ):
        with collecting() as collector, taking_in() as ingestion:
            await night_of(hosts, (collector, ingestion))
            print(line(what, (collector, ingestion)))


if __name__ == "__main__":
    asyncio.run(main())
