"""No maintenance: the host only had to be empty once."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.maintenance.kind import Begin, Finished, Needs
from shared.core.model import Control, HostRecord
from shared.core.seen import Seen
from shared.core.turn import Pace


@dataclass(frozen=True, slots=True)
class NoMaintenance:
    def needs(self, host: HostRecord) -> Needs:
        return Needs()

    def begin(self, host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> Begin:
        return Begin(host)

    def look(
        self, control: Control, host: HostRecord, seen: Seen, now: datetime, pace: Pace
    ) -> Finished:
        return Finished("nothing had to be done")
