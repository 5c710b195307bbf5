"""Hold the hosts while a maintenance run of Azure Update Manager patches them at its own time.

They are held, empty, until the run is reported to be over or its time has passed. If users are
still on a host shortly before the last moment at which the run can be cancelled, and the policy
says so, this run is cancelled. A run can only be cancelled as a whole.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shared.core.host.actions import CancelRun
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.maintenance.updaterun import WORD_AFTER, UpdateRun, UsersRemain
from shared.core.maintenance.work.hold import word_of
from shared.core.maintenance.work.work import Ended, Finished, HostLook, NotYet, Work
from shared.core.observation.seen import RunSeen, Seen
from shared.core.values.texts import count


class UpdateRunWork(Work[UpdateRun]):
    """Hosts are held while the run lasts; it is cancelled if users remain."""

    __slots__ = ()

    def watched_run(self) -> str:
        return self.asked.run

    def read(self, hosts: Iterable[HostRecord], seen: Seen) -> Seen:
        """The service's status of the run lags. A cancel that it accepted counts at once."""
        for host in hosts:
            errand = host.maintenance.errand
            if errand is not None and errand.run == self.asked.run and not errand.unsure:
                return replace(seen, run=RunSeen("Cancelled", errand.why))
        return seen

    def off(self, seen: Seen) -> Ending | None:
        if seen.run is None or not seen.run.cancelled:
            return None
        why = f": {seen.run.why}" if seen.run.why else ""
        return Ending(Phase.CANCELED, "RunCancelled", f"its maintenance run was cancelled{why}")

    def for_all(
        self,
        look: HostLook,
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
        return CancelRun(bearer.key, self.asked.run, _why(remain))

    def look_at(self, look: HostLook, hosts: Iterable[HostRecord]) -> datetime | None:
        """While users remain, the time at which cancelling is decided; after that soon, until it is
        too late."""
        decides_at = self._decides_at(look.seen, look.now)
        if decides_at is None or not _remain(hosts):
            return None
        return max(decides_at, look.now + look.pace.soon)

    def _decides_at(self, seen: Seen, now: datetime) -> datetime | None:
        """From when on the run is cancelled if users remain; None: never, or no longer."""
        if self.asked.users_remain is not UsersRemain.CANCEL_RUN or self.asked.cancel_by is None:
            return None
        if now >= self.asked.cancel_by or self.off(seen) is not None:
            return None
        return self.asked.cancel_by - self.asked.decide_before

    def look(self, look: HostLook, host: HostRecord) -> NotYet | Finished | Ended:
        if (word := word_of(look.control, host)) is not None:
            return word
        if (off := self.off(look.seen)) is not None:
            return Ended(off)
        over_at = (self.asked.ends_at or look.now) + WORD_AFTER
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
