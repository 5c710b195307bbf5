"""Schedules, their runs, and the report of each."""

from typing import Any

from shared.api.description.examples import REQUEST
from shared.api.description.operation import Operation
from shared.api.description.parameters import IDEMPOTENT, if_match
from shared.api.views.schedule import RunList, RunView, ScheduleList, SchedulePlan, ScheduleView
from shared.wire.schedules import ScheduleBody

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "PutSchedule", "put_schedule", "Make or replace a schedule",
        "A drain or a campaign at the moments of a cron expression, in a time zone.",
        {201: ScheduleView, 200: ScheduleView | SchedulePlan},
        (400, 403, 409, 412, 428, 429),
        body=ScheduleBody,
        example={"cron": "0 22 * * 1-5", "timeZone": "Europe/Berlin", "drain": REQUEST},
        parameters=(if_match("schedule", required=False),),
        headers={201: ("ETag",), 200: ("ETag",)},
    ),
    Operation(
        "RunSchedule", "run_schedule", "Run a schedule now",
        "A run beside its own moments. With `dryRun=true` it answers what the next run would do, and "
        "starts nothing.",
        {202: RunView, 200: SchedulePlan}, (400, 404), parameters=IDEMPOTENT,
    ),
    Operation(
        "ListSchedules", "list_schedules", "List schedules", "By name.",
        {200: ScheduleList}, (400,),
    ),
    Operation(
        "GetSchedule", "show_schedule", "Get a schedule",
        "With its coming moments, and its last run.", {200: ScheduleView}, (404,),
        headers={200: ("ETag",)},
    ),
    Operation(
        "DeleteSchedule", "remove_schedule", "Remove a schedule",
        "Its runs stay on record; what it has started goes on.",
        {200: ScheduleView}, (404, 409, 412, 428), parameters=(if_match("schedule"),),
    ),
    Operation(
        "ListRuns", "list_runs", "List the runs of a schedule",
        "Each of its moments that has passed, the newest first: what it started, or why not.",
        {200: RunList}, (400, 404),
    ),
    Operation(
        "GetReport", "show_report", "Get the morning report",
        "What was done, what was not and why, which hosts to look at, how many users were warned, left "
        "by themselves, were signed out.",
        {200: dict[str, Any]}, (400, 404),
    ),
)  # fmt: skip
