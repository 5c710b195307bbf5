"""How soon users leave a host that is being drained, as those of a pool did before.

What is remembered are rates: how often a session ended in an hour, by how long its host had been drained
and by whether its user was connected; and how much more, or less, often in each hour of the week. A
session that was signed out, or whose host was given up, counts for as long as it was seen. So a forecast
knows how long a session has lasted already, what day it is, and when people go home.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.core.forecast.spread import POINTS, Table

AGES = (0.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0)
"""Seconds after drain mode was on, at which another rate begins."""
WEEK = 168
LONGEST = timedelta(days=3)
"""What a session did longer than that is not remembered."""
_GRID = tuple(
    60.0 * m
    for m in (0, 1, 2, 3, 4, 5, 7, 9, 12, 15, 18, 22, 26, 30, 36, 42, 50, 60, 75, 90, 105, 120,
              *range(150, 600, 30), *range(600, 1440, 60), *range(1440, 4321, 180))
)  # fmt: skip
FOREVER = _GRID[-1]
"""Beyond that nothing is told apart."""
_HOUR = 3600.0
_FEW = 4.0
"""Ends that an hour of the week needs before it is believed more than the same hour of other days."""

Row = tuple[float, ...]
_NO_AGES: Row = (0.0,) * len(AGES)


@dataclass(frozen=True, slots=True)
class Stay:
    """One session on a draining host, from when drain mode was on (or it was first seen) until it ended, or
    (``ended`` False) was not looked at any more. Disconnected since then, if it was."""

    since: datetime
    until: datetime
    ended: bool
    disconnected_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """``hours`` and ``ends``: of connected sessions, then of disconnected ones, by age. ``foreseen`` and
    ``came``: ends by the hour of the week (0: Monday, from midnight), as the rates by age alone would have
    it, and as they were."""

    hours: tuple[Row, Row] = (_NO_AGES, _NO_AGES)
    ends: tuple[Row, Row] = (_NO_AGES, _NO_AGES)
    foreseen: Row = (0.0,) * WEEK
    came: Row = (0.0,) * WEEK

    @property
    def count(self) -> float:
        return sum(map(sum, self.ends))

    def aged(self, times: float) -> "Leaving":
        def less(row: Row) -> Row:
            return tuple(each * times for each in row)

        (a, b), (c, d) = self.hours, self.ends
        pairs = (less(a), less(b)), (less(c), less(d))
        return Leaving(*pairs, less(self.foreseen), less(self.came))

    def rate(self, disconnected: bool, age: int) -> float:
        """Ends in an hour, for one session of that age. One that was never seen takes hours."""
        return (self.ends[disconnected][age] + 0.25) / (self.hours[disconnected][age] + 0.5)

    def by_hour(self) -> Row:
        """For each hour of the week: so many times as often do sessions end in it. An hour of which
        little is known is held to be as the same hour of the other days."""
        days = []
        for hour in range(24):
            came, foreseen = sum(self.came[hour::24]), sum(self.foreseen[hour::24])
            days.append((came + _FEW / 2) / (foreseen + _FEW / 2))
        return tuple(
            (self.came[n] + _FEW * days[n % 24]) / (self.foreseen[n] + _FEW) for n in range(WEEK)
        )


def with_stays(known: Leaving, stays: Sequence[Stay], zone: str) -> Leaving:
    """With what these sessions did; ``zone`` is the pool's, as an IANA name."""
    hours = [list(row) for row in known.hours]
    ends = [list(row) for row in known.ends]
    foreseen, came = list(known.foreseen), list(known.came)
    for stay in stays:
        last: tuple[bool, int, int] | None = None
        for disconnected, age, slot, spent in _pieces(stay, zone):
            hours[disconnected][age] += spent
            foreseen[slot] += spent * known.rate(disconnected, age)
            last = disconnected, age, slot
        if stay.ended and last is not None:
            ends[last[0]][last[1]] += 1.0
            came[last[2]] += 1.0
    return replace(
        known, hours=(tuple(hours[0]), tuple(hours[1])), ends=(tuple(ends[0]), tuple(ends[1])),
        foreseen=tuple(foreseen), came=tuple(came),
    )  # fmt: skip


