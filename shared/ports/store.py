"""Drains, their hosts and claims, under the lease of their pool."""

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
    """The right to write a pool's state until ``until``. ``etag`` fences every write, and
    changes with it. ``released``: it was let go of."""

    pool_key: str
    holder: str
    until: datetime
    etag: str
    released: bool = False
    was: str = ""
    """The ``etag`` before it was taken."""


class Store(Protocol):
    """State. All of one pool's state changes under one lease, or not at all. Each call raises StorageError
    where storage did not do what it was asked: it is asked again later, with what is stored by then."""

    async def acquire(self, pool_key: str, holder: str, now: datetime, ttl: timedelta) -> Lease:
        """Raises LeaseHeldError while another holder's lease lasts."""
        ...

    async def release(self, lease: Lease) -> None:
        """Let go of it, if it is still held."""
        ...

    async def create(self, drain: Drain, entries: Sequence[Entry]) -> Mapping[str, str]:
        """Speak for the hosts and record the drain. If others hold some of the hosts, record
        nothing and return them: host key to drain id. Raises ChangedError if the drain has been
        recorded since it was looked for: then nothing of it is touched; and RecordTooLargeError
        if what is asked leaves no place for what may be ordered later."""
        ...

    async def load(self, drain_id: str, lease: Lease | None = None) -> Drain | None:
        """Under a lease, what has not changed since the last one need not be read again. Raises
        UnreadableError for a record that this version cannot read."""
        ...

    async def version(self, drain_id: str) -> str:
        """Which version of what is asked of the drain is stored now; empty if there is none."""
        ...

    async def overview(self, drain_id: str) -> Overview | None:
        """A drain without its hosts' records. Two small rows are read, whatever its size. Raises
        UnreadableError."""
        ...

    async def control(self, drain_id: str) -> Control | None:
        """Only what is asked of a drain. Raises UnreadableError."""
        ...

    async def hosts(
        self, drain_id: str, phases: Collection[Phase], needing: bool, most: int, token: str | None
    ) -> Page[HostRecord]:
        """A drain's hosts by key: those in these phases (none: in any), and (``needing``) only those
        that need attention. Raises UnreadableError."""
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
        """Write what differs: hosts, their claims, progress, history; with ``last``, let go of the
        lease with the same write. ``untold``: what is to be told of some of the entries, each of which is
        written whole with it or not at all; ``past``: what is remembered of the pool by now. Raises
        LeaseLostError."""
        ...

    async def untold(self, drain_id: str) -> tuple[Happening, ...]:
        """What happened in a drain and is still to be handed on; what cannot be read is left out."""
        ...

    async def handed_on(self, drain_id: str, happenings: Sequence[Happening]) -> None:
        """They are kept by those who are to be told: the drain need not keep them any more."""
        ...

    async def change(self, drain: Drain, control: Control, entries: Sequence[Entry]) -> None:
        """Replace what is asked of a drain. Raises ChangedError if it is not the version that
        was read any more."""
        ...

    async def answer(
        self, drain: Drain, host: str, answer: Answer, entries: Sequence[Entry]
    ) -> None:
        """Note what a webhook said of a host. Raises ChangedError if it has said something
        before."""
        ...

    async def subscribe(self, subscription: Subscription) -> None:
        """Raises ChangedError if there is one of this id already."""
        ...

    async def subscription(self, drain_id: str, id_: str) -> tuple[Subscription, str] | None:
        """With its version; None if there is none."""
        ...

    async def keep_subscription(self, after: Subscription, version: str) -> None:
        """Raises ChangedError if it is not at that version any more."""
        ...

    async def subscription_of(self, url: str) -> str | None:
        """The id of the last subscription that was made for a callback address."""
        ...

    async def note_subscription(self, subscription: Subscription, due_at: datetime | None) -> None:
        """Put it into the index of what is looked after with this time, or (None) take it out."""
        ...

    async def remember(self, drain_id: str, entries: Sequence[Entry]) -> None:
        """Write history, whatever the drain's record is."""
        ...

    async def speak_for(self, drain: Drain, hosts: Sequence[HostRecord]) -> Mapping[str, str]:
        """Speak for more hosts. If others hold some of them, speak for none and return those:
        host key to drain id."""
        ...

    async def let_go(self, drain_id: str, hosts: Collection[str] | None) -> None:
        """Let go of these hosts, or (None) of all, as far as the drain has only spoken for them."""
        ...

    async def maybe_out(self) -> tuple[MaybeOut, ...]:
        """The drains of which hosts are, or may be, out, or were left drained. One query."""
        ...

    async def looked(self) -> Mapping[str, Looked]:
        """By id, the drains that are looked after, as their last steps noted it. One query."""
        ...

    async def settle_out(self, lease: Lease, out: Collection[str], left: Collection[str]) -> None:
        """All claims of the lease's pool were read under it: ``out`` are the drains that have hosts
        out, ``left`` those that have none out and left some drained; no others have any."""
        ...

    async def lease_until(self, pool_key: str) -> datetime | None:
        """When the lease runs out, or ran out, that nobody has let go of; None if there is none."""
        ...

    async def keep_claim(
        self,
        lease: Lease,
        claim: Claim,
        after: Claim | None,
        entries: Sequence[Entry],
        untold: Sequence[Happening] = (),
    ) -> None:
        """Write what the watchdog made of a claim (None: remove it), why, and what is to be told of it."""
        ...

    async def maintained(self, pool_key: str) -> Mapping[str, Maintained]:
        """When hosts of the pool were last maintained, by host key."""
        ...

    async def past(self, pool_key: str, lease: Lease | None = None) -> Past | None:
        """What forecasts remember of the pool: nothing, where there is nothing that can be read. None: a
        newer version of the app wrote it, and it is not to be written."""
        ...

    async def forecast(self, drain_id: str) -> Forecast | None:
        """The drain's last; None if there is none that can be read."""
        ...

    async def attempts(self, pool_key: str) -> Mapping[str, Attempts]:
        """Hosts of the pool whose maintenance failed since they were last maintained, by host key."""
        ...

    async def claims(self, pool_key: str, lease: Lease | None = None) -> tuple[Claim, ...]:
        """Of all hosts of the pool that a drain has, or has left drained. One that this version cannot read
        says so, and whose it is."""
        ...

    async def discard(self, drain_id: str, before: datetime) -> None:
        """Remove what is left of a drain that has no record, if its creation began before this
        time: whoever was creating it is gone."""
        ...

    async def note_due(self, drain: Drain, due_at: datetime | None) -> None:
        """Put the drain into the index of active ones with this time, or (None) take it out."""
        ...

    async def note_work(
        self, work: StepCampaign | TellSubscriber | TellReceiver | PassOn, due_at: datetime | None
    ) -> None:
        """The same for a campaign, for a subscription that cannot be read, for a receiver, or for what a drain
        has to hand on."""
        ...

    async def remove_old(self, kind: str, before: datetime, most: int) -> int:
        """Remove about ``most`` rows of ``drains`` that ended, ``events`` that came, or ``records``
        (runs of schedules, campaigns) that were over before this time; how many went."""
        ...

    async def overdue(self, before: datetime, most: int) -> tuple[Work, ...]:
        """What should have been looked at before this time: drains with hosts out first, then other
        drains, campaigns and events, then subscriptions. If there is more than ``most``, each has
        its turn sooner or later, and each kind has places of its own. One query."""
        ...

    async def active(
        self, before: datetime, most: int
    ) -> tuple[tuple[Work, ...], tuple[tuple[str, Standing], ...]]:
        """The same, and how the open drains stand, each with its pool's key; those of which it is not
        known are left out. One query, too."""
        ...

    async def due(
        self, pool_key: str, before: datetime, most: int
    ) -> Sequence[tuple[str, datetime]]:
        """The ids of at most ``most`` drains of a pool that are to be looked at before this time, and
        since when they are, the longest due first. One query."""
        ...

    async def open_of(self, caller: str, most: int) -> int:
        """How many drains that a caller asked for have not ended; counted up to ``most``. One query."""
        ...

    async def history(self, drain_id: str, most: int, token: str | None) -> Page[Entry]:
        """A drain's, in order of time."""
        ...

    async def drains(
        self,
        pool: HostPoolId | None,
        status: Status | None,
        most: int,
        token: str | None,
        reach: Reach = EVERYWHERE,
    ) -> Page[Overview]:
        """Newest first; ``pool`` and ``status`` None: of any. ``reach``: those on these pools only, and nothing tells of
        the others. Of one that cannot be read there is no more
        than its name, and why."""
        ...
