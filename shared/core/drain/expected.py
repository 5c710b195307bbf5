"""When a drain is expected to have ended, as its last forecast said. A forecast is told and never acted
on: losing it, or finding it wrong, changes nothing of what a drain does."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from shared.core.values.texts import cut

_STEP = timedelta(minutes=5)
_LONGEST = 300
"""Characters of a reason."""
LATER = "it takes longer than was expected"


class Basis(StrEnum):
    """What an expected end is made of: what the pool's hosts and users did before; the times that the
    policy allows, where of one part at least too little is known; or nothing."""

    PAST = "past"
    POLICY = "policy"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Expected:
    """``earliest`` and ``latest``: eight ends in ten are meant to lie between them. All three are None
    where nobody can know, and ``because`` says why. ``observations``: of the part of which the fewest are
    remembered."""

    at: datetime | None
    earliest: datetime | None = None
    latest: datetime | None = None
    basis: Basis = Basis.NONE
    observations: int = 0
    because: str = ""

    def as_of(self, now: datetime) -> "Expected":
        """The same, none of it in the past. What was expected earlier than now is expected at the next
        five minutes, so that what is told does not change with each moment."""
        if self.at is None or (self.earliest is not None and self.earliest >= now):
            return self
        soon = _next(now)
        late = self.at < now
        because = f"{self.because}; {LATER}" if late and LATER not in self.because else self.because
        at = soon if late else self.at
        earliest = soon if self.earliest is None else max(self.earliest, min(soon, at))
        latest = at if self.latest is None else max(self.latest, at)
        return replace(self, at=at, earliest=min(earliest, at), latest=latest, because=because)


def unknown(because: str) -> Expected:
    """Nobody can know it, and why."""
    return Expected(None, because=cut(because, _LONGEST))


class Later(NamedTuple):
    """From ``after`` seconds after the forecast was made until the next item: how many hosts of the pool are
    expected to be available. Eight times in ten it should lie between ``least`` and ``most``."""

    after: int
    available: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of a drain: when the whole has ended, and one of the hosts whose turn has not come. ``of`` tells which
    orders it knew of. ``course``: how many hosts of the pool are
    expected to be available meanwhile; empty where that cannot be known."""

    made_at: datetime
    whole: Expected
    queued: Expected | None = None
    of: str = ""
    course: tuple[Later, ...] = ()


def _next(now: datetime) -> datetime:
    """The next whole five minutes."""
    start = datetime.min.replace(tzinfo=UTC)
    return now + _STEP - (now - start) % _STEP
