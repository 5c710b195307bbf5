"""When a host counts as empty.

A user may be half-way through signing in when drain mode goes on: a host that shows no session
now may show one a moment later. So it counts as empty after two readings without a session that
both began after the drain took effect, and that lie apart: whatever else makes the app look (an
order, a repeated message) does not make two readings of one moment. The list of user sessions is the witness; the count on
the session host lags and has been seen to disagree with it.

A host whose VM is stopped has nobody on it, whatever ghost sessions are listed: its instance view
is a better witness than both.
"""

from dataclasses import replace

from shared.core.host.host import HostRecord
from shared.core.observation.seen import Seen
from shared.core.values.pace import Pace

NEARLY = 0.8
"""Of the time after which a second reading is asked for: a look takes a while itself, not always
the same."""


def read(host: HostRecord, seen: Seen, pace: Pace) -> HostRecord:
    """Fold this look's reading of the host's sessions into what is known."""
    if _stopped(host, seen):
        began_at = seen.machines_began_at
        return replace(host, empty_since=host.empty_since or began_at, empty_again_at=began_at)
    sessions = seen.sessions_of(host.key)
    began_at = seen.sessions_began_at
    if sessions is None or began_at is None:
        return host
    if sessions or host.drained_at is None or began_at < host.drained_at:
        return replace(host, empty_since=None, empty_again_at=None)
    if host.empty_since is None:
        return replace(host, empty_since=began_at)
    if began_at >= host.empty_since + pace.soon * NEARLY:
        return replace(host, empty_again_at=began_at)
    return host


def _stopped(host: HostRecord, seen: Seen) -> bool:
    machine = seen.machines.get(host.key)
    if machine is None or not machine.stopped or host.drained_at is None:
        return False
    return seen.machines_began_at is not None and seen.machines_began_at >= host.drained_at


def is_empty(host: HostRecord) -> bool:
    """True after two readings without a session, both since the drain took effect; or when its VM
    was seen to be stopped since then."""
    return host.empty_since is not None and host.empty_again_at is not None
