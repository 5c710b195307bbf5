"""Drains, orders for them, and whoever waits for one."""

from shared.api.description.examples import REQUEST
from shared.api.description.operation import Operation
from shared.api.description.parameters import IDEMPOTENT, WATCH, if_match
from shared.api.views.drains.availability import AvailabilityView
from shared.api.views.drains.drain import DrainView
from shared.api.views.drains.listing import DrainList, DrainPolicy, History, HostList
from shared.api.views.drains.operation import OperationView
from shared.api.views.drains.plan import PlanView
from shared.api.views.subscription import Answered
from shared.wire import orders
from shared.wire.start import StartBody
from shared.wire.views.ending import ResultView

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "StartDrain", "start_drain", "Start a drain",
        "Takes session hosts of one pool out for maintenance and puts them back. Answers at once; "
        "`Location` is polled until the drain is over. With `dryRun=true` it answers what the drain "
        "would do, and touches nothing.",
        {202: DrainView, 200: PlanView}, (400, 403, 404, 409, 429),
        body=StartBody, example=REQUEST, parameters=IDEMPOTENT,
        headers={202: WATCH}, polls=True,
    ),
    Operation(
        "ListDrains", "list_drains", "List drains",
        "All drains, newest first, each with its hosts counted.",
        {200: DrainList}, (400,),
    ),
    Operation(
        "GetDrain", "show_drain", "Get a drain",
        "How far it is: its hosts counted by phase, what they wait for and since when, which need "
        "attention.",
        {200: DrainView}, (404,), headers={200: ("ETag", "Retry-After")},
    ),
    Operation(
        "ListDrainHosts", "drain_hosts", "List a drain's hosts",
        "Where each host stands, what it waits for and since when; by name.",
        {200: HostList}, (400, 404),
    ),
    Operation(
        "GetDrainPolicy", "drain_policy", "Get a drain's policy", "With its defaults.",
        {200: DrainPolicy}, (404,),
    ),
    Operation(
        "GetDrainAvailability", "drain_availability", "Get how a drain's pool stands against the floor",
        "How many hosts of its pool take users, and how many the policy wants to: as it was, is, and is "
        "expected to go on.",
        {200: AvailabilityView}, (404,),
    ),
    Operation(
        "GetDrainResult", "drain_result", "Wait for a drain",
        "202 while the drain runs, 200 with what came of it when it succeeded, 409 when it failed "
        "or was canceled: the error names the hosts to look at.",
        {202: OperationView, 200: ResultView}, (404, 409),
        headers={202: WATCH}, polls=True,
    ),
    Operation(
        "GetOperation", "drain_operation", "Get the status of a drain",
        "The status monitor of the Microsoft REST guidelines: always 200.",
        {200: OperationView}, (404,), headers={200: ("Retry-After",)},
    ),
    Operation(
        "GetDrainHistory", "drain_history", "Get a drain's history",
        "What was done, when, at whose request and why; oldest first.",
        {200: History}, (400, 404),
    ),
    *(
        Operation(
            f"{name.capitalize()}Drain", "order_drain", summary, meaning,
            {200: DrainView}, errors, body=body, optional_body=optional, example=example,
            parameters=(if_match("drain"),), headers={200: ("ETag", "Retry-After")},
            order=name,
        )
        for name, summary, meaning, body, optional, example, errors in (
            ("release", "Say that maintenance is done",
             "For hosts that wait for it: kinds `hold` and `deallocate`.", orders.ReleaseBody, True,
             {"hosts": ["avd-fin-1"], "reason": "patched"}, (400, 404, 409, 412, 428)),
            ("extend", "Give users more time", "Moves the deadline of hosts.", orders.ExtendBody,
             False, {"by": "PT1H", "reason": "month end"}, (400, 404, 409, 412, 428)),
            ("skip", "Leave hosts out after all", "One that is out is put back.",
             orders.HostsBody, False, {"hosts": ["avd-fin-5"]}, (400, 404, 409, 412, 428)),
            ("add", "Add hosts", "Hosts of the pool that no drain has.", orders.HostsBody, False,
             {"hosts": ["avd-fin-4"]}, (400, 403, 404, 409, 412, 428)),
            ("pause", "Pause a drain",
             "No new host goes out, nobody is signed out, no maintenance begins.",
             orders.PauseBody, True, {"stopClocks": True, "reason": "lunch"},
             (400, 404, 409, 412, 428)),
            ("resume", "Resume a drain", "Ends a pause.", orders.OrderBody, True, {},
             (400, 404, 409, 412, 428)),
            ("cancel", "Cancel a drain", "Puts back what is out, and takes no further host out.",
             orders.OrderBody, True, {"reason": "not tonight"}, (400, 404, 409, 412, 428)),
        )
    ),
    Operation(
        "AnswerWebhook", "hear_webhook", "Answer for a host",
        "What a webhook says of the host that it was given, at the address that it was given.",
        {200: Answered}, (400, 404, 409), body=orders.AnswerBody,
        example={"status": "Succeeded", "message": "patched"},
    ),
)  # fmt: skip
