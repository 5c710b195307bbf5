"""Whether a host is still in the pool, and still the one that was asked for."""

from dataclasses import replace

from shared.core.host.endings import HOST_GONE, REPLACED, TAKEN_BACK, TAKEN_OVER
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.observation.seen import Seen


def note_absence(host: HostRecord, seen: Seen) -> HostRecord:
    """The host with ``missing_since`` brought up to date. Only a second listing without the host
    counts."""
    if host.key in seen.hosts:
        return replace(host, missing_since=None) if host.missing_since is not None else host
    return replace(host, missing_since=host.missing_since or seen.hosts_began_at)


def why_gone(host: HostRecord, seen: Seen) -> Ending | None:
    """The ending of a host that has left the pool; None if it is there, or may be.

    A host with the same name and another identity is another host: a new registration does not have
    the drain mode of the old one.
    """
    if host.key in seen.taken_over:
        return Ending(Phase.SKIPPED, TAKEN_OVER, seen.taken_over[host.key], attention=True)
    if host.key in seen.taken_back:
        return Ending(Phase.SKIPPED, TAKEN_BACK, seen.taken_back[host.key], attention=True)
    here = seen.hosts.get(host.key)
    if here is None:
        if host.missing_since is None or host.missing_since >= seen.hosts_began_at:
            return None
        return Ending(Phase.SKIPPED, HOST_GONE, "it is no longer listed in the host pool")
    if host.object_id and here.object_id and host.object_id != here.object_id:
        text = "it was registered anew: no longer the host that was asked for"
        return Ending(Phase.SKIPPED, REPLACED, text)
    return None
