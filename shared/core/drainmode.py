"""Keeping a host in drain mode for as long as its drain has it out."""

from dataclasses import replace
from datetime import datetime

from shared.core.actions import SetDrainMode
from shared.core.host import Ending, HostRecord
from shared.core.phases import Phase
from shared.core.seen import Seen
from shared.core.turn import Pace, Turn, waiting

MOST_REDRAINS = 5
"""So often drain mode is turned on again under a drain; then whoever opens it is believed."""


def note_drained(host: HostRecord, seen: Seen) -> HostRecord:
    """Remember since when drain mode is known to be on, if this look shows it. Then whatever
    kept it from being on is over; the trouble of a host that is being put back is another."""
    on = not seen.hosts[host.key].allow_new_session
    if not on or host.drained_at is not None or host.phase is Phase.RESTORING:
        return host
    return replace(host, drained_at=seen.hosts_ended_at, trouble="")


def keep_drained(host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> Turn:
    """The host's turn if drain mode needs turning on; else the host as it is."""
    if not seen.hosts[host.key].allow_new_session:
        return Turn(host)
    again = host.drained_at is not None
    host = replace(
        host,
        drained_at=None,
        empty_since=None,
        empty_again_at=None,
        redrains=host.redrains + again,
    )
    if host.redrains > MOST_REDRAINS:
        text = f"drain mode was turned off {host.redrains} times by someone else; given up"
        return Turn(replace(host, ending=Ending(Phase.FAILED, "DrainContested", text, True)))
    why = "someone turned drain mode off" if again else "taken out for maintenance"
    text = "drain mode to take effect" + (f" ({host.trouble})" if host.trouble else "")
    look_at = now + (pace.usual if host.trouble else pace.soon)
    host = waiting(host, "drainMode", text, now, look_at)
    return Turn(host, (SetDrainMode(host.key, False, why),))
