"""Events in the table ``index``::

events|<digest>                what came of an event, found by what tells it apart
heard|<newest first>           the same, listed
inbox|<digest>                 a notice that waits to be seen to
over|<digest of a matter>      when it was over
causes|<digest>|<drain>        a drain that was started for it
active|inbox                   when the timer is to send for what waits
"""

import contextlib
from datetime import datetime
from hashlib import sha256

from shared.adapters import entities
from shared.adapters.paging import END, page
from shared.adapters.tables import Op, Table, TableConflictError
from shared.core.heard import EventKey, Heard
from shared.core.notices import Notice
from shared.ports import Page

ACTIVE = "inbox"
"""The row in the partition of what is looked after."""


class TableInbox:
    """Keeps the protocol ``shared.ports.Inbox``."""

    def __init__(self, index: Table) -> None:
        self._index = index

    async def event(self, key: EventKey) -> Heard | None:
        row = await self._index.get("events", key.digest)
        return None if row is None else entities.read_heard(row.values)

    async def first(self, heard: Heard) -> Heard:
        """Found before it is listed, so that of two deliveries at once the second finds the first.
        What came of it is listed in any case."""
        try:
            row = Op("insert", heard.key.digest, entities.heard_values(heard))
            await self._index.transact("events", [row])
        except TableConflictError:
            return await self.event(heard.key) or heard
        await self._index.transact("heard", [_listed(heard)])
        return heard

    async def note_event(self, heard: Heard) -> None:
        """Listed first: then one that is found by its digest is in the list, too."""
        await self._index.transact("heard", [_listed(heard)])
        row = Op("upsert", heard.key.digest, entities.heard_values(heard))
        await self._index.transact("events", [row])

    async def events(self, most: int, token: str | None) -> Page[Heard]:
        listed, token = await page(self._index, "heard", "", most, token, {})
        return Page(tuple(entities.read_heard(row.values) for row in listed), token)

    async def put(self, notice: Notice) -> None:
        """One that waits already, delivered again, is left as it is: it may be cut down."""
        values = entities.notice_values(notice)
        with contextlib.suppress(TableConflictError):
            await self._index.transact("inbox", [Op("insert", notice.key.digest, values)])

    async def keep(self, notice: Notice) -> None:
        values = entities.notice_values(notice)
        await self._index.transact("inbox", [Op("upsert", notice.key.digest, values)])

    async def waiting(self, most: int) -> tuple[Notice, ...]:
        listed, _ = await page(self._index, "inbox", "", most, None, {})
        found = (entities.read_notice(row.values) for row in listed)
        return tuple(sorted(found, key=lambda notice: (notice.at, notice.key.digest)))

    async def settled(self, notice: Notice) -> None:
        if await self._index.get("inbox", notice.key.digest) is not None:
            await self._index.transact("inbox", [Op("delete", notice.key.digest)])

    async def due(self, at: datetime | None) -> None:
        if at is not None:
            await self._index.transact("active", [Op("upsert", ACTIVE, {"dueAt": at})])
        elif await self._index.get("active", ACTIVE) is not None:
            await self._index.transact("active", [Op("delete", ACTIVE)])

    async def note_over(self, about: str, at: datetime) -> None:
        values = {"about": about, "at": at}
        await self._index.transact("over", [Op("upsert", _digest(about), values)])

    async def over(self, about: str) -> datetime | None:
        row = await self._index.get("over", _digest(about))
        return None if row is None else row.values["at"]

    async def note_cause(self, about: str, drain: str) -> None:
        key = f"{_digest(about)}|{drain}"
        await self._index.transact("causes", [Op("upsert", key, {"drain": drain})])

    async def causes(self, about: str) -> tuple[str, ...]:
        prefix = f"{_digest(about)}|"
        listed = await self._index.scan("causes", prefix, prefix + END)
        return tuple(str(row.values["drain"]) for row in listed)


def _listed(heard: Heard) -> Op:
    newest_first = f"{10**14 - int(heard.at.timestamp() * 1000):015d}|{heard.key.digest}"
    return Op("upsert", newest_first, entities.heard_values(heard))


def _digest(about: str) -> str:
    return sha256(about.lower().encode()).hexdigest()[:32]
