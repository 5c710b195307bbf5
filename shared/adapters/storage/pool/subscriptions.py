"""Subscriptions: a row beside the drain's, found by its id or by the digest of its callback address."""

from shared.adapters.storage import entities
from shared.adapters.storage.tables.table import Op, Table, TableConflictError
from shared.core.drain.subscriptions import Subscription, digest_of
from shared.core.values.drainid import is_drain_id, pool_key_of
from shared.errors import ChangedError, UnreadableError


class SubscriptionRows:
    """In the table of pools, with what finds them in the index."""

    def __init__(self, pools: Table, index: Table) -> None:
        self._pools = pools
        self._index = index

    async def add(self, new: Subscription) -> None:
        found = {"subscription": new.id}
        await self._index.transact("subscriptions", [Op("upsert", digest_of(new.url), found)])
        try:
            await self._pools.transact(
                pool_key_of(new.drain),
                [Op("insert", _key(new.drain, new.id), entities.subscription_values(new))],
            )
        except TableConflictError as error:
            raise ChangedError(f"subscription {new.id} is there already") from error

    async def get(self, drain_id: str, id_: str) -> tuple[Subscription, str] | None:
        if not is_drain_id(drain_id):
            return None
        row = await self._pools.get(pool_key_of(drain_id), _key(drain_id, id_))
        if row is None:
            return None
        try:
            return entities.read(Subscription, row.values), row.etag
        except (entities.NewerSchemaError, ValueError, KeyError, TypeError) as error:
            raise UnreadableError(f"subscription {id_}: {error}") from error

    async def keep(self, after: Subscription, version: str) -> None:
        key, values = _key(after.drain, after.id), entities.subscription_values(after)
        try:
            await self._pools.transact(
                pool_key_of(after.drain), [Op("replace", key, values, version)]
            )
        except TableConflictError as error:
            raise ChangedError(f"subscription {after.id} was changed meanwhile") from error

    async def of(self, url: str) -> str | None:
        row = await self._index.get("subscriptions", digest_of(url))
        return None if row is None else str(row.values["subscription"])


def _key(drain: str, id_: str) -> str:
    return f"drain|{drain}|subscription|{id_}"