def _pieces(stay: Stay, zone: str) -> Iterator[tuple[bool, int, int, float]]:
    """A stay, cut where its age, its hour of the week or its connection changes: disconnected or not, age,
    hour of the week, hours."""
    until = min(stay.until, stay.since + LONGEST)
    at, left = stay.since, stay.disconnected_since
    local = ZoneInfo(zone)
    while at < until or at == stay.since:
        age = bisect_right(AGES, (at - stay.since).total_seconds()) - 1
        next_at = min(until, _next_hour(at))
        if age + 1 < len(AGES):
            next_at = min(next_at, stay.since + timedelta(seconds=AGES[age + 1]))
        if left is not None and at < left < next_at:
            next_at = left
        disconnected = left is not None and at >= left
        yield disconnected, age, slot_of(at, local), (next_at - at).total_seconds() / _HOUR
        if next_at <= at:
            return
        at = next_at


def _next_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def slot_of(at: datetime, zone: ZoneInfo) -> int:
    """The hour of the week on the clocks of a zone."""
    local = at.astimezone(zone)
    return local.weekday() * 24 + local.hour


@dataclass(frozen=True, slots=True)
class Group:
    """Sessions of one host that are alike: how many, whether disconnected, and how old in seconds."""

    number: int
    disconnected: bool
    age: float
    within: float = math.inf
    """Seconds from now within which the policy signs them out, warned and disconnected as they are."""


class Curves:
    """How likely a session is still there, from a moment on; made once a forecast."""

    def __init__(self, leaving: Leaving, zone: str) -> None:
        self._leaving = leaving
        self._zone = ZoneInfo(zone)
        self._by_hour = leaving.by_hour()
        self._slots: dict[datetime, list[float]] = {}
        self._stays: dict[tuple[datetime, bool, float], list[float]] = {}

    def table(self, at: datetime, groups: Sequence[Group]) -> Table:
        """Seconds from ``at`` until all sessions of a host have ended."""
        if not groups:
            return (0.0,) * POINTS
        gone = [1.0] * len(_GRID)
        for group in groups:
            stays = self._stay(at, group.disconnected, group.age)
            for n, stay in enumerate(stays):
                if _GRID[n] < group.within:
                    gone[n] *= (1.0 - stay) ** group.number
        found: list[float] = []
        for n in range(POINTS):
            wanted = (n + 0.5) / POINTS
            place = bisect_left(gone, wanted)
            if place >= len(gone):
                found.append(FOREVER)
            elif place == 0:
                found.append(0.0)
            else:
                a, b = gone[place - 1], gone[place]
                part = (wanted - a) / (b - a) if b > a else 1.0
                found.append(_GRID[place - 1] + (_GRID[place] - _GRID[place - 1]) * part)
        return tuple(found)

    def _stay(self, at: datetime, disconnected: bool, age: float) -> list[float]:
        key = at, disconnected, age
        if (known := self._stays.get(key)) is not None:
            return known
        times, total = self._times(at), 0.0
        rates = [self._leaving.rate(disconnected, n) for n in range(len(AGES))]
        found = [1.0]
        for n in range(1, len(_GRID)):
            middle = (_GRID[n - 1] + _GRID[n]) / 2
            rate = rates[bisect_right(AGES, age + middle) - 1] * times[n]
            total += rate * (_GRID[n] - _GRID[n - 1]) / _HOUR
            found.append(math.exp(-total))
        self._stays[key] = found
        return found

    def _times(self, at: datetime) -> list[float]:
        """What the hours of the week make of the rates, from a moment on."""
        if (known := self._slots.get(at)) is None:
            known = [
                self._by_hour[slot_of(at + timedelta(seconds=seconds), self._zone)]
                for seconds in _GRID
            ]
            self._slots[at] = known
        return known
