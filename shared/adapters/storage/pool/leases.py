"""Who may write to a pool now. The lease row is replaced in every transaction under it, so whoever
lost it writes nothing. A row that cannot be read is nobody's lease: else no host of the pool would ever go back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.adapters.storage.pool import rows
from shared.adapters.storage.pool.claims import ClaimRows
from shared.adapters.storage.tables.table import Op, Table, TableConflictError, time_in
from shared.errors import LeaseHeldError, LeaseLostError
from shared.ports import Lease


class LeaseRows:
    """The leases in the table of pools."""

    def __init__(self, pools: Table, claims: ClaimRows) -> None:
        self._pools = pools
        self._claims = claims

    async def acquire(self, pool_key: str, holder: str, now: datetime, ttl: timedelta) -> Lease:
        row = await self._pools.get(pool_key, "lease")
        until = time_in(row, "until") if row is not None else None
        if row is not None and until is not None and until > now and row.values.get("holder"):
            raise LeaseHeldError(f"{row.values['holder']} works on {pool_key}")
        was = row.etag if row is not None else ""
        lease = Lease(pool_key, holder, now + ttl, was, was=was)
        try:
            [lease.etag] = await self._pools.transact(pool_key, [rows.fence(lease, lease.until)])
        except TableConflictError as error:
            raise LeaseHeldError(f"somebody was faster on {pool_key}") from error
        return lease

    async def until(self, pool_key: str) -> datetime | None:
        """When the lease runs out that somebody has, or had; None: it was let go of."""
        row = await self._pools.get(pool_key, "lease")
        return time_in(row, "until") if row is not None and row.values.get("holder") else None

    async def release(self, lease: Lease) -> None:
        if lease.released:
            return
        try:
            [lease.etag] = await self._pools.transact(
                lease.pool_key, [rows.fence(lease, rows.NEVER)]
            )
        except TableConflictError:
            return  # it was lost before; whoever has it now keeps it
        lease.released = True

    async def write(self, lease: Lease, ops: Sequence[Op], *, last: bool = False) -> None:
        """Write under the lease, and with ``last`` let go of it with that; if it was lost, nothing is
        written. Raises LeaseLostError."""
        fence = rows.fence(lease, rows.NEVER if last else lease.until)
        try:
            etags = await self._pools.transact(lease.pool_key, [fence, *ops])
        except TableConflictError as error:
            row = await self._pools.get(lease.pool_key, "lease")
            if row is None or row.etag != lease.etag:
                raise LeaseLostError(f"the lease on {lease.pool_key} was lost") from error
            # Still ours: so a claim to be deleted is not there any more, removed by hand perhaps.
            held = {rows.claim_key(claim.host) for claim in await self._claims.all(lease.pool_key)}
            left = [op for op in ops if op.kind != "delete" or op.key in held]
            etags = await self._pools.transact(lease.pool_key, [fence, *left])
        lease.etag, lease.released = etags[0], last
