"""What is remembered of one host of one drain. The values are frozen: a change makes a new one."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from operator import attrgetter

from shared.core.host.actions import Action
from shared.core.host.phases import TERMINAL, Phase, check_move
from shared.core.host.sessions import Delivery, SessionRecord


@dataclass(frozen=True, slots=True)
class Wait:
    """What a host waits for, since when, and when to look again. ``look_at`` is not compared: a
    later look at the same wait does not change the host, so nothing is written."""

    code: str
    text: str
    since: datetime
    look_at: datetime = field(compare=False)


@dataclass(frozen=True, slots=True)
class Intent:
    """An action that was about to be taken at ``at``. If a later step finds it, its outcome is
    unknown."""

    action: Action
    at: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """How the host's part of the drain ends once the host is restored."""

    phase: Phase
    code: str
    text: str
    attention: bool = False
    """Whether a person should look at the host."""

    def and_told(self, text: str) -> "Ending":
        """The same ending, with one more text for the person who should look at the host."""
        return replace(self, text=f"{self.text}; {text}", attention=True)


@dataclass(frozen=True, slots=True)
class Job:
    """A power operation on a VM, requested once and followed until it is over."""

    what: str
    """A ``PowerAction``."""
    changed_before: datetime | None = None
    """When the VM's previous operation had ended, read before this one was requested."""
    asked_at: datetime | None = None
    operation: str | None = None
    """The address at which the operation can be followed; None if there is none."""
    unsure_since: datetime | None = None
    """When the answer to the request was lost, so that it is unknown whether the operation began;
    None otherwise."""
    refusals: int = 0
    """How often the request was refused."""
    over: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """Work that was handed to a script or a webhook, or the requested cancel of a maintenance run."""

    asked_at: datetime
    run: str = ""
    """The name of the script's run on the VM, or the id of the maintenance run to cancel."""
    times: int = 1
    """How often it was requested."""
    unsure: bool = False
    """Whether the last answer was lost; for a cancel: whether it has not been accepted."""
    over: bool = False
    failed: str = ""
    """What went wrong, once it is over; empty if nothing did."""
    forgotten: bool = False
    """Whether the script's run was removed from the VM, or that was tried."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class MaintenanceRecord:
    """How far the maintenance is. ``begun_at`` None: it has not begun."""

    begun_at: datetime | None = None
    job: Job | None = None
    errand: Errand | None = None
    refusals: int = 0
    """How often handing over the work was refused; after that, how often removing the script's run
    failed."""
    output: str = ""
    """The last part of the script's output."""
    finished_at: datetime | None = None
    never_began: int = 0
    """How often it was requested and turned out not to have begun."""


@dataclass(frozen=True, slots=True)
class TagRecord:
    """The scaling plan's exclusion tag on the host's VM, now and before. An empty ``name``: no
    scaling plan asks for a tag."""

    name: str
    present: bool = False
    """Whether the tag was there before the claim, with ``before`` as its value. Then it is left
    alone."""
    before: str = ""
    asked: bool = False
    """Whether our tag was set, or may have been, so that it must be removed."""
    value: str = ""
    """The value of our tag; empty in records of older versions."""
    unsure: bool = False
    """Whether it is unknown if the write of our tag took effect. The next reading of the tags
    tells."""
    taken_off_at: datetime | None = None
    """When the service accepted the write that removes our tag; None if it has not."""
    trouble: str = ""
    """Why our tag cannot be set; empty if it can."""
    note: str = ""
    """What somebody else did to the tag meanwhile."""


@dataclass(frozen=True, slots=True)
class KeptDrained:
    """The state of a host before an earlier drain, which left it in drain mode on purpose.
    ``allow`` is ``allowNewSession``."""

    allow: bool
    tag: TagRecord | None = None


