"""What one look at a pool saw, and when each reading began.

A reading proves something about a moment only if it *began* after that moment. Therefore every part
of a look has the time at which its request was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from shared.core.conditions.asking import Reply
from shared.core.host.orders import Answer
from shared.core.observation.attempts import Attempts

UNLIMITED = 999_999
"""The service's value for a host pool without a session limit."""


class PoolType(StrEnum):
    """``hostPoolType`` of the service. OTHER stands for types that this code does not know."""

    POOLED = "Pooled"
    PERSONAL = "Personal"
    BYO_DESKTOP = "BYODesktop"
    OTHER = "Other"


class Part(StrEnum):
    """The readings of which a look consists. The values are words for readers."""

    SESSIONS = "the pool's sessions"
    POOL = "the host pool"
    MACHINE = "its VM's state"
    TAGS = "its VM's tags"
    OPERATION = "the operation on its VM"
    SCRIPT = "its script"


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a reading that was requested is not available. ``final``: repeating the request is no
    use. ``gone``: the resource does not exist."""

    text: str
    final: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class AgentWindow:
    """Two hours each week in which the vendor's agent may update itself, from ``hour`` on.
    ``weekday``: 0 is Monday. ``zone``: an IANA time zone."""

    weekday: int
    hour: int
    zone: str


@dataclass(frozen=True, slots=True)
class PoolSeen:
    """The host pool itself."""

    name: str
    type: PoolType
    max_session_limit: int
    agent_windows: tuple[AgentWindow, ...] = ()
    zone: str = ""
    """The IANA time zone of its agent update windows; empty if there is none."""


@dataclass(frozen=True, slots=True)
class PlanPhase:
    """One phase of a scaling plan's day. It begins at ``at`` (local time) on these weekdays (0 is
    Monday)."""

    name: str
    weekdays: frozenset[int]
    at: time
    minimum_hosts_percent: int
    capacity_threshold_percent: int


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """A scaling plan that is assigned to the pool. ``zone``: an IANA time zone. ``exclusion_tag``:
    empty if it has none. ``phases`` None: they cannot be read."""

    name: str
    enabled: bool
    exclusion_tag: str
    zone: str
    phases: tuple[PlanPhase, ...] | None = ()


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """The pool, its scaling plans, and the vendor's own session host update that runs or is
    scheduled (``host_update``, in the service's words; empty if there is none). ``plans_lack``,
    ``update_lack``: why these are not known; None if they are."""

    pool: PoolSeen
    plans: tuple[PlanSeen, ...] = ()
    host_update: str = ""
    plans_lack: Lack | None = None
    update_lack: Lack | None = None

    @property
    def plan(self) -> PlanSeen | None:
        """The scaling plan that is enabled for the pool; None if there is none."""
        return next((plan for plan in self.plans if plan.enabled), None)


@dataclass(frozen=True, slots=True)
class HostSeen:
    """A session host as listed. ``name`` is in the service's casing, to be sent back so."""

    key: str
    name: str
    allow_new_session: bool | None
    """None if the service does not report it."""
    status: str
    sessions: int
    last_heartbeat: datetime | None
    object_id: str | None
    vm_id: str | None
    update_state: str
    failed_checks: tuple[str, ...] = ()
    agent_version: str = ""
    os_version: str = ""


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A user session as listed. Its id is unique on its host only, and may be used again later."""

    host_key: str
    id: str
    user: str
    state: str
    created_at: datetime | None
    account: str = ""
    """The user's other name, ``DOMAIN\\name``. ``user`` is the UPN, or this name if there is no
    UPN."""


class OperationState(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OperationSeen:
    """The state of a long operation of Azure Resource Manager. ``text``: why it failed."""

    state: OperationState
    text: str = ""


@dataclass(frozen=True, slots=True)
class MachineSeen:
    """A VM's instance view. ``busy``: an operation is running on it. ``changed_at``: when the last
    one ended. ``power``: its power state (``running``, ``deallocated``, ``stopped``, ...); empty
    if the service does not report it."""

    busy: bool
    changed_at: datetime | None
    power: str = "running"
    hibernated: bool = False
    """Whether it hibernates, with its users' sessions in its memory. Its power state is
    ``deallocated`` as well."""

    @property
    def stopped(self) -> bool:
        """Whether nobody can be on it, whatever sessions are listed."""
        return not self.busy and not self.hibernated and self.power in ("deallocated", "stopped")


@dataclass(frozen=True, slots=True)
class ScriptSeen:
    """The state of a script's run on a VM, with its output so far. ``text``: the exit code, or the
    state in words."""

    state: OperationState
    output: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A maintenance run of Azure Update Manager. ``status``: in the service's words. ``why``: the
    reason, if this drain cancelled it."""

    status: str
    why: str = ""

    @property
    def cancelled(self) -> bool:
        return self.status.lower() in ("cancel", "cancelled", "canceled")


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at a pool. ``sessions`` and ``facts`` are None if this look did not need them or
    could not read them. A host is missing from a mapping if nothing about it was requested or
    read. Mappings are by host key unless they say otherwise."""

    hosts: Mapping[str, HostSeen]
    hosts_began_at: datetime
    hosts_ended_at: datetime
    facts: PoolFacts | None = None
    sessions: Mapping[str, tuple[SessionSeen, ...]] | None = None
    sessions_on: frozenset[str] | None = None
    """The hosts whose sessions were read, by key; None: those of all."""
    sessions_began_at: datetime | None = None
    machines_began_at: datetime | None = None
    operations: Mapping[str, OperationSeen] = field(default_factory=dict)
    machines: Mapping[str, MachineSeen] = field(default_factory=dict)
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    out_for_others: Mapping[str, str] = field(default_factory=dict)
    """Hosts that other drains hold out of this pool, with the drain's id."""
    taken_back: Mapping[str, str] = field(default_factory=dict)
    """Hosts that were put back without this drain, with the reason."""
    taken_over: Mapping[str, str] = field(default_factory=dict)
    """Hosts that another drain has by now, with the reason."""
    maintained: Mapping[str, datetime] = field(default_factory=dict)
    """When hosts were last maintained, as far as that is remembered."""
    attempts: Mapping[str, Attempts] = field(default_factory=dict)
    """Hosts whose maintenance failed since they were last maintained."""
    took: Mapping[str, timedelta] = field(default_factory=dict)
    """How long hosts of the pool were out for their last maintenance."""
    replies: Mapping[int, Reply] = field(default_factory=dict)
    """The replies to the policy's conditions, by the condition's place in the policy, from 0."""
    scripts: Mapping[str, ScriptSeen | None] = field(default_factory=dict)
    """The states of scripts. None: the VM has no such run."""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """The answers of webhooks."""
    run: RunSeen | None = None
    """The drain's maintenance run. None if there is none, or it could not be read."""
    lacks: Mapping[tuple[Part, str], Lack] = field(default_factory=dict)
    """Readings that were requested and are not available, by part and host key (empty for the
    pool's). A reading that is neither here nor above was not requested."""

    def lack(self, part: Part, host_key: str = "") -> Lack | None:
        """Why this reading is not available; None if it is, or was not requested."""
        return self.lacks.get((part, host_key))

    def sessions_of(self, host_key: str) -> tuple[SessionSeen, ...] | None:
        """The host's sessions. None if this look has no reading of them."""
        if self.sessions is None or (
            self.sessions_on is not None and host_key not in self.sessions_on
        ):
            return None
        return self.sessions.get(host_key, ())
