"""How many hosts of a drain's pool were available at its looks, and how many the policy kept available.

It is shown to readers. No rule depends on it, so losing it does no harm.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from shared.core.values.texts import cut

MOST = 64
"""Points that are kept. Beyond that, the two points that are closest in time are merged."""
LONGEST = 300
"""Characters of the text that says where the floor comes from."""


class Point(NamedTuple):
    """From ``at`` until the next point, ``available`` of the pool's ``hosts`` took new users. ``floor``: how many
    the policy kept available; None if that was not known."""

    at: datetime
    available: int
    hosts: int
    floor: int | None


@dataclass(frozen=True, slots=True)
class Availability:
    """``points``: oldest first, never empty. ``seen_at``: the time of the latest look; the last point holds
    until then. ``because``: where the floor comes from."""

    points: tuple[Point, ...]
    seen_at: datetime
    because: str = ""

    @property
    def now(self) -> Point:
        """The state at the latest look."""
        return self.points[-1]


def with_point(known: Availability | None, point: Point, because: str = "") -> Availability:
    """The availability after one more look. If that look did not read what the floor depends on, the last
    known floor is kept."""
    because = cut(because, LONGEST)
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
    """A merged point has the lower number of hosts and the higher floor, so no shortage is hidden. The last
    point is never merged."""
    if len(points) <= MOST:
        return points
    n = min(range(len(points) - 2), key=lambda n: points[n + 1].at - points[n].at)
    one, other = points[n], points[n + 1]
    floors = [floor for floor in (one.floor, other.floor) if floor is not None]
    merged = Point(
        one.at, min(one.available, other.available), other.hosts, max(floors, default=None)
    )
    return (*points[:n], merged, *points[n + 2 :])
