"""Redeploy: Azure moves the VM to another physical host."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from shared.core.maintenance.kind import Harmless
from shared.core.values.described import described


@dataclass(frozen=True, slots=True)
class Redeploy(Harmless):
    """The host's VM is moved to other hardware. Its temporary disk is lost. One that is stopped
    is left alone: Azure places it anew at its next start."""

    kind: Literal["redeploy"] = "redeploy"
    time_limit: timedelta = described(
        timedelta(hours=1), "how long the move may take; then it counts as failed"
    )
    disturbs: ClassVar[bool] = True
    maintains: ClassVar[bool] = True
    held: ClassVar[bool] = False
    works_on_vm: ClassVar[bool] = True

    def longest(self) -> timedelta:
        return self.time_limit
