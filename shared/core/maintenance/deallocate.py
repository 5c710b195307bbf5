"""Deallocate the VM, and start it again when the host is released or a time has passed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from shared.core.maintenance.kind import Harmless
from shared.core.values.described import described


@dataclass(frozen=True, slots=True)
class Deallocate(Harmless):
    """The host's VM is deallocated; it is started again when someone says `release`, or after
    `startAfter`. One that was stopped before stays stopped."""

    kind: Literal["deallocate"] = "deallocate"
    start_after: timedelta | None = described(
        None, "start the VM again so long after it was deallocated, released or not"
    )
    hold_for: timedelta = described(
        timedelta(hours=4),
        "without `startAfter`: how long to wait for a release; then the VM is started, and the "
        "host counts as failed",
    )
    time_limit: timedelta = described(
        timedelta(minutes=30), "how long deallocating, and starting, may take each"
    )
    disturbs: ClassVar[bool] = True
    maintains: ClassVar[bool] = True
    held: ClassVar[bool] = True
    works_on_vm: ClassVar[bool] = True

    def longest(self) -> timedelta:
        return (self.start_after or self.hold_for) + 2 * self.time_limit
