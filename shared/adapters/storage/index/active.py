"""The partition ``active`` of the table ``index``: what is to be looked at and when; and a fair
choice of what is overdue.

Keys: a drain's id; ``campaign|<id>``; ``inbox``; ``<drain>|<subscription>``; ``receiver|<name>``;
``happenings|<drain>``; ``left|<drain>``. No drain's id is one of these words.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from itertools import batched

from shared.adapters.storage.index import left, standing
from shared.adapters.storage.tables.table import (
    LONG_AGO,
    MOST_CHANGES,
    Op,
    Row,
    Table,
    TableConflictError,
    Tables,
    Values,
    time_in,
    under,
)
from shared.core.drain.model import Drain
from shared.core.drain.subscriptions import Subscription
from shared.core.drain.summary.standing import Standing, standing_of
from shared.core.host.phases import OUT
from shared.core.host.status import ENDED
from shared.core.restore.orphans import Looked
from shared.core.values.drainid import is_drain_id, pool_key_of
from shared.ports import (
    PassOn,
    SeeToEvents,
    StepCampaign,
    TakeStep,
    TellReceiver,
    TellSubscriber,
    Work,
)  # fmt: skip

log = logging.getLogger(__name__)

Lasting = StepCampaign | SeeToEvents | TellSubscriber | TellReceiver | PassOn
"""The kinds of work, besides the steps of drains, that have a row here."""
_PARTITION = "active"
_EVENTS = "inbox"

OF_A_POOL = 3
"""The most drains of one pool in a choice: they are worked on one after another, whichever of them
gets a message."""
_SHARES = (0.4, 0.2, 0.2, 0.2)
"""The shares of the places by kind of work: each kind gets at least its share, however much of
another kind is overdue."""


class ActiveRows(Tables):
    """The rows of active work. Each says from when on the timer sends a message for it."""

    async def note_due(self, drain: Drain, due_at: datetime | None) -> None:
        pool, out = drain.control.pool.resource_id, any(h.phase in OUT for h in drain.hosts)
        progress, caller = drain.progress, drain.control.caller
        troubled = progress.trouble_since is not None
        values = {
            "dueAt": due_at, "hostPool": pool, "out": out, "troubled": troubled, "caller": caller,
            "standing": standing.written(standing_of(drain)),
        }  # fmt: skip
        if due_at is None and progress.status in ENDED:
            await self._end(drain)
            return
        await _note(self._index, drain.id, values if due_at is not None else None)

    async def _end(self, drain: Drain) -> None:
        """It is active no more; hosts that it leaves in need of a person are remembered."""
        first = left.prefix_of(pool_key_of(drain.id))
        known, here = await asyncio.gather(
            self._index.scan(_PARTITION, *under(first)),
            self._index.get(_PARTITION, drain.id),
        )
        own = [op for op in (left.of(drain),) if op is not None]
        own += [Op("delete", drain.id)] if here is not None else []
        if own:
            await self._index.transact(_PARTITION, own)
        for op in left.seen_to(drain, known):
            with suppress(TableConflictError):  # whoever else has seen to it
                await self._index.transact(_PARTITION, [op])

    async def forget_left(self, now: datetime, most: int) -> int:
        """What was left longer ago than it counts; how many rows went."""
        listed = await self._index.scan(_PARTITION, *under(left.FIRST))
        old = [row for row in listed if left.is_over(row, now)][:most]
        for some in batched(old, MOST_CHANGES):
            await self._index.transact(_PARTITION, [Op("delete", row.key) for row in some])
        return len(old)

    async def note_work(self, work: Lasting, due_at: datetime | None) -> None:
        await note(self._index, work, due_at)

    async def note_subscription(self, subscription: Subscription, due_at: datetime | None) -> None:
        await self.note_work(TellSubscriber(subscription.drain, subscription.id), due_at)

    async def looked(self) -> dict[str, Looked]:
        """When each drain is to be looked at. Older rows do not say whether the drain is in
        trouble; they count as if it were."""
        listed = await self._index.scan(_PARTITION, *under())
        return {
            row.key: Looked(_due_at(row), row.values.get("troubled") is not False)
            for row in listed
            if is_drain_id(row.key)
        }

    async def active(
        self, before: datetime, most: int
    ) -> tuple[tuple[Work, ...], tuple[tuple[str, Standing], ...]]:
        listed = await self._index.scan(_PARTITION, *under())
        there = list(_known(row for row in listed if not left.is_left(row.key)))
        work = tuple(work_of(key) for key in late(there, before, most))
        return work, (*_standing(there), *left.standing(listed, before))

    async def overdue(self, before: datetime, most: int) -> tuple[Work, ...]:
        work, _ = await self.active(before, most)
        return work

    async def open_of(self, caller: str, most: int) -> int:
        return len(await self._index.scan(_PARTITION, *under(), most, {"caller": caller}))

    async def due(
        self, pool_key: str, before: datetime, most: int
    ) -> Sequence[tuple[str, datetime]]:
        listed = await self._index.scan(_PARTITION, *under(f"{pool_key}-"))
        return due(listed, before)[:most]


async def note(index: Table, work: Lasting, due_at: datetime | None) -> None:
    """Set when this work is due; None removes it from the index."""
    await _note(index, key_of(work), {"dueAt": due_at} if due_at is not None else None)


async def _note(index: Table, key: str, values: Values | None) -> None:
    if values is not None:
        await index.transact(_PARTITION, [Op("upsert", key, values)])
    elif await index.get(_PARTITION, key) is not None:
        await index.transact(_PARTITION, [Op("delete", key)])


def _known(rows: Iterable[Row]) -> Iterator[Row]:
    """Of work of a kind that this version does not know: its message would fail for ever, or whoever took it for another
    kind would remove it."""
    for row in rows:
        if is_known(work_of(row.key)):
            yield row
        else:
            log.warning("work that this version does not know is left as it is: %s", row.key[:200])


def is_known(work: Work) -> bool:
    """Whether it is of this version: what is done for a drain names one."""
    match work:
        case TakeStep(drain) | PassOn(drain) | TellSubscriber(drain, _):
            return is_drain_id(drain)
    return True


def _standing(rows: Iterable[Row]) -> Iterator[tuple[str, Standing]]:
    for row in rows:
        found = standing.read(row.values.get("standing"))
        if found is not None and (pool := _pool(row.key)):
            yield pool, found


def key_of(work: Lasting) -> str:
    """The row's key for a piece of work."""
    match work:
        case StepCampaign(campaign):
            return f"campaign|{campaign}"
        case SeeToEvents():
            return _EVENTS
        case TellSubscriber(drain, subscription):
            return f"{drain}|{subscription}"
        case TellReceiver(receiver):
            return f"receiver|{receiver}"
        case PassOn(drain):
            return f"happenings|{drain}"


