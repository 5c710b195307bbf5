"""No maintenance: the host only has to be empty once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from shared.core.maintenance.kind import Harmless


@dataclass(frozen=True, slots=True)
class NoMaintenance(Harmless):
    """Nothing is done: the host is restored as soon as it was empty."""

    kind: Literal["none"] = "none"
    disturbs: ClassVar[bool] = False
    maintains: ClassVar[bool] = False
    held: ClassVar[bool] = False
    works_on_vm: ClassVar[bool] = False

    def longest(self) -> timedelta:
        return timedelta(0)
