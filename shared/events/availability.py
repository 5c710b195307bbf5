"""``...HealthResources.AvailabilityStatusChanged``: a machine that is available again needs no drain
for its health. That it is not available asks for none either: it is too late then."""

from shared.core.events.notices import Notice, Says, Source
from shared.engine.events.hearing import Ignored, Intent, Malformed
from shared.events.envelope import Context, Envelope
from shared.events.health import about, target_of

TYPE = "Microsoft.ResourceNotifications.HealthResources.AvailabilityStatusChanged"


def translate(event: Envelope, context: Context) -> Intent:
    machine, told = target_of(event)
    if not machine:
        return (
            Malformed(tuple(told.faults))
            if told.faults
            else Ignored("it is about no virtual machine")
        )
    state = told.text("availabilityState")
    if state and state.lower() != "available":
        return Ignored(f"a machine that is '{state[:100]}' is drained for nothing")
    happened_at = told.time("occurredTime")
    if told.faults or happened_at is None:
        return Malformed(tuple(told.faults))
    before = told.peek("previousAvailabilityState")[:100]
    return Notice(
        event.key,
        Says.RECOVERED,
        context.now,
        happened_at,
        f"its machine is available again; before it was {before or 'something else'}",
        ends=(Source.PREDICTED_LOSS, Source.PLATFORM_MAINTENANCE),
        machines=(machine,),
        about=about(machine),
    )
