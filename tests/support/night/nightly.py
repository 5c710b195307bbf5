"""Schedules and campaigns of a night: makes them, lets time pass, reads the runs."""

import json
from datetime import datetime, timedelta
from typing import Any

from shared.adapters.storage.documents import TableDocuments
from shared.core.host.status import ENDED
from shared.core.schedules.campaigns import Campaign
from shared.core.schedules.schedules import Run, Schedule, What
from shared.engine.schedules import campaigning
from shared.engine.schedules.scheduling import run_schedules
from shared.wire.newcampaigns import campaign_of as asked_for
from tests.support.night.night import Crash, Night

MINUTE = timedelta(minutes=1)


def request(night: Night, *hosts: str, **policy: Any) -> dict[str, Any]:
    policy = {"maintenance": {"kind": "restart"}, "maxUnavailable": "100%"} | policy
    named = [f"{host}.contoso.example" for host in hosts] or "all"
    return {"hostPool": night.pool.id, "hosts": named, "reason": "nightly", "policy": policy}


async def scheduled(night: Night, **more: Any) -> None:
    given: dict[str, Any] = {
        "cron": "30 22 * * *", "zone": "UTC", "what": What.DRAIN,
        "request": json.dumps(request(night)), "changed_at": night.clock.at,
    }  # fmt: skip
    schedule = Schedule("nightly", **(given | more))
    await night.process.outside.schedules.insert("nightly", schedule)


async def live_until(night: Night, end: datetime) -> None:
    """Let time pass until ``end``. The timer of the schedules fires each minute, whatever happens
    to the process."""
    next_tick = night.clock.at
    while night.clock.at < end:
        if night.clock.at >= next_tick:
            next_tick = night.clock.at + MINUTE
            try:
                await run_schedules(night.process.outside)
            except Crash:
                night.start_process()
        await night.pass_time()


async def runs(night: Night) -> list[Run]:
    """The runs, the oldest first."""
    page = await TableDocuments(night.tables[1], "moments", Run).list("nightly|", 50, None)
    return list(reversed(page.items))


async def drains(night: Night) -> int:
    listed = {line["host"] for line in night.happened("restart")}
    return len(listed)


def body(night: Night) -> dict[str, Any]:
    return {
        "reason": "patches",
        "waves": [
            {"name": "pilots", "drains": [request(night, "host-0")]},
            {"name": "rest", "drains": [request(night, "host-1"), request(night, "host-2")],
             "sideBySide": 1},
        ],
    }  # fmt: skip


async def campaign_of(night: Night) -> Campaign:
    page = await TableDocuments(night.tables[1], "campaigns", Campaign).list("", 10, None)
    [found] = page.items
    return found


async def until_campaign_over(night: Night) -> Campaign:
    for _ in range(3000):
        found = await campaign_of(night)
        if found.status in ENDED:
            return found
        await night.pass_time()
    raise AssertionError(f"it runs for ever: {await campaign_of(night)}")


async def started(night: Night, told: dict[str, Any]) -> None:
    asked = asked_for(json.dumps(told).encode(), "campaign a", "https://app/api/")
    await campaigning.start(night.process.outside, asked, "anna")
