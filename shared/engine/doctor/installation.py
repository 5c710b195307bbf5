"""Readings of the app itself: its storage, its clock, its timers. Nothing of it stays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.core.access.roles import Reach
from shared.core.notifications import findings as told
from shared.core.start.doctor import installation as rules
from shared.core.start.doctor.findings import Finding, Unread
from shared.core.start.doctor.installation import LATE, Stamped
from shared.engine.doctor import sources
from shared.engine.doctor.reading import read
from shared.engine.notifications.reading import lanes
from shared.engine.world.outside import Outside
from shared.engine.world.together import together


async def examine(outside: Outside, now: datetime, reach: Reach) -> list[Finding]:
    """Tables, queues, the clock and the timers, in some ten reads and writes of storage. Events and receivers are about
    any pool: whoever's role is for some is told nothing of them."""
    installation = outside.options.installation
    storage = outside.storage

    async def stamp(name: str) -> Stamped | Unread:
        asked = outside.clock.now()
        stamped = await read(storage.table(name))
        answered = outside.clock.now()
        return stamped if isinstance(stamped, Unread) else Stamped(asked, stamped, answered)

    async def put(name: str) -> int | Unread:
        return await read(storage.queue(name))

    tables = await together(stamp, storage.tables)
    queues = await together(put, storage.queues)
    found = [*rules.settings(installation), *rules.keys(installation)]
    found += map(rules.table, storage.tables, tables)
    for name, reading in zip(storage.queues, queues, strict=True):
        found += rules.queue(name, reading)
    found.append(rules.clock(_told(tables)))
    found.append(rules.zones())
    found += rules.timers(installation, await read(outside.beats.all()), now)
    found.append(rules.late_work(await read(outside.store.overdue(now - LATE, 1))))
    if not reach.whole:
        return found
    found.append(rules.events(installation, await read(_last_event(outside)), now))
    found += await sources.examine(outside)
    return [*found, *await _receivers(outside, now)]


async def _receivers(outside: Outside, now: datetime) -> list[Finding]:
    """One query, where there are any."""
    known = outside.options.notifications
    if not known.receivers:
        return []
    reading = await read(lanes(outside))
    if isinstance(reading, Unread):
        return list(told.receivers(known, reading, now))
    there, unreadable = reading
    readable = replace(
        known, receivers=tuple(r for r in known.receivers if r.name not in unreadable)
    )
    return [*told.receivers(readable, there, now), *told.unread(unreadable)]


async def _last_event(outside: Outside) -> datetime | None:
    newest = (await outside.inbox.events(1, None)).items
    return newest[0].at if newest else None


def _told(readings: Sequence[Stamped | Unread]) -> Stamped | Unread:
    """The time of one table's service is that of all."""
    return next((each for each in readings if isinstance(each, Stamped)), readings[0])
