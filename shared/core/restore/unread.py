"""How long what cannot be read, or is refused, is waited for.

Unknown holds what would be risky, and never what puts a host back. Each wait for it has an end: then
the host is put back, and a person is told.
"""

from datetime import datetime, timedelta

from shared.core.host.endings import NOT_RESTORED
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.observation.seen import Lack, Part, Seen

FINAL_AFTER = timedelta(minutes=5)
"""What is refused for good may have been refused for a role that takes effect only minutes after it
was given; longer is not waited."""
NOT_ALLOWED_AFTER = timedelta(minutes=30)
"""So long the write that puts a host back is tried, refused for good each time, before its drain ends.
The watchdog goes on with it."""

_OF_HOST = {
    Phase.EMPTY: (Part.MACHINE,),
    Phase.MAINTAINING: (Part.OPERATION, Part.MACHINE, Part.SCRIPT),
}
_OF_POOL = {Phase.DRAINING: (Part.SESSIONS,), Phase.EMPTY: (Part.SESSIONS, Part.POOL)}
_NEED_DRAIN_MODE = (Phase.DRAINING, Phase.EMPTY, Phase.VERIFYING)


def lacking(host: HostRecord, seen: Seen) -> tuple[str, Lack] | None:
    """What a host's phase needs to know and this look could not tell; None if there is nothing."""
    here = seen.hosts.get(host.key)
    if here is not None and here.allow_new_session is None and host.phase in _NEED_DRAIN_MODE:
        return "its drain mode", Lack("the service does not tell it")
    asked = [(part, "") for part in _OF_POOL.get(host.phase, ())]
    asked += [(part, host.key) for part in _OF_HOST.get(host.phase, ())]
    found = ((part, seen.lack(part, key)) for part, key in asked)
    return next(((str(part), lack) for part, lack in found if lack is not None), None)


def patience(lack: Lack, read_within: timedelta) -> timedelta:
    """How long is waited for it, from when it was first lacked."""
    return min(FINAL_AFTER, read_within) if lack.final else read_within


def unreadable(what: str, lack: Lack) -> Ending:
    """How a host ends of which something could not be read for too long."""
    text = f"{what} could not be read: {lack.text}"
    return Ending(Phase.FAILED, "Unreadable", text, attention=True)


def not_allowed(host: HostRecord, now: datetime) -> Ending | None:
    """How a host ends whose restore is refused for good, once it was tried for long enough."""
    if host.denied_since is None or now < host.denied_since + NOT_ALLOWED_AFTER:
        return None
    before = f"{host.ending.text}; " if host.ending is not None else ""
    text = f"{before}it is not as it was before: {host.trouble}. The watchdog goes on trying"
    return Ending(Phase.FAILED, NOT_RESTORED, text, attention=True)
