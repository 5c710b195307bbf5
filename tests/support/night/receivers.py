"""Nights in which receivers are told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.core.drain.happenings import Kind
from shared.core.drain.model import Drain
from shared.core.host.status import ENDED
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.restart import Restart
from shared.core.notifications.lane import Lane
from shared.core.notifications.rules import (
    NotificationRule,
    Notifications,
    Receiver,
    ReceiverKind,
)
from shared.core.policy.policy import Policy
from shared.engine.schedules import scheduling
from tests.support.night.night import Night

QUICK = Policy(maintenance=NoMaintenance())
FAILING = Policy(maintenance=Restart(), healthy_within=timedelta(minutes=10))
DESK = Receiver("desk", ReceiverKind.TEAMS, "NOTIFY_DESK")
ALL = Notifications((DESK,), (NotificationRule("all", ("desk",)),))


def telling(hosts: int = 2, notifications: Notifications = ALL) -> Night:
    night = Night(hosts)
    night.notifications = notifications
    night.start_process()
    return night


def told(night: Night, receiver: str = "desk") -> list[dict[str, Any]]:
    return [each for each in night.happened("notified") if each["receiver"] == receiver]


def kinds(night: Night, receiver: str = "desk") -> list[str]:
    return [each["kind"] for each in told(night, receiver)]


async def until_told(night: Night, kind: Kind = Kind.DRAIN_ENDED, steps: int = 12_000) -> None:
    await night.until(lambda: kind in kinds(night), steps=steps)


async def until_over(night: Night, id_: str) -> Drain:
    """Whatever is still to be told."""
    for _ in range(5000):
        drain = await night.drain(id_)
        if drain.progress.status in ENDED:
            return drain
        await night.pass_time()
    raise AssertionError("it never ended")


async def ticking(night: Night, lasts: timedelta) -> None:
    """Let it pass, with the timer of the schedules."""
    end = night.clock.at + lasts
    while night.clock.at < end:
        await scheduling.run_schedules(night.process.outside)
        await night.pass_time()


async def lane(night: Night, name: str = "desk") -> Lane:
    found = await night.process.outside.lanes.get(name)
    assert found is not None
    return found[0]


def limited(**fields: Any) -> Notifications:
    return replace(ALL, rules=(NotificationRule("some", ("desk",), **fields),))
