"""How soon the app looks again."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """How soon to look again, and how long a lost answer stays open."""

    soon: timedelta = timedelta(seconds=5)
    """Something is about to happen."""
    usual: timedelta = timedelta(seconds=30)
    """People or machines take their time."""
    idle: timedelta = timedelta(minutes=5)
    """Nothing can happen but what would wake the drain by itself."""
    longest: timedelta = timedelta(hours=1)
    """Nothing can happen before a time that is known, and lies further off."""
    late: timedelta = timedelta(minutes=3)
    """A write whose answer was lost may still take effect for so long. On the service it has been
    seen to do so a minute later."""

    def people(self, quiet: timedelta) -> timedelta:
        """How soon to look again at people, of whom nothing has been seen to change for so long: a quarter
        of that. Who is told to leave leaves soon, or stays; so looks come close together while something
        happens, thin out when nothing does, and are late by an eighth of the time or so."""
        return min(max(quiet / 4, self.usual / 3), self.usual * 4)
