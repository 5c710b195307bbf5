"""Schedules, campaigns, and what is overdue."""

from typing import Any

from shared.api import shapes
from shared.api.operations.common import CAMPAIGN, REPEAT, REQUEST, SKIP, TOP
from shared.api.operations.kinds import Operation, Parameter
from shared.wire.campaigns import CampaignBody
from shared.wire.orders import OrderBody
from shared.wire.schedules import ScheduleBody

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "ListOverdue", "GET", "overdue", "List the hosts that are overdue",
        "Hosts of a pool that this app has not maintained since a time, longest overdue first; those of "
        "which nothing is known come before all others.",
        {200: shapes.OverdueList}, (400, 403, 404),
        parameters=(
            Parameter("hostPool", "the host pool's resource id", required=True),
            Parameter("since", "a time, or how long ago, such as P30D (the default)"),
        ),
    ),
    Operation(
        "StartCampaign", "POST", "campaigns", "Start a campaign",
        "Drains of several pools, in waves: a wave begins when the one before has ended and was well. "
        "With `dryRun=true` it answers every drain's plan, and touches nothing.",
        {202: shapes.CampaignView, 200: shapes.CampaignPlan}, (400, 403, 404, 409),
        body=CampaignBody, example=CAMPAIGN,
        parameters=(
            Parameter("dryRun", "say what it would do, and touch nothing", kind={"type": "boolean"}),
            REPEAT,
        ),
        headers={202: ("Location", "Retry-After")},
    ),
    Operation(
        "ListCampaigns", "GET", "campaigns", "List campaigns", "The newest first.",
        {200: shapes.CampaignList}, (400,), parameters=(TOP, SKIP),
    ),
    Operation(
        "GetCampaign", "GET", "campaigns/{id}", "Get a campaign",
        "Which wave it is in, which drains it has started, and how they go.",
        {200: shapes.CampaignView}, (404,),
    ),
    *(
        Operation(
            f"{name.capitalize()}Campaign", "POST", f"campaigns/{{id}}/{name}", summary, meaning,
            {200: shapes.CampaignView}, (400, 404), body=OrderBody, optional_body=True,
            example={"reason": "not tonight"},
        )
        for name, summary, meaning in (
            ("pause", "Pause a campaign", "No further drain begins; those that run are paused."),
            ("resume", "Resume a campaign", "Ends a pause."),
            ("cancel", "Cancel a campaign", "No further drain begins; those that run are canceled."),
        )
    ),
    Operation(
        "PutSchedule", "PUT", "schedules/{name}", "Make or replace a schedule",
        "A drain or a campaign at the moments of a cron expression, in a time zone.",
        {201: shapes.ScheduleView, 200: shapes.ScheduleView | shapes.SchedulePlan}, (400, 409),
        body=ScheduleBody,
        example={"cron": "0 22 * * 1-5", "timeZone": "Europe/Berlin", "drain": REQUEST},
        parameters=(
            Parameter("dryRun", "say what it would do, and touch nothing", kind={"type": "boolean"}),
        ),
    ),
    Operation(
        "RunSchedule", "POST", "schedules/{name}/run", "Run a schedule now",
        "A run beside its own moments. With `dryRun=true` it answers what the next run would do, and "
        "starts nothing.",
        {202: shapes.RunView, 200: shapes.SchedulePlan}, (400, 404),
        parameters=(
            Parameter("dryRun", "say what it would do, and touch nothing", kind={"type": "boolean"}),
            REPEAT,
        ),
    ),
    Operation(
        "ListSchedules", "GET", "schedules", "List schedules", "By name.",
        {200: shapes.ScheduleList}, (400,), parameters=(TOP, SKIP),
    ),
    Operation(
        "GetSchedule", "GET", "schedules/{name}", "Get a schedule",
        "With its coming moments, and its last run.", {200: shapes.ScheduleView}, (404,),
    ),
    Operation(
        "DeleteSchedule", "DELETE", "schedules/{name}", "Remove a schedule",
        "Its runs stay on record; what it has started goes on.",
        {200: shapes.ScheduleView}, (404, 409),
    ),
    Operation(
        "ListRuns", "GET", "schedules/{name}/runs", "List the runs of a schedule",
        "Each of its moments that has passed, the newest first: what it started, or why not.",
        {200: shapes.RunList}, (400, 404), parameters=(TOP, SKIP),
    ),
    Operation(
        "GetReport", "GET", "schedules/{name}/report", "Get the morning report",
        "What was done, what was not and why, which hosts to look at, how many users were warned, left "
        "by themselves, were signed out.",
        {200: dict[str, Any]}, (400, 404),
        parameters=(
            Parameter("at", "the run's moment; left out: the last one that has a report"),
            Parameter("format", "`markdown` for a text to read"),
        ),
    ),
)  # fmt: skip
