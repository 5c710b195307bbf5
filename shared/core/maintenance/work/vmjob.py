"""A power operation on a VM that is requested once: how it begins and how far it is.

If the answer to the request was lost, the VM itself is looked at: an operation that is running, or
that ended since, is ours. Nothing is requested again before this is known.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.core.host.actions import Power, PowerAction
from shared.core.host.host import Ending, HostRecord, Job
from shared.core.host.phases import Phase
from shared.core.maintenance.work.work import (
    Begin,
    Ended,
    Finished,
    HostLook,
    Needs,
    NeverBegan,
    NotYet,
    Progress,
)
from shared.core.observation.seen import MachineSeen, OperationState, Part, Seen
from shared.core.values.pace import Pace

UNWATCHED_AFTER = timedelta(minutes=10)
"""How long to go on asking for an operation whose state cannot be read. After that its VM is looked
at."""


@dataclass(frozen=True, slots=True)
class Over:
    """The operation ended well."""

    text: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The operation failed, or is not known to have ended in time."""

    text: str


def needs(host: HostRecord, job: Job | None) -> Needs:
    """What the look must read: the operation if its address is known, else the VM."""
    if job is not None and job.asked_at is not None and job.operation is not None:
        return Needs() if job.over else Needs(operation=job.operation)
    return Needs(machine=host.vm_id)


def note_unwatched(host: HostRecord, seen: Seen, now: datetime) -> HostRecord:
    """The host without the address of an operation whose state cannot be read: from the next look
    on its VM is looked at."""
    lack = seen.lack(Part.OPERATION, host.key)
    job, stopping = host.maintenance.job, host.stopping
    since = host.unread_since if stopping is None else stopping.asked_at
    lasted = since is not None and now >= since + UNWATCHED_AFTER
    if lack is None or not (lack.final or lasted):
        return host
    if stopping is not None and stopping.operation is not None:
        return replace(host, stopping=replace(stopping, operation=None, unsure_since=now))
    if job is None or job.operation is None:
        return host
    unwatched = replace(job, operation=None, unsure_since=now)
    return replace(host, maintenance=replace(host.maintenance, job=unwatched))


def needs_of_maintenance(host: HostRecord) -> Needs:
    """The same for a host whose maintenance is one operation: from the time it is empty until the
    operation is over."""
    job = host.maintenance.job
    return needs(host, job) if job is not None or host.phase is Phase.EMPTY else Needs()


def ask(
    look: HostLook, host: HostRecord, what: PowerAction, why: str
) -> tuple[Job, Power] | NotYet:
    """The job to remember and the action that begins it, or why it cannot begin now."""
    if host.vm_id is None:
        return NotYet("vm", "the service to name its VM", look.now + look.pace.usual)
    machine = look.seen.machines.get(host.key)
    if machine is None:
        return NotYet("vm", "its VM's state", look.now + look.pace.soon)
    if machine.busy:
        return NotYet("vm", "another operation on its VM to end", look.now + look.pace.usual)
    return Job(what, machine.changed_at), Power(host.key, host.vm_id, what, why)


def untold(look: HostLook, host: HostRecord) -> NotYet | None:
    """What keeps maintenance from a VM whose power state the service does not report; None if
    nothing does. If it is stopped it must be stopped again afterwards, which nobody could know."""
    machine = look.seen.machines.get(host.key)
    if machine is None or machine.busy or machine.power:
        return None
    return NotYet("vm", "the service to tell whether its VM runs", look.now + look.pace.usual)


def begin(look: HostLook, host: HostRecord, what: PowerAction) -> Begin | NotYet:
    """Begin the host's maintenance with this operation."""
    if (unknown := untold(look, host)) is not None:
        return unknown
    asked = ask(look, host, what, "it is empty")
    if isinstance(asked, NotYet):
        return asked
    job, action = asked
    before = host.maintenance.job
    if before is not None:
        job = replace(job, refusals=before.refusals)
    noted = replace(host.maintenance, job=job)
    started = what is PowerAction.START and bool(host.stopped_before)
    return Begin(replace(host, maintenance=noted, started=host.started or started), action)


def then(look: HostLook, host: HostRecord, what: PowerAction) -> NotYet:
    """Continue the host's maintenance with this operation. While it cannot begin, the job of the
    operation before it is kept, because otherwise the VM would not be read."""
    asked = ask(look, host, what, "the next part of its maintenance")
    if isinstance(asked, NotYet):
        return replace(asked, host=host)
    job, action = asked
    before = host.maintenance.job
    if before is not None and before.what == what:
        job = replace(job, refusals=before.refusals)
    host = replace(host, maintenance=replace(host.maintenance, job=job))
    return NotYet(what, f"its VM to be {what.done}", look.now + look.pace.soon, host, action)


def watch(
    look: HostLook, host_key: str, job: Job, at_most: timedelta
) -> Over | Failed | NotYet | NeverBegan:
    """How far a requested operation is. ``at_most``: the longest time that it may take."""
    done = PowerAction(job.what).done
    if job.over:
        return Over(done)
    late = look.now >= (job.asked_at or look.now) + at_most
    operation = look.seen.operations.get(host_key)
    if job.operation is None:
        found = _find_out(job, look.seen.machines.get(host_key), look.now, look.pace)
        if not late or isinstance(found, Over):
            return found
    elif operation is not None and operation.state is OperationState.FAILED:
        return Failed(f"{job.what} failed: {operation.text}")
    elif operation is not None and operation.state is OperationState.SUCCEEDED:
        return Over(done)
    if not late:
        return NotYet(job.what, f"its VM to be {done}", look.now + look.pace.soon)
    part = Part.MACHINE if job.operation is None else Part.OPERATION
    if (lack := look.seen.lack(part, host_key)) is not None:
        return Failed(f"{job.what} is not known to have ended: {lack.text}")
    return Failed(f"{job.what} did not end within {at_most}")


def _find_out(
    job: Job, machine: MachineSeen | None, now: datetime, pace: Pace
) -> Over | NotYet | NeverBegan:
    """After a lost answer: whether the VM shows an operation that is running, or one that ended
    since."""
    done = PowerAction(job.what).done
    if machine is not None and not machine.busy:
        if machine.changed_at != job.changed_before:
            return Over(f"{done}, as its VM shows: the answer had been lost")
        if job.unsure_since is None or now >= job.unsure_since + pace.late:
            return NeverBegan(f"its VM shows no {job.what}: the request had been lost")
    return NotYet(job.what, f"its VM to show whether it is {done}", now + pace.soon)


def one_job(look: HostLook, host: HostRecord, at_most: timedelta, code: str) -> Progress:
    """How far a maintenance is that consists of one operation on the VM. ``code``: of the ending if
    it fails."""
    job = host.maintenance.job
    if job is None:
        return NeverBegan("it has not begun")
    match watch(look, host.key, job, at_most):
        case Over(text):
            return Finished(text)
        case Failed(text):
            return Ended(Ending(Phase.FAILED, code, text, attention=True))
        case open_:
            return open_
