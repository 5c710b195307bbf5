"""Starts drains. Everything is checked before anything is touched."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.core.admission.capacity import room
from shared.core.drain.expected import Forecast
from shared.core.drain.history.facts import Asked
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.drain.summary.overview import Overview, overview_of
from shared.core.forecast.forecast import Turn
from shared.core.observation.seen import Seen
from shared.core.start.plan import Plan, plan
from shared.core.start.request import Start
from shared.core.start.rights import Missing
from shared.core.values.drainid import drain_id
from shared.core.values.hostpool import HostPoolId
from shared.engine.drains.checking import Checked, check
from shared.engine.drains.ready import ready
from shared.engine.drains.rights import lacking
from shared.engine.step.observe import by_host
from shared.engine.step.poolfacts import hosts_taken, refusal
from shared.engine.world.outside import Outside
from shared.engine.world.pasts import past_of, tried_each
from shared.errors import (
    ChangedError,
    Fault,
    OutsideError,
    RecordTooLargeError,
    RefusalKind,
    RequestRefusedError,
    busy,
    invalid,
    too_many,
)
from shared.ports import TakeStep


@dataclass(frozen=True, slots=True)
class Preview:
    """What a drain would do. ``unknown``: why its rights could not be determined; empty if they
    could."""

    checked: Checked
    plan: Plan
    missing: tuple[Missing, ...]
    unknown: str
    forecast: Forecast | None = None
    """When the drain would end if it began now. None: no forecast could be made."""
    turns: Mapping[str, Turn] = field(default_factory=dict)
    """When each host would be out and back, by the host's name."""


async def start(outside: Outside, asked: Start, by: str) -> Overview:
    """Record a new drain and send its first message; or return the drain that the same idempotency
    key started. Raises RequestRefusedError with every fault."""
    now = outside.clock.now()
    existing = await outside.store.overview(drain_id(asked.pool.key, asked.unique))
    if existing is not None:
        return _repeated(existing, asked)
    await _has_room(outside, asked)
    checked = await check(outside, asked, by, now)
    drain = checked.drain
    unknown = await ready(outside, drain, checked.facts)
    entry = Entry(now, Asked(len(drain.hosts), str(asked.selection)), "", by, asked.reason)
    await outside.store.note_due(drain, now)
    await _keeps_room(outside, drain, asked)
    try:
        taken = await outside.store.create(drain, [entry, *unknown])
    except RecordTooLargeError as error:
        await outside.store.note_due(drain, None)
        raise invalid(
            (Fault("RequestTooLarge", "policy", f"the request is too large: {error}"),)
        ) from error
    except ChangedError:
        taken = {}
        existing = await outside.store.overview(drain.id)
        if existing is None:  # the same request is being recorded now, or was left recorded in part
            text = "this request is just being taken, as it was sent before: try again"
            raise busy("DrainBusy", text) from None
    if taken:
        existing = await outside.store.overview(drain.id)
    if existing is not None:  # the same request was sent twice at once
        await outside.queue.send(TakeStep(drain.id), timedelta(0))
        return _repeated(existing, asked)
    if taken:
        await outside.store.note_due(drain, None)
        raise hosts_taken(taken)
    _, made = await asyncio.gather(
        outside.queue.send(TakeStep(drain.id), timedelta(0)),
        outside.store.overview(drain.id),  # read again for the version that it has now
    )
    return made or overview_of(drain)


async def _has_room(outside: Outside, asked: Start) -> None:
    """Raises RequestRefusedError if the caller has as many open drains as allowed."""
    most = outside.options.limits.drains
    if asked.caller and (there := await outside.store.open_of(asked.caller, most)) >= most:
        raise too_many("drain", there, most)


async def _keeps_room(outside: Outside, drain: Drain, asked: Start) -> None:
    """Count again, after this drain was noted. Each request does so, so that concurrent requests together do not exceed
    the limit. Raises RequestRefusedError, and then the drain is no longer noted."""
    most = outside.options.limits.drains
    if not asked.caller or await outside.store.open_of(asked.caller, most + 1) <= most:
        return
    if await outside.store.version(drain.id):  # the same request, sent twice at once, was taken
        return
    await outside.store.note_due(drain, None)
    raise too_many("drain", most, most)


async def preview(outside: Outside, asked: Start, by: str) -> Preview:
    """What the drain would do. Only reads. Raises RequestRefusedError."""
    now = outside.clock.now()
    checked = await check(outside, asked, by, now)
    others = {host.key for host in checked.drain.hosts}
    taken = {c.host: c.drain for c in checked.claims if c.host in others and not c.free}
    if taken:
        raise hosts_taken(taken)
    seen = await _seen(outside, asked.pool, checked, now)
    lacks, unknown = await lacking(outside, checked.drain, checked.facts)
    past = await past_of(outside, asked.pool.key)
    made, each = tried_each(checked.drain, seen, past, now)
    turns = {host.name: each[host.key] for host in checked.drain.hosts if host.key in each}
    return Preview(checked, plan(checked.drain, seen, now), lacks, unknown, made, turns)


@dataclass(frozen=True, slots=True)
class Fit:
    """How many of the wanted hosts could go out together now, and what the limit is."""

    hosts: int
    wanted: int
    text: str


async def fits(outside: Outside, asked: Start, by: str) -> Fit:
    """How many of the request's hosts the floor would let out together now. Raises
    RequestRefusedError."""
    now = outside.clock.now()
    checked = await check(outside, asked, by, now)
    seen = await _seen(outside, asked.pool, checked, now)
    space = room(asked.policy, checked.drain.hosts, seen, now)
    text, number = space.text, 0
    for host in checked.drain.hosts:
        if space.fits(host.key):
            space.take(host.key)
            number += 1
    return Fit(number, len(checked.drain.hosts), text)


async def _seen(outside: Outside, pool: HostPoolId, checked: Checked, now: datetime) -> Seen:
    """What the checks have read of the pool, as a first step would see it. Raises
    RequestRefusedError if the sessions cannot be read."""
    try:
        sessions = by_host(await outside.plane.sessions(pool))
    except OutsideError as error:
        raise refusal(error, pool) from error
    return Seen(
        hosts={host.key: host for host in checked.listed},
        hosts_began_at=now,
        hosts_ended_at=now,
        facts=checked.facts,
        sessions=sessions,
        out_for_others={c.host: c.drain for c in checked.claims if c.out},
        maintained=checked.maintained,
    )


def _repeated(existing: Overview, asked: Start) -> Overview:
    if existing.request_digest == asked.digest:
        return existing
    text = "this idempotency key was used for a drain with another request body"
    raise RequestRefusedError(RefusalKind.CONFLICT, "IdempotencyKeyReused", text)
