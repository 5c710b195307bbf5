"""What one look at the world saw, and when the look began.

A reading proves something about a moment only if it *began* after that moment; therefore
every part carries the time its request was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PoolType(StrEnum):
    """``hostPoolType`` of the service. OTHER stands for kinds newer than this code."""

    POOLED = "Pooled"
    PERSONAL = "Personal"
    BYO_DESKTOP = "BYODesktop"
    OTHER = "Other"


@dataclass(frozen=True, slots=True)
class PoolSeen:
    name: str
    type: PoolType
    max_session_limit: int


@dataclass(frozen=True, slots=True)
class HostSeen:
    """A session host as listed. ``name`` is in the service's own casing, to be sent back."""

    key: str
    name: str
    allow_new_session: bool
    status: str
    sessions: int
    last_heartbeat: datetime | None
    object_id: str | None
    vm_id: str | None
    update_state: str
    failed_checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A user session. Its id is unique on its host only, and may come again."""

    host_key: str
    id: str
    user: str
    state: str
    created_at: datetime | None


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
    """A VM's instance view: is an operation running on it, and when did the last one end."""

    busy: bool
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at a pool. ``sessions`` is None when nobody needed them in this look."""

    hosts: Mapping[str, HostSeen]
    hosts_began_at: datetime
    hosts_ended_at: datetime
    sessions: Mapping[str, tuple[SessionSeen, ...]] | None = None
    sessions_began_at: datetime | None = None
    operations: Mapping[str, OperationSeen] = field(default_factory=dict)
    machines: Mapping[str, MachineSeen] = field(default_factory=dict)
    out_for_others: Mapping[str, str] = field(default_factory=dict)
    """Hosts that other drains hold out of this pool, with the drain's id."""

    def sessions_of(self, host_key: str) -> tuple[SessionSeen, ...] | None:
        return None if self.sessions is None else self.sessions.get(host_key, ())
