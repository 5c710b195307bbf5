"""``...HealthResources.ResourceAnnotated``: what the platform says of a machine's health.

The names are those of the vendor's page on resource health annotations of virtual machines.
"""

from datetime import timedelta

from shared.core.events.notices import Notice, Says, Source
from shared.engine.events.hearing import Ignored, Intent, Malformed
from shared.events.envelope import Context, Envelope
from shared.events.health import about, target_of

TYPE = "Microsoft.ResourceNotifications.HealthResources.ResourceAnnotated"
SENSE = timedelta(days=1)
"""Event Grid tries for so long to deliver an event; by then the machine has been moved."""

MEANS: dict[str, Source] = {
    "VirtualMachineMigrationScheduledForDegradedHardware": Source.PREDICTED_LOSS,
    "VirtualMachinePossiblyDegradedDueToHardwareFailure": Source.PREDICTED_LOSS,
    "VirtualMachinePossiblyDegradedDueToHardwareFailureWithRedeployDeadline": Source.PREDICTED_LOSS,
    "VirtualMachineScheduledForServiceHealing": Source.PREDICTED_LOSS,
    "VirtualMachineMigrationInitiatedForPlannedMaintenance": Source.PLATFORM_MAINTENANCE,
    "VirtualMachineRebootInitiatedForPlannedMaintenance": Source.PLATFORM_MAINTENANCE,
    "VirtualMachinePlannedFreezeStarted": Source.PLATFORM_MAINTENANCE,
}
"""Annotations that ask for a drain. All others say what has happened, or what a customer did."""

_MEANS = {name.lower(): source for name, source in MEANS.items()}


def translate(event: Envelope, context: Context) -> Intent:
    machine, told = target_of(event)
    if not machine:
        return (
            Malformed(tuple(told.faults))
            if told.faults
            else Ignored("it is about no virtual machine")
        )
    annotation = told.text("annotationName")
    if told.faults:
        return Malformed(tuple(told.faults))
    if told.peek("context").lower().replace(" ", "").startswith("customer"):
        return Ignored(f"'{annotation[:100]}' is what a customer did")
    source = _MEANS.get(annotation.lower())
    if source is None:
        return Ignored(f"'{annotation[:100]}' asks for nothing")
    happened_at = told.time("occurredTime")
    if happened_at is None:
        return Malformed(tuple(told.faults))
    return Notice(
        event.key,
        Says.DRAIN,
        context.now,
        happened_at,
        told.peek("reason")[:500] or annotation,
        source=source,
        machines=(machine,),
        about=about(machine),
        stale_at=happened_at + SENSE,
        facts={"annotation": annotation},
    )