@dataclass(frozen=True, slots=True)
class HostRecord:
    """One host of one drain."""

    key: str
    name: str
    phase: Phase
    since: datetime
    """When it entered its phase."""
    object_id: str | None = None
    """The service's id of this registration; None if it is not known."""
    vm_id: str | None = None
    wait: Wait | None = None
    """What it waits for; None if it waits for nothing."""
    before: bool | None = None
    """``allowNewSession`` before the drain; None until the host is taken out."""
    kept_drained: KeptDrained | None = None
    """What an earlier drain left to be restored; None if there is nothing."""
    tag: TagRecord | None = None
    """None until it is known whether a scaling plan asks for a tag."""
    stopped_before: str = ""
    """The VM's power state before, if it was not running: ``deallocated``, ``stopped`` or
    ``hibernated``; else empty."""
    started: bool = False
    """Whether we started its VM for the maintenance, and so must stop it again."""
    stopping: Job | None = None
    """The operation that stops its VM again."""
    unused_since: datetime | None = None
    """When the first reading began that showed nobody on its VM, which is to be stopped again."""
    batch: int | None = None
    """The batch in which it was taken out, counted from 0; None without batches."""
    out_at: datetime | None = None
    """When the drain took it out; None if it has not."""
    restore_by: datetime | None = None
    """When it should be restored. After that the watchdog looks at it."""
    drained_at: datetime | None = None
    """When the listing ended that first showed drain mode on, since it was last turned on. From
    then on drain mode was in effect."""
    write_asked: bool = False
    """Whether a drain-mode write was sent, or may have been, so that it must be undone."""
    late_until: datetime | None = None
    """A write with an unknown outcome may still take effect until then."""
    redrains: int = 0
    """How often drain mode was set again because somebody turned it off."""
    missing_since: datetime | None = None
    """When a listing first lacked the host. One such listing alone does not count."""
    restored_at: datetime | None = None
    """When the service accepted the write that turns drain mode off again, or said that the host is
    gone; None if it has not."""
    denied_since: datetime | None = None
    """Since when writes that restore the host are refused for good."""
    unread_since: datetime | None = None
    """Since when a reading that its phase needs is not available."""
    effective_at: datetime | None = None
    """When drain mode was first known to be in effect. Its users' deadline counts from then."""
    sessions_count: int | None = None
    """How many sessions it had at the last look: by the list of sessions, or else by the host's own
    count. None before the first look."""
    sessions: tuple[SessionRecord, ...] = ()
    sessions_changed_at: datetime | None = None
    """When a session was last seen to begin, to end, or to change its connection."""
    missed: tuple[SessionRecord, ...] = ()
    """Sessions that the latest listing lacked. One such listing alone does not count: if a session
    shows again, it keeps its record."""
    deliveries: tuple[Delivery, ...] = ()
    deliveries_more: int = 0
    """How many earlier messages are no longer in ``deliveries``."""
    empty_since: datetime | None = None
    """When the first reading without a session began; None if the last reading had one."""
    empty_again_at: datetime | None = None
    """When the latest reading that confirmed the first began."""
    maintenance: MaintenanceRecord = field(default_factory=MaintenanceRecord)
    maintained_at: datetime | None = None
    """When its maintenance ended well. This is remembered after the drain has ended."""
    healthy_since: datetime | None = None
    """Since when it has been healthy after its maintenance."""
    intents: tuple[Intent, ...] = ()
    trouble: str = ""
    """The last refusal or lost answer, in words; empty if there was none."""
    overdue: str = ""
    """Why it counts as out for too long, once ``restore_by`` has passed; empty before."""
    ending: Ending | None = None
    """How it ends; None while that is not decided."""

    def moved(self, phase: Phase, now: datetime) -> "HostRecord":
        """The host in another phase. Raises IllegalMoveError if the table of moves forbids it."""
        check_move(self.phase, phase)
        return replace(self, phase=phase, since=now, wait=None)

    def with_wait(self, wait: Wait | None) -> "HostRecord":
        """The host with another wait. Each look changes the wait of each host of a queue, and
        ``replace`` takes three times as long."""
        values = list(_VALUES(self))
        values[_WAIT] = wait
        return HostRecord(*values)

    def is_but_for_wait(self, other: "HostRecord") -> bool:
        """Whether the two records differ in what they wait for at most."""
        return _BUT_WAIT(self) == _BUT_WAIT(other)

    @property
    def ended(self) -> bool:
        """Whether its part of the drain is over."""
        return self.phase in TERMINAL

    @property
    def failed(self) -> bool:
        """Whether the host counts against the failure budget. A host that was given up because
        users stayed on it does not."""
        return (
            self.ending is not None and self.ending.phase is Phase.FAILED and self.ending.attention
        )

    @property
    def attention(self) -> str:
        """Why a person should look at this host; empty if nobody needs to."""
        if self.ending is not None and self.ending.attention:
            return self.ending.text
        if self.phase is Phase.RESTORING and self.trouble:
            return f"cannot be restored yet: {self.trouble}"
        return "" if self.ended else self.overdue


_NAMES = tuple(each.name for each in fields(HostRecord))
_WAIT = _NAMES.index("wait")
_VALUES = attrgetter(*_NAMES)
_BUT_WAIT = attrgetter(*(name for name in _NAMES if name != "wait"))
