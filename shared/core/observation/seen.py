"""What one look at the world saw, and when the look began.

A reading proves something about a moment only if it *began* after that moment; therefore
every part carries the time its request was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from shared.core.conditions.asking import Reply
from shared.core.host.orders import Answer
from shared.core.observation.attempts import Attempts

UNLIMITED = 999_999
"""What the service tells for a host pool without a session limit."""


class PoolType(StrEnum):
    """``hostPoolType`` of the service. OTHER stands for kinds newer than this code."""

    POOLED = "Pooled"
    PERSONAL = "Personal"
    BYO_DESKTOP = "BYODesktop"
    OTHER = "Other"


class Part(StrEnum):
    """The parts of a look, each a reading of its own."""

    SESSIONS = "the pool's sessions"
    POOL = "the host pool"
    MACHINE = "its VM's state"
    TAGS = "its VM's tags"
    OPERATION = "the operation on its VM"
    SCRIPT = "its script"


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a reading that was asked for is not had. ``final``: asking again is no use. ``gone``: what
    it is about is not there."""

    text: str
    final: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class AgentWindow:
    """Two hours a week in which the vendor's agent may update itself. ``weekday``: 0 is Monday;
    ``zone`` is an IANA name."""

    weekday: int
    hour: int
    zone: str


@dataclass(frozen=True, slots=True)
class PoolSeen:
    name: str
    type: PoolType
    max_session_limit: int
    agent_windows: tuple[AgentWindow, ...] = ()
    zone: str = ""
    """The time zone of its agent updates, if it tells one."""


@dataclass(frozen=True, slots=True)
class PlanPhase:
    """A phase of a scaling plan's day: from ``at`` on, on these weekdays (0 is Monday)."""

    name: str
    weekdays: frozenset[int]
    at: time
    minimum_hosts_percent: int
    capacity_threshold_percent: int


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """A scaling plan that refers to the pool. ``zone`` is an IANA name."""

    name: str
    enabled: bool
    exclusion_tag: str
    zone: str
    phases: tuple[PlanPhase, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """The pool itself, its scaling plans, and the vendor's own session host update, if one runs
    or is due: its state and when. ``plans_lack`` and ``update_lack``: why they are not known."""

    pool: PoolSeen
    plans: tuple[PlanSeen, ...] = ()
    host_update: str = ""
    plans_lack: Lack | None = None
    update_lack: Lack | None = None

    @property
    def plan(self) -> PlanSeen | None:
        """The scaling plan that is in force on the pool."""
        return next((plan for plan in self.plans if plan.enabled), None)


@dataclass(frozen=True, slots=True)
class HostSeen:
    """A session host as listed. ``name`` is in the service's own casing, to be sent back."""

    key: str
    name: str
    allow_new_session: bool | None
    """None: the service does not tell."""
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
    """A user session. Its id is unique on its host only, and may come again."""

    host_key: str
    id: str
    user: str
    state: str
    created_at: datetime | None
    account: str = ""
    """The user's other name, ``DOMAIN\\name``; ``user`` is the UPN, or this where there is none."""


class OperationState(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OperationSeen:
    """Where a long operation of Azure Resource Manager stands."""

    state: OperationState
    text: str = ""


@dataclass(frozen=True, slots=True)
class MachineSeen:
    """A VM's instance view: is an operation running on it, when did the last one end, and what
    is its power state (``running``, ``deallocated``, ``stopped``, ...; empty if not told)."""

    busy: bool
    changed_at: datetime | None
    power: str = "running"
    hibernated: bool = False
    """It sleeps, with its users' sessions in its memory. It shows as ``deallocated``, too."""

    @property
    def stopped(self) -> bool:
        """True when nobody can be on it, whatever sessions are listed."""
        return not self.busy and not self.hibernated and self.power in ("deallocated", "stopped")


@dataclass(frozen=True, slots=True)
class ScriptSeen:
    """How far a script's run on a VM is, and what it printed so far."""

    state: OperationState
    output: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A maintenance run of Azure Update Manager: its status in the service's words, and why it was
    cancelled, if we did that."""

    status: str
    why: str = ""

    @property
    def cancelled(self) -> bool:
        return self.status.lower() in ("cancel", "cancelled", "canceled")


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at a pool. ``sessions`` and ``facts`` are None when nobody needed them in this
    look; a host is missing from a mapping when nobody asked after it."""

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
    """Hosts that are not this drain's any more, with why."""
    maintained: Mapping[str, datetime] = field(default_factory=dict)
    """When hosts were last maintained, as far as it is remembered."""
    attempts: Mapping[str, Attempts] = field(default_factory=dict)
    """Hosts whose maintenance failed since."""
    took: Mapping[str, timedelta] = field(default_factory=dict)
    """How long hosts of the pool were out for it."""
    replies: Mapping[int, Reply] = field(default_factory=dict)
    """What was answered to the policy's conditions, by their place."""
    scripts: Mapping[str, ScriptSeen | None] = field(default_factory=dict)
    """None: the VM knows no such run."""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """What webhooks answered."""
    run: RunSeen | None = None
    """The maintenance run that the drain is about; None also where it could not be read."""
    lacks: Mapping[tuple[Part, str], Lack] = field(default_factory=dict)
    """Readings that were asked for and are not had, by part and host key (empty: the pool's). What is
    neither here nor read was not asked for."""

    def lack(self, part: Part, host_key: str = "") -> Lack | None:
        return self.lacks.get((part, host_key))

    def sessions_of(self, host_key: str) -> tuple[SessionSeen, ...] | None:
        """None: nobody has read them in this look."""
        if self.sessions is None or (
            self.sessions_on is not None and host_key not in self.sessions_on
        ):
            return None
        return self.sessions.get(host_key, ())
