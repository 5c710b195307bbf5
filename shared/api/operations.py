"""Every address of the app: what it is called, what it takes, what it may answer.

The description of the API is made from this table, and a test holds the triggers of ``function_app.py``
to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.api import bodies, shapes
from shared.api.campaigns import CampaignBody
from shared.api.schedules import ScheduleBody


@dataclass(frozen=True, slots=True)
class Parameter:
    """In the query or a header. ``kind`` is a JSON schema."""

    name: str
    meaning: str
    where: str = "query"
    kind: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    required: bool = False
    advanced: bool = False
    """A designer shows it only to who asks for more."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method on one path does. ``answers``: shape by status; beside them every operation
    may answer the errors in ``errors``."""

    id: str
    method: str
    path: str
    summary: str
    meaning: str
    answers: Mapping[int, Any]
    errors: tuple[int, ...] = ()
    body: type[Any] | None = None
    optional_body: bool = False
    example: Any = None
    parameters: tuple[Parameter, ...] = ()
    headers: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Headers of an answer, by status."""
    keyed: bool = True
    """Whether it needs the function key."""
    polls: bool = False
    """202 until it is over: a designer's asynchronous pattern."""


_POOL = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-desktops"
    "/providers/Microsoft.DesktopVirtualization/hostPools/hp-finance"
)
_REQUEST = {
    "hostPool": _POOL,
    "hosts": "all",
    "reason": "monthly patches",
    "policy": {
        "maxUnavailable": "25%",
        "deadline": "PT2H",
        "atDeadline": "signOut",
        "maintenance": {"kind": "restart"},
    },
}
_CAMPAIGN = {
    "reason": "November patches",
    "waves": [
        {"name": "pilots", "drains": [{**_REQUEST, "hosts": ["avd-fin-1"]}]},
        {"name": "everybody", "sideBySide": 2, "failures": 1, "drains": [_REQUEST]},
    ],
}
_ALERT = {
    "schemaId": "azureMonitorCommonAlertSchema",
    "data": {
        "essentials": {
            "alertId": "/subscriptions/…/providers/Microsoft.AlertsManagement/alerts/1",
            "alertRule": "disk almost full",
            "severity": "Sev1",
            "monitorCondition": "Fired",
            "alertTargetIDs": [
                "/subscriptions/…/resourcegroups/rg-desktops/providers/microsoft.compute"
                "/virtualmachines/avd-fin-1"
            ],
            "firedDateTime": "2026-11-24T22:00:00Z",
        },
        "alertContext": {},
    },
}
_TOP = Parameter("$top", "how many at most", kind={"type": "integer", "minimum": 1, "maximum": 200})
_SKIP = Parameter("$skipToken", "where the next page begins; `nextLink` has it", advanced=True)
_OF_POOL = Parameter("hostPool", "only of the host pool with this resource id")
_REPEAT = Parameter(
    "Repeatability-Request-ID",
    "a repeated request with the same value finds the drain that the first one started",
    "header",
    {"type": "string", "maxLength": 200},
)
_IF_MATCH = Parameter("If-Match", "the drain's ETag as it was read, or *", "header", required=True)
_WATCH = ("Location", "Operation-Location", "Retry-After", "ETag")

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "StartDrain", "POST", "drains", "Start a drain",
        "Takes session hosts of one pool out for maintenance and puts them back. Answers at once; "
        "`Location` is polled until the drain is over. With `dryRun=true` it answers what the drain "
        "would do, and touches nothing.",
        {202: shapes.DrainView, 200: shapes.PlanView}, (400, 403, 404, 409),
        body=bodies.StartBody, example=_REQUEST,
        parameters=(
            Parameter("dryRun", "say what it would do, and touch nothing", kind={"type": "boolean"}),
            _REPEAT,
        ),
        headers={202: _WATCH}, polls=True,
    ),
    Operation(
        "ListDrains", "GET", "drains", "List drains", "All drains, newest first.",
        {200: shapes.DrainList}, (400,),
        parameters=(
            _OF_POOL,
            Parameter("status", "only with this status"),
            _TOP, _SKIP,
        ),
    ),
    Operation(
        "GetDrain", "GET", "drains/{id}", "Get a drain",
        "Where each host stands, what it waits for and since when.",
        {200: shapes.DrainView}, (404,), headers={200: ("ETag", "Retry-After")},
    ),
    Operation(
        "GetDrainResult", "GET", "drains/{id}/result", "Wait for a drain",
        "202 while the drain runs, 200 with what came of it when it succeeded, 409 when it failed "
        "or was canceled: the error names the hosts to look at.",
        {202: shapes.OperationView, 200: shapes.ResultView}, (404, 409),
        headers={202: _WATCH}, polls=True,
    ),
    Operation(
        "GetOperation", "GET", "operations/{id}", "Get the status of a drain",
        "The status monitor of the Microsoft REST guidelines: always 200.",
        {200: shapes.OperationView}, (404,), headers={200: ("Retry-After",)},
    ),
    Operation(
        "GetDrainHistory", "GET", "drains/{id}/history", "Get a drain's history",
        "What was done, when, at whose request and why; oldest first.",
        {200: shapes.History}, (400, 404), parameters=(_TOP, _SKIP),
    ),
    *(
        Operation(
            f"{name.capitalize()}Drain", "POST", f"drains/{{id}}/{name}", summary, meaning,
            {200: shapes.DrainView}, errors, body=body, optional_body=optional, example=example,
            parameters=(_IF_MATCH,), headers={200: ("ETag", "Retry-After")},
        )
        for name, summary, meaning, body, optional, example, errors in (
            ("release", "Say that maintenance is done",
             "For hosts that wait for it: kinds `hold` and `deallocate`.", bodies.ReleaseBody, True,
             {"hosts": ["avd-fin-1"], "reason": "patched"}, (400, 404, 409, 412, 428)),
            ("extend", "Give users more time", "Moves the deadline of hosts.", bodies.ExtendBody,
             False, {"by": "PT1H", "reason": "month end"}, (400, 404, 412, 428)),
            ("skip", "Leave hosts out after all", "One that is out is put back.",
             bodies.HostsBody, False, {"hosts": ["avd-fin-5"]}, (400, 404, 412, 428)),
            ("add", "Add hosts", "Hosts of the pool that no drain has.", bodies.HostsBody, False,
             {"hosts": ["avd-fin-4"]}, (400, 403, 404, 409, 412, 428)),
            ("pause", "Pause a drain",
             "No new host goes out, nobody is signed out, no maintenance begins.",
             bodies.PauseBody, True, {"stopClocks": True, "reason": "lunch"},
             (400, 404, 412, 428)),
            ("resume", "Resume a drain", "Ends a pause.", bodies.OrderBody, True, {},
             (400, 404, 412, 428)),
            ("cancel", "Cancel a drain", "Puts back what is out, and takes no further host out.",
             bodies.OrderBody, True, {"reason": "not tonight"}, (400, 404, 412, 428)),
        )
    ),
    Operation(
        "AnswerWebhook", "POST", "drains/{id}/answers/{token}", "Answer for a host",
        "What a webhook says of the host that it was given, at the address that it was given.",
        {200: shapes.Answered}, (400, 404, 409), body=bodies.AnswerBody,
        example={"status": "Succeeded", "message": "patched"}, keyed=False,
    ),
    Operation(
        "Subscribe", "POST", "subscriptions", "Subscribe to a drain",
        "Calls `callbackUrl` when the drain is over, or at each phase, until that is acknowledged. "
        "The drain is one that is there, or one that the same request starts. The same address "
        "subscribes to a drain once.",
        {201: shapes.SubscriptionView, 200: shapes.SubscriptionView}, (400, 403, 404, 409),
        body=bodies.SubscribeBody,
        example={"callbackUrl": "https://prod-1.westeurope.logic.azure.com/workflows/…",
                 "start": _REQUEST, "cancelOnUnsubscribe": True},
        headers={201: ("Location",)},
    ),
    Operation(
        "GetSubscription", "GET", "subscriptions/{id}", "Get a subscription",
        "How far the calls to a subscriber are.", {200: shapes.SubscriptionView}, (404,),
    ),
    Operation(
        "Unsubscribe", "DELETE", "subscriptions/{id}", "Unsubscribe",
        "Nothing more is told. The drain is canceled if the subscription asked for that.",
        {200: shapes.SubscriptionView}, (404,),
    ),
    Operation(
        "UnsubscribeCallback", "POST", "subscriptions/end", "Unsubscribe a callback address",
        "The same, for a caller that knows only its callback address.",
        {200: shapes.SubscriptionView}, (400, 404), body=bodies.UnsubscribeBody,
        example={"callbackUrl": "https://prod-1.westeurope.logic.azure.com/workflows/…"},
    ),
    Operation(
        "ListEvents", "GET", "events", "List the events that came",
        "Newest first: what each asked for, and what came of it.",
        {200: shapes.EventList}, (400,), parameters=(_TOP, _SKIP),
    ),
    Operation(
        "SimulateEvent", "POST", "events/simulate", "Say what an event would do",
        "Takes an event as its source publishes it, in Event Grid's schema or as CloudEvents 1.0, or "
        "an alert in the common alert schema. Nothing is touched.",
        {200: shapes.ForeseenView}, (400,), body=shapes.EventBody, example=_ALERT,
    ),
    Operation(
        "TakeAlert", "POST", "alerts", "Take an alert",
        "An alert of Azure Monitor in the common alert schema, as an action group posts it. What it "
        "does is the setting EVENT_RULES to say.",
        {202: shapes.HeardView}, (400,), body=shapes.AlertBody, example=_ALERT,
    ),
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
        body=CampaignBody, example=_CAMPAIGN,
        parameters=(
            Parameter("dryRun", "say what it would do, and touch nothing", kind={"type": "boolean"}),
            _REPEAT,
        ),
        headers={202: ("Location", "Retry-After")},
    ),
    Operation(
        "ListCampaigns", "GET", "campaigns", "List campaigns", "The newest first.",
        {200: shapes.CampaignList}, (400,),
    ),
    Operation(
        "GetCampaign", "GET", "campaigns/{id}", "Get a campaign",
        "Which wave it is in, which drains it has started, and how they go.",
        {200: shapes.CampaignView}, (404,),
    ),
    *(
        Operation(
            f"{name.capitalize()}Campaign", "POST", f"campaigns/{{id}}/{name}", summary, meaning,
            {200: shapes.CampaignView}, (400, 404), body=bodies.OrderBody, optional_body=True,
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
        {201: shapes.ScheduleView, 200: shapes.ScheduleView}, (400, 409), body=ScheduleBody,
        example={"cron": "0 22 * * 1-5", "timeZone": "Europe/Berlin", "drain": _REQUEST},
    ),
    Operation(
        "ListSchedules", "GET", "schedules", "List schedules", "By name.",
        {200: shapes.ScheduleList}, (400,),
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
        {200: shapes.RunList}, (400, 404), parameters=(_SKIP,),
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
    Operation(
        "ListClaims", "GET", "claims", "List the hosts that are out",
        "Every host that a drain has out, left in drain mode on purpose, or that the watchdog put "
        "back.",
        {200: shapes.ClaimList}, (400,), parameters=(_OF_POOL,),
    ),
)  # fmt: skip
"""In the order in which a reader wants them."""
