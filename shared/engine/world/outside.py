"""The outside world as the engine sees it. Every function of the engine gets it as a value."""

from asyncio import Semaphore
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
    """The settings that the engine needs. ``holder`` names this instance in leases."""

    holder: str
    pace: Pace = field(default_factory=Pace)
    lease: timedelta = timedelta(seconds=90)
    chunk: int = 32
    """How many actions have their intents saved together. With the claims and history of their
    hosts they fill about one transaction."""
    overdue: timedelta = timedelta(seconds=45)
    """How late a drain's own message may be before the timer sends another one."""
    reading: timedelta = timedelta(seconds=10)
    """How long a look waits for the reply to a condition of the policy."""
    allowed: Allowed = NOTHING
    limits: Limits = field(default_factory=Limits)
    """How much one caller may have open at a time."""
    address: str = ""
    """The address of this app, up to ``/api/``. Empty: the address that the current request came
    to."""
    rules: tuple[Rule, ...] = ()
    """The rules that say what events do."""
    schedules: tuple[Schedule, ...] = ()
    """The schedules of the settings. They cannot be changed over HTTP."""
    notifications: Notifications = field(default_factory=Notifications)
    """Who is notified of what."""
    settle: timedelta = timedelta(seconds=3)
    """How long events are collected so that they are handled together."""
    cancel_lead: timedelta = timedelta(minutes=10)
    """A maintenance run can be cancelled until this long before its start."""
    retain_drains: timedelta = timedelta(days=90)
    """How long ended drains, schedule runs and campaigns are kept."""
    retain_events: timedelta = timedelta(days=30)
    installation: Installation = field(default_factory=Installation)
    """What the settings say of how the app is installed."""
    user_names: UserNames = UserNames.FULL
    """How new drains write the names of users."""


@dataclass(frozen=True, slots=True)
class Outside:
    """All ports, the options, and what is shared by the function calls of one process."""

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
    """The runs of schedules."""
    considered: Documents[Considered]
    looks: Documents[Looked]
    lanes: Documents[Lane]
    """The notifications that wait for each receiver."""
    webhooks: Webhooks
    receivers: Receivers
    queue: Queue
    storage: StorageCheck
    beats: Beats
    clock: Clock
    options: Options
    topic: Topic | None = None
    """The topic that the app's own events are published to. None: they are not published."""
    directory: Directory = field(default_factory=Directory)
    places: Semaphore = field(default_factory=lambda: Semaphore(4))
    """The limit on calls to webhooks and other strangers that are under way at the same time."""
    telemetry: Telemetry = SILENT
