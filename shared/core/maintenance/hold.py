"""Hold: somebody else does the work, and says when it is done."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.maintenance.kind import Begin, Ended, Finished, Needs, NotYet
from shared.core.model import Control, Ending, HostRecord
from shared.core.phases import Phase
from shared.core.seen import Seen
from shared.core.turn import Pace


@dataclass(frozen=True, slots=True)
class Hold:
    def needs(self, host: HostRecord) -> Needs:
        return Needs()

    def begin(self, host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> Begin:
        return Begin(host)

    def look(
        self, control: Control, host: HostRecord, seen: Seen, now: datetime, pace: Pace
    ) -> NotYet | Finished | Ended:
        released = control.released(host.key)
        if released is not None:
            return Finished(released.why or "released", released.by)
        if control.cancel is not None:
            ending = Ending(Phase.CANCELED, "Canceled", "canceled while it was held")
            return Ended(ending, control.cancel.by)
        over_at = (host.maintenance.begun_at or now) + control.policy.maintenance.hold_for
        if now >= over_at:
            text = "nobody released it in time; restored without knowing what was done"
            return Ended(Ending(Phase.FAILED, "HoldExpired", text, attention=True))
        text = f"somebody to release it, at the latest at {over_at:%Y-%m-%d %H:%M:%S}Z"
        return NotYet("release", text, min(over_at, now + pace.idle))
