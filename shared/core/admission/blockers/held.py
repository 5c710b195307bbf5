"""What a blocker says about the hosts that it holds back."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Held:
    """``text``: what the next host waits for. ``until``: there is no need to look before then; an
    order wakes the drain anyway. None: not known."""

    text: str
    until: datetime | None = None
