"""How long the app waits between looks at a pool."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait before the next look, and how long a write with a lost answer stays
    uncertain."""

    soon: timedelta = timedelta(seconds=5)
    """Something is about to happen."""
    usual: timedelta = timedelta(seconds=30)
    """A person or a machine is working on it."""
    idle: timedelta = timedelta(minutes=5)
    """Only something that wakes the drain by itself can happen."""
    longest: timedelta = timedelta(hours=1)
    """Nothing can happen before a known time that is further off."""
    late: timedelta = timedelta(minutes=3)
    """A write whose answer was lost may still take effect for this long. The service has been seen
    to apply one a minute later."""

    def people(self, quiet: timedelta) -> timedelta:
        """How long to wait before looking at users again, when nothing has changed among them for
        ``quiet``: a quarter of it, within bounds. Users who are told to leave do so soon or
        stay. So looks are frequent while something happens and rare when nothing does; on
        average a change is seen late by about an eighth of ``quiet``."""
        return min(max(quiet / 4, self.usual / 3), self.usual * 4)
