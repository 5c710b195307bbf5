"""What restoring means: ``allowNewSession`` is again what it was before the claim, for sure.

A listing that shows the wanted value proves it only if no write of ours is still on its way and
the listing is not older than our restoring write. So a host is restored when the service has
accepted a restoring write after the last draining one, a later listing agrees, and the time in
which a write of unknown outcome may still arrive is over. A host that had been in drain mode
before is left in it, without any write.
"""

from dataclasses import replace
from datetime import datetime

from shared.core.actions import SetDrainMode
from shared.core.model import Ending, HostRecord
from shared.core.phases import Phase
from shared.core.seen import Seen
from shared.core.turn import Pace, Turn, move, waiting


def restoring(host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> Turn:
    """The turn of a host that is to be put back."""
    wanted = True if host.before is None else host.before
    here = seen.hosts[host.key].allow_new_session
    if not host.write_asked or (not wanted and not here):
        return _end(host, now)
    confirmed = host.restored_at is not None and seen.hosts_began_at >= host.restored_at
    if not confirmed or here != wanted:
        if host.restored_at is not None and not confirmed:
            return Turn(waiting(host, "restore", "its restore to be seen", now, now + pace.soon))
        trouble = f": {host.trouble}" if host.trouble else ""
        look_at = now + (pace.usual if host.trouble else pace.soon)
        host = waiting(
            host, "restore", f"the service to put it back as it was{trouble}", now, look_at
        )
        host = replace(host, restored_at=None)
        return Turn(host, (SetDrainMode(host.key, wanted, "put back as it was"),))
    if host.late_until is not None and now < host.late_until:
        text = "a write of unknown outcome, which may still arrive"
        return Turn(waiting(host, "lateWrite", text, now, min(host.late_until, now + pace.usual)))
    return _end(host, now)


def _end(host: HostRecord, now: datetime) -> Turn:
    ending = host.ending or Ending(Phase.DONE, "Maintained", "maintained, back as it was")
    return move(replace(host, ending=ending), ending.phase, now, ending.text)


def end_with(host: HostRecord, ending: Ending, now: datetime, by: str = "") -> Turn:
    """The turn in which a host is sent home, whatever it was doing."""
    return move(replace(host, ending=ending), Phase.RESTORING, now, ending.text, by)
