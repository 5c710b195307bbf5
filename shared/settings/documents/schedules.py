"""The setting SCHEDULES: schedules by name, as JSON or as the name of a JSON file beside
``function_app.py``."""

import json

from shared.core.access.allowed import Allowed
from shared.core.access.callbacks import fault_of
from shared.core.schedules.schedules import Schedule
from shared.settings.values import json_of
from shared.wire import calendars
from shared.wire.schedules import ScheduleBody, read_schedules
from shared.wire.start import policy_faults


def read(value: str) -> tuple[Schedule, ...]:
    """The schedules of the setting. Raises ValueError that names every fault, except those of the
    policies as a whole, which depend on other settings."""
    found = read_schedules(json_of(value))
    faults = [
        f"'{schedule.name}', exceptCalendar: {text}"
        for schedule in found
        if schedule.calendar and (text := calendars.fault_of(schedule.calendar))
    ]
    if faults:
        raise ValueError("; ".join(faults))
    return found


def faults(schedules: tuple[Schedule, ...], allowed: Allowed) -> list[str]:
    """What is wrong with the schedules' policies as a whole, and with the addresses of their
    reports."""
    found = []
    for schedule in schedules:
        kept = {"cron": schedule.cron, schedule.what.value: json.loads(schedule.request)}
        found += [
            f"SCHEDULES: '{schedule.name}', {fault.target}: {fault.text}"
            for _, drain in ScheduleBody.model_validate(kept).drains()
            for fault in policy_faults(drain.policy_record(), allowed)
        ]
        if schedule.report_to and (text := fault_of(schedule.report_to, allowed)):
            found.append(f"SCHEDULES: '{schedule.name}', reportTo: {text}")
    return found
