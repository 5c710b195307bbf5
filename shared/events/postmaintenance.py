"""``Microsoft.Maintenance.PostMaintenanceEvent``: Azure Update Manager has patched machines."""

from shared.core.events.notices import Notice, Says, Source
from shared.engine.events.hearing import Intent, Malformed
from shared.events.envelope import Context, Envelope
from shared.events.updatemanager import about, run_of

TYPE = "Microsoft.Maintenance.PostMaintenanceEvent"


def translate(event: Envelope, context: Context) -> Intent:
    run, data = run_of(event)
    status = data.peek("status")[:100]
    if run is None or data.faults:
        return Malformed(tuple(data.faults))
    return Notice(
        event.key,
        Says.OVER,
        context.now,
        event.at or context.now,
        f"Update Manager says that the run is over: {status or 'without a status'}",
        ends=(Source.UPDATE_MANAGER,),
        about=about(run),
        run=run,
    )
