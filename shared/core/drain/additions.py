"""Hosts that were added to a drain after its start."""

from shared.core.drain.model import Drain
from shared.core.host.host import HostRecord
from shared.core.host.turn import queued


def with_added(drain: Drain) -> tuple[HostRecord, ...]:
    """The drain's hosts, and new records for those that were added since its last look."""
    known = {host.key for host in drain.hosts}
    added = (
        queued(
            a.key,
            a.name,
            a.asked.at,
            object_id=a.object_id,
            vm_id=a.vm_id,
            kept_drained=a.kept_drained,
        )
        for a in drain.control.additions
        if a.key not in known
    )
    return (*drain.hosts, *added)
