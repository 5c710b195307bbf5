"""The outside world as the engine sees it, handed to every function of the engine."""

from dataclasses import dataclass, field
from datetime import timedelta

from shared.core.access.allowed import NOTHING, Allowed
from shared.core.access.roles import Limits
from shared.core.events.rules import Rule
from shared.core.notifications.lane import Lane
from shared.core.notifications.rules import Notifications
from shared.core.schedules.campaigns import Campaign
from shared.core.schedules.schedules import Considered, Looked, Run, Schedule
from shared.core.start.doctor.installation import Installation
from shared.core.values.pace import Pace
from shared.core.values.usernames import UserNames
from shared.engine.world.directory import Directory
from shared.engine.world.places import Places
from shared.ports import (
    SILENT,
    Beats,
    Clock,
    Conditions,
    ControlPlane,
    Documents,
    EventSources,
    Inbox,
    Machines,
    Queue,
    Receivers,
    Rights,
    Scripts,
    StorageCheck,
    Store,
    Telemetry,
    Topic,
    UpdateRuns,
    Webhooks,
)


@dataclass(frozen=True, slots=True)
class Options:
    """``holder`` names this instance in leases."""

    holder: str
    pace: Pace = field(default_factory=Pace)
    lease: timedelta = timedelta(seconds=90)
    chunk: int = 32
    """Actions whose intents are saved together: with their hosts' claims and history, about one
    transaction."""
    overdue: timedelta = timedelta(seconds=45)
    """So late a drain's own message may be before the timer sends another."""
    reading: timedelta = timedelta(seconds=10)
    """So long an answer to a policy's condition is waited for in one look."""
    allowed: Allowed = NOTHING
    limits: Limits = field(default_factory=Limits)
    """How much one caller may have at a time."""
    address: str = ""
    """Where this app is called, up to ``/api/``; empty: where the request at hand came to."""
    rules: tuple[Rule, ...] = ()
    """What events do."""
    schedules: tuple[Schedule, ...] = ()
    """Those of the settings; they cannot be changed over HTTP."""
    notifications: Notifications = field(default_factory=Notifications)
    """Who is told of what."""
    settle: timedelta = timedelta(seconds=3)
    """Events that come within so long of each other are seen to together."""
    cancel_lead: timedelta = timedelta(minutes=10)
    """A maintenance run can be cancelled until so long before its start."""
    retain_drains: timedelta = timedelta(days=90)
    """So long drains that have ended are kept, and runs and campaigns."""
    retain_events: timedelta = timedelta(days=30)
    installation: Installation = field(default_factory=Installation)
    """What the settings say of how the app is installed."""
    user_names: UserNames = UserNames.FULL
    """How drains that begin from now on write users' names."""


@dataclass(frozen=True, slots=True)
class Outside:
    store: Store
    plane: ControlPlane
    machines: Machines
    scripts: Scripts
    rights: Rights
    sources: EventSources
    conditions: Conditions
    update_runs: UpdateRuns
    inbox: Inbox
    campaigns: Documents[Campaign]
    schedules: Documents[Schedule]
    runs: Documents[Run]
    """Of schedules."""
    considered: Documents[Considered]
    looks: Documents[Looked]
    lanes: Documents[Lane]
    """What waits for each receiver of notifications."""
    webhooks: Webhooks
    receivers: Receivers
    queue: Queue
    storage: StorageCheck
    beats: Beats
    clock: Clock
    options: Options
    topic: Topic | None = None
    """Where the app's own events go, if anywhere."""
    directory: Directory = field(default_factory=Directory)
    places: Places = field(default_factory=Places)
    """For calls to strangers."""
    telemetry: Telemetry = SILENT
