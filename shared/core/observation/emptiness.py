"""When a host counts as empty.

A user may be in the middle of signing in when drain mode is turned on, so a host that shows no
session now may show one a moment later. Therefore a host is empty only after two readings without a
session that both began after drain mode took effect, with some time between them. A look for
another reason (an order, a repeated message) does not make two readings of one moment. The list of
user sessions is the source; the count on the session host lags and has been seen to disagree with
it.

A host whose VM is stopped has no users, whatever sessions are still listed. Its instance view is a
better source than both.
"""

from dataclasses import replace

from shared.core.host.host import HostRecord
from shared.core.observation.seen import Seen
from shared.core.values.pace import Pace

NEARLY = 0.8
"""The part of ``Pace.soon`` that must lie between two readings. A look takes some time itself,
which varies."""


def read(host: HostRecord, seen: Seen, pace: Pace) -> HostRecord:
    """The host with this look's reading of its sessions added to what is known."""
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
    """Whether there were two readings without a session since drain mode took effect, or its VM was
    seen stopped since then."""
    return host.empty_since is not None and host.empty_again_at is not None
