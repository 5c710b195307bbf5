"""Events in the table ``index``::

events|<digest>                the record of an event, by the digest of its key
heard|<newest first>           the records of events, as a list
inbox|<digest>                 a signal that waits to be handled
later|<time>|<digest>          a signal that is postponed until that time
tied|<digest of a matter>|<digest>   the postponed signals about a matter
over|<digest of a matter>      when the matter ended
causes|<digest>|<drain>        a drain that was started for the matter
asks|<drain>|<digest>          a matter that asks for a host of a drain
active|inbox                   when the timer is to send the message that handles signals
"""

import contextlib
import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import batched

from shared.adapters.storage import records
from shared.adapters.storage.entities import entity_of
from shared.adapters.storage.index import active
from shared.adapters.storage.tables.table import (
    LONG_AGO,
    MOST_CHANGES,
    Op,
    Row,
    Table,
    TableConflictError,
    page,
    rows_from,
    time_in,
    under,
)
from shared.core.events.asking import Ask
from shared.core.events.records import EventKey, EventOutcome, EventRecord
from shared.core.events.signals import Signal
from shared.errors import UnreadableError
from shared.ports import Page, SeeToEvents

log = logging.getLogger(__name__)

LIST = "heard"
"""The partition of the list of events, by an old word for them. Under another name, each page would have to be merged from
two partitions for as long as events are kept, and the version before would not list what came since."""
_TIME = "%Y%m%dT%H%M%S.%f"


class TableInbox:
    """Implements ``shared.ports.Inbox``."""

    def __init__(self, index: Table) -> None:
        self._index = index

    async def event(self, key: EventKey) -> EventRecord | None:
        row = await self._index.get("events", key.digest)
        return None if row is None else _read(EventRecord, row)

    async def first(self, event: EventRecord) -> EventRecord:
        """The event is written under its digest before it is listed, so that of two concurrent
        deliveries the second finds the first. It is listed in any case once its result is
        recorded."""
        try:
            row = Op("insert", event.key.digest, entity_of(event))
            await self._index.transact("events", [row])
        except TableConflictError:
            return await self.event(event.key) or event
        await self._index.transact(LIST, [_listed(event)])
        return event

    async def note_event(self, event: EventRecord) -> None:
        """The event is listed first: so an event that is found by its digest is in the list,
        too."""
        await self._index.transact(LIST, [_listed(event)])
        row = Op("upsert", event.key.digest, entity_of(event))
        await self._index.transact("events", [row])

    async def events(self, most: int, token: str | None) -> Page[EventRecord]:
        listed, token = await page(self._index, LIST, "", most, token, {})
        return Page(tuple(_shown(row) for row in listed), token)

    async def put(self, signal: Signal) -> None:
        """A signal that waits already and is delivered again is left as it is: it may have been cut
        down."""
        values = entity_of(signal)
        with contextlib.suppress(TableConflictError):
            await self._index.transact("inbox", [Op("insert", signal.key.digest, values)])

    async def keep(self, signal: Signal) -> None:
        values = entity_of(signal)
        await self._index.transact("inbox", [Op("upsert", signal.key.digest, values)])

    async def waiting(self, most: int) -> tuple[Signal, ...]:
        """Unreadable signals are skipped, and do not hide those behind them."""
        found: list[Signal] = []
        token: str | None = None
        while len(found) < most:
            listed, token = await page(self._index, "inbox", "", most, token, {})
            found += _readable(listed)
            if token is None:
                break
        return tuple(sorted(found[:most], key=lambda signal: (signal.at, signal.key.digest)))

    async def postpone(self, signal: Signal) -> None:
        """The tie is written first, so that the end of the matter finds the signal."""
        key, values = _later(signal), entity_of(signal)
        tie = Op("upsert", _tie(signal), {"later": key})
        await self._index.transact("tied", [tie])
        await self._index.transact("later", [Op("upsert", key, values)])

    async def lies_elsewhere(self, signal: Signal) -> None:
        await self._remove("inbox", signal.key.digest)

    async def come(self, now: datetime, most: int) -> tuple[Signal, ...]:
        listed = await self._index.scan("later", "", later_than(now), most)
        return tuple(_readable(listed))

    async def next_at(self) -> datetime | None:
        async for row in rows_from(self._index, "later", ""):
            if (at := _time_of(row.key)) is not None:
                return at
        return None

    async def recall(self, about: str) -> bool:
        recalled = False
        for tie in await self._index.scan("tied", *under(f"{digest_of(about)}|")):
            row = await self._index.get("later", str(tie.values.get("later", "")))
            if row is None:
                await self._remove("tied", tie.key)
                continue
            for signal in _readable([row]):
                await self.put(signal)
                recalled = True
        return recalled

    async def stands_aside(self, signal: Signal) -> None:
        if signal.not_before is not None:
            await self._remove("later", _later(signal))

    async def settled(self, signal: Signal) -> None:
        if signal.not_before is not None:
            await self._remove("later", _later(signal))
            await self._remove("tied", _tie(signal))
        await self._remove("inbox", signal.key.digest)

    async def due(self, at: datetime | None) -> None:
        await active.note(self._index, SeeToEvents(), at)

    async def note_over(self, about: str, at: datetime) -> None:
        values = {"about": about, "at": at}
        await self._index.transact("over", [Op("upsert", digest_of(about), values)])

    async def over(self, about: str) -> datetime | None:
        row = await self._index.get("over", digest_of(about))
        return None if row is None else time_in(row, "at")

    async def note_asks(self, drain: str, asks: Sequence[Ask]) -> None:
        ops: dict[str, Op] = {}
        for ask in asks:
            key = f"{drain}|{digest_of(f'{ask.host}|{ask.about}')}"
            ops[key] = Op("upsert", key, {"host": ask.host, "about": ask.about, "at": ask.at})
        for some in batched(ops.values(), MOST_CHANGES):
            await self._index.transact("asks", some)

    async def asks(self, drain: str) -> tuple[Ask, ...]:
        listed = await self._index.scan("asks", *under(f"{drain}|"))
        return tuple(
            Ask(str(row.values.get("host")), str(row.values.get("about")), at)
            for row in listed
            if (at := time_in(row, "at")) is not None
        )

    async def note_cause(self, about: str, drain: str) -> None:
        key = f"{digest_of(about)}|{drain}"
        await self._index.transact("causes", [Op("upsert", key, {"drain": drain})])

    async def causes(self, about: str) -> tuple[str, ...]:
        listed = await self._index.scan("causes", *under(f"{digest_of(about)}|"))
        return tuple(str(row.values["drain"]) for row in listed if "drain" in row.values)

    async def _remove(self, partition: str, key: str) -> None:
        if await self._index.get(partition, key) is not None:
            with contextlib.suppress(TableConflictError):
                await self._index.transact(partition, [Op("delete", key)])


