"""Drains, and orders for them."""

from shared.api import shapes
from shared.api.operations.common import IF_MATCH, OF_POOL, REPEAT, REQUEST, SKIP, TOP, WATCH
from shared.api.operations.kinds import Operation, Parameter
from shared.wire import orders
from shared.wire.start import StartBody

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "StartDrain", "POST", "drains", "Start a drain",
        "Takes session hosts of one pool out for maintenance and puts them back. Answers at once; "
        "`Location` is polled until the drain is over. With `dryRun=true` it answers what the drain "
        "would do, and touches nothing.",
        {202: shapes.DrainView, 200: shapes.PlanView}, (400, 403, 404, 409),
        body=StartBody, example=REQUEST,
        parameters=(
            Parameter("dryRun", "say what it would do, and touch nothing", kind={"type": "boolean"}),
            REPEAT,
        ),
        headers={202: WATCH}, polls=True,
    ),
    Operation(
        "ListDrains", "GET", "drains", "List drains", "All drains, newest first.",
        {200: shapes.DrainList}, (400,),
        parameters=(
            OF_POOL,
            Parameter("status", "only with this status"),
            TOP, SKIP,
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
        headers={202: WATCH}, polls=True,
    ),
    Operation(
        "GetOperation", "GET", "operations/{id}", "Get the status of a drain",
        "The status monitor of the Microsoft REST guidelines: always 200.",
        {200: shapes.OperationView}, (404,), headers={200: ("Retry-After",)},
    ),
    Operation(
        "GetDrainHistory", "GET", "drains/{id}/history", "Get a drain's history",
        "What was done, when, at whose request and why; oldest first.",
        {200: shapes.History}, (400, 404), parameters=(TOP, SKIP),
    ),
    *(
        Operation(
            f"{name.capitalize()}Drain", "POST", f"drains/{{id}}/{name}", summary, meaning,
            {200: shapes.DrainView}, errors, body=body, optional_body=optional, example=example,
            parameters=(IF_MATCH,), headers={200: ("ETag", "Retry-After")},
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
        "ListClaims", "GET", "claims", "List the hosts that are out",
        "Every host that a drain has out, left in drain mode on purpose, or that the watchdog put "
        "back.",
        {200: shapes.ClaimList}, (400,), parameters=(OF_POOL,),
    ),
)  # fmt: skip
