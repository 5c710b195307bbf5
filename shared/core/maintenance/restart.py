"""Restart the VM once, as a long operation. A stopped VM is started instead."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from shared.core.maintenance.kind import Harmless
from shared.core.values.described import described


@dataclass(frozen=True, slots=True)
class Restart(Harmless):
    """The host's VM is restarted. One that was stopped is started, and stopped again after."""

    kind: Literal["restart"] = "restart"
    time_limit: timedelta = described(
        timedelta(minutes=30), "how long the restart may take; then it counts as failed"
    )
    disturbs: ClassVar[bool] = True
    maintains: ClassVar[bool] = True
    held: ClassVar[bool] = False
    works_on_vm: ClassVar[bool] = True

    def longest(self) -> timedelta:
        return self.time_limit
