"""Keeps a host in drain mode while its drain has it out."""

from dataclasses import dataclass, replace

from shared.core.host.actions import SetDrainMode
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.host.turn import Turn, waiting
from shared.core.observation.look import Look
from shared.core.observation.seen import Seen
from shared.core.values.pace import Pace

MOST_REDRAINS = 5
"""How often drain mode is turned on again when somebody turns it off. After that the drain gives
the host up."""


def note_drained(host: HostRecord, seen: Seen) -> HostRecord:
    """The host with the time since when drain mode is known to be on, if this look shows it. Then
    earlier trouble with turning it on is over; trouble with restoring is not."""
    on = seen.hosts[host.key].allow_new_session is False
    if not on or host.drained_at is not None or host.phase is Phase.RESTORING:
        return host
    since = host.effective_at or seen.hosts_ended_at
    return replace(host, drained_at=seen.hosts_ended_at, effective_at=since, trouble="")


@dataclass(frozen=True, slots=True)
class DrainModeKept:
    """The host's turn, and whether drain mode is on."""

    turn: Turn
    on: bool


def keep_drained(look: Look[HostControl], host: HostRecord) -> DrainModeKept:
    """Turn drain mode on where it is off. A host that was in drain mode before its claim, and that
    somebody has opened since, will be open again when it is restored."""
    allows = look.seen.hosts[host.key].allow_new_session
    if allows is False:
        return DrainModeKept(Turn(host), True)
    return DrainModeKept(_turned_on(look, host, allows), False)


def _turned_on(look: Look[HostControl], host: HostRecord, allows: bool | None) -> Turn:
    now, pace = look.now, look.pace
    if allows is None and (host.write_asked or host.before is False):
        text = "the service to tell whether drain mode is on"
        return Turn(waiting(host, "drainMode", text, now, now + pace.usual))
    again = host.drained_at is not None
    host = replace(host, drained_at=None, empty_since=None, empty_again_at=None)
    if host.before is False and maybe_older(host, look.seen, pace):
        text = "another look: it is seen open, and was seen drained a moment ago"
        return Turn(waiting(host, "drainMode", text, now, now + pace.soon))
    if host.before is False and not host.write_asked and host.phase is Phase.DRAINING:
        text = "someone opened it, so it takes a place of those that may be out, and waits for one"
        return Turn(replace(host, ending=Ending(Phase.QUEUED, "Opened", text)))
    why = "someone turned drain mode off" if again else "taken out for maintenance"
    if host.before is False:
        host = replace(host, before=True)
        why = "someone opened it, and it will be open again afterwards"
    host = replace(host, redrains=host.redrains + again)
    if host.redrains > MOST_REDRAINS:
        text = f"drain mode was turned off {host.redrains} times by someone else; given up"
        return Turn(replace(host, ending=Ending(Phase.FAILED, "DrainContested", text, True)))
    text = "drain mode to take effect" + (f" ({host.trouble})" if host.trouble else "")
    look_at = now + (pace.usual if host.trouble else pace.soon)
    host = waiting(host, "drainMode", text, now, look_at)
    return Turn(host, (SetDrainMode(host.key, False, why),))


def maybe_older(host: HostRecord, seen: Seen, pace: Pace) -> bool:
    """Whether the listing may be older than taking the host out. Listings lag: one that shows a
    host open, right after one that showed it drained, may show an earlier state."""
    return host.out_at is not None and seen.hosts_began_at < host.out_at + pace.usual
