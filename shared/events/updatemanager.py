"""What the two events of Azure Update Manager have in common: the run that they are about. It names
no machines; those are found by it."""

from shared.core.events.notices import RunTold
from shared.core.maintenance.updaterun import is_run
from shared.events.envelope import Envelope
from shared.events.fields import Fields


def run_of(event: Envelope) -> tuple[RunTold | None, Fields]:
    """None, with faults, if the event does not tell it."""
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
    told = tuple(s.rsplit("/", 1)[-1].lower() for s in subscriptions)
    return RunTold(run, told, starts_at, ends_at), data


def about(run: RunTold) -> str:
    return f"run {run.id.lower()}"


def name_of(run: RunTold) -> str:
    """The maintenance configuration's."""
    return run.id.split("/")[8]
