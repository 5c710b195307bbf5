"""Events and alerts."""

from shared.api import shapes
from shared.api.operations.common import ALERT, SKIP, TOP
from shared.api.operations.kinds import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "ListEvents", "GET", "events", "List the events that came",
        "Newest first: what each asked for, and what came of it.",
        {200: shapes.EventList}, (400,), parameters=(TOP, SKIP),
    ),
    Operation(
        "SimulateEvent", "POST", "events/simulate", "Say what an event would do",
        "Takes an event as its source publishes it, in Event Grid's schema or as CloudEvents 1.0, or "
        "an alert in the common alert schema. Nothing is touched.",
        {200: shapes.ForeseenView}, (400,), body=shapes.EventBody, example=ALERT,
    ),
    Operation(
        "TakeAlert", "POST", "alerts", "Take an alert",
        "An alert of Azure Monitor in the common alert schema, as an action group posts it. What it "
        "does is the setting EVENT_RULES to say.",
        {202: shapes.HeardView}, (400,), body=shapes.AlertBody, example=ALERT,
    ),
)  # fmt: skip
