"""The setting SCHEDULES: schedules by name, as JSON or as the name of a JSON file beside
``function_app.py``."""

import json
from collections.abc import Iterator
from typing import Any

from shared.core.access.allowed import Allowed, fault_of
from shared.core.schedules.schedules import Schedule
from shared.settings.setting import PartlyReadError
from shared.settings.values import json_of
from shared.wire import calendars
from shared.wire.policies import faults_told
from shared.wire.schedules import read_schedules


def read(value: str) -> tuple[Schedule, ...]:
    """The schedules of the setting. Raises PartlyReadError that names every fault, except those that depend on other
    settings."""
    raw = json_of(value)
    try:
        found = read_schedules(raw)
    except ValueError as error:
        texts = [str(error), *_calendars(raw)]
        raise PartlyReadError("; ".join(texts), lambda allowed: _beside(raw, allowed)) from None
    if texts := [*_calendars(raw)]:
        raise PartlyReadError("; ".join(texts), lambda allowed: _beside(raw, allowed))
    return found


def _calendars(raw: Any) -> Iterator[str]:
    for name, each in _objects(raw):
        calendar = each.get("exceptCalendar")
        if isinstance(calendar, str) and calendar and (text := calendars.fault_of(calendar)):
            yield f"'{name}', exceptCalendar: {text}"


def _objects(raw: Any) -> list[tuple[str, dict[str, Any]]]:
    told = raw.items() if isinstance(raw, dict) else ()
    return [(name, each) for name, each in told if isinstance(each, dict)]


def _beside(raw: Any, allowed: Allowed) -> Iterator[str]:
    for name, each in _objects(raw):
        for fault in faults_told(each, allowed):
            yield f"SCHEDULES: '{name}', {fault.target}: {fault.text}"
        url = each.get("reportTo")
        if isinstance(url, str) and url and (text := fault_of(url, allowed)):
            yield f"SCHEDULES: '{name}', reportTo: {text}"


def faults(schedules: tuple[Schedule, ...], allowed: Allowed) -> Iterator[str]:
    """What is wrong with the schedules' policies as wholes, and with the addresses of their reports."""
    told = {
        schedule.name: {
            schedule.what.value: json.loads(schedule.request), "reportTo": schedule.report_to
        }
        for schedule in schedules
    }  # fmt: skip
    return _beside(told, allowed)
