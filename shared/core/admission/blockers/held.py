"""What a blocker says."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Held:
    """``text``: what the next host waits for. ``until``: then it is worth a look, and not before; an
    order wakes the drain anyway."""

    text: str
    until: datetime | None = None
