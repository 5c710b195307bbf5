"""Blocks outside the maintenance window, and when a host could not be back before the window ends.
Also what happens to hosts when the window ends or their turn does not come."""

from datetime import datetime, timedelta

from shared.core.admission.blockers.held import Held
from shared.core.drain.model import Control
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.observation.seen import Seen
from shared.core.values.durations import format_duration
from shared.core.values.localtime import shown
from shared.core.values.window import AtWindowEnd, current, following, passed_since


def why(control: Control, seen: Seen, now: datetime) -> Held | None:
    """Holds hosts until a window is open in which a host can be back before the end."""
    window, zone = control.policy.window, _zone(control)
    span = current(window, now, zone) if window is not None else None
    if window is None or span is None:
        return anyway(control, now)
    takes = takes_of(control, seen)
    if now + takes <= span.ends:
        return None
    opens = shown(following(window, now, zone).starts, zone)
    return Held(
        f"the next maintenance window, at {opens}: a host takes {format_duration(takes)}, and this "
        f"window ends at {shown(span.ends, zone)}"
    )


def anyway(control: Control, now: datetime) -> Held | None:
    """Holds hosts while the window is closed. Then the pool need not be looked at."""
    window, zone = control.policy.window, _zone(control)
    if window is None or current(window, now, zone) is not None:
        return None
    opens = following(window, now, zone).starts
    return Held(f"its maintenance window to open, at {shown(opens, zone)}", opens)


def _zone(control: Control) -> str:
    window = control.policy.window
    return (window.time_zone if window is not None else "") or control.zone


def takes_of(control: Control, seen: Seen) -> timedelta:
    """The longest time that a host of the pool was out for its last maintenance, or the policy's
    estimate if none is known. Rounded up to whole minutes."""
    window = control.policy.window
    known = max(seen.took.values(), default=None)
    takes = known if known is not None else window.host_takes if window else timedelta(0)
    return timedelta(minutes=-(-takes.total_seconds() // 60))


def out_of_time(control: Control, host: HostRecord, now: datetime) -> Ending | None:
    """The ending of a host that is out, and whose maintenance has not begun, when its window is
    over; None while it may go on."""
    window = control.policy.window
    if window is None or window.at_end is AtWindowEnd.FINISH or host.out_at is None:
        return None
    zone = _zone(control)
    if current(window, now, zone) is not None:
        return None
    if window.at_end is AtWindowEnd.CARRY_OVER:
        opens = shown(following(window, now, zone).starts, zone)
        text = f"its window has ended; it goes on in the next one, at {opens}"
        return Ending(Phase.QUEUED, "CarriedOver", text)
    return Ending(
        Phase.CANCELED, "WindowEnded", "its window ended before its maintenance had begun"
    )


def too_late(control: Control, host: HostRecord, now: datetime) -> Ending | None:
    """The ending of a host whose turn did not come in its window, or within the policy's
    ``start_within``; None while it may come."""
    policy, window, zone = control.policy, control.policy.window, _zone(control)
    why = f": it waited for {host.wait.text}" if host.wait is not None else ""
    if window is not None and window.at_end is AtWindowEnd.CARRY_OVER:
        late = now >= control.asked.at + window.carry_for
        return (
            Ending(Phase.CANCELED, "NotInTime", f"not begun in its windows{why}") if late else None
        )
    if window is not None and passed_since(window, host.since, now, zone):
        return Ending(Phase.CANCELED, "WindowEnded", f"its turn did not come in its window{why}")
    span = current(window, now, zone) if window is not None else None
    if window is not None and span is None:
        return None  # its time counts from when its window opens
    since = host.since if span is None else max(host.since, span.starts)
    if now < since + policy.start_within:
        return None
    return Ending(Phase.CANCELED, "NotInTime", f"its turn did not come in time{why}")
