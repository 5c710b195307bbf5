"""The hosts whose turn has not come, played forward a few times: each goes out when there is room, when
its batch begins, and when its window is open, and takes as long as one that is drawn."""

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from shared.core.admission.batches import size_of
from shared.core.forecast.openings import Openings
from shared.core.forecast.spread import Table
from shared.core.forecast.stages import Draws
from shared.core.policy.policy import Policy

MOST_DRAWS = 8_000
"""Hosts times plays: what a forecast costs."""
_PLAYS = (5, 40)


@dataclass(slots=True)
class Play:
    """How it went once, in seconds from now: when each host that is out was back, when each that waits went
    out and was back, in turn (those whose turn did not come are missing), and when the whole was over."""

    out: Sequence[float]
    turns: list[tuple[float, float]]
    whole: float


def plays_of(hosts: int) -> int:
    least, most = _PLAYS
    return max(least, min(most, MOST_DRAWS // max(1, hosts)))


def sizes(policy: Policy, total: int, number: int, left: int) -> Iterator[int]:
    """How many hosts the batches let out, from the batch at hand on, of which ``left`` may join yet, if all
    goes well. Without batches: all at once."""
    if not policy.batches and not policy.canary:
        yield total
        return
    yield left
    for step in count(number if policy.canary else number + 1):
        yield size_of(policy, step, total)


def played(
    out: Sequence[tuple[Table, bool]],
    queue: Sequence[tuple[int, bool]],
    turn: Callable[[int, int], Table],
    room: int,
    batches: Callable[[], Iterator[int]],
    openings: Openings,
    draws: Draws,
) -> list[Play]:
    """``out``: what is left of those that are out; ``queue``: of each that waits, its sessions, in turn; each with
    whether it takes a place: one that is out for another reason as well takes nobody's, and frees none. ``turn``:
    how long such a one takes that goes out in so many hours. ``room``: so many more may go now."""
    found: list[Play] = []
    tables: dict[tuple[int, int], Table] = {}
    for _ in range(plays_of(len(out) + len(queue))):
        running = [draws.of(table) for table, _ in out]
        last = max(running, default=0.0)
        places = [end for end, (_, takes) in zip(running, out, strict=True) if takes]
        places += [0.0] * room
        heapq.heapify(places)
        turns: list[tuple[float, float]] = []
        groups, left, begins = batches(), 0, 0.0
        left = next(groups)
        for sessions, takes in queue:
            while left <= 0:
                left, begins = next(groups), last
            free = (places[0] if places else math.inf) if takes else 0.0
            start = openings.first(max(free, begins))
            if start == math.inf:  # it is left alone, and so are those behind it
                last = max(last, 0.0, openings.until)
                break
            alike = sessions, int(start // 3600)
            if (table := tables.get(alike)) is None:
                table = tables[alike] = turn(*alike)
            end = start + draws.of(table)
            if takes:
                heapq.heapreplace(places, end)
            left -= 1
            last = max(last, end)
            turns.append((start, end))
        found.append(Play(running, turns, last))
    return found
