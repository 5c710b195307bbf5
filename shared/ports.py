"""What the engine needs of the outside, as protocols in the core's own types.

The adapters in ``shared.adapters`` keep them with Azure; a simulated world can as well.
Calls raise the errors of ``shared.errors`` and no others that a caller could mend.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from shared.core.actions import PowerAction
from shared.core.announcements import Announcement
from shared.core.conditions import Ask, Reply
from shared.core.heard import EventKey, Heard
from shared.core.host import HostRecord
from shared.core.hostpool import HostPoolId
from shared.core.model import Claim, Control, Drain, Entry, Maintained
from shared.core.notices import Notice
from shared.core.orders import Answer
from shared.core.rights import Permission
from shared.core.seen import (
    HostSeen,
    MachineSeen,
    OperationSeen,
    PlanSeen,
    PoolSeen,
    RunSeen,
    ScriptSeen,
    SessionSeen,
)
from shared.core.status import Status
from shared.core.subscriptions import Subscription


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, in UTC."""
        ...


class ControlPlane(Protocol):
    """Azure Virtual Desktop. Host and session names are sent in the casing it returned."""

    async def pool(self, pool: HostPoolId) -> PoolSeen: ...

    async def pools(self, scope: str) -> tuple[HostPoolId, ...]:
        """The host pools of a subscription, or of a resource group, by its resource id."""
        ...

    async def plans(self, pool: HostPoolId) -> tuple[PlanSeen, ...]: ...

    async def host_update(self, pool: HostPoolId) -> str:
        """The vendor's own session host update that runs on the pool, or is due, in words; empty
        if there is none."""
        ...

    async def hosts(self, pool: HostPoolId) -> tuple[HostSeen, ...]: ...

    async def sessions(self, pool: HostPoolId) -> tuple[SessionSeen, ...]: ...

    async def set_allow_new_session(self, pool: HostPoolId, host: str, allow: bool) -> None: ...

    async def send_message(
        self, pool: HostPoolId, host: str, session_id: str, title: str, text: str
    ) -> None: ...

    async def sign_out(self, pool: HostPoolId, host: str, session_id: str, force: bool) -> None: ...


