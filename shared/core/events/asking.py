"""What asks for a host that events have taken out. Each matter asks for itself: two alerts about
one host are two causes, and the host is restored when both are over."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """``host``: the host's key. ``at``: when the matter began, by its source's clock."""

    host: str
    about: str
    at: datetime


def over(ask: Ask, over_at: datetime | None) -> bool:
    """Whether the matter has ended since. One that began again later is not over."""
    return over_at is not None and over_at >= ask.at
