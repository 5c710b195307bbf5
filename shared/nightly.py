"""The setting SCHEDULES: schedules by name, as JSON, or the name of a JSON file beside
``function_app.py``."""

import json

from shared.adapters import calendars
from shared.api.bodies import StartBody, read as read_body
from shared.api.schedulebodies import read_schedules
from shared.core.policy import policychecks
from shared.core.schedules.schedules import Schedule, What
from shared.core.values.allowed import Allowed
from shared.core.values.callbacks import fault_of
from shared.mapping import json_of


def read(value: str) -> tuple[Schedule, ...]:
    """Raises ValueError that tells every fault but those of the policies as a whole: these depend on
    other settings."""
    found = read_schedules(json_of(value), lambda policy: [])
    faults = [
        f"'{schedule.name}', exceptCalendar: {text}"
        for schedule in found
        if schedule.calendar and (text := calendars.fault_of(schedule.calendar))
    ]
    if faults:
        raise ValueError("; ".join(faults))
    return found


def faults(schedules: tuple[Schedule, ...], allowed: Allowed) -> list[str]:
    """What is wrong with their policies as a whole, and with where they report to."""
    found = []
    for schedule in schedules:
        requests = [schedule.request]
        if schedule.what is What.CAMPAIGN:
            waves = json.loads(schedule.request)["waves"]
            requests = [json.dumps(drain) for wave in waves for drain in wave["drains"]]
        for request in requests:
            policy = read_body(StartBody, request.encode()).policy_record()
            found += [
                f"SCHEDULES: '{schedule.name}', policy.{field}: {text}"
                for field, text in policychecks.faults(policy, allowed)
            ]
        if schedule.report_to and (text := fault_of(schedule.report_to, allowed)):
            found.append(f"SCHEDULES: '{schedule.name}', reportTo: {text}")
    return found