class Machines(Protocol):
    """The virtual machines behind the session hosts."""

    async def machine(self, vm_id: str) -> MachineSeen: ...

    async def tags(self, vm_id: str) -> Mapping[str, str]: ...

    async def tags_of(self, vm_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """The tags of many VMs, by VM id as given; a VM that is not found has none."""
        ...

    async def set_tag(self, vm_id: str, name: str, value: str, *, on: bool) -> None:
        """Set one tag, or remove it if it has this value; all others stay as they are."""
        ...

    async def power(self, vm_id: str, what: PowerAction) -> str | None:
        """Begin an operation; its address, None if it is already over."""
        ...

    async def operation(self, pool: HostPoolId, address: str) -> OperationSeen: ...


class UpdateRuns(Protocol):
    """Maintenance runs of Azure Update Manager, by their resource ids."""

    async def machines(self, run: str, subscriptions: Collection[str]) -> tuple[str, ...]:
        """The VMs that a run is to patch: their resource ids."""
        ...

    async def state(self, run: str) -> RunSeen: ...

    async def cancel(self, run: str) -> None:
        """For this time, and for all its machines. Again does no harm."""
        ...


class Conditions(Protocol):
    """Where a policy's conditions are asked after."""

    async def reply(self, pool: HostPoolId, ask: Ask) -> Reply: ...


class Rights(Protocol):
    async def permissions(self, scope: str) -> tuple[Permission, ...]:
        """What the app's identity may do at a resource, or in a resource group."""
        ...


class Scripts(Protocol):
    """Scripts that run on VMs, as runs with names of their own."""

    async def run(
        self,
        vm_id: str,
        run: str,
        command: str,
        parameters: Mapping[str, str],
        time_limit: int,
    ) -> None:
        """Begin one. Raises RejectedError if the operator does not allow the command."""
        ...

    async def script(self, vm_id: str, run: str) -> ScriptSeen: ...

    async def forget(self, vm_id: str, run: str) -> None:
        """Remove a run, and stop it if it has not ended."""
        ...


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """What a webhook is told. ``callback`` is a secret between it and the app."""

    drain: str
    pool: str
    host: str
    vm_id: str
    reason: str
    time: int
    callback: str = field(repr=False)
    answer_by: datetime


class Webhooks(Protocol):
    """Calls to addresses that a caller named and the operator allows. Errors that are raised do
    not hold the address."""

    async def call(self, url: str, what: WebhookCall) -> None: ...

    async def post(self, url: str, body: Mapping[str, Any], key: str) -> None:
        """``key`` is the same for a repeated call."""
        ...


class Topic(Protocol):
    async def publish(self, announcements: Sequence[Announcement]) -> None: ...


@dataclass(frozen=True, slots=True)
class Work:
    """One queue message: take a step for this drain. ``turn`` None: whatever turn it is. With a
    ``subscription``: tell that subscriber of the drain instead. ``inbox``: see to the events that
    wait. ``campaign``: take a step for that campaign."""

    drain: str = ""
    turn: int | None = None
    subscription: str = ""
    inbox: bool = False
    campaign: str = ""


class Queue(Protocol):
    async def send(self, work: Work, delay: timedelta) -> None: ...


@dataclass(slots=True)
class Lease:
    """The right to write a pool's state until ``until``. ``etag`` fences every write, and
    changes with it."""

    pool_key: str
    holder: str
    until: datetime
    etag: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A line in the list of drains."""

    id: str
    pool: str
    status: Status
    asked_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Page[T]:
    """Part of a list; ``next`` continues it, None at its end. ``last`` continues after the last
    item, also at the end; None for a part without items."""

    items: tuple[T, ...]
    next: str | None = None
    last: str | None = None


class Documents[T](Protocol):
    """Records of one kind by key. Raises UnreadableError for one that this version cannot read."""

    async def get(self, key: str) -> tuple[T, str] | None:
        """With its version; None if there is none."""
        ...

    async def insert(self, key: str, item: T) -> None:
        """Raises ChangedError if there is one already."""
        ...

    async def replace(self, key: str, item: T, version: str) -> None:
        """Raises ChangedError if it is not at that version any more."""
        ...

    async def delete(self, key: str) -> None: ...

    async def list(self, prefix: str, most: int, token: str | None) -> Page[T]:
        """In the order of their keys."""
        ...


class Inbox(Protocol):
    """Events: what came of them, those that wait to be seen to, and what is known of their matters."""

    async def event(self, key: EventKey) -> Heard | None:
        """What came of an event; None if it has not come."""
        ...

    async def first(self, heard: Heard) -> Heard:
        """Remember an event that has not come before; or what is known of it, if it has."""
        ...

    async def note_event(self, heard: Heard) -> None: ...

    async def events(self, most: int, token: str | None) -> Page[Heard]:
        """Newest first."""
        ...

    async def put(self, notice: Notice) -> None: ...

    async def waiting(self, most: int) -> tuple[Notice, ...]: ...

    async def settled(self, notice: Notice) -> None: ...

    async def due(self, at: datetime | None) -> None:
        """Have the timer send for what waits, if nobody has seen to it by then; None: nothing
        waits."""
        ...

    async def note_over(self, about: str, at: datetime) -> None: ...

    async def over(self, about: str) -> datetime | None:
        """When what events are about was over; None if that is not known."""
        ...

    async def note_cause(self, about: str, drain: str) -> None: ...

    async def causes(self, about: str) -> tuple[str, ...]:
        """The drains that were started for it."""
        ...


class Store(Protocol):
    """State. All of one pool's state changes under one lease, or not at all."""

    async def acquire(self, pool_key: str, holder: str, now: datetime, ttl: timedelta) -> Lease:
        """Raises LeaseHeldError while another holder's lease lasts."""
        ...

    async def release(self, lease: Lease) -> None: ...

    async def create(self, drain: Drain, entries: Sequence[Entry]) -> Mapping[str, str]:
        """Speak for the hosts and record the drain. If others hold some of the hosts, record
        nothing and return them: host key to drain id. Raises ChangedError if the drain has been
        recorded since it was looked for: then nothing of it is touched."""
        ...

    async def load(self, drain_id: str) -> Drain | None:
        """Raises UnreadableError for a record that this version cannot read."""
        ...

    async def save(
        self, lease: Lease, before: Drain, after: Drain, entries: Sequence[Entry]
    ) -> None:
        """Write what differs: hosts, their claims, progress, history. Raises LeaseLostError."""
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

    async def let_go(self, drain_id: str, hosts: Collection[str]) -> None:
        """Let go of hosts that the drain has only spoken for."""
        ...

    async def pools_out(self) -> tuple[HostPoolId, ...]:
        """Pools of which hosts are, or may be, out. One query."""
        ...

    async def no_more_out(self, lease: Lease) -> None:
        """No host of the lease's pool is out."""
        ...

    async def keep_claim(
        self, lease: Lease, claim: Claim, after: Claim | None, entries: Sequence[Entry]
    ) -> None:
        """Write what the watchdog made of a claim (None: remove it), and why."""
        ...

    async def maintained(self, pool_key: str) -> Mapping[str, Maintained]:
        """When hosts of the pool were last maintained, by host key."""
        ...

    async def claims(self, pool_key: str) -> tuple[Claim, ...]: ...

    async def discard(self, drain_id: str, before: datetime) -> None:
        """Remove what is left of a drain that has no record, if its creation began before this
        time: whoever was creating it is gone."""
        ...

    async def note_due(self, drain: Drain, due_at: datetime | None) -> None:
        """Put the drain into the index of active ones with this time, or (None) take it out."""
        ...

    async def note_work(self, work: Work, due_at: datetime | None) -> None:
        """The same for work that is of no drain."""
        ...

    async def overdue(self, before: datetime, most: int) -> tuple[Work, ...]:
        """Active drains and subscriptions that should have been looked at before this time. One
        query."""
        ...

    async def history(self, drain_id: str, most: int, token: str | None) -> Page[Entry]: ...

    async def drains(
        self, pool: HostPoolId | None, status: Status | None, most: int, token: str | None
    ) -> Page[Summary]: ...
