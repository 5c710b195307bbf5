"""Resource health events of virtual machines, from Event Grid's topic ``...HealthResources``.

``ResourceAnnotated`` is what the platform says of a machine's health; the names are from the
vendor's page on resource health annotations. ``AvailabilityStatusChanged``: a machine that is
available again needs no drain for its health any more. A machine that becomes unavailable asks for
no drain either: it is too late then.
"""

from datetime import timedelta

from shared.core.events.signals import (
    Ignored,
    Malformed,
    Reading,
    Says,
    Signal,
    Source,
    machine_key,
)
from shared.events.envelope import Context, Envelope, Translators
from shared.events.fields import Fields, machine_of

ANNOTATED = "Microsoft.ResourceNotifications.HealthResources.ResourceAnnotated"
AVAILABILITY = "Microsoft.ResourceNotifications.HealthResources.AvailabilityStatusChanged"
SENSE = timedelta(days=1)
"""Event Grid tries to deliver an event for one day. By then the machine has been moved."""

MEANS: dict[str, Source] = {
    "VirtualMachineMigrationScheduledForDegradedHardware": Source.PREDICTED_LOSS,
    "VirtualMachinePossiblyDegradedDueToHardwareFailure": Source.PREDICTED_LOSS,
    "VirtualMachinePossiblyDegradedDueToHardwareFailureWithRedeployDeadline": Source.PREDICTED_LOSS,
    "VirtualMachineScheduledForServiceHealing": Source.PREDICTED_LOSS,
    "VirtualMachineMigrationInitiatedForPlannedMaintenance": Source.PLATFORM_MAINTENANCE,
    "VirtualMachineRebootInitiatedForPlannedMaintenance": Source.PLATFORM_MAINTENANCE,
    "VirtualMachinePlannedFreezeStarted": Source.PLATFORM_MAINTENANCE,
}
"""The annotations that ask for a drain. All others say what has happened, or what a customer
did."""

_MEANS = {name.lower(): source for name, source in MEANS.items()}


def annotated(event: Envelope, context: Context) -> Reading:
    machine, payload = _target_of(event)
    if not machine:
        return _no_machine(payload)
    annotation = payload.text("annotationName")
    if payload.faults:
        return Malformed(tuple(payload.faults))
    if payload.peek("context").lower().replace(" ", "").startswith("customer"):
        return Ignored(f"'{annotation[:100]}' is what a customer did")
    source = _MEANS.get(annotation.lower())
    if source is None:
        return Ignored(f"'{annotation[:100]}' asks for nothing")
    happened_at = payload.time("occurredTime")
    if happened_at is None:
        return Malformed(tuple(payload.faults))
    happened_at = context.happened_at(happened_at)
    return Signal(
        event.key, Says.DRAIN, context.now, happened_at, payload.peek("reason")[:500] or annotation,
        source=source, machines=(machine,), about=_about(machine), stale_at=happened_at + SENSE,
        facts={"annotation": annotation},
    )  # fmt: skip


def availability(event: Envelope, context: Context) -> Reading:
    machine, payload = _target_of(event)
    if not machine:
        return _no_machine(payload)
    state = payload.text("availabilityState")
    if state and state.lower() != "available":
        return Ignored(f"a machine that is '{state[:100]}' is drained for nothing")
    happened_at = payload.time("occurredTime")
    if payload.faults or happened_at is None:
        return Malformed(tuple(payload.faults))
    happened_at = context.happened_at(happened_at)
    before = payload.peek("previousAvailabilityState")[:100]
    return Signal(
        event.key, Says.RECOVERED, context.now, happened_at,
        f"its machine is available again; before it was {before or 'something else'}",
        ends=(Source.PREDICTED_LOSS, Source.PLATFORM_MAINTENANCE), machines=(machine,),
        about=_about(machine),
    )  # fmt: skip


def _target_of(event: Envelope) -> tuple[str, Fields]:
    """The VM that the event is about, empty if it is about none, and the event's properties. An
    event that does not say what it is about is at fault; one about another kind of resource is
    not."""
    payload = Fields(event.data, []).object("resourceInfo").object("properties")
    target = payload.peek("targetResourceId") or event.subject
    if not target:
        payload.fault("targetResourceId", "a text")
    return machine_of(target), payload


def _no_machine(payload: Fields) -> Reading:
    if payload.faults:
        return Malformed(tuple(payload.faults))
    return Ignored("it is about no virtual machine")


def _about(machine: str) -> str:
    return f"health {machine_key(machine)}"


TYPES: Translators[Reading] = {
    ANNOTATED: annotated,
    AVAILABILITY: availability,
}