def _read[T](kind: type[T], row: Row) -> T:
    with records.readable(f"{row.partition} {row.key}"):
        return records.read(kind, row.values)


def _readable(rows: Iterable[Row]) -> list[Signal]:
    """The signals in these rows. A signal that a newer version wrote, or that cannot be read, stays
    where it is and does not hold up the others."""
    found = []
    for row in rows:
        try:
            found.append(_read(Signal, row))
        except UnreadableError as error:
            log.warning("a signal is not seen to, and stays: %s", str(error)[:500])
    return found


def _time_of(key: str) -> datetime | None:
    """The time for which a postponed signal waits. None: the key is none of this app's."""
    with contextlib.suppress(ValueError):
        return datetime.strptime(key.split("|", maxsplit=1)[0], _TIME).replace(tzinfo=UTC)
    return None


def _shown(row: Row) -> EventRecord:
    """An event for the list. If it cannot be read, the list shows what its columns tell."""
    try:
        return _read(EventRecord, row)
    except UnreadableError as error:
        said = row.values.get("outcome")
        outcome = EventOutcome(said) if said in set(EventOutcome) else EventOutcome.WAITING
        at = listed_at(row.key) or LONG_AGO
        key = EventKey(str(row.values.get("type", "")), "", "")
        text = f"its record cannot be read by this version of the app: {error}"[:1000]
        return EventRecord(key, at, outcome, text, str(row.values.get("drain", "")))


def _listed(event: EventRecord) -> Op:
    return Op("upsert", f"{listed_from(event.at)}|{event.key.digest}", entity_of(event))


def listed_from(at: datetime) -> str:
    """The key from which on events of that time or earlier are listed: the newest come first."""
    return f"{10**14 - int(at.timestamp() * 1000):015d}"


def listed_at(key: str) -> datetime | None:
    """The time of the event that is listed under a key. None: the key is none of this app's."""
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp((10**14 - int(key.split("|", maxsplit=1)[0])) / 1000, UTC)
    return None


def later_than(at: datetime) -> str:
    """The key from which on signals wait for that time or a later one."""
    return at.astimezone(UTC).strftime(_TIME)


def _later(signal: Signal) -> str:
    return f"{later_than(signal.not_before or signal.at)}|{signal.key.digest}"


def _tie(signal: Signal) -> str:
    return f"{digest_of(signal.about)}|{signal.key.digest}"


def digest_of(about: str) -> str:
    """The part of a key that stands for a matter, whatever case it is written in."""
    return sha256(about.lower().encode()).hexdigest()[:32]
