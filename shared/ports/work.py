"""Time, and the queue that carries the work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """One queue message: take a step for this drain. ``turn`` None: whatever turn it is, and then
    ``tries`` counts how often it found the pool worked on. With a
    ``subscription``: tell that subscriber of the drain instead. ``inbox``: see to the events that
    wait. ``campaign``: take a step for that campaign. ``report``: post the report of that run of a
    schedule, by its key."""

    drain: str = ""
    turn: int | None = None
    subscription: str = ""
    inbox: bool = False
    campaign: str = ""
    report: str = ""
    tries: int = 0

    @property
    def calls_strangers(self) -> bool:
        """Such work has a queue of its own."""
        return bool(self.subscription or self.report)


class Queue(Protocol):
    async def send(self, work: Work, delay: timedelta) -> None: ...
