"""Hold the hosts while a maintenance run of Azure Update Manager patches them at its own time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Literal

from shared.core.access.allowed import Allowed
from shared.core.values.described import described
from shared.core.values.resources import is_run

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
class UpdateRun:
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
