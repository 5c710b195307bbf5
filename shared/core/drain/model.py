"""The records of a drain, its progress and its claims. The values are frozen: a change makes a new
one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.core.drain.availability import Availability
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
    """What was asked of a drain: the request and later orders. Requests write it; steps never do."""

    id: str
    pool: HostPoolId
    reason: str
    asked: Order
    policy: Policy
    request_digest: str = ""
    """Distinguishes a repeated request from another request with the same idempotency key."""
    selection: str = "all"
    """How the hosts were chosen, in words."""
    zone: str = "UTC"
    """The IANA time zone of the times in messages to users."""
    address: str = ""
    """The address of this app, up to ``/api/``. Callback addresses begin with it."""
    secret: str = field(default="", repr=False)
    """The key from which callback addresses are derived, so that nobody else can make one."""
    cause: Cause | None = None
    """The events for which the drain was started; None if a person or a program asked for it."""
    cancel: Order | None = None
    """The order that cancelled the drain; None if there is none."""
    release_all: Order | None = None
    """The order that released all hosts; None if there is none."""
    releases: Mapping[str, Order] = field(default_factory=dict)
    """The orders that released single hosts, by host key."""
    skips: Mapping[str, Order] = field(default_factory=dict)
    """The orders to skip single hosts, by host key."""
    additions: tuple[Addition, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    caller: str = ""
    """Identifies the caller who asked for the drain; empty if no caller did, or it is not known
    who."""
    user_names: UserNames = UserNames.FULL
    """How users' names are written in records that outlive their sessions, as it was set when the
    drain began."""
    pooled: bool = False
    """Whether the pool was of type Pooled when the drain was asked for. Records of older versions do not tell."""
    trace: str = ""
    """The W3C ``traceparent`` of the trace of its steps; empty: the trace is derived from the id."""

    def released(self, host_key: str) -> Order | None:
        """The order that says that maintenance of this host is done; None if there is none."""
        return self.releases.get(host_key) or self.release_all

    def stopped(self, host_key: str) -> Order | None:
        """The order that says that this host is no longer to be maintained; None if there is none."""
        return self.cancel or self.skips.get(host_key)

    @property
    def paused(self) -> Pause | None:
        """The pause that lasts now; None if the drain is not paused."""
        return next((pause for pause in self.pauses if pause.resumed is None), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a drain is. Only steps write it, under the pool's lease."""

    status: Status = Status.NOT_STARTED
    look_at: datetime | None = None
    """When the next look is due; None if none is planned."""
    step_number: int = 0
    """Counts the steps. A queue message with an earlier number is a repetition."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    trouble: str = ""
    """Why the last look failed; empty if it did not."""
    trouble_since: datetime | None = None
    failures: int = 0
    """Steps in a row that failed with an unexpected error."""
    gone_since: datetime | None = None
    """Since when the service reports that the host pool does not exist."""


@dataclass(frozen=True, slots=True)
class Drain:
    """A drain as a whole. ``version`` is the version of the control that was read: an order based
    on another version is refused."""

    control: Control
    progress: Progress
    hosts: tuple[HostRecord, ...]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """The answers of webhooks, by host key."""
    subscriptions: tuple[Subscription, ...] = ()
    untold: tuple[Happening, ...] = ()
    """Happenings that have not been handed on to receivers yet."""
    version: str = field(default="", compare=False)
    forecast: Forecast | None = field(default=None, compare=False)
    """The latest forecast; None if there is none. No rule depends on it."""
    availability: Availability | None = field(default=None, compare=False)
    """How the pool stood at its looks; None before the first look. No rule depends on it."""

    @property
    def id(self) -> str:
        return self.control.id


@dataclass(frozen=True, slots=True)
class Claim:
    """The record that a host belongs to a drain, with everything that is needed to restore the host
    without the drain's own record."""

    host: str
    name: str
    drain: str
    claimed_at: datetime
    out: bool = False
    """False while the drain has only claimed the host and done nothing to it."""
    before: bool | None = None
    """``allowNewSession`` before the claim; None until the host is out, unless an earlier drain
    left it in drain mode."""
    object_id: str | None = None
    vm_id: str | None = None
    tag: TagRecord | None = None
    restore_by: datetime | None = None
    kept_drained: bool = False
    """Whether the policy left the host in drain mode and no drain works on it any more. Then
    ``before`` and ``tag`` tell the next drain what to restore."""
    restored_at: datetime | None = None
    """When the watchdog restored the host, because its drain had not; None if it has not."""
    note: str = ""
    """What the watchdog found or did."""
    refused: str = ""
    """What the service refused when the watchdog last tried to restore the host; empty if nothing."""
    unreadable: str = ""
    """Why this version cannot read the record; empty if it can. Then only the host and its drain
    are known, and the record is left as it is."""

    @property
    def free(self) -> bool:
        """Whether another drain may claim the host."""
        return not self.unreadable and (self.kept_drained or self.restored_at is not None)


@dataclass(frozen=True, slots=True)
class Maintained:
    """When a host was last maintained. ``took``: how long it was out for that; None if not known."""

    name: str
    at: datetime
    took: timedelta | None = None
