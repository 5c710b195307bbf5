"""Events that came: found by what tells them apart, and listed newest first."""

from shared.adapters import entities
from shared.adapters.paging import page
from shared.adapters.tables import Op, Table
from shared.core.heard import EventKey, Heard
from shared.ports import Page


class EventRows:
    """In the index: partition ``events`` by digest, ``heard`` by time."""

    def __init__(self, index: Table) -> None:
        self._index = index

    async def get(self, key: EventKey) -> Heard | None:
        row = await self._index.get("events", key.digest)
        return None if row is None else entities.read_heard(row.values)

    async def note(self, heard: Heard) -> None:
        """Listed first: then one that is found by its digest is in the list, too."""
        values = entities.heard_values(heard)
        newest_first = f"{10**14 - int(heard.at.timestamp() * 1000):015d}|{heard.key.digest}"
        await self._index.transact("heard", [Op("upsert", newest_first, values)])
        await self._index.transact("events", [Op("upsert", heard.key.digest, values)])

    async def all(self, most: int, token: str | None) -> Page[Heard]:
        listed, token = await page(self._index, "heard", "", most, token, {})
        return Page(tuple(entities.read_heard(row.values) for row in listed), token)
