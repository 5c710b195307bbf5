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
from enum import IntEnum
from functools import cached_property
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


class Kind(IntEnum):
    """Of a session whose host's turn has not come, it is not known what it will be."""

    CONNECTED = 0
    DISCONNECTED = 1
    ANY = 2


@dataclass(frozen=True, slots=True)
class Leaving:
    """``hours`` and ``ends``: of connected sessions, of disconnected ones, and of all, by age. ``foreseen`` and
    ``came``: ends by the hour of the week (0: Monday, from midnight), as the rates by age alone would have
    it, and as they were."""

    hours: tuple[Row, Row, Row] = (_NO_AGES, _NO_AGES, _NO_AGES)
    ends: tuple[Row, Row, Row] = (_NO_AGES, _NO_AGES, _NO_AGES)
    foreseen: Row = (0.0,) * WEEK
    came: Row = (0.0,) * WEEK
    waited: float = 0.0
    """Hours of sessions on hosts whose turn had not come, as the hour of the week has it."""
    dwindled: float = 0.0
    """So many fewer of those sessions there were when the turn came."""

    @property
    def count(self) -> float:
        return sum(self.ends[Kind.ANY])

    def aged(self, times: float) -> "Leaving":
        def less(row: Row) -> Row:
            return tuple(each * times for each in row)

        (a, b, c), (d, e, f) = self.hours, self.ends
        return Leaving(
            (less(a), less(b), less(c)), (less(d), less(e), less(f)),
            less(self.foreseen), less(self.came), self.waited * times, self.dwindled * times,
        )  # fmt: skip

    def rate(self, kind: Kind, age: int) -> float:
        """Ends in an hour, for one session of that age. One that was never seen takes hours."""
        return (self.ends[kind][age] + 0.25) / (self.hours[kind][age] + 0.5)

    @property
    def dwindling(self) -> float:
        """How many of a waiting host's sessions end in an hour, one less another that begins."""
        return max(0.0, self.dwindled) / (self.waited + 2.0)

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
        last: tuple[Kind, int, int] | None = None
        for kind, age, slot, spent in _pieces(stay, zone):
            for each in (kind, Kind.ANY):
                hours[each][age] += spent
            foreseen[slot] += spent * known.rate(kind, age)
            last = kind, age, slot
        if stay.ended and last is not None:
            for each in (last[0], Kind.ANY):
                ends[each][last[1]] += 1.0
            came[last[2]] += 1.0
    return replace(
        known,
        hours=(tuple(hours[0]), tuple(hours[1]), tuple(hours[2])),
        ends=(tuple(ends[0]), tuple(ends[1]), tuple(ends[2])),
        foreseen=tuple(foreseen), came=tuple(came),
    )  # fmt: skip


def with_wait(
    known: Leaving, sessions: int, left: int, began: datetime, ended: datetime, zone: str
) -> Leaving:
    """With what became of a host's sessions while it waited for its turn."""
    hours = hours_of(known.by_hour(), began, min(ended, began + LONGEST), ZoneInfo(zone))
    return replace(
        known, waited=known.waited + sessions * hours, dwindled=known.dwindled + sessions - left
    )


def hours_of(by_hour: Row, began: datetime, ended: datetime, zone: ZoneInfo) -> float:
    """The hours between two moments, each weighed as the hour of the week has it."""
    total, at = 0.0, began
    while at < ended:
        next_at = min(ended, _next_hour(at))
        total += by_hour[slot_of(at, zone)] * (next_at - at).total_seconds() / _HOUR
        at = next_at
    return total


def _pieces(stay: Stay, zone: str) -> Iterator[tuple[Kind, int, int, float]]:
    """A stay, cut where its age, its hour of the week or its connection changes: kind, age,
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
        kind = Kind.DISCONNECTED if left is not None and at >= left else Kind.CONNECTED
        yield kind, age, slot_of(at, local), (next_at - at).total_seconds() / _HOUR
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
    """Sessions of one host that are alike: how many, and how old in seconds."""

    number: int
    kind: Kind
    age: float
    there: float = 1.0
    """How likely each of them is there at all."""
    within: float = math.inf
    """Seconds from now within which the policy signs them out, warned and disconnected as they are."""


class Curves:
    """How likely a session is still there, from a moment on; made once a forecast."""

    def __init__(self, leaving: Leaving, zone: str) -> None:
        self._leaving = leaving
        self._zone = ZoneInfo(zone)
        self._slots: dict[datetime, list[float]] = {}
        self._stays: dict[tuple[datetime, Kind, float], list[float]] = {}

    def table(self, at: datetime, groups: Sequence[Group]) -> Table:
        """Seconds from ``at`` until all sessions of a host have ended."""
        if not groups:
            return (0.0,) * POINTS
        gone = [1.0] * len(_GRID)
        for group in groups:
            stays = self._stay(at, group.kind, group.age)
            for n, stay in enumerate(stays):
                if _GRID[n] < group.within:
                    gone[n] *= (1.0 - group.there * stay) ** group.number
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

    @cached_property
    def _by_hour(self) -> Row:
        return self._leaving.by_hour()

    def still_there(self, began: datetime, at: datetime) -> float:
        """How likely a session of a host that waits for its turn is still there then."""
        latest = min(at, began + LONGEST)
        hours = hours_of(self._by_hour, began, latest, self._zone)
        return math.exp(-self._leaving.dwindling * hours)

    def _stay(self, at: datetime, kind: Kind, age: float) -> list[float]:
        key = at, kind, age
        if (known := self._stays.get(key)) is not None:
            return known
        times, total = self._times(at), 0.0
        rates = [self._leaving.rate(kind, n) for n in range(len(AGES))]
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
