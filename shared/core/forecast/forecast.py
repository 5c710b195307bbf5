"""When a drain, and one of its hosts, is expected to have ended: the drain and what is remembered of its pool
in, an expected end and a range out.

A forecast is told, and nothing is done by it. It supposes that nobody orders anything, that no host fails,
and that as many hosts may be out at once as now.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.core.drain.expected import Basis, Expected, Forecast, unknown
from shared.core.drain.model import Drain
from shared.core.forecast.course import HIGH, LOW, course_of
from shared.core.forecast.forward import Forward, forward, paused
from shared.core.forecast.hosts import left_of
from shared.core.forecast.past import Past
from shared.core.forecast.stages import Ahead, Part
from shared.core.host.host import HostRecord
from shared.core.host.phases import OUT, Phase
from shared.core.host.status import ENDED
from shared.core.observation.seen import Seen
from shared.core.values.localtime import rounded_up
from shared.core.values.texts import count

_EVERY = timedelta(minutes=1)
_A_HOST = timedelta(seconds=0.4)
_SELDOM = timedelta(minutes=15)
"""A forecast of a thousand hosts is made again less often than one of ten: it costs a tenth of a step."""
_MINUTE = timedelta(minutes=1)
_TOLD = 300
"""Ends of single hosts that are used, of all plays."""
_FAR = 3.2e7
"""Seconds: a year. No forecast goes further."""


def is_due(drain: Drain, now: datetime) -> bool:
    """Whether the forecast that is kept is to be made again."""
    known = drain.forecast
    if known is None or known.of != _situation(drain):
        return True
    at = known.whole.at
    overtaken = at is not None and at <= now
    every = min(_SELDOM, _EVERY + len(drain.hosts) * _A_HOST) if at is not None else _EVERY
    return overtaken or now - known.made_at >= every


def forecast(drain: Drain, seen: Seen, past: Past, now: datetime) -> Forecast | None:
    """None for a drain that has ended."""
    if drain.progress.status in ENDED:
        return None
    return _made(drain, forward(drain, seen, Ahead(drain.control, past, now)), now)


class Turn(NamedTuple):
    """When a queued host is expected to be back, and the earliest time at which it may be out (None: not
    known)."""

    end: Expected
    out_from: datetime | None = None


def of_each(
    drain: Drain, seen: Seen, past: Past, now: datetime
) -> tuple[Forecast, dict[str, Turn]]:
    """The forecast of a drain that has not begun, and the turn of each of its hosts by key, if they go out in
    today's order."""
    found = forward(drain, seen, Ahead(drain.control, past, now))
    made = _made(drain, found, now)
    if isinstance(found, str):
        return made, {host.key: Turn(made.whole) for host in drain.hosts}
    return made, {key: _of_turn(found, n, now) for n, key in enumerate(found.turns)}


def _of_turn(found: Forward, place: int, now: datetime) -> Turn:
    turns = [play.turns[place] for play in found.plays if place < len(play.turns)]
    if 2 * len(turns) < len(found.plays):
        return Turn(unknown("its turn may not come in time"))
    ends = sorted(end for _, end in turns)
    first = now + timedelta(seconds=min(start for start, _ in turns))
    return Turn(_expected(now, ends, found.weakest), first)


def _made(drain: Drain, found: Forward | str, now: datetime) -> Forecast:
    control = drain.control
    if isinstance(found, str):
        waits = any(host.phase is Phase.QUEUED for host in drain.hosts)
        said = unknown(found)
        queued = said if waits and control.cancel is None else None
        return Forecast(now, said, queued, _situation(drain))
    ends = sorted(play.whole for play in found.plays)
    whole = _with_attention(_expected(now, ends, found.weakest), drain)
    queued = _of_queue(now, found) if found.turns else None
    until = min(ends[int(HIGH * len(ends))], _FAR)
    return Forecast(now, whole, queued, _situation(drain), course_of(found, until))


def of_host(ahead: Ahead, host: HostRecord, known: Forecast | None) -> Expected | None:
    """When one host has ended; ``known`` is the last forecast of its drain. None: it has ended."""
    control, now = ahead.control, ahead.now
    if host.ended:
        return None
    if host.phase is Phase.QUEUED:
        if control.paused is not None:
            return unknown(paused(control))
        queued = known.queued if known is not None else None
        return queued.as_of(now) if queued is not None else unknown("no forecast was made yet")
    if control.paused is not None and host.phase in (Phase.DRAINING, Phase.EMPTY):
        return unknown(paused(control))
    part = left_of(ahead, host)
    if part.table is None:
        return unknown(part.why)
    return _expected(now, sorted(part.table), part)


def _of_queue(now: datetime, ahead: Forward) -> Expected:
    """Which host's turn is when is chosen anew at each look: so it is told of all as of one."""
    ends = [end for play in ahead.plays for _, end in play.turns]
    ends = ends[:: max(1, len(ends) // _TOLD)] or [play.whole for play in ahead.plays]
    found = _expected(now, sorted(ends), ahead.weakest)
    return replace(found, because=f"{found.because}; its place in the queue is not settled")


def _expected(now: datetime, seconds: Sequence[float], part: Part) -> Expected:
    """From ends in order; whole minutes, and at least one to either side: looks are no closer."""

    def at(share: float) -> datetime:
        place = min(len(seconds) - 1, int(share * len(seconds)))
        return now + timedelta(seconds=min(seconds[place], _FAR))

    soonest = rounded_up(now, _MINUTE)
    earliest, middle, latest = (rounded_up(at(share), _MINUTE) for share in (LOW, 0.5, HIGH))
    earliest = max(soonest, earliest - 2 * _MINUTE)
    known = int(part.known)
    if part.basis is Basis.POLICY:
        earliest = soonest  # who is allowed to stay may leave at once
        because = (
            f"too little is remembered of this pool ({part.what}: {known}), so by the times that the "
            "policy allows"
        )
    elif part.what:
        because = f"from what this pool did before ({part.what}: {known})"
    else:
        because = "from what the app itself takes"
    return Expected(max(middle, earliest), earliest, latest + _MINUTE, part.basis, known, because)


def _with_attention(found: Expected, drain: Drain) -> Expected:
    needing = sum(1 for host in drain.hosts if host.attention and not host.ended)
    ended = sum(1 for host in drain.hosts if host.attention and host.ended)
    if not needing and not ended:
        return found
    text = f"{count(needing + ended, 'host')} in need of a person"
    return replace(found, because=f"{found.because}; {text}")


def _situation(drain: Drain) -> str:
    """What a forecast was made for: the orders so far, whether hosts are out, and what the queue waits for. If
    any of it changes, the forecast is out of date; its reason for being unknown most of all."""
    control = drain.control
    out = any(host.phase in OUT for host in drain.hosts)
    first = next((host for host in drain.hosts if host.phase is Phase.QUEUED), None)
    waits = "" if first is None else f"-{first.wait.code if first.wait is not None else ''}"
    paused = "paused" if control.paused is not None else ""
    canceled = "canceled" if control.cancel is not None else ""
    released = len(control.releases) + (control.release_all is not None)
    more = len(control.extensions), len(control.skips), len(control.additions), released
    return f"{paused}{canceled}{more}{'out' if out else ''}{waits}"
