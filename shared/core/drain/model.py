"""What is remembered of a drain: frozen values, changed by making new ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.core.drain.cause import Cause
from shared.core.drain.expected import Forecast
from shared.core.drain.happenings import Happening
from shared.core.drain.subscriptions import Subscription
from shared.core.host.host import HostRecord, TagRecord
from shared.core.host.orders import Addition, Answer, Extension, Order, Pause
from shared.core.host.status import Status
from shared.core.policy.policy import Policy
from shared.core.values.hostpool import HostPoolId
from shared.core.values.usernames import UserNames


@dataclass(frozen=True, slots=True)
class Control:
    """What was asked of a drain, then and since. Written by requests only, never by a step."""

    id: str
    pool: HostPoolId
    reason: str
    asked: Order
    policy: Policy
    request_digest: str = ""
    """Tells a repeated request from another one under the same idempotency key."""
    selection: str = "all"
    """How the hosts were chosen, in words."""
    zone: str = "UTC"
    """The IANA time zone in which users are told times."""
    address: str = ""
    """Where this app is called, up to ``/api/``: callback addresses begin with it."""
    secret: str = field(default="", repr=False)
    """Callback addresses are made from it, and nobody else can make them."""
    cause: Cause | None = None
    """None: a person or a program asked for it."""
    cancel: Order | None = None
    release_all: Order | None = None
    releases: Mapping[str, Order] = field(default_factory=dict)
    """Host key to who released that host alone."""
    skips: Mapping[str, Order] = field(default_factory=dict)
    additions: tuple[Addition, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    caller: str = ""
    """Tells who asked for it from others; empty: no caller did, or it is not known who."""
    user_names: UserNames = UserNames.FULL
    """How users' names are written in what outlasts their sessions; as it was set when it began."""
    trace: str = ""
    """The W3C ``traceparent`` of the trace that its steps belong to; empty: it follows from the id."""

    def released(self, host_key: str) -> Order | None:
        """Who said that maintenance of this host is done, if anyone did."""
        return self.releases.get(host_key) or self.release_all

    def stopped(self, host_key: str) -> Order | None:
        """Who said that this host is not to be maintained after all, if anyone did."""
        return self.cancel or self.skips.get(host_key)

    @property
    def paused(self) -> Pause | None:
        """The pause that lasts, if the drain is paused."""
        return next((pause for pause in self.pauses if pause.resumed is None), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a drain stands. Written by steps only, under the pool's lease."""

    status: Status = Status.NOT_STARTED
    look_at: datetime | None = None
    step_number: int = 0
    """Counts the steps; a queue message that names an older step is a repeat."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    trouble: str = ""
    """Why the last look failed, empty when it did not."""
    trouble_since: datetime | None = None
    failures: int = 0
    """Steps in a row that failed in a way that nobody foresaw."""
    gone_since: datetime | None = None
    """Since when the service says that there is no such host pool."""


@dataclass(frozen=True, slots=True)
class Drain:
    """``version`` names the control that was read: an order given on another one is refused."""

    control: Control
    progress: Progress
    hosts: tuple[HostRecord, ...]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """What webhooks answered, by host key."""
    subscriptions: tuple[Subscription, ...] = ()
    untold: tuple[Happening, ...] = ()
    """What happened, and is still to be handed on to those who are to be told."""
    version: str = field(default="", compare=False)
    forecast: Forecast | None = field(default=None, compare=False)
    """The last that was made; None as long as there is none. Nothing is done by it."""

    @property
    def id(self) -> str:
        return self.control.id


@dataclass(frozen=True, slots=True)
class Claim:
    """The record that a host belongs to a drain, and all that it takes to put the host back
    without the drain's own record."""

    host: str
    name: str
    drain: str
    claimed_at: datetime
    out: bool = False
    """False while the host is only spoken for: nothing has been done to it."""
    before: bool | None = None
    """``allowNewSession`` before the claim, once the host is out."""
    object_id: str | None = None
    vm_id: str | None = None
    tag: TagRecord | None = None
    restore_by: datetime | None = None
    kept_drained: bool = False
    """No drain works on the host any more: it was left drained because the policy said so.
    ``before`` and ``tag`` tell the next drain what to put back."""
    restored_at: datetime | None = None
    """When the watchdog put the host back, because its drain did not."""
    note: str = ""
    """What the watchdog has to say of it."""
    refused: str = ""
    """What was refused to the watchdog when it last tried to put the host back."""
    unreadable: str = ""
    """Why this version cannot read the record: then only whose it is, is known, and it is left as it
    is."""

    @property
    def free(self) -> bool:
        """Whether another drain may have the host."""
        return not self.unreadable and (self.kept_drained or self.restored_at is not None)


@dataclass(frozen=True, slots=True)
class Maintained:
    """When a host was last maintained, and how long it was out for that, if that is known."""

    name: str
    at: datetime
    took: timedelta | None = None
