"""Findings about the app itself: settings, callers, storage, clock, timers, events."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.core.start.doctor.findings import Cause, Finding, Severity, Unread
from shared.core.values.durations import format_duration
from shared.core.values.texts import count

EXACT = timedelta(seconds=5)
"""A clock that is off by no more than this is right."""
WRONG = timedelta(seconds=60)
"""A clock that is off by more than this makes leases overlap: two instances would work on one pool."""
SILENT = timedelta(hours=2)
"""Timers record once an hour that they ran. A timer with an older record does not run."""
LATE = timedelta(minutes=10)
"""Work that has been due for longer than this is late."""
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo")
"""If these time zones can be read, so can the others."""


class SignsBy(StrEnum):
    """How callers, or the app itself, prove who they are."""

    NOTHING = "nothing"
    KEY = "key"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Installation:
    """What the settings say, as far as it is judged here. ``local``: storage and Azure are
    simulated on this machine. ``timers``: their schedules, by the name of the setting."""

    callers: SignsBy = SignsBy.KEY
    storage: SignsBy = SignsBy.IDENTITY
    topic: SignsBy = SignsBy.NOTHING
    local: bool = False
    scopes: tuple[str, ...] = ()
    event_rules: bool = False
    event_kinds: tuple[str, ...] = ()
    """What these rules are ``on``."""
    event_groups: tuple[str, ...] = ()
    """Resource groups of the topics that bring events."""
    timers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stamped:
    """A write to storage: the service's time of it, and our times before and after."""

    asked_at: datetime
    stamped_at: datetime
    answered_at: datetime


def settings(installation: Installation) -> Iterator[Finding]:
    """That the settings could be read, and whether host pools are named."""
    yield Finding(
        "SettingsRead", Severity.OK, "settings", "all were read, and checked against each other"
    )
    if not installation.scopes:
        yield Finding(
            "NoHostPools", Severity.WARNING, "HOST_POOLS",
            "it is not set: events are matched with the pools of their machine's subscription, and here no "
            "pool could be looked at",
            "Set it to the resource groups of the host pools, or name a pool: hostPool=<resource id>.",
        )  # fmt: skip


def keys(installation: Installation) -> Iterator[Finding]:
    """Whether callers, storage and the topic use keys or Microsoft Entra ID."""
    if installation.callers is SignsBy.IDENTITY:
        yield Finding("CallersByEntra", Severity.OK, "HTTP_AUTH", "App Service lets callers in")
    else:
        yield _key(
            "CallersByKey", "HTTP_AUTH",
            "callers come with function keys: a key may do what ACCESS gives it, everything by default, and whoever has "
            "it is taken for its holder",
            "Let App Service authentication let callers in (docs/azure.md, 'Who may call'), or bound keys by ACCESS and "
            "name them in KEY_NAMES.", installation,
        )  # fmt: skip
    if installation.storage is SignsBy.IDENTITY:
        yield Finding("StorageByEntra", Severity.OK, "AzureWebJobsStorage", "by identity")
    else:
        yield _key(
            "StorageByKey", "AzureWebJobsStorage",
            "a connection string: its key opens the whole storage account",
            "Use AzureWebJobsStorage__accountName and an identity: docs/settings.md.", installation,
        )  # fmt: skip
    if installation.topic is SignsBy.IDENTITY:
        yield Finding("TopicByEntra", Severity.OK, "EVENT_TOPIC_ENDPOINT", "by identity")
    elif installation.topic is SignsBy.KEY:
        yield _key(
            "TopicByKey", "EVENT_TOPIC_KEY", "the app's own events are published by an access key",
            "In the public cloud leave it out, and give the identity EventGrid Data Sender.", installation,
        )  # fmt: skip


def _key(code: str, about: str, text: str, todo: str, installation: Installation) -> Finding:
    if installation.local:
        return Finding(code, Severity.OK, about, f"{text}; on this machine alone")
    return Finding(code, Severity.WARNING, about, text, todo)


def table(name: str, reading: Stamped | Unread) -> Finding:
    """Whether a row can be written to this table, read and removed."""
    if isinstance(reading, Stamped):
        return Finding("TableUsable", Severity.OK, name, "a row was written, read and removed")
    return _storage("TableNotUsable", name, reading, "Storage Table Data Contributor")


def queue(name: str, reading: int | Unread) -> Iterator[Finding]:
    """Whether messages can be put into this queue, and how many lie in its poison queue."""
    if isinstance(reading, Unread):
        yield _storage("QueueNotUsable", name, reading, "Storage Queue Data Contributor")
        return
    yield Finding("QueueUsable", Severity.OK, name, "a message was put there, and removed unread")
    if reading:
        yield Finding(
            "PoisonedMessages", Severity.WARNING, f"{name}-poison",
            f"{count(reading, 'message')} lie there: their steps failed again and again, and are not reported yet",
            "If they stay, the queue triggers do not run: look at the app's log. Else the drains' history tells why.",
        )  # fmt: skip


