"""``...MaintenanceResources.ScheduledEventEmitted`` (preview): the platform will freeze, reboot,
redeploy or remove machines, not before a time.

One event may be about several machines of a resource group, which it names by their short names.
"""

from datetime import timedelta

from shared.core.notices import Notice, Says, Source
from shared.engine.hearing import Ignored, Intent, Malformed
from shared.events.envelope import Context, Envelope
from shared.events.fields import Fields, time_of

TYPE = "Microsoft.ResourceNotifications.MaintenanceResources.ScheduledEventEmitted"
SENSE = timedelta(minutes=15)
"""After its time: then it has happened, and its word that it is over is on its way."""

_OVER = ("completed", "canceled", "cancelled")


def translate(event: Envelope, context: Context) -> Intent:
    info = Fields(event.data, []).object("resourceInfo")
    told = info.object("properties")
    status, kind = told.text("EventStatus"), told.text("EventType")
    event_id, by = told.text("EventId"), told.text("EventSource", optional=True)
    not_before = told.text("NotBefore", optional=True)
    names = told.texts("Resources")
    scope = info.text("id")
    if told.faults:
        return Malformed(tuple(told.faults))
    machines = tuple(_vm(scope, name) for name in names)
    about = f"scheduled event {event_id.lower()}"
    happened_at = event.at or context.now
    if status.lower() in _OVER:
        text = f"the scheduled {kind} is {status.lower()}"
        return Notice(
            event.key, Says.OVER, context.now, happened_at, text,
            ends=(Source.SCHEDULED_EVENT,), machines=machines, about=about,
        )  # fmt: skip
    if status.lower() != "scheduled":
        return Ignored(f"a scheduled event that is '{status[:100]}' asks for nothing")
    if by.lower() == "user":
        return Ignored("an authorized user asked for it")
    at = time_of(not_before)
    if at is None:
        return Malformed(("'data.resourceInfo.properties.NotBefore' is missing, or not a time",))
    return Notice(
        event.key,
        Says.DRAIN,
        context.now,
        happened_at,
        f"the platform will {kind.lower()} its machine",
        source=Source.SCHEDULED_EVENT,
        machines=machines,
        about=about,
        by=at,
        stale_at=at + SENSE,
        facts={"eventType": kind},
    )


def _vm(scope: str, name: str) -> str:
    """The vendor's page on scheduled events by Event Grid puts it together like this."""
    if name.startswith("/subscriptions/"):
        return name
    group = "/".join(scope.split("/")[:5])
    return f"{group}/providers/Microsoft.Compute/virtualMachines/{name}"
