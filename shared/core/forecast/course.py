"""How many hosts of a pool are expected to be available while a drain goes on, counted from simulated plays."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from shared.core.drain.expected import Later
from shared.core.forecast.forward import Forward

POINTS = 24
"""Points of a course: enough for a small chart."""
_LOOKED_AT = 2_000
"""Starts and ends, of all plays, from which the points are chosen."""
LOW, HIGH = 0.1, 0.9
"""The shares of plays between which a range lies."""


def course_of(ahead: Forward, until: float) -> tuple[Later, ...]:
    """The course up to ``until``, in seconds from now."""
    lost: list[list[float]] = []
    back: list[list[float]] = []
    for play in ahead.plays:
        turns = [turn for turn, takes in zip(play.turns, ahead.takes, strict=False) if takes]
        ends = [end for end, ours in zip(play.out, ahead.gives_back, strict=True) if ours]
        lost.append(sorted(start for start, _ in turns))
        back.append(sorted([*ends, *(end for _, end in turns)]))
    found: list[Later] = []
    for at in _moments([*lost, *back], until):
        counts = sorted(
            ahead.available - bisect_right(went, at) + bisect_right(came, at)
            for went, came in zip(lost, back, strict=True)
        )
        least, middle, most = (counts[int(s * len(counts))] for s in (LOW, 0.5, HIGH))
        later = Later(int(at), middle, least, most)
        if not found or found[-1][1:] != later[1:]:
            found.append(later)
    if found and found[-1].after < int(until):
        found.append(found[-1]._replace(after=int(until)))
    return tuple(found)


def _moments(lists: Sequence[list[float]], until: float) -> list[float]:
    """Times for the points, in seconds: dense where many hosts go or come back."""
    every = max(1, sum(map(len, lists)) // _LOOKED_AT)
    happens = sorted(at for each in lists for at in each[::every] if at <= until)
    happens = happens[: bisect_left(happens, until)]
    step = max(1, -(-len(happens) // (POINTS - 2)))
    return [0.0, *happens[step - 1 :: step], until]
