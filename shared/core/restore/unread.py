"""How long the app waits for what cannot be read, or is refused.

An unknown value holds back what would be risky, and never what restores a host. Each such wait
ends: then the host is restored and a person is told.
"""

from datetime import datetime, timedelta

from shared.core.host.endings import NOT_RESTORED
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.observation.seen import Lack, Part, Seen

FINAL_AFTER = timedelta(minutes=5)
"""A final refusal may be due to a role assignment that takes effect only after some minutes. This
is how long to wait for it."""
NOT_ALLOWED_AFTER = timedelta(minutes=30)
"""How long a drain tries the write that restores a host, while it is refused for good each time.
Then the host ends, and the watchdog goes on trying."""

_OF_HOST = {
    Phase.EMPTY: (Part.MACHINE,),
    Phase.MAINTAINING: (Part.OPERATION, Part.MACHINE, Part.SCRIPT),
}
_OF_POOL = {Phase.DRAINING: (Part.SESSIONS,), Phase.EMPTY: (Part.SESSIONS, Part.POOL)}
_NEED_DRAIN_MODE = (Phase.DRAINING, Phase.EMPTY, Phase.VERIFYING)


def lacking(host: HostRecord, seen: Seen) -> tuple[str, Lack] | None:
    """The reading that the host's phase needs and this look could not get, with the reason; None if
    there is none."""
    here = seen.hosts.get(host.key)
    if here is not None and here.allow_new_session is None and host.phase in _NEED_DRAIN_MODE:
        return "its drain mode", Lack("the service does not tell it")
    asked = [(part, "") for part in _OF_POOL.get(host.phase, ())]
    asked += [(part, host.key) for part in _OF_HOST.get(host.phase, ())]
    found = ((part, seen.lack(part, key)) for part, key in asked)
    return next(((str(part), lack) for part, lack in found if lack is not None), None)


def patience(lack: Lack, read_within: timedelta) -> timedelta:
    """How long to wait for a reading, from when it was first unavailable. ``read_within``: of the
    policy."""
    return min(FINAL_AFTER, read_within) if lack.final else read_within


def unreadable(what: str, lack: Lack) -> Ending:
    """The ending of a host for which ``what`` could not be read for too long."""
    text = f"{what} could not be read: {lack.text}"
    return Ending(Phase.FAILED, "Unreadable", text, attention=True)


def not_allowed(host: HostRecord, now: datetime) -> Ending | None:
    """The ending of a host whose restore has been refused for good for long enough; None before
    that."""
    if host.denied_since is None or now < host.denied_since + NOT_ALLOWED_AFTER:
        return None
    before = f"{host.ending.text}; " if host.ending is not None else ""
    text = f"{before}it is not as it was before: {host.trouble}. The watchdog goes on trying"
    return Ending(Phase.FAILED, NOT_RESTORED, text, attention=True)
