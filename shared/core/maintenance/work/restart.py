"""Restart the VM once, as a long operation. A stopped VM is started instead."""

from shared.core.host.actions import PowerAction
from shared.core.host.host import HostRecord
from shared.core.maintenance.restart import Restart
from shared.core.maintenance.work import vmjob
from shared.core.maintenance.work.vmjob import one_job
from shared.core.maintenance.work.work import (
    Begin,
    HostLook,
    Needs,
    NotYet,
    Progress,
    Work,
)


class RestartWork(Work[Restart]):
    """One operation on the VM."""

    __slots__ = ()

    def needs(self, host: HostRecord) -> Needs:
        return vmjob.needs_of_maintenance(host)

    def begin(self, look: HostLook, host: HostRecord) -> Begin | NotYet:
        what = PowerAction.START if host.stopped_before else PowerAction.RESTART
        return vmjob.begin(look, host, what)

    def look(self, look: HostLook, host: HostRecord) -> Progress:
        return one_job(look, host, self.asked.time_limit, "RestartFailed")
