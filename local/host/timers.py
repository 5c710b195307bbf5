"""Timer triggers: NCRONTAB schedules with six fields (or five, without seconds), in UTC."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from azure_functions_runtime.bindings.datumdef import Datum
from cronsim import CronSim, CronSimError

from local.host.config import ConfigError, expand
from local.host.functions import Function
from local.host.outputs import Outputs
from local.host.pause import pause


def next_time(schedule: str, after: datetime) -> datetime:
    """When a schedule is next due after a time. Raises ConfigError if it cannot be read."""
    try:
        return next(CronSim(schedule, after))
    except (CronSimError, StopIteration):
        raise ConfigError(f"not an NCRONTAB schedule: {schedule!r}") from None


class TimerTrigger:
    """Fires one function on its schedule, one run at a time. A failed run is not repeated."""

    def __init__(self, function: Function, settings: Mapping[str, str], outputs: Outputs) -> None:
        self._function = function
        self._outputs = outputs
        self._schedule = expand(function.trigger["schedule"], settings)
        self._at_once = bool(function.trigger.get("runOnStartup", False))
        next_time(self._schedule, datetime.now(UTC))

    async def run(self, stop: asyncio.Event) -> None:
        """Fire until ``stop`` is set; a run that is under way then is finished."""
        last: datetime | None = None
        if self._at_once:
            last = await self.fire(last)
        while not stop.is_set():
            due = next_time(self._schedule, datetime.now(UTC))
            await pause(stop, max(0.0, (due - datetime.now(UTC)).total_seconds()))
            if not stop.is_set():
                last = await self.fire(last)

    async def fire(self, last: datetime | None) -> datetime:
        """Invoke the function now. Returns the time of the invocation."""
        now = datetime.now(UTC)
        told = {
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": {
                "Last": (last or now).isoformat(),
                "Next": next_time(self._schedule, now).isoformat(),
                "LastUpdated": (last or now).isoformat(),
            },
            "IsPastDue": False,
        }
        await self._outputs.invoke(self._function, Datum(json.dumps(told), "json"))
        return now
