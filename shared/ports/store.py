"""Drains, their hosts and claims, each written under the lease of its host pool."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.core.access.roles import EVERYWHERE, Reach
from shared.core.drain.expected import Forecast
from shared.core.drain.happenings import Happening
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim, Control, Drain, Maintained
from shared.core.drain.subscriptions import Subscription
from shared.core.drain.summary.overview import Overview
from shared.core.drain.summary.standing import Standing
from shared.core.forecast.past import Past
from shared.core.host.host import HostRecord
from shared.core.host.orders import Answer
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.observation.attempts import Attempts
from shared.core.restore.orphans import Looked, MaybeOut
from shared.core.values.hostpool import HostPoolId
from shared.ports.documents import Page
from shared.ports.work import PassOn, StepCampaign, TellReceiver, TellSubscriber, Work


@dataclass(slots=True)
class Lease:
    """The right to write a pool's state until ``until`` (UTC). ``etag`` makes a write fail if
    somebody else has taken the lease; it changes with every write. ``released``: the lease was
    given back."""

    pool_key: str
    holder: str
    until: datetime
    etag: str
    released: bool = False
    was: str = ""
    """The ``etag`` of the lease's row before this lease was acquired; empty if there was no row."""


class Store(Protocol):
    """The app's state. A write under a lease changes the state of one pool only, and writes nothing
    if the lease was lost. Each call raises StorageError if storage failed: repeat it later, with
    what is stored then.

    Lists are paged: ``most`` is the most items of a page, ``token`` is None or comes from an
    earlier page. Unless a call says otherwise, None or an empty mapping means that nothing is
    stored. Times are UTC. Calls that take a drain's id raise ValueError for a text that is none.
    """

    async def acquire(self, pool_key: str, holder: str, now: datetime, ttl: timedelta) -> Lease:
        """Acquire the lease of a pool for ``ttl`` from ``now``. Raises LeaseHeldError while a lease
        on the pool lasts, also one of the same holder, or if another instance was quicker."""
        ...

    async def release(self, lease: Lease) -> None:
        """Give the lease back. Nothing happens if it was lost or given back before."""
        ...

    async def create(self, drain: Drain, entries: Sequence[Entry]) -> Mapping[str, str]:
        """Claim the drain's hosts and store the drain. If other drains hold some of the hosts,
        nothing is stored, and those are returned: host key to drain id. Raises ChangedError if
        the drain has been stored meanwhile (it is not touched), and RecordTooLargeError if the
        request leaves no space for later orders."""
        ...

    async def load(self, drain_id: str, lease: Lease | None = None) -> Drain | None:
        """The drain with all its hosts; None if there is none. With a lease, what this instance
        wrote under its last lease, and nobody has changed since, is not read again. Raises
        UnreadableError for a record that this version cannot read."""
        ...

    async def version(self, drain_id: str) -> str:
        """The stored version of the drain's control; empty if there is none. One small read."""
        ...

    async def overview(self, drain_id: str) -> Overview | None:
        """The drain without its hosts' records; None if there is none. Reads two small rows,
        whatever the drain's size. Raises UnreadableError."""
        ...

    async def control(self, drain_id: str) -> Control | None:
        """The drain's control alone: the request and later orders; None if there is none. Raises
        UnreadableError."""
        ...

    async def hosts(
        self, drain_id: str, phases: Collection[Phase], needing: bool, most: int, token: str | None
    ) -> Page[HostRecord]:
        """The drain's hosts in the order of their keys. ``phases``: only hosts in one of these;
        empty: in any phase. ``needing``: only hosts that need attention. Raises UnreadableError."""
        ...

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
        """Write what differs between ``before`` and ``after``: hosts, their claims, progress.
        Append ``entries`` to the history. ``last``: release the lease in the same write.

        ``untold`` pairs some of the entries with the happening that receivers are to be notified
        of. Both are written in one transaction. ``past``: what forecasts remember of the pool; None
        leaves it as stored. Raises LeaseLostError, and RecordTooLargeError for a record that
        storage would not take.
        """
        ...

    async def untold(self, drain_id: str) -> tuple[Happening, ...]:
        """The happenings of a drain that have not been handed on to receivers, oldest first. Those
        that cannot be read are left out."""
        ...

    async def handed_on(self, drain_id: str, happenings: Sequence[Happening]) -> None:
        """Remove happenings that are now stored in the lanes of their receivers."""
        ...

    async def change(self, drain: Drain, control: Control, entries: Sequence[Entry]) -> None:
        """Replace the drain's control and append to its history. Raises ChangedError if the control
        is no longer at ``drain.version``, and RecordTooLargeError."""
        ...

    async def answer(
        self, drain: Drain, host: str, answer: Answer, entries: Sequence[Entry]
    ) -> None:
        """Store what a webhook said of a host. Raises ChangedError if it has said something before."""
        ...

    async def subscribe(self, subscription: Subscription) -> None:
        """Store a new subscription. Raises ChangedError if its id exists."""
        ...

    async def subscription(self, drain_id: str, id_: str) -> tuple[Subscription, str] | None:
        """A subscription with its version; None if there is none. Raises UnreadableError."""
        ...

    async def keep_subscription(self, after: Subscription, version: str) -> None:
        """Replace a subscription. Raises ChangedError if it is no longer at ``version``."""
        ...

    async def subscription_of(self, url: str) -> str | None:
        """The id of the latest subscription for a callback address; None if there is none."""
        ...

    async def note_subscription(self, subscription: Subscription, due_at: datetime | None) -> None:
        """Set when the subscription is next due, in the index that the timer reads; None removes it
        from there."""
        ...

    async def remember(self, drain_id: str, entries: Sequence[Entry]) -> None:
        """Append to the history, even if the drain has no record."""
        ...

    async def speak_for(self, drain: Drain, hosts: Sequence[HostRecord]) -> Mapping[str, str]:
        """Claim more hosts for a drain that is stored. If other drains hold some of them, none is
        claimed, and those are returned: host key to drain id. Raises ChangedError if others keep
        changing the claims meanwhile."""
        ...

    async def let_go(self, drain_id: str, hosts: Collection[str] | None) -> None:
        """Remove the drain's claims on these hosts, or (None) on all of its hosts. Claims on hosts
        that may have been taken out stay."""
        ...

    async def maybe_out(self) -> tuple[MaybeOut, ...]:
        """The drains that have hosts out, or may have, and those that left hosts in drain mode. One
        query."""
        ...

    async def looked(self) -> Mapping[str, Looked]:
        """The active drains by id, with when each is due and whether its last step was in trouble.
        One query."""
        ...

    async def settle_out(self, lease: Lease, out: Collection[str], left: Collection[str]) -> None:
        """Correct the index behind ``maybe_out`` for the lease's pool, after reading all of the
        pool's claims under the lease. ``out``: the drains with hosts out. ``left``: the drains
        without hosts out that left some in drain mode. Other drains of the pool are removed from
        the index."""
        ...

    async def lease_until(self, pool_key: str) -> datetime | None:
        """When the lease of a pool runs out, or ran out; None if nobody holds it or it was
        released."""
        ...

    async def keep_claim(
        self,
        lease: Lease,
        claim: Claim,
        after: Claim | None,
        entries: Sequence[Entry],
        untold: Sequence[Happening] = (),
    ) -> None:
        """Replace a claim by what the watchdog made of it, or (None) remove it. Append ``entries``
        to the history of its drain and ``untold`` to what receivers are to be notified of.
        Raises LeaseLostError."""
        ...

    async def maintained(self, pool_key: str) -> Mapping[str, Maintained]:
        """When hosts of the pool were last maintained, and how long that took, by host key."""
        ...

    async def past(self, pool_key: str, lease: Lease | None = None) -> Past | None:
        """What forecasts remember of the pool: empty if nothing readable is stored. None: a newer
        version of the app wrote it, so it must not be overwritten."""
        ...

    async def forecast(self, drain_id: str) -> Forecast | None:
        """The drain's latest forecast; None if there is none that can be read."""
        ...

    async def attempts(self, pool_key: str) -> Mapping[str, Attempts]:
        """The pool's hosts whose maintenance failed since they were last maintained, by host key."""
        ...

    async def claims(
        self, pool_key: str, lease: Lease | None = None, drain: Drain | None = None
    ) -> tuple[Claim, ...]:
        """The claims on all hosts of the pool that a drain has, or has left in drain mode. A claim
        that this version cannot read is listed as such, with the drain that it belongs to. With
        a lease, as ``load``. ``drain``: the drain as it was loaded under the lease; claims on hosts that
        it has only reserved, and has done nothing to, may be left out."""
        ...

    async def discard(self, drain_id: str, before: datetime) -> None:
        """Remove the rest of a drain that has no record, if its creation began before this time:
        whoever was creating it has died."""
        ...

    async def note_due(self, drain: Drain, due_at: datetime | None) -> None:
        """Set when the drain is next due, in the index of active drains; None removes it from
        there. If it has ended and left hosts that need attention, they are remembered for a day."""
        ...

    async def note_work(
        self, work: StepCampaign | TellSubscriber | TellReceiver | PassOn, due_at: datetime | None
    ) -> None:
        """Set when this work is next due, in the same index; None removes it from there.
        ``TellSubscriber`` serves a subscription that cannot be read."""
        ...

    async def remove_old(self, kind: str, before: datetime, most: int) -> int:
        """Remove about ``most`` rows that are older than ``before``; returns how many were removed.
        ``kind``: ``drains`` that ended before it, ``events`` that were received before it,
        ``records`` (runs of schedules, and campaigns) that ended before it, or hosts that were
        ``left`` by drains and no longer count then."""
        ...

    async def overdue(self, before: datetime, most: int) -> tuple[Work, ...]:
        """Work that was due before this time: first drains with hosts out, then other drains, then
        campaigns and events, then calls to others. Each of these four has a share of the
        ``most`` places, and one pool at most three places for each kind of drain. What finds no
        place is returned sooner or later. One query."""
        ...

    async def active(
        self, before: datetime, most: int
    ) -> tuple[tuple[Work, ...], tuple[tuple[str, Standing], ...]]:
        """The same as ``overdue``, and the standing of each active drain with its pool's key, and
        of drains that ended lately and left hosts that need attention. Drains whose standing is not
        known are left out of the second. One query."""
        ...

    async def due(
        self, pool_key: str, before: datetime, most: int
    ) -> Sequence[tuple[str, datetime]]:
        """At most ``most`` of the pool's drains that were due before this time: id and since when,
        the longest due first. One query."""
        ...

    async def open_of(self, caller: str, most: int) -> int:
        """How many drains that this caller asked for have not ended, counted up to ``most``. One
        query."""
        ...

    async def history(self, drain_id: str, most: int, token: str | None) -> Page[Entry]:
        """The drain's history, oldest entry first."""
        ...

    async def drains(
        self,
        pool: HostPoolId | None,
        status: Status | None,
        most: int,
        token: str | None,
        reach: Reach = EVERYWHERE,
    ) -> Page[Overview]:
        """All drains, newest first; ``pool`` and ``status`` None: any. ``reach``: only drains of these pools, and the
        page tells nothing of others. A drain that cannot be read is listed with its id and the reason."""
        ...
