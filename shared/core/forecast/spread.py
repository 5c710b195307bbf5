"""Durations that were observed, counted in bins of which each is a quarter longer than the one before.
Its size is bounded whatever is observed, and old observations weigh less."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

POINTS = 32
"""A table of a duration: so many values, each as likely as the others, from short to long."""
BINS = 64
"""From seconds to two months."""
_FIRST = 4.0
_TIMES = 1.25
_LOG = math.log(_TIMES)
_TAIL = 3
"""Bins beyond those that were observed: what comes next may be half as long as all before, or twice."""

Table = Sequence[float]
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Bin to how many fell into it."""

    bins: Mapping[int, float] = field(default_factory=dict)

    @property
    def count(self) -> float:
        return sum(self.bins.values())

    def with_one(self, took: timedelta) -> "Spread":
        """With one more observation."""
        place = _bin(took.total_seconds())
        return Spread({**self.bins, place: self.bins.get(place, 0.0) + 1.0})

    def aged(self, times: float) -> "Spread":
        """Each observation weighs so many times what it did; what weighs next to nothing is forgotten."""
        kept = ((place, weight * times) for place, weight in self.bins.items())
        return Spread({place: weight for place, weight in kept if weight >= 0.01})

    def table(self, elapsed: float = 0.0) -> Table:
        """Seconds that it takes yet, of something that has taken ``elapsed`` so far. One observation more
        than there is stands for what was not seen yet, half of it short and half long."""
        if not self.bins:
            return (0.0,) * POINTS
        low, high = min(self.bins), max(self.bins)
        weights = dict(self.bins)
        for place, weight in ((max(0, low - _TAIL), 0.5), (min(BINS - 1, high + _TAIL), 0.5)):
            weights[place] = weights.get(place, 0.0) + weight
        edges = sorted(weights.items())
        known = [
            (max(_edge(p), elapsed), _edge(p + 1), w) for p, w in edges if _edge(p + 1) > elapsed
        ]
        if not known:  # longer than anything before: as long again, at most
            return tuple(elapsed * (n + 0.5) / POINTS for n in range(POINTS))
        shares = [(a, b, w * _part(a, b)) for a, b, w in known]
        total = sum(share for _, _, share in shares)
        found: list[float] = []
        passed, pieces = 0.0, iter(shares)
        a, b, share = next(pieces)
        for n in range(POINTS):
            wanted = total * (n + 0.5) / POINTS
            while passed + share < wanted:
                passed += share
                a, b, share = next(pieces)
            found.append(a + (b - a) * (wanted - passed) / share - elapsed)
        return tuple(max(0.0, each) for each in found)


def _bin(seconds: float) -> int:
    if seconds <= _FIRST:
        return 0
    return min(BINS - 1, 1 + int(math.log(seconds / _FIRST) / _LOG))


def _edge(place: int) -> float:
    """Where a bin begins, in seconds."""
    return 0.0 if place == 0 else _FIRST * _TIMES ** (place - 1)


def _part(begins: float, ends: float) -> float:
    """How much of a bin lies beyond its beginning, which may have been moved."""
    whole = ends - ends / _TIMES if ends > _FIRST else ends
    return min(1.0, max(1e-9, (ends - begins) / whole))


def up_to(longest: float, least: float = 0.0) -> Table:
    """Where nothing is known but how long it may take: most likely that long."""
    ramp = POINTS // 4
    low = min(least, longest)
    return tuple(low + (longest - low) * n / ramp if n < ramp else longest for n in range(POINTS))


def between(least: float, most: float) -> Table:
    """Anything between the two."""
    return tuple(least + (most - least) * (n + 0.5) / POINTS for n in range(POINTS))
