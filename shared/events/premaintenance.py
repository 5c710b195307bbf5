"""``Microsoft.Maintenance.PreMaintenanceEvent``: Azure Update Manager is about to patch machines."""

from dataclasses import replace

from shared.core.events.notices import Notice, Says, Source
from shared.engine.events.hearing import Intent, Malformed
from shared.events.envelope import Context, Envelope
from shared.events.updatemanager import about, name_of, run_of

TYPE = "Microsoft.Maintenance.PreMaintenanceEvent"


def translate(event: Envelope, context: Context) -> Intent:
    run, data = run_of(event)
    cut_off = data.time("cancellationCutOffDateTime")
    if run is None or cut_off is None:
        return Malformed(tuple(data.faults))
    return Notice(
        event.key,
        Says.DRAIN,
        context.now,
        event.at or context.now,
        f"updates by '{name_of(run)}', {run.starts_at:%H:%M} to {run.ends_at:%H:%M} UTC",
        source=Source.UPDATE_MANAGER,
        about=about(run),
        run=replace(run, cut_off=cut_off),
        stale_at=run.ends_at,
    )
