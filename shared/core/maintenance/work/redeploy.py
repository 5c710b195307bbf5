"""Redeploy: Azure moves the VM to another physical host."""

from shared.core.host.actions import PowerAction
from shared.core.host.host import HostRecord
from shared.core.maintenance.redeploy import Redeploy
from shared.core.maintenance.work import vmjob
from shared.core.maintenance.work.vmjob import one_job
from shared.core.maintenance.work.work import (
    Begin,
    Finished,
    HostLook,
    Needs,
    NotYet,
    Progress,
    Work,
)


class RedeployWork(Work[Redeploy]):
    """One operation on the VM, unless it is stopped."""

    __slots__ = ()

    def needs(self, host: HostRecord) -> Needs:
        return vmjob.needs_of_maintenance(host)

    def begin(self, look: HostLook, host: HostRecord) -> Begin | NotYet:
        if host.stopped_before:
            return Begin(host)
        return vmjob.begin(look, host, PowerAction.REDEPLOY)

    def look(self, look: HostLook, host: HostRecord) -> Progress:
        if host.stopped_before:
            return Finished("its VM is stopped: Azure places it anew at its next start")
        return one_job(look, host, self.asked.time_limit, "RedeployFailed")
