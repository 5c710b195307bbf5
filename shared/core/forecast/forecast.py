"""When a drain, and one of its hosts, is expected to have ended: the drain and what is remembered of its pool
in, an expected end and a range out.

A forecast is told, and nothing is done by it. It supposes that nobody orders anything, that no host fails,
and that as many hosts may be out at once as now.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.admission import batches
from shared.core.admission.blockers.window import takes_of
from shared.core.admission.capacity import room
from shared.core.admission.picking import in_order
from shared.core.drain.expected import Basis, Expected, Forecast, unknown
from shared.core.drain.model import Control, Drain
from shared.core.forecast.hosts import left_of
from shared.core.forecast.openings import openings_of
from shared.core.forecast.past import Past
from shared.core.forecast.queue import Ends, played, sizes
from shared.core.forecast.spread import Table
from shared.core.forecast.stages import Ahead, Part, weaker
from shared.core.host.host import HostRecord
from shared.core.host.phases import OUT, Phase
from shared.core.host.status import ENDED
from shared.core.observation.seen import Seen
from shared.core.values.texts import count

_EVERY = timedelta(minutes=1)
_A_HOST = timedelta(seconds=0.4)
_SELDOM = timedelta(minutes=15)
"""A forecast of a thousand hosts is made again less often than one of ten: it costs a tenth of a step."""
_WAITS = ("turn", "window", "start", "pool", "")
"""What a queued host waits for that passes by itself, as far as can be reckoned."""
_MINUTE = timedelta(minutes=1)
LOW, HIGH = 0.1, 0.9


def is_due(drain: Drain, now: datetime) -> bool:
    """Whether the forecast that is kept is to be made again."""
    known = drain.forecast
    if known is None or known.of != _orders(drain.control):
        return True
    at = known.whole.at
    overtaken = at is not None and at <= now
    every = min(_SELDOM, _EVERY + len(drain.hosts) * _A_HOST)
    return overtaken or now - known.made_at >= every


def forecast(drain: Drain, seen: Seen, past: Past, now: datetime) -> Forecast | None:
    """None for a drain that has ended."""
    if drain.progress.status in ENDED:
        return None
    of = _orders(drain.control)
    whole, queued = _ends(drain, seen, Ahead(drain.control, past, now))
    return Forecast(now, whole, queued, of)


def of_host(ahead: Ahead, host: HostRecord, known: Forecast | None) -> Expected | None:
    """When one host has ended; ``known`` is the last forecast of its drain. None: it has ended."""
    control, now = ahead.control, ahead.now
    if host.ended:
        return None
    if host.phase is Phase.QUEUED:
        if control.paused is not None:
            return unknown(_paused(control))
        queued = known.queued if known is not None else None
        return queued.as_of(now) if queued is not None else unknown("no forecast was made yet")
    if control.paused is not None and host.phase in (Phase.DRAINING, Phase.EMPTY):
        return unknown(_paused(control))
    part = left_of(ahead, host)
    if part.table is None:
        return unknown(part.why)
    return _expected(now, sorted(part.table), part)


def _ends(drain: Drain, seen: Seen, ahead: Ahead) -> tuple[Expected, Expected | None]:
    control, now = drain.control, ahead.now
    waits = [host for host in drain.hosts if host.phase is Phase.QUEUED]
    out = [host for host in drain.hosts if host.phase in OUT]
    if control.paused is not None:
        said = unknown(_paused(control))
        return said, said if waits else None
    parts = [left_of(ahead, host) for host in out]
    lacking = next((part for part in parts if part.table is None), None)
    weakest = _weakest(parts)
    tables = [part.table for part in parts if part.table is not None]
    if not waits or control.cancel is not None:
        if lacking is not None:
            return unknown(lacking.why), None
        ends = sorted(max((ahead.draws.of(t) for t in tables), default=0.0) for _ in range(64))
        return _with_attention(_expected(now, ends, weakest), drain), None
    held = _held(waits)
    if held or lacking is not None:
        said = unknown(held or (lacking.why if lacking is not None else ""))
        return said, said
    return _played(drain, seen, ahead, waits, tables, weakest)


def _played(
    drain: Drain,
    seen: Seen,
    ahead: Ahead,
    waits: list[HostRecord],
    out: list[Table],
    weakest: Part,
) -> tuple[Expected, Expected]:
    control, now = drain.control, ahead.now
    policy = control.policy
    space = room(policy, drain.hosts, seen, now)
    free = max(0, min(limit.free for limit in space.limits if limit.spares))
    if not free and not out:
        said = unknown(f"no host may go out as things are: {space.text}")
        return said, said
    ordered = in_order(policy.order, waits, seen)
    queue = [_sessions(host, seen) for host in ordered]
    at_first = [ahead.turn(sessions, 0) for sessions in {*queue}]
    lacking = next((part for part in at_first if part.table is None), None)
    if lacking is not None:
        return unknown(lacking.why), unknown(lacking.why)
    weakest = _weakest([weakest, *at_first])
    batch = batches.current(policy, drain.hosts)
    number, left = (batch.number, batch.free) if batch is not None else (0, 0)
    ends = played(
        out,
        queue,
        lambda sessions, hour: ahead.turn(sessions, hour).table or (0.0,),
        free,
        lambda: sizes(policy, len(drain.hosts), number, left),
        openings_of(control, waits[0].since, takes_of(control, seen), now),
        ahead.draws,
    )
    whole = _with_attention(_expected(now, ends.whole, weakest), drain)
    return whole, _of_queue(now, ends, weakest)


def _of_queue(now: datetime, ends: Ends, part: Part) -> Expected:
    """Which host's turn is when is chosen anew at each look: so it is told of all as of one."""
    known = ends.queued or ends.whole
    found = _expected(now, known, part)
    return replace(found, because=f"{found.because}; its place in the queue is not settled")


