"""Deallocate the VM, and start it again when the host is released or a time has passed."""

from dataclasses import replace
from datetime import datetime

from shared.core.host.actions import PowerAction
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord, Job
from shared.core.host.phases import Phase
from shared.core.host.turn import stopped_ending
from shared.core.maintenance.deallocate import Deallocate
from shared.core.maintenance.work import vmjob
from shared.core.maintenance.work.hold import expired
from shared.core.maintenance.work.work import (
    Begin,
    Ended,
    Finished,
    HostLook,
    Needs,
    NeverBegan,
    NotYet,
    Progress,
    Work,
)
from shared.core.values.pace import Pace


class DeallocateWork(Work[Deallocate]):
    """The VM is deallocated, waits, and is started."""

    __slots__ = ()

    def needs(self, host: HostRecord) -> Needs:
        job = host.maintenance.job
        if job is not None and job.over:
            return Needs(machine=host.vm_id)
        return vmjob.needs_of_maintenance(host)

    def begin(self, look: HostLook, host: HostRecord) -> Begin | NotYet:
        if host.stopped_before:
            return Begin(host)
        return vmjob.begin(look, host, PowerAction.DEALLOCATE)

    def look(self, look: HostLook, host: HostRecord) -> Progress:
        job = host.maintenance.job
        if job is not None and job.what == PowerAction.START:
            return self._starting(look, host, job)
        if job is not None and not job.over:
            match vmjob.watch(look, host.key, job, self.asked.time_limit):
                case vmjob.Over(_):
                    job = replace(job, over=True)
                    host = replace(host, maintenance=replace(host.maintenance, job=job))
                case vmjob.Failed(text):
                    return Ended(Ending(Phase.FAILED, "DeallocateFailed", text, attention=True))
                case open_:
                    return open_
        if not self._time_to_start(look.control, host, look.now):
            return self._waiting(host, look.now, look.pace)
        if host.stopped_before:
            return self._end(look.control, host, look.now)
        return self._start(look, host)

    def _start(self, look: HostLook, host: HostRecord) -> NotYet | Ended:
        """Start the VM. If that cannot be requested in time, the host is restored all the same."""
        if look.now >= self._starts_at(look.control, host, look.now) + 2 * self.asked.time_limit:
            text = "its VM was deallocated, and it could not be started in time"
            return Ended(Ending(Phase.FAILED, "StartFailed", text, attention=True))
        return vmjob.then(look, host, PowerAction.START)

    def _starts_at(self, control: HostControl, host: HostRecord, now: datetime) -> datetime:
        asked = control.released(host.key) or control.stopped(host.key)
        over_at = self._over_at(host, now)
        return min(over_at, max(asked.at, host.since)) if asked is not None else over_at

    def _starting(
        self,
        look: HostLook,
        host: HostRecord,
        job: Job,
    ) -> NotYet | Finished | Ended:
        match vmjob.watch(look, host.key, job, self.asked.time_limit):
            case vmjob.Over(_):
                return self._end(look.control, host, look.now)
            case vmjob.Failed(text):
                text = f"its VM was deallocated and cannot be started: {text}"
                return Ended(Ending(Phase.FAILED, "StartFailed", text, attention=True))
            case NeverBegan(_):
                return self._start(look, host)
            case open_:
                return open_

    def _over_at(self, host: HostRecord, now: datetime) -> datetime:
        return (host.maintenance.begun_at or now) + (self.asked.start_after or self.asked.hold_for)

    def _time_to_start(self, control: HostControl, host: HostRecord, now: datetime) -> bool:
        asked = control.released(host.key) or control.stopped(host.key)
        return asked is not None or now >= self._over_at(host, now)

    def _waiting(self, host: HostRecord, now: datetime, pace: Pace) -> NotYet:
        over_at = self._over_at(host, now)
        what = "its time" if self.asked.start_after else "somebody to release it"
        text = f"{what}, its VM being deallocated, at the latest at {over_at:%Y-%m-%d %H:%M:%S}Z"
        return NotYet("release", text, min(over_at, now + pace.idle), host)

    def _end(self, control: HostControl, host: HostRecord, now: datetime) -> Finished | Ended:
        released = control.released(host.key)
        if released is not None:
            return Finished(released.why or "released, and its VM started", released.by)
        stopped = control.stopped(host.key)
        if stopped is not None:
            ending = stopped_ending(control, host.key, "stopped while its VM was deallocated")
            return Ended(ending, stopped.by)
        if self.asked.start_after is not None:
            return Finished("its VM was deallocated, and started again")
        return Ended(expired())
