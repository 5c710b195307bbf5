"""``...MaintenanceResources.ScheduledEventEmitted`` (preview): the platform will freeze, reboot,
redeploy or remove machines, at a given time or later.

One event may be about several machines of a resource group; it gives their short names.
"""

from datetime import timedelta

from shared.core.events.signals import Ignored, Malformed, Reading, Says, Signal, Source
from shared.events.envelope import Context, Envelope, Translators
from shared.events.fields import Fields, machine_of

TYPE = "Microsoft.ResourceNotifications.MaintenanceResources.ScheduledEventEmitted"
SENSE = timedelta(minutes=15)
"""How long after its time the event is still of use. Then it has happened, and the event that says
it is over is on its way."""

_OVER = ("completed", "canceled", "cancelled")


def translate(event: Envelope, context: Context) -> Reading:
    info = Fields(event.data, []).object("resourceInfo")
    payload = info.object("properties")
    status = payload.text("EventStatus")
    over = status.lower() in _OVER
    if payload.faults:
        return Malformed(tuple(payload.faults))
    if not over and status.lower() != "scheduled":
        return Ignored(f"a scheduled event that is '{status[:100]}' asks for nothing")
    if not over and payload.peek("EventSource").lower() == "user":
        return Ignored("an authorized user asked for it")
    if (type_ := payload.peek("ResourceType")) and "virtualmachine" not in type_.lower():
        return Ignored(f"it is about '{type_[:100]}', and no virtual machine")
    event_id, names = payload.text("EventId"), payload.texts("Resources")
    kind = payload.peek("EventType")[:100]
    scope = info.text("id") if not all(machine_of(name) for name in names) else ""
    if payload.faults:
        return Malformed(tuple(payload.faults))
    machines = tuple(dict.fromkeys(_vm(scope, name) for name in names))
    about = f"scheduled event {event_id.lower()}"
    happened_at = context.happened_at(event.at)
    if over:
        text = f"the scheduled {kind or 'event'} is {status.lower()}"
        return Signal(
            event.key, Says.OVER, context.now, happened_at, text,
            ends=(Source.SCHEDULED_EVENT,), machines=machines, about=about,
        )  # fmt: skip
    at = payload.time("NotBefore")
    if at is None:
        return Malformed(tuple(payload.faults))
    return Signal(
        event.key, Says.DRAIN, context.now, happened_at,
        f"the platform will {kind.lower() or 'touch'} its machine",
        source=Source.SCHEDULED_EVENT, machines=machines, about=about, by=at, stale_at=at + SENSE,
        facts={"eventType": kind},
    )  # fmt: skip


def _vm(scope: str, name: str) -> str:
    """The resource id of a VM with a short name, put together as the vendor's page on scheduled
    events by Event Grid says."""
    if machine := machine_of(name):
        return machine
    group = "/".join(scope.split("/")[:5])
    return f"{group}/providers/Microsoft.Compute/virtualMachines/{name}"


TYPES: Translators[Reading] = {TYPE: translate}
