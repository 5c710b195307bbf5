"""All state of the app in two tables.

``pools``: one partition a host pool, so that a change of a drain, its hosts and their claims is
one transaction. Row keys::

    lease                              who may write to this pool now
    claims                             replaced with each write of claims without the lease
    past                               what forecasts remember of the pool
    claim|<host>                       which drain a host belongs to, and what it was before
    maintained|<host>                  when it was last maintained
    attempt|<host>|<drain>             when, and why, its maintenance failed
    drain|<id>|control                 what was asked, then and since
    drain|<id>|progress                where it stands, and its hosts counted
    drain|<id>|queue                   what the hosts of its queue wait for, most of them
    drain|<id>|hostpage|<last host>    hosts to which nothing has happened yet, many in a row
    drain|<id>|host|<host>             where one host stands, since something has
    drain|<id>|happening|<digest>      what happened, and is still to be handed on to receivers
    drain|<id>|answer|<host>           what a webhook said of it
    drain|<id>|subscription|<id>       who is to be told how it goes
    log|<id>|<time>|<n>-<digest>       its history

``index``: partition ``active`` finds the drains that need looking at, whatever the history;
partition ``drains`` lists all of them, newest first; ``subscriptions`` finds a subscription by the
digest of its callback address; ``out`` names the drains of which hosts are, or may be, out: the
watchdog begins there (``index.outs``). What is kept of events is told in ``inbox``.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from shared.adapters.storage.entities import entity_of
from shared.adapters.storage.index.active import ActiveRows
from shared.adapters.storage.index.outs import OutRows
from shared.adapters.storage.pool import past as past_row, rows
from shared.adapters.storage.pool.claims import ClaimRows
from shared.adapters.storage.pool.drains import DrainRows
from shared.adapters.storage.pool.history import HistoryRows
from shared.adapters.storage.pool.known import Known
from shared.adapters.storage.pool.leases import LeaseRows
from shared.adapters.storage.pool.line import as_kept, line_of
from shared.adapters.storage.pool.overviews import OverviewRows
from shared.adapters.storage.pool.saving import changes
from shared.adapters.storage.pool.subscriptions import SubscriptionRows
from shared.adapters.storage.records import readable
from shared.adapters.storage.retention import OldRows
from shared.adapters.storage.tables.table import Op, Table, time_in, unless_changed
from shared.core.drain.happenings import Happening
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim, Control, Drain
from shared.core.forecast.past import Past
from shared.core.host.host import HostRecord
from shared.core.host.orders import Answer
from shared.core.host.phases import OUT
from shared.core.restore.orphans import MaybeOut
from shared.core.values.drainid import pool_key_of
from shared.errors import ChangedError
from shared.ports import Lease


class TableStore(OverviewRows, HistoryRows, ActiveRows, SubscriptionRows):
    """Keeps the protocol ``shared.ports.Store``: by what it is made of where that needs one kind of rows, and here where it
    needs several."""

    def __init__(self, pools: Table, index: Table) -> None:
        super().__init__(pools, index)
        self._claims = ClaimRows(pools)
        self._outs = OutRows(index)
        self._leases = LeaseRows(pools, self._claims)
        self._drains = DrainRows(pools)
        self._known = Known()
        self._old = OldRows(pools, index)

    async def acquire(self, pool_key: str, holder: str, now: datetime, ttl: timedelta) -> Lease:
        lease = await self._leases.acquire(pool_key, holder, now, ttl)
        self._known.enter(lease, now)
        return lease

    async def release(self, lease: Lease) -> None:
        await self._leases.release(lease)
        if lease.released:
            self._known.leave(lease)
        else:
            self._known.forget(lease)

    async def create(self, drain: Drain, entries: Sequence[Entry]) -> Mapping[str, str]:
        asked = rows.control(drain)
        pool_key = drain.control.pool.key
        known = await self._pools.get(pool_key, asked.key)
        if known is not None:  # else it would get our hosts, too
            raise ChangedError(f"drain {drain.id} was recorded meanwhile")
        line = line_of(drain.hosts)
        hosts = [as_kept(host, line) for host in drain.hosts]
        if others := await self._claims.speak_for(drain, hosts, recorded=True):
            return others
        new = [asked, rows.progress(drain), *rows.history(drain.id, entries)]
        new += [rows.queue(drain.id, line)] if line is not None else []
        with unless_changed(f"drain {drain.id} was recorded meanwhile"):
            await self._pools.transact(pool_key, new)
        await self._list(drain)  # if that is not reached, its first step lists it
        return {}

    async def claims(
        self, pool_key: str, lease: Lease | None = None, drain: Drain | None = None
    ) -> tuple[Claim, ...]:
        if lease is None:
            return await self._claims.all(pool_key)
        marker = await self._claims.marker(pool_key)
        known = self._known.claims(lease, marker, drain.id if drain is not None else "")
        if known is None:
            spoken_for = drain is not None and not any(host.phase in OUT for host in drain.hosts)
            but = drain.id if drain is not None and spoken_for else ""
            known = await self._claims.all(pool_key, but)
            self._known.note_claims(lease, marker, known, but)
        return known

    async def speak_for(self, drain: Drain, hosts: Sequence[HostRecord]) -> Mapping[str, str]:
        return await self._claims.speak_for(drain, hosts, recorded=False)

    async def let_go(self, drain_id: str, hosts: Collection[str] | None) -> None:
        await self._claims.let_go(drain_id, hosts)

    async def discard(self, drain_id: str, before: datetime) -> None:
        active = await self._index.get("active", drain_id)
        if active is None or (time_in(active, "dueAt") or before) > before:
            return
        await self._claims.let_go(drain_id, recorded=True)
        await self._index.transact("active", [Op("delete", drain_id)])

    async def load(self, drain_id: str, lease: Lease | None = None) -> Drain | None:
        known = self._known.drain(lease, drain_id) if lease is not None else None
        with readable(f"drain {drain_id}"):
            if known is not None:
                return await self._drains.again(drain_id, known)
            found = await self._drains.load(drain_id, one_query=lease is None)
        if found is None:
            return None
        drain, line = found
        if lease is not None:
            self._known.note(lease, drain, line)
        return drain

    async def version(self, drain_id: str) -> str:
        row = await self._pools.get(pool_key_of(drain_id), f"drain|{drain_id}|control")
        return row.etag if row is not None else ""

    async def save(
        self,
        lease: Lease,
        before: Drain,
        after: Drain,
        entries: Sequence[Entry],
        *,
        last: bool = False,
        untold: Sequence[tuple[Entry, Happening]] = (),
        past: Past | None = None,
    ) -> None:
        found = changes(before, after, self._known.line(lease, before), entries, untold)
        groups = found.groups
        if past is not None and (ops := past_row.kept(past)):
            groups.append(ops)
            self._known.note_past(lease, past)
        if not groups:
            return
        if found.newly_out:
            await self._outs.note(after)
        if after.progress.status is not before.progress.status:
            await self._list(after)
        *early, final = rows.transactions(groups)
        for ops in early:
            await self._write(lease, ops)
        self._known.note(lease, after, found.line)
        await self._write(lease, final, last=last)

    async def _write(self, lease: Lease, ops: Sequence[Op], *, last: bool = False) -> None:
        try:
            await self._leases.write(lease, ops, last=last)
        except BaseException:
            self._known.forget(lease)
            raise
        self._known.written(lease, ops)
        if last:
            self._known.leave(lease)

    async def maybe_out(self) -> tuple[MaybeOut, ...]:
        return await self._outs.all()

    async def settle_out(self, lease: Lease, out: Collection[str], left: Collection[str]) -> None:
        await self._outs.settle(lease.pool_key, out, left)

    async def keep_claim(
        self,
        lease: Lease,
        claim: Claim,
        after: Claim | None,
        entries: Sequence[Entry],
        untold: Sequence[Happening] = (),
    ) -> None:
        key = rows.claim_key(claim.host)
        op = Op("delete", key)
        if after is not None:
            op = Op("upsert", key, entity_of(after))
        to_tell = [rows.untold(claim.drain, each) for each in untold]
        await self._write(lease, [op, *rows.history(claim.drain, entries), *to_tell])

    async def untold(self, drain_id: str) -> tuple[Happening, ...]:
        return await self._drains.untold(drain_id)

    async def handed_on(self, drain_id: str, happenings: Sequence[Happening]) -> None:
        await self._drains.handed_on(drain_id, happenings)

    async def change(self, drain: Drain, control: Control, entries: Sequence[Entry]) -> None:
        op = Op("replace", f"drain|{drain.id}|control", entity_of(control), drain.version)
        ops = [op, *rows.history(drain.id, entries)]
        with unless_changed(f"drain {drain.id} was changed meanwhile"):
            await self._pools.transact(pool_key_of(drain.id), ops)

    async def answer(
        self, drain: Drain, host: str, answer: Answer, entries: Sequence[Entry]
    ) -> None:
        ops = [rows.answer(drain.id, host, answer), *rows.history(drain.id, entries)]
        with unless_changed(f"{host} of drain {drain.id} was answered for before"):
            await self._pools.transact(pool_key_of(drain.id), ops)

    async def remember(self, drain_id: str, entries: Sequence[Entry]) -> None:
        await self._pools.transact(pool_key_of(drain_id), rows.history(drain_id, entries))

    async def past(self, pool_key: str, lease: Lease | None = None) -> Past | None:
        known = self._known.past(lease) if lease is not None else None
        if known is not None:
            return known[0]
        row = await self._pools.get(pool_key, past_row.KEY)
        found = past_row.read(row.values) if row is not None else Past()
        if lease is not None:
            self._known.note_past(lease, found)
        return found

    async def remove_old(self, kind: str, before: datetime, most: int) -> int:
        match kind:
            case "left":
                return await self.forget_left(before, most)
            case "drains":
                return await self._old.drains(before, most)
            case "events":
                return await self._old.events(before, most)
        return await self._old.records(before, most)

    async def lease_until(self, pool_key: str) -> datetime | None:
        return await self._leases.until(pool_key)