def work_of(key: str) -> Lasting | TakeStep:
    """The work that a row's key stands for."""
    if key == _EVENTS:
        return SeeToEvents()
    first, _, second = key.partition("|")
    match first:
        case "campaign":
            return StepCampaign(second)
        case "receiver":
            return TellReceiver(second)
        case "happenings":
            return PassOn(second)
    return TellSubscriber(first, second) if second else TakeStep(first)


def late(rows: Iterable[Row], before: datetime, most: int) -> list[str]:
    """The keys of at most ``most`` rows that are due before a time. Drains with hosts out come
    before drains that wait. If a kind has too many rows, half of its places go to the oldest and
    half to a pseudo-random choice: so a row that nobody ever removes does not keep others from
    their turn."""
    kinds: tuple[list[Row], ...] = ([], [], [], [])
    there: Counter[tuple[int, str]] = Counter()
    for row in sorted(rows, key=_age):
        if _due_at(row) > before:
            break
        kind = _kind(row)
        if kind < 2 and (pool := _pool(row.key)):
            there[kind, pool] += 1
            if there[kind, pool] > OF_A_POOL:
                continue
        kinds[kind].append(row)
    wanted = [len(kind) for kind in kinds]
    given = [min(want, int(most * share)) for want, share in zip(wanted, _SHARES, strict=True)]
    for number, want in enumerate(wanted):  # what other kinds left over, in order of urgency
        given[number] += min(want - given[number], most - sum(given))
    return [
        row.key
        for kind, places in zip(kinds, given, strict=True)
        for row in _some(kind, places, before)
    ]


def _some(rows: list[Row], places: int, before: datetime) -> list[Row]:
    if len(rows) <= places:
        return rows
    first, rest = rows[: places - places // 2], rows[places - places // 2 :]

    def lot(row: Row) -> bytes:
        """A key whose order differs each time, and is the same on every instance."""
        return sha256(f"{before.isoformat()} {row.key}".encode()).digest()

    return [*first, *sorted(rest, key=lot)[: places // 2]]


def due(rows: Iterable[Row], before: datetime) -> list[tuple[str, datetime]]:
    """The drains among these rows that are due before a time, the longest due first."""
    found = [row for row in rows if _due_at(row) <= before and _kind(row) < 2]
    return [(row.key, _due_at(row)) for row in sorted(found, key=_age)]


def _due_at(row: Row) -> datetime:
    """When it is due. A row that does not tell is due, and holds up no other: whoever sees to it writes it anew."""
    return time_in(row, "dueAt") or LONG_AGO


def _age(row: Row) -> tuple[datetime, str]:
    return _due_at(row), row.key


def _pool(drain: str) -> str:
    return pool_key_of(drain) if is_drain_id(drain) else ""


def _kind(row: Row) -> int:
    match work_of(row.key):
        case SeeToEvents() | StepCampaign():
            return 2
        case TellSubscriber() | TellReceiver() | PassOn():
            return 3
        case TakeStep():
            return 0 if row.values.get("out", True) else 1  # older rows do not say
