"""What is remembered of one host of one drain: frozen values, changed by making new ones."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.core.host.actions import Action
from shared.core.host.phases import TERMINAL, Phase, check_move


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

    def and_told(self, text: str) -> "Ending":
        """The same, with something more that a person should see to."""
        return replace(self, text=f"{self.text}; {text}", attention=True)


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """What is remembered of a session: the service tells neither of our messages nor of time."""

    id: str
    user: str
    created_at: datetime | None
    state: str
    first_seen_at: datetime
    disconnected_since: datetime | None = None
    """When it was first seen disconnected, without having been seen otherwise since."""
    messages_sent: int = 0
    """Messages that were sent, or may have been: one of unknown outcome counts."""
    messages_done: int = 0
    """So many of the policy's messages are behind it: sent, given up, or overtaken by a later."""
    refusals: int = 0
    """How often the message that is due was refused."""
    warned_at: datetime | None = None
    """When the service accepted a message, None as long as it did not."""
    refused: str = ""
    """Why the service refused the last message or sign-out."""
    signed_out_at: datetime | None = None
    account: str = ""
    """``DOMAIN\\name``, where the service tells it."""

    @property
    def names(self) -> tuple[str, ...]:
        """By which the user may be known, in lower case."""
        return tuple(dict.fromkeys(n.lower() for n in (self.user, self.account) if n))

    @property
    def key(self) -> str:
        """Tells a session from a later one that has been given the same id."""
        began = self.created_at.isoformat() if self.created_at else "?"
        return f"{self.id}:{self.user.lower()}:{began}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of one message to one user; kept when the session has ended."""

    user: str
    at: datetime
    message: int
    """Which of the policy's messages, counted from 1."""
    language: str
    """The UPN suffix whose text was chosen, empty for the default."""
    result: str


@dataclass(frozen=True, slots=True)
class Job:
    """A long operation on a VM: asked for once, then looked after until it is over."""

    what: str
    changed_before: datetime | None = None
    """When the VM's last operation had ended, read before this one was asked for."""
    asked_at: datetime | None = None
    operation: str | None = None
    """The address at which it can be asked after."""
    unsure_since: datetime | None = None
    """It is unknown whether it began: the answer was lost at this time."""
    refusals: int = 0
    over: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """Work that was handed to a script on the VM, or to a webhook; or a cancel that was asked for."""

    asked_at: datetime
    run: str = ""
    """The script's run, by its name on the VM; or the maintenance run that is to be cancelled."""
    times: int = 1
    """How often it was asked for."""
    unsure: bool = False
    """The last answer was lost."""
    over: bool = False
    failed: str = ""
    """What went wrong, once it is over; empty if nothing did."""
    forgotten: bool = False
    """What it left on the VM was removed, or that was tried."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class MaintenanceRecord:
    """How far the maintenance is. ``begun_at`` None: it has not begun."""

    begun_at: datetime | None = None
    job: Job | None = None
    errand: Errand | None = None
    refusals: int = 0
    """How often a script or a webhook was refused."""
    output: str = ""
    """What a script printed, cut to a size."""
    finished_at: datetime | None = None
    never_began: int = 0
    """How often it was asked for, and turned out not to have begun."""


@dataclass(frozen=True, slots=True)
class TagRecord:
    """The scaling plan's exclusion tag on the host's VM, and what it was before. An empty name:
    no scaling plan asks for one."""

    name: str
    present: bool = False
    """It was there before the claim, with ``before`` as its value; then it is left alone."""
    before: str = ""
    asked: bool = False
    """Ours was set, or may have been: so it must be taken away."""
    value: str = ""
    """What ours says; empty in records of older versions."""
    unsure: bool = False
    """Whether the write that set ours took effect is not known: a look at the tags tells."""
    taken_off_at: datetime | None = None
    """When the service accepted the write that takes ours away."""
    trouble: str = ""
    note: str = ""
    """What somebody else did to it meanwhile."""


@dataclass(frozen=True, slots=True)
class KeptDrained:
    """What a host was before an earlier drain that left it drained on purpose."""

    allow: bool
    tag: TagRecord | None = None


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
    kept_drained: KeptDrained | None = None
    tag: TagRecord | None = None
    """None until it is known whether a scaling plan asks for one."""
    stopped_before: str = ""
    """Its VM's power state before, if it was not running: ``deallocated`` or ``stopped``."""
    started: bool = False
    """We started its VM for the maintenance, and must stop it again."""
    stopping: Job | None = None
    """The operation that stops it again."""
    batch: int | None = None
    """In which batch it was taken out, counted from 0."""
    out_at: datetime | None = None
    restore_by: datetime | None = None
    """By then it should be back; past it the watchdog looks after it."""
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
    denied_since: datetime | None = None
    """Since when the writes that restore are refused for good."""
    unread_since: datetime | None = None
    """Since when what its phase needs to know cannot be read."""
    effective_at: datetime | None = None
    """When drain mode was first known to be in effect: from then on its users have their time."""
    sessions_count: int | None = None
    sessions: tuple[SessionRecord, ...] = ()
    sessions_changed_at: datetime | None = None
    """When one was last seen to come, to go, or to be disconnected."""
    missed: tuple[SessionRecord, ...] = ()
    """Sessions that the latest listing lacked. One listing alone is not believed: one that comes back
    has been told what it was told."""
    deliveries: tuple[Delivery, ...] = ()
    deliveries_more: int = 0
    """Earlier messages that are not listed any more."""
    empty_since: datetime | None = None
    """When the first reading without a session began, None if the last reading had one."""
    empty_again_at: datetime | None = None
    """When the latest reading that confirmed the first began."""
    maintenance: MaintenanceRecord = field(default_factory=MaintenanceRecord)
    maintained_at: datetime | None = None
    """When its maintenance had ended well; remembered beyond the drain."""
    healthy_since: datetime | None = None
    intents: tuple[Intent, ...] = ()
    trouble: str = ""
    """The last refusal or lost answer, in words."""
    overdue: str = ""
    """Why the watchdog thinks that it is out for too long."""
    ending: Ending | None = None

    def moved(self, phase: Phase, now: datetime) -> "HostRecord":
        """The host in its next phase. Raises IllegalMoveError if the table forbids it."""
        check_move(self.phase, phase)
        return replace(self, phase=phase, since=now, wait=None)

    @property
    def ended(self) -> bool:
        return self.phase in TERMINAL

    @property
    def failed(self) -> bool:
        """Whether it counts against the failure budget. A host that was given up because users
        stayed on it is no failure of the maintenance."""
        return (
            self.ending is not None and self.ending.phase is Phase.FAILED and self.ending.attention
        )

    @property
    def attention(self) -> str:
        """Why a person should look at this host; empty when none needs to."""
        if self.ending is not None and self.ending.attention:
            return self.ending.text
        if self.phase is Phase.RESTORING and self.trouble:
            return f"cannot be restored yet: {self.trouble}"
        return "" if self.ended else self.overdue
