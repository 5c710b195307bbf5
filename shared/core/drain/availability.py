"""How many hosts of a drain's pool could take users, and how many had to: as the drain's looks saw it.

It is told, and nothing is done by it: losing it changes nothing of what a drain does.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

MOST = 64
"""Points that are kept. Of more, the two that are nearest in time become one."""
LONGEST = 300
"""Characters of what the floor comes from."""


class Point(NamedTuple):
    """From ``at`` on, until the next point: so many of the pool's ``hosts`` took new users, for whatever reason
    the others did not. ``floor``: so many the policy wanted to stay so; None where it was not known."""

    at: datetime
    available: int
    hosts: int
    floor: int | None


@dataclass(frozen=True, slots=True)
class Availability:
    """``seen_at``: the latest look; the last point holds until then. ``because``: what the floor comes from."""

    points: tuple[Point, ...]
    seen_at: datetime
    because: str = ""

    @property
    def now(self) -> Point:
        """As it was at the latest look."""
        return self.points[-1]


def with_point(known: Availability | None, point: Point, because: str = "") -> Availability:
    """With one look more. A look that did not need to know the floor leaves it as it was known."""
    because = because if len(because) <= LONGEST else f"{because[: LONGEST - 1]}…"
    if known is None:
        return Availability((point,), point.at, because)
    last = known.now
    if point.floor is None:
        point, because = point._replace(floor=last.floor), known.because
    at = max(point.at, known.seen_at)
    if last[1:] == point[1:]:
        return replace(known, seen_at=at, because=because)
    return Availability(_thinned((*known.points, point._replace(at=at))), at, because)


def _thinned(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """What is left out is told on the safe side: the fewest hosts, and the highest floor. The last stays."""
    if len(points) <= MOST:
        return points
    n = min(range(len(points) - 2), key=lambda n: points[n + 1].at - points[n].at)
    one, other = points[n], points[n + 1]
    floors = [floor for floor in (one.floor, other.floor) if floor is not None]
    merged = Point(
        one.at, min(one.available, other.available), other.hosts, max(floors, default=None)
    )
    return (*points[:n], merged, *points[n + 2 :])