def _sessions(host: HostRecord, seen: Seen) -> int:
    here = seen.hosts.get(host.key)
    return here.sessions if here is not None else host.sessions_count or 0


def _weakest(parts: Sequence[Part]) -> Part:
    found = Part((0.0,))
    for part in parts:
        found = weaker(found, part)
    return found


def _expected(now: datetime, seconds: Sequence[float], part: Part) -> Expected:
    """From ends in order; whole minutes, and at least one to either side: looks are no closer."""

    def at(share: float) -> datetime:
        place = min(len(seconds) - 1, int(share * len(seconds)))
        return now + timedelta(seconds=min(seconds[place], 3.2e7))

    earliest, middle, latest = _up(at(LOW)), _up(at(0.5)), _up(at(HIGH)) + _MINUTE
    earliest = max(_up(now), earliest - 2 * _MINUTE)
    known = int(part.known)
    if part.basis is Basis.POLICY:
        earliest = _up(now)  # who is allowed to stay may leave at once
        because = (
            f"too little is remembered of this pool ({part.what}: {known}), so by the times that the "
            "policy allows"
        )
    elif part.what:
        because = f"from what this pool did before ({part.what}: {known})"
    else:
        because = "from what the app itself takes"
    return Expected(
        max(middle, earliest), earliest, max(latest, middle), part.basis, known, because
    )


def _up(at: datetime) -> datetime:
    """The next whole minute."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + _MINUTE


def _held(waits: Sequence[HostRecord]) -> str:
    """Why no queued host goes out before somebody, or something that cannot be reckoned, lets it."""
    for host in waits:
        wait = host.wait
        if wait is None or wait.code in _WAITS:
            return ""
    wait = waits[0].wait
    return f"its hosts wait for {wait.text}" if wait is not None else ""


def _paused(control: Control) -> str:
    by = control.paused.asked.by if control.paused is not None else ""
    return f"it is paused by {by}, and goes on when somebody resumes it"


def _with_attention(found: Expected, drain: Drain) -> Expected:
    needing = sum(1 for host in drain.hosts if host.attention and not host.ended)
    ended = sum(1 for host in drain.hosts if host.attention and host.ended)
    if not needing and not ended:
        return found
    text = f"{count(needing + ended, 'host')} in need of a person"
    return replace(found, because=f"{found.because}; {text}")


def _orders(control: Control) -> str:
    """Which orders a forecast knows of: another one makes it out of date."""
    paused = "paused" if control.paused is not None else ""
    canceled = "canceled" if control.cancel is not None else ""
    released = len(control.releases) + (control.release_all is not None)
    more = len(control.extensions), len(control.skips), len(control.additions), released
    return f"{paused}{canceled}{more}"
