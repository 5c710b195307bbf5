"""Hold the hosts while a maintenance run of Azure Update Manager patches them at its own time.

They are held, empty, until the run is reported to be over or its time has passed. If users are
still on a host shortly before the last moment at which the run can be cancelled, and the policy
says so, this run is cancelled. A run can only be cancelled as a whole.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Literal

from shared.core.access.allowed import Allowed
from shared.core.host.actions import CancelRun
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.maintenance.hold import word_of
from shared.core.maintenance.kind import Begin, Ended, Finished, Needs, NotYet, Usual
from shared.core.observation.look import Look
from shared.core.observation.seen import RunSeen, Seen
from shared.core.values.described import described
from shared.core.values.resources import is_run
from shared.core.values.texts import count

WORD_AFTER = timedelta(minutes=15)
"""How long after the end of a run the report that it is over may come. After that it is not waited
for."""
_LEAD = timedelta(hours=4)
"""How long before the run, at most, a host is out. Used for the time by which the watchdog expects
it back."""


class UsersRemain(StrEnum):
    """What happens to the run if users remain on a host shortly before the run can no longer be
    cancelled."""

    SIGN_OUT = "signOut"
    CANCEL_RUN = "cancelRun"
    LET_GO_ON = "letGoOn"


@dataclass(frozen=True, slots=True)
class UpdateRun(Usual):
    """A run of Azure Update Manager patches the hosts. They are held, drained and empty, until
    someone says `release` (the event that the run is over does), or its time has passed."""

    kind: Literal["updateRun"] = "updateRun"
    run: str = described(
        "", "the run's resource id: the `correlationId` of its events", most=1000,
        example="/subscriptions/…/providers/microsoft.maintenance/applyupdates/20261124010000",
    )  # fmt: skip
    starts_at: datetime | None = described(
        None, "when the run begins", example="2026-11-24T01:00:00Z"
    )
    ends_at: datetime | None = described(
        None, "when it ends at the latest", example="2026-11-24T04:55:00Z"
    )
    cancel_by: datetime | None = described(
        None,
        "the last moment at which it can be cancelled. Left out: it never is",
        example="2026-11-24T00:50:00Z",
    )
    users_remain: UsersRemain = described(
        UsersRemain.CANCEL_RUN,
        "what becomes of the run when users remain on a host shortly before `cancelBy`. The policy's "
        "`atDeadline` says what becomes of the users",
    )
    decide_before: timedelta = described(
        timedelta(minutes=3), "so long before `cancelBy` that is decided"
    )
    disturbs: ClassVar[bool] = False
    maintains: ClassVar[bool] = True
    held: ClassVar[bool] = True
    works_on_vm: ClassVar[bool] = False

    def faults(self, allowed: Allowed) -> Iterator[tuple[str, str]]:
        if not is_run(self.run):
            yield "maintenance.run", "'run' is no resource id of a maintenance run (applyUpdates)"
        if self.starts_at is None or self.ends_at is None:
            yield "maintenance.endsAt", "'startsAt' and 'endsAt' are needed"
        elif self.ends_at <= self.starts_at:
            yield "maintenance.endsAt", "'endsAt' is after 'startsAt'"
        if self.cancel_by is not None and self.starts_at and self.cancel_by > self.starts_at:
            yield "maintenance.cancelBy", "'cancelBy' is before 'startsAt'"

    def longest(self) -> timedelta:
        if self.starts_at is None or self.ends_at is None:
            return _LEAD
        return self.ends_at - self.starts_at + _LEAD + WORD_AFTER

    def watched_run(self) -> str:
        return self.run

    def needs(self, host: HostRecord) -> Needs:
        return Needs()

    def read(self, hosts: Iterable[HostRecord], seen: Seen) -> Seen:
        """The service's status of the run lags. A cancel that it accepted counts at once."""
        for host in hosts:
            errand = host.maintenance.errand
            if errand is not None and errand.run == self.run and not errand.unsure:
                return replace(seen, run=RunSeen("Cancelled", errand.why))
        return seen

    def off(self, seen: Seen) -> Ending | None:
        if seen.run is None or not seen.run.cancelled:
            return None
        why = f": {seen.run.why}" if seen.run.why else ""
        return Ending(Phase.CANCELED, "RunCancelled", f"its maintenance run was cancelled{why}")

    def for_all(
        self,
        look: Look[HostControl],
        hosts: Iterable[HostRecord],
    ) -> CancelRun | None:
        decides_at = self._decides_at(look.seen, look.now)
        if decides_at is None or look.now < decides_at or look.control.cancel is not None:
            return None
        known = [host for host in hosts if look.control.stopped(host.key) is None]
        remain = _remain(known)
        asked = [e.asked_at for h in known if (e := h.maintenance.errand) is not None]
        if not remain or (asked and look.now < max(asked) + look.pace.soon):
            return None
        bearer = max(remain, key=lambda h: (len(h.sessions), h.phase is Phase.DRAINING))
        return CancelRun(bearer.key, self.run, _why(remain))

    def look_at(self, look: Look[HostControl], hosts: Iterable[HostRecord]) -> datetime | None:
        """While users remain, the time at which cancelling is decided; after that soon, until it is
        too late."""
        decides_at = self._decides_at(look.seen, look.now)
        if decides_at is None or not _remain(hosts):
            return None
        return max(decides_at, look.now + look.pace.soon)

    def _decides_at(self, seen: Seen, now: datetime) -> datetime | None:
        """From when on the run is cancelled if users remain; None: never, or no longer."""
        if self.users_remain is not UsersRemain.CANCEL_RUN or self.cancel_by is None:
            return None
        if now >= self.cancel_by or self.off(seen) is not None:
            return None
        return self.cancel_by - self.decide_before

    def begin(self, look: Look[HostControl], host: HostRecord) -> Begin:
        return Begin(host)

    def look(self, look: Look[HostControl], host: HostRecord) -> NotYet | Finished | Ended:
        if (word := word_of(look.control, host)) is not None:
            return word
        if (off := self.off(look.seen)) is not None:
            return Ended(off)
        over_at = (self.ends_at or look.now) + WORD_AFTER
        if look.now >= over_at:
            return Finished("the run's time has passed, and no word came that it is over")
        text = (
            f"its run of Update Manager to be over, at the latest at {over_at:%Y-%m-%d %H:%M:%S}Z"
        )
        return NotYet("updateRun", text, min(over_at, look.now + look.pace.idle))


def _remain(hosts: Iterable[HostRecord]) -> list[HostRecord]:
    """The hosts that are not known to be empty."""
    before = (Phase.QUEUED, Phase.DRAINING)
    return [host for host in hosts if host.phase in before and host.ending is None]


def _why(remain: list[HostRecord]) -> str:
    """A text such as ``1 session remains on AVD-1; AVD-2 did not get its turn``."""
    parts = []
    for host in remain:
        if host.sessions:
            verb = "remains" if len(host.sessions) == 1 else "remain"
            parts.append(f"{count(len(host.sessions), 'session')} {verb} on {host.name}")
        elif host.phase is Phase.QUEUED:
            parts.append(f"{host.name} did not get its turn")
        else:
            parts.append(f"{host.name} is not known to be empty")
    most = 5
    more = f"; and {len(parts) - most} hosts more" if len(parts) > most else ""
    return "; ".join(parts[:most]) + more