def _storage(code: str, name: str, reading: Unread, role: str) -> Finding:
    if reading.cause is Cause.PASSING:
        text = f"it could not be tried: {reading.text}"
        return Finding("NotRead", Severity.UNKNOWN, name, text, "Ask again.")
    todo = (
        f"Give the app's identity {role} on the storage account (a new role takes some minutes to hold). If "
        "the account does not answer at all, look at its network rules."
    )
    return Finding(code, Severity.ERROR, name, f"it was tried, and failed: {reading.text}", todo)


def clock(reading: Stamped | Unread) -> Finding:
    """This instance's clock, compared with that of the storage service."""
    if isinstance(reading, Unread):
        return Finding(
            "ClockNotCompared", Severity.UNKNOWN, "clock", "storage told no time to compare with",
            "Mend storage first.",
        )  # fmt: skip
    ahead, behind = reading.asked_at - reading.stamped_at, reading.stamped_at - reading.answered_at
    off = max(ahead, behind, timedelta(0))
    if off <= EXACT:
        return Finding(
            "ClockRight", Severity.OK, "clock", "it agrees with that of the storage service"
        )
    way = "ahead of" if ahead > behind else "behind"
    text = f"it is {off.total_seconds():.0f} seconds {way} that of the storage service"
    severity = Severity.ERROR if off > WRONG else Severity.WARNING
    todo = "Restart the app, so that it comes to another machine. On a machine of your own, mend its time service."
    return Finding("ClockWrong", severity, "clock", text, todo)


def zones() -> Finding:
    """Whether the app has time zone data. Without it no window and no schedule can be used."""
    try:
        for name in ZONES:
            ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        return Finding(
            "NoZoneData", Severity.ERROR, "time zones", f"they cannot be read: {error}",
            "Publish the app with all that requirements.txt names: tzdata is among it.",
        )  # fmt: skip
    return Finding("ZoneData", Severity.OK, "time zones", "they can be read")


def timers(
    installation: Installation, ran: Mapping[str, datetime] | Unread, now: datetime
) -> Iterator[Finding]:
    """``ran``: when each timer was last known to have finished, to the hour."""
    for name, schedule in installation.timers.items():
        if isinstance(ran, Unread):
            text = f"when it last ran could not be read: {ran.text}"
            yield Finding("NotRead", Severity.UNKNOWN, name, text, "Mend storage first.")
            continue
        todo = (
            "Look in the app's log for this timer. Where it is missing, the setting does not reach the trigger, "
            "or the function is disabled."
        )
        at = ran.get(name)
        if at is None:
            text = f"it has not run through yet ('{schedule}')"
            later = f"Ask again after its next time. {todo}"
            yield Finding("TimerNeverRan", Severity.UNKNOWN, name, text, later)
        elif now - at > SILENT:
            text = f"it last ran through {format_duration(_whole(now - at))} ago ('{schedule}')"
            rare = f"If its schedule is rarer than every hour, this is as it should be. {todo}"
            yield Finding("TimerSilent", Severity.WARNING, name, text, rare)
        else:
            yield Finding(
                "TimerRuns", Severity.OK, name, "it ran through within the last two hours"
            )


def late_work(reading: Collection[object] | Unread) -> Finding:
    """``reading``: some of the work that has been due for longer than ``LATE``."""
    about = "work"
    if isinstance(reading, Unread):
        text = f"whether any is late could not be read: {reading.text}"
        return Finding("NotRead", Severity.UNKNOWN, about, text, "Mend storage first.")
    minutes = f"{LATE.total_seconds() / 60:.0f} minutes"
    if not reading:
        return Finding(
            "WorkOnTime", Severity.OK, about, f"none has been due for more than {minutes}"
        )
    return Finding(
        "WorkLate", Severity.WARNING, about, f"some has been due for more than {minutes}",
        "If the app was down until now, wait two minutes. Else its queue triggers or TICK_SCHEDULE do not run, or "
        "a pool's steps fail: look at the drains' trouble (GET /api/drains) and the log.",
    )  # fmt: skip


def events(installation: Installation, reading: datetime | Unread | None, now: datetime) -> Finding:
    """``reading``: when the last event was received; None if there was none. The lack of events means something only if
    rules are to act on them."""
    about = "events"
    if isinstance(reading, Unread):
        text = f"whether any came could not be read: {reading.text}"
        return Finding("NotRead", Severity.UNKNOWN, about, text, "Mend storage first.")
    if reading is not None:
        ago = format_duration(_whole(now - reading))
        return Finding("EventsCame", Severity.OK, about, f"the last one came {ago} ago")
    if not installation.event_rules:
        text = "none has come, and EVENT_RULES names nothing that they do"
        return Finding("NoEvents", Severity.OK, about, text)
    return Finding(
        "NoEvents", Severity.UNKNOWN, about,
        "EVENT_RULES says what events do, and none has come yet: whether Event Grid delivers them is not known",
        "Look at the metrics of the system topics for deliveries that fail; docs/event-grid.md tells how to subscribe. "
        "The subscriptions of the resource groups that EVENT_GROUPS names are looked at here.",
    )  # fmt: skip


def _whole(age: timedelta) -> timedelta:
    return timedelta(minutes=int(age.total_seconds() // 60))
