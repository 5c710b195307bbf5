"""Azure Update Manager is about to patch machines (``PreMaintenanceEvent``), or has patched them
(``PostMaintenanceEvent``). Its events name a maintenance run and no machines; the engine finds the
machines by the run."""

from dataclasses import replace

from shared.core.events.signals import Malformed, Reading, RunTold, Says, Signal, Source
from shared.core.values.resources import is_run
from shared.events.envelope import Context, Envelope, Translators
from shared.events.fields import Fields

BEFORE = "Microsoft.Maintenance.PreMaintenanceEvent"
AFTER = "Microsoft.Maintenance.PostMaintenanceEvent"


def before(event: Envelope, context: Context) -> Reading:
    """A run is about to patch its machines: they must be drained."""
    run, data = _run_of(event)
    cut_off = data.time("cancellationCutOffDateTime", optional=True)
    if run is None or data.faults:
        return Malformed(tuple(data.faults))
    return Signal(
        event.key, Says.DRAIN, context.now, context.happened_at(event.at),
        f"updates by '{_name_of(run)}', {run.starts_at:%H:%M} to {run.ends_at:%H:%M} UTC",
        source=Source.UPDATE_MANAGER, about=_about(run), run=replace(run, cut_off=cut_off or run.starts_at),
        stale_at=run.ends_at,
    )  # fmt: skip


def after(event: Envelope, context: Context) -> Reading:
    """A run is over: the hosts that were out for it may go back."""
    run, data = _run_of(event)
    status = data.peek("status")[:100]
    if run is None or data.faults:
        return Malformed(tuple(data.faults))
    return Signal(
        event.key, Says.OVER, context.now, context.happened_at(event.at),
        f"Update Manager says that the run is over: {status or 'without a status'}",
        ends=(Source.UPDATE_MANAGER,), about=_about(run), run=run,
    )  # fmt: skip


def _run_of(event: Envelope) -> tuple[RunTold | None, Fields]:
    """The maintenance run and the event's data. The run is None, with faults, if the event does not
    describe it."""
    data = Fields(event.data, [])
    run = data.text("correlationId")
    if run and not is_run(run):
        data.fault("correlationId", "the resource id of a maintenance run")
    starts_at, ends_at = data.time("startDateTime"), data.time("endDateTime")
    subscriptions = data.texts("resourceSubscriptionIds")
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        data.fault("endDateTime", "after 'startDateTime'")
    if data.faults or starts_at is None or ends_at is None:
        return None, data
    payload = tuple(s.rsplit("/", 1)[-1].lower() for s in subscriptions)
    return RunTold(run, payload, starts_at, ends_at), data


def _about(run: RunTold) -> str:
    return f"run {run.id.lower()}"


def _name_of(run: RunTold) -> str:
    """The name of the maintenance configuration."""
    return run.id.split("/")[8]


TYPES: Translators[Reading] = {BEFORE: before, AFTER: after}
