"""Hold the host while somebody else does the work and says when it is done."""

from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.host.turn import stopped_ending
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.work.work import Ended, Finished, HostLook, NotYet, Work


class HoldWork(Work[Hold]):
    """A host is held until an order says what becomes of it, or its time has passed."""

    __slots__ = ()

    def look(self, look: HostLook, host: HostRecord) -> NotYet | Finished | Ended:
        if (word := word_of(look.control, host)) is not None:
            return word
        over_at = (host.maintenance.begun_at or look.now) + self.asked.hold_for
        if look.now >= over_at:
            return Ended(expired())
        text = f"somebody to release it, at the latest at {over_at:%Y-%m-%d %H:%M:%S}Z"
        return NotYet("release", text, min(over_at, look.now + look.pace.idle))


def word_of(control: HostControl, host: HostRecord) -> Finished | Ended | None:
    """What an order said about a host that is held; None while there is none."""
    released = control.released(host.key)
    if released is not None:
        return Finished(released.why or "released", released.by)
    stopped = control.stopped(host.key)
    if stopped is not None:
        return Ended(stopped_ending(control, host.key, "stopped while it was held"), stopped.by)
    return None


def expired() -> Ending:
    """The ending of a host that nobody released in time."""
    text = "nobody released it in time; restored without knowing what was done"
    return Ending(Phase.FAILED, "HoldExpired", text, attention=True)
