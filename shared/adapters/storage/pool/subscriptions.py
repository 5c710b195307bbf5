"""Subscriptions: a row beside the drain's, found by its id or by the digest of its callback address."""

from shared.adapters.storage import records
from shared.adapters.storage.entities import entity_of
from shared.adapters.storage.tables.table import Op, Tables, unless_changed
from shared.core.drain.subscriptions import Subscription, digest_of
from shared.core.values.drainid import is_drain_id, pool_key_of


class SubscriptionRows(Tables):
    """In the table of pools, with what finds them in the index."""

    async def subscribe(self, new: Subscription) -> None:
        found = {"subscription": new.id}
        await self._index.transact("subscriptions", [Op("upsert", digest_of(new.url), found)])
        op = Op("insert", _key(new.drain, new.id), entity_of(new))
        with unless_changed(f"subscription {new.id} is there already"):
            await self._pools.transact(pool_key_of(new.drain), [op])

    async def subscription(self, drain_id: str, id_: str) -> tuple[Subscription, str] | None:
        if not is_drain_id(drain_id):
            return None
        row = await self._pools.get(pool_key_of(drain_id), _key(drain_id, id_))
        if row is None:
            return None
        with records.readable(f"subscription {id_}"):
            return records.read(Subscription, row.values), row.etag

    async def keep_subscription(self, after: Subscription, version: str) -> None:
        op = Op("replace", _key(after.drain, after.id), entity_of(after), version)
        with unless_changed(f"subscription {after.id} was changed meanwhile"):
            await self._pools.transact(pool_key_of(after.drain), [op])

    async def subscription_of(self, url: str) -> str | None:
        row = await self._index.get("subscriptions", digest_of(url))
        return None if row is None else str(row.values.get("subscription", "")) or None


def _key(drain: str, id_: str) -> str:
    return f"drain|{drain}|subscription|{id_}"
