"""Events and alerts."""

from shared.api.description.bodies import AlertBody, EventBody
from shared.api.description.examples import ALERT
from shared.api.description.operation import Operation
from shared.api.views.event import EventList, EventView, ForeseenView

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "ListEvents", "list_events", "List the events that came",
        "Newest first: what each asked for, and what came of it.",
        {200: EventList}, (400,),
    ),
    Operation(
        "SimulateEvent", "simulate_event", "Say what an event would do",
        "Takes an event as its source publishes it, in Event Grid's schema or as CloudEvents 1.0, or "
        "an alert in the common alert schema. Nothing is touched.",
        {200: ForeseenView}, (400,), body=EventBody, example=ALERT,
    ),
    Operation(
        "TakeAlert", "hear_alert", "Take an alert",
        "An alert of Azure Monitor in the common alert schema, as an action group posts it. What it "
        "does is the setting EVENT_RULES to say.",
        {202: EventView}, (400,), body=AlertBody, example=ALERT,
    ),
)  # fmt: skip
