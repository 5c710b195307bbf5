"""What this instance knows of a pool's drains and claims since it let go of the pool's lease.

Each write under a lease replaces the lease's row. So if that is still as it was when this instance let go
of it, nobody has written hosts, progress or claims of the pool under a lease since, and they need not be
read again: a step of a drain that only waits reads a few rows, however many hosts it has. Claims are
written without the lease, too, where hosts are spoken for: those writes replace a row of their own.
Whatever fails makes this forget. What somebody changes by hand in the table is seen after ``LONGEST``.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.adapters.storage import records
from shared.adapters.storage.pool.line import line_of
from shared.adapters.storage.tables.table import Op
from shared.core.drain.model import Claim, Drain, Progress
from shared.core.forecast.past import Past
from shared.core.host.host import HostRecord, Wait
from shared.core.host.status import ENDED
from shared.ports import Lease

LONGEST = timedelta(minutes=10)
"""Then everything is read again."""
MOST_HOSTS = 30_000
"""Of all pools together; a host is some kilobytes of memory at most."""
_CLAIM = "claim|"


@dataclass(frozen=True, slots=True)
class Stored:
    """What a step writes of a drain, as it is stored. ``line``: what most hosts of its queue wait for."""

    progress: Progress
    hosts: tuple[HostRecord, ...]
    line: Wait | None


@dataclass(slots=True)
class _Pool:
    lease: Lease
    began_at: datetime
    etag: str = ""
    """The lease row's, once it was let go of; empty while it is held."""
    drains: dict[str, Stored] = field(default_factory=dict)
    claims: dict[str, Claim] | None = None
    but: str = ""
    """The drain whose claims are not among them, but for those that were written since."""
    marker: str = ""
    """The ETag of the row that those replace who write claims without the lease."""
    past: Past | None = None
    has_past: bool = False
    """Whether ``past`` was read, or written."""

    @property
    def size(self) -> int:
        return sum(len(stored.hosts) for stored in self.drains.values())


class Known:
    """By pool. Each call names the lease under which it is made; of another one nothing is known."""

    def __init__(self) -> None:
        self._pools: OrderedDict[str, _Pool] = OrderedDict()

    def enter(self, lease: Lease, now: datetime) -> None:
        """The lease was taken; ``lease.was`` tells the version of its row before."""
        pool = self._pools.pop(lease.pool_key, None)
        fresh = pool is not None and timedelta(0) <= now - pool.began_at < LONGEST
        if pool is None or not fresh or not pool.etag or pool.etag != lease.was:
            pool = _Pool(lease, now)
        pool.lease, pool.etag = lease, ""
        self._pools[lease.pool_key] = pool

    def drain(self, lease: Lease, drain_id: str) -> Stored | None:
        pool = self._of(lease)
        return pool.drains.get(drain_id) if pool is not None else None

    def line(self, lease: Lease, drain: Drain) -> Wait | None:
        """What the queue of the drain, which is stored like this, waits for by its row."""
        stored = self.drain(lease, drain.id)
        if stored is None or stored.hosts is not drain.hosts:
            return line_of(drain.hosts)
        return stored.line

    def note(self, lease: Lease, drain: Drain, line: Wait | None) -> None:
        """The drain is stored like this."""
        if (pool := self._of(lease)) is None:
            return
        if drain.progress.status in ENDED:
            pool.drains.pop(drain.id, None)
        else:
            pool.drains[drain.id] = Stored(drain.progress, drain.hosts, line)

    def claims(self, lease: Lease, marker: str, but: str) -> tuple[Claim, ...] | None:
        """``but``: the drain of which claims that nothing was written of may be lacking."""
        pool = self._of(lease)
        if pool is None or pool.claims is None or pool.marker != marker:
            return None
        if pool.but not in ("", but):
            return None
        return tuple(pool.claims.values())

    def note_claims(
        self, lease: Lease, marker: str, claims: Iterable[Claim], but: str = ""
    ) -> None:
        """The claims as they were read after ``marker``; without those of the drain ``but``."""
        if (pool := self._of(lease)) is not None:
            pool.claims, pool.marker = {claim.host: claim for claim in claims}, marker
            pool.but = but

    def past(self, lease: Lease) -> tuple[Past | None] | None:
        """What is remembered of the pool, if it is known what that is."""
        pool = self._of(lease)
        return (pool.past,) if pool is not None and pool.has_past else None

    def note_past(self, lease: Lease, past: Past | None) -> None:
        if (pool := self._of(lease)) is not None:
            pool.past, pool.has_past = past, True

    def written(self, lease: Lease, ops: Sequence[Op]) -> None:
        """These changes were made under the lease."""
        pool = self._of(lease)
        if pool is None or pool.claims is None:
            return
        for op in ops:
            if not op.key.startswith(_CLAIM):
                continue
            host = op.key.removeprefix(_CLAIM)
            if op.kind == "delete":
                pool.claims.pop(host, None)
            else:
                pool.claims[host] = records.read(Claim, op.values)

    def leave(self, lease: Lease) -> None:
        """The lease was let go of; ``lease.etag`` tells the version of its row now."""
        if (pool := self._of(lease)) is None:
            return
        pool.etag = lease.etag
        while sum(each.size for each in self._pools.values()) > MOST_HOSTS:
            self._pools.popitem(last=False)

    def forget(self, lease: Lease) -> None:
        if self._of(lease) is not None:
            del self._pools[lease.pool_key]

    def _of(self, lease: Lease) -> _Pool | None:
        pool = self._pools.get(lease.pool_key)
        return pool if pool is not None and pool.lease is lease else None
