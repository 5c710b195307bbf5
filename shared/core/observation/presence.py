"""Whether a host is still the one that was asked for."""

from dataclasses import replace

from shared.core.host.endings import REPLACED, TAKEN_BACK
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.observation.seen import Seen


def note_absence(host: HostRecord, seen: Seen) -> HostRecord:
    """Remember since when listings lack the host; two of them must, to believe it."""
    if host.key in seen.hosts:
        return replace(host, missing_since=None) if host.missing_since is not None else host
    return replace(host, missing_since=host.missing_since or seen.hosts_began_at)


def why_gone(host: HostRecord, seen: Seen) -> Ending | None:
    """The ending of a host that has left the pool, None for one that is there or may be.

    The same name with another identity is another host: what is registered anew does not have
    the drain mode that the old registration had.
    """
    if host.key in seen.taken_back:
        return Ending(Phase.SKIPPED, TAKEN_BACK, seen.taken_back[host.key], attention=True)
    here = seen.hosts.get(host.key)
    if here is None:
        if host.missing_since is None or host.missing_since >= seen.hosts_began_at:
            return None
        return Ending(Phase.SKIPPED, "HostGone", "it is no longer in the host pool")
    if host.object_id and here.object_id and host.object_id != here.object_id:
        text = "it was registered anew: no longer the host that was asked for"
        return Ending(Phase.SKIPPED, REPLACED, text)
    return None
