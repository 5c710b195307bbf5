"""What is remembered of a drain: frozen values, changed by making new ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.core.actions import Action
from shared.core.hostpool import HostPoolId
from shared.core.phases import TERMINAL, Phase, check_move
from shared.core.policy import Policy
from shared.core.status import Status


@dataclass(frozen=True, slots=True)
class Order:
    """Something a person or a system asked for: who, when, why."""

    by: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """What a host waits for, since when, and when to look again. A later look at the same is no
    change of the host: it is not compared, so nothing is written for it."""

    code: str
    text: str
    since: datetime
    look_at: datetime = field(compare=False)


@dataclass(frozen=True, slots=True)
class Intent:
    """An action that was about to be taken. Found again later, its outcome is unknown."""

    action: Action
    at: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """How a host's part ends once it is restored."""

    phase: Phase
    code: str
    text: str
    attention: bool = False


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """What is remembered of a session: the service tells neither of our messages nor of time."""

    id: str
    user: str
    created_at: datetime | None
    state: str
    first_seen_at: datetime
    notices: int = 0
    """Messages that were sent, or may have been: one of unknown outcome counts."""
    warned_at: datetime | None = None
    """When the service accepted a message, None as long as it did not."""
    refused: str = ""
    """Why the service refused the last message or sign-out."""
    signed_out_at: datetime | None = None

    @property
    def key(self) -> str:
        """Tells a session from a later one that has been given the same id."""
        began = self.created_at.isoformat() if self.created_at else "?"
        return f"{self.id}:{self.user.lower()}:{began}"


@dataclass(frozen=True, slots=True)
class MaintenanceRecord:
    """How far the maintenance is. ``begun_at`` None: it has not begun."""

    begun_at: datetime | None = None
    changed_before: datetime | None = None
    """When the VM's last operation ended, read before this one was asked for."""
    operation: str | None = None
    """The address at which the long operation can be asked after."""
    unsure_since: datetime | None = None
    """It is unknown whether it began: the answer was lost at this time."""
    refusals: int = 0
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HostRecord:
    """One host of one drain."""

    key: str
    name: str
    phase: Phase
    since: datetime
    object_id: str | None = None
    vm_id: str | None = None
    wait: Wait | None = None
    before: bool | None = None
    """``allowNewSession`` before the claim; None while the host is not claimed."""
    out_at: datetime | None = None
    drained_at: datetime | None = None
    """The end of the listing that first showed drain mode on; since then it was in effect."""
    write_asked: bool = False
    """A drain-mode write was sent, or may have been: so one must be undone."""
    late_until: datetime | None = None
    """A write of unknown outcome may still take effect until then."""
    redrains: int = 0
    missing_since: datetime | None = None
    """When a listing first lacked the host; one listing alone is not believed."""
    restored_at: datetime | None = None
    """When the service accepted the write that restores."""
    sessions_count: int | None = None
    sessions: tuple[SessionRecord, ...] = ()
    empty_since: datetime | None = None
    """When the first reading without a session began, None if the last reading had one."""
    empty_again_at: datetime | None = None
    """When the latest reading that confirmed the first began."""
    maintenance: MaintenanceRecord = field(default_factory=MaintenanceRecord)
    healthy_since: datetime | None = None
    intents: tuple[Intent, ...] = ()
    trouble: str = ""
    """The last refusal or lost answer, in words."""
    ending: Ending | None = None

    def moved(self, phase: Phase, now: datetime) -> "HostRecord":
        """The host in its next phase. Raises IllegalMoveError if the table forbids it."""
        check_move(self.phase, phase)
        return replace(self, phase=phase, since=now, wait=None)

    @property
    def ended(self) -> bool:
        return self.phase in TERMINAL

    @property
    def attention(self) -> str:
        """Why a person should look at this host; empty when none needs to."""
        if self.ending is not None and self.ending.attention:
            return self.ending.text
        if self.phase is Phase.RESTORING and self.trouble:
            return f"cannot be restored yet: {self.trouble}"
        return ""


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
    cancel: Order | None = None
    release_all: Order | None = None
    releases: Mapping[str, Order] = field(default_factory=dict)
    """Host key to who released that host alone."""

    def released(self, host_key: str) -> Order | None:
        """Who said that maintenance of this host is done, if anyone did."""
        return self.releases.get(host_key) or self.release_all


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a drain stands. Written by steps only, under the pool's lease."""

    status: Status = Status.NOT_STARTED
    look_at: datetime | None = None
    turn: int = 0
    """Counts the steps; a queue message that names an older turn is a repeat."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    trouble: str = ""
    """Why the last look failed, empty when it did not."""
    trouble_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Drain:
    control: Control
    progress: Progress
    hosts: tuple[HostRecord, ...]

    @property
    def id(self) -> str:
        return self.control.id


@dataclass(frozen=True, slots=True)
class Claim:
    """The record that a host belongs to a drain, readable without the drain's own record."""

    host: str
    name: str
    drain: str
    claimed_at: datetime
    out: bool = False
    """False while the host is only spoken for: nothing has been done to it."""
    before: bool | None = None
    """``allowNewSession`` before the claim, once the host is out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a drain's history: when, what, to which host, who asked and why."""

    at: datetime
    what: str
    host: str = ""
    by: str = "avd-drain"
    why: str = ""
