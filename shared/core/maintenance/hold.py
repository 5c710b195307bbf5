"""Hold the host while somebody else does the work and says when it is done."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from shared.core.maintenance.kind import Harmless
from shared.core.values.described import described


@dataclass(frozen=True, slots=True)
class Hold(Harmless):
    """The host is held, drained and empty, until someone says `release`."""

    kind: Literal["hold"] = "hold"
    hold_for: timedelta = described(
        timedelta(hours=4),
        "how long a host is held at most; then it is put back, counts as failed, and asks for "
        "attention",
    )
    disturbs: ClassVar[bool] = False
    maintains: ClassVar[bool] = True
    held: ClassVar[bool] = True
    works_on_vm: ClassVar[bool] = False

    def longest(self) -> timedelta:
        return self.hold_for
