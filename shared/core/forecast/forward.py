"""Simulates the rest of a drain several times: when each host goes out, and when it is back."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.core.admission import batches
from shared.core.admission.blockers.window import takes_of
from shared.core.admission.capacity import room
from shared.core.admission.picking import in_order
from shared.core.drain.model import Control, Drain
from shared.core.forecast.hosts import left_of
from shared.core.forecast.openings import openings_of
from shared.core.forecast.queue import Play, played, sizes
from shared.core.forecast.spread import Table
from shared.core.forecast.stages import Ahead, Part, weaker
from shared.core.host.host import HostRecord
from shared.core.host.phases import OUT, Phase
from shared.core.observation.seen import Seen

_PLAYS = 64
"""Plays of a drain that takes no further host out; they are cheap."""
_WAITS = ("turn", "window", "start", "pool", "")
"""What a queued host waits for that passes by itself, as far as can be reckoned."""


@dataclass(frozen=True, slots=True)
class Forward:
    """``weakest``: the least known of the parts that the plays are made of. ``turns``: the keys of the queued
    hosts in their order. ``available``: hosts of the pool that are available now. ``gives_back`` and ``takes``:
    for each host that is out, and each that is queued, whether the pool gains or loses an available host by
    it; a host that was closed before is out anyway."""

    plays: Sequence[Play]
    weakest: Part
    turns: Sequence[str]
    available: int
    gives_back: Sequence[bool]
    takes: Sequence[bool]


def forward(drain: Drain, seen: Seen, ahead: Ahead) -> Forward | str:
    """The plays; or a text that says why the end cannot be known."""
    control = drain.control
    if control.paused is not None:
        return paused(control)
    out = [host for host in drain.hosts if host.phase in OUT]
    waits = [host for host in drain.hosts if host.phase is Phase.QUEUED]
    parts = [left_of(ahead, host) for host in out]
    tables = [part.table for part in parts if part.table is not None]
    lacking = next((part.why for part in parts if part.table is None), "")
    space = room(control.policy, drain.hosts, seen, ahead.now)
    ours = [host.before is not False and not host.stopped_before for host in out]
    available = len(seen.hosts) - len(space.out)
    if not waits or control.cancel is not None:
        plays = [_back(ahead, tables) for _ in range(_PLAYS)]
        return lacking or Forward(plays, _weakest(parts), (), available, ours, ())
    if lacking := _held(waits) or lacking:
        return lacking
    queue = in_order(control.policy.order, waits, seen)
    sessions = [_sessions(host, seen) for host in queue]
    at_first = [ahead.turn(number, 0) for number in {*sessions}]
    takes = [host.key not in space.out for host in queue]
    if not space.free and not any(ours) and any(takes):
        return f"no host may go out as things are: {space.text}"
    if lacking := next((part.why for part in at_first if part.table is None), ""):
        return lacking
    hosts = list(zip(tables, ours, strict=True)), list(zip(sessions, takes, strict=True))
    plays = _played(drain, seen, ahead, hosts, space.free)
    turns = [host.key for host in queue]
    return Forward(plays, _weakest([*parts, *at_first]), turns, available, ours, takes)


def _back(ahead: Ahead, tables: Sequence[Table]) -> Play:
    ends = [ahead.draws.of(table) for table in tables]
    return Play(ends, [], max(ends, default=0.0))


def _played(
    drain: Drain,
    seen: Seen,
    ahead: Ahead,
    hosts: tuple[Sequence[tuple[Table, bool]], Sequence[tuple[int, bool]]],
    free: int,
) -> list[Play]:
    """``hosts``: those that are out and those that are queued, as ``played`` takes them."""
    policy = drain.control.policy
    waits = next(host.since for host in drain.hosts if host.phase is Phase.QUEUED)
    batch = batches.current(policy, drain.hosts)
    number, left = (batch.number, batch.free) if batch is not None else (0, 0)
    return played(
        *hosts,
        lambda there, hour: ahead.turn(there, hour).table or (0.0,),
        free,
        lambda: sizes(policy, len(drain.hosts), number, left),
        openings_of(drain.control, waits, takes_of(drain.control, seen), ahead.now),
        ahead.draws,
    )


def paused(control: Control) -> str:
    """Why the end of a paused drain cannot be known."""
    by = control.paused.asked.by if control.paused is not None else ""
    return f"it is paused by {by}, and goes on when somebody resumes it"


def _held(waits: Sequence[HostRecord]) -> str:
    """Why no queued host goes out before somebody, or something that cannot be reckoned, lets it."""
    for host in waits:
        wait = host.wait
        if wait is None or wait.code in _WAITS:
            return ""
    wait = waits[0].wait
    return f"its hosts wait for {wait.text}" if wait is not None else ""


def _sessions(host: HostRecord, seen: Seen) -> int:
    here = seen.hosts.get(host.key)
    return here.sessions if here is not None else host.sessions_count or 0


def _weakest(parts: Sequence[Part]) -> Part:
    found = Part((0.0,))
    for part in parts:
        found = weaker(found, part)
    return found
