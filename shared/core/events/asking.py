"""What asks for a host that events have taken out: each matter for itself. Two alerts about one host
are two causes, and it goes back when both are over."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """``at``: when the matter's source says that it began."""

    host: str
    about: str
    at: datetime


def over(ask: Ask, over_at: datetime | None) -> bool:
    """Whether the matter has ended since, by what is known of it. One that came anew is not over."""
    return over_at is not None and over_at >= ask.at
