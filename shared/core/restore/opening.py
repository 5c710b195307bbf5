"""Opens a host that no look shows: the service's answer to the write is the proof, whether it accepts it or knows no such
host.

For pools that cannot be listed, and for hosts that listings lack: a list may be cut short, and an item in it may be
unreadable, so a host that is not listed may still be there.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.core.host.actions import SetDrainMode
from shared.core.host.host import HostRecord


@dataclass(frozen=True, slots=True)
class Opening:
    """The host, and what is left to do. ``wait``: what is waited for; empty when nothing is left."""

    host: HostRecord
    wait: str = ""
    actions: tuple[SetDrainMode, ...] = ()


def opened_unseen(host: HostRecord, now: datetime, why: str) -> Opening:
    """What is left to do to turn drain mode off. A write with an unknown outcome may still take effect, so the
    restoring write is sent once more when it no longer can."""
    back, late = host.restored_at, host.late_until
    settled = back is not None and (late is None or back >= late)
    if not host.write_asked or host.before is False or settled:
        return Opening(host)
    text = "the service to put it back as it was"
    if back is not None and late is not None and now < late:
        return Opening(host, text)
    return Opening(host, text, (SetDrainMode(host.key, True, why),))
