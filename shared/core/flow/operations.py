"""What becomes of a host after the outcome of a power operation on its VM."""

from dataclasses import replace
from datetime import datetime

from shared.core.host.actions import Power
from shared.core.host.host import Ending, HostRecord, Job
from shared.core.host.outcome import Accepted, Gone, NotTried, Outcome, Refused, Unknown
from shared.core.host.phases import Phase
from shared.core.host.turn import waiting

MOST_REFUSALS = 5
"""How often a request may be refused before it is given up."""


def power(host: HostRecord, action: Power, outcome: Outcome, now: datetime) -> HostRecord:
    """The host after the outcome of an operation of its maintenance or, while it is being restored,
    of the one that stops its VM again."""
    stopping = host.phase is Phase.RESTORING
    job = (host.stopping if stopping else host.maintenance.job) or Job(action.what)
    match outcome:
        case Accepted(value):
            job = replace(job, asked_at=now, operation=value, unsure_since=None)
        case Unknown():
            job = replace(job, asked_at=now, operation=None, unsure_since=now)
        case Refused(text, final):
            job = replace(job, asked_at=None, refusals=job.refusals + 1)
            if final or job.refusals >= MOST_REFUSALS:
                return _power_refused(host, action, job, text)
            return _noted(replace(host, trouble=text), job, stopping)
        case Gone():
            return _power_refused(host, action, job, "its VM no longer exists")
        case NotTried():
            return host
    host = _noted(replace(host, trouble=""), job, stopping)
    return host if stopping else begun(host, now, action.what, f"its VM to be {action.what.done}")


def _noted(host: HostRecord, job: Job, stopping: bool) -> HostRecord:
    if stopping:
        return replace(host, stopping=job)
    return replace(host, maintenance=replace(host.maintenance, job=job))


def _power_refused(host: HostRecord, action: Power, job: Job, text: str) -> HostRecord:
    name = f"{action.what[0].upper()}{action.what[1:]}"
    ending = Ending(Phase.FAILED, f"{name}Refused", f"{action.what} refused: {text}", True)
    if host.phase is Phase.RESTORING:
        return replace(host, stopping=replace(job, over=True), ending=ending)
    return replace(_noted(host, job, stopping=False), trouble=text, ending=ending)


def begun(host: HostRecord, now: datetime, code: str, text: str) -> HostRecord:
    """The host once the first part of its maintenance has begun. A later part does not change its
    phase."""
    if host.phase is not Phase.EMPTY:
        return host
    host = replace(host, maintenance=replace(host.maintenance, begun_at=now))
    return waiting(host.moved(Phase.MAINTAINING, now), code, text, now, now)
