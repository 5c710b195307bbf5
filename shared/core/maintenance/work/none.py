"""No maintenance: the host only has to be empty once."""

from shared.core.host.host import HostRecord
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.work.work import Finished, HostLook, Work


class NoWork(Work[NoMaintenance]):
    """Nothing is done."""

    __slots__ = ()

    def look(self, look: HostLook, host: HostRecord) -> Finished:
        return Finished("nothing had to be done")
