"""What the next run of a schedule would do, looked at ahead of it."""

import json

from shared.api.bodies import read
from shared.api.schedulebodies import ScheduleBody, drains_of
from shared.api.trying import Tried, tried
from shared.core.schedules.schedules import Schedule
from shared.engine.world.outside import Outside


async def looked_at(
    outside: Outside, schedule: Schedule, address: str, by: str
) -> tuple[ScheduleBody, Tried]:
    """Touches nothing. Raises RequestRefusedError for a request that cannot be read any more."""
    told = {"cron": schedule.cron, schedule.what.value: json.loads(schedule.request)}
    body = read(ScheduleBody, json.dumps(told).encode())
    return body, await tried(outside, drains_of(body), address, by)


def warnings_of(looked: Tried) -> tuple[str, ...]:
    """What would keep a run from being started, before what may pass or could not be told."""
    return (*(f"{fault.target}: {fault.text}" for fault in looked.faults), *looked.warnings)


async def amiss(outside: Outside, schedule: Schedule) -> tuple[str, ...]:
    """What is amiss with what a schedule would start now."""
    by = f"schedule '{schedule.name}'"
    _, looked = await looked_at(outside, schedule, outside.options.address, by)
    return warnings_of(looked)
