"""Who is told of what: receivers, and the rules that choose them. Made of the setting ``NOTIFICATIONS``."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from shared.core.access.roles import EVERYWHERE, Reach
from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.values.hostpool import HostPoolId
from shared.core.values.window import Window


class ReceiverKind(StrEnum):
    TEAMS = "teams"
    HTTPS = "https"
    EVENT_GRID = "eventGrid"


ON_THE_TOPIC = frozenset({Kind.SCHEDULE_REPORT})
"""What the topic is not told of by itself (``engine/callbacks/publishing.py``)."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing is sent but what breaks through. What waits is sent at their end."""

    window: Window
    breaks_through: frozenset[Kind] = frozenset({Kind.HOST_ATTENTION})


@dataclass(frozen=True, slots=True)
class Receiver:
    """``address`` and ``keys`` name the settings that hold them. ``fold``: the same about the same host is told
    once in so long, with how often it came."""

    name: str
    kind: ReceiverKind
    address: str = ""
    keys: tuple[str, ...] = ()
    fold: timedelta = timedelta(hours=1)
    settle: timedelta = timedelta(seconds=15)
    """What comes within so long is told together."""
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class NotificationRule:
    """Whom to tell of what fits all of it. ``kinds`` empty: of every kind. ``asked_by``: patterns with ``*``; none:
    whoever asked."""

    name: str
    to: tuple[str, ...]
    kinds: frozenset[Kind] = frozenset()
    at_least: Level = Level.INFO
    pools: Reach = EVERYWHERE
    asked_by: tuple[str, ...] = ()

    def fits(self, happening: Happening) -> bool:
        return (
            (not self.kinds or happening.kind in self.kinds)
            and happening.level.rank >= self.at_least.rank
            and covers(self.pools, happening.pools)
            and self._fits_asker(happening.asked_by)
        )

    def _fits_asker(self, name: str) -> bool:
        wanted = (pattern.lower() for pattern in self.asked_by)
        return not self.asked_by or any(fnmatchcase(name.lower(), each) for each in wanted)


@dataclass(frozen=True, slots=True)
class Notifications:
    """All that the setting says."""

    receivers: tuple[Receiver, ...] = ()
    rules: tuple[NotificationRule, ...] = ()

    def receiver(self, name: str) -> Receiver | None:
        return next((each for each in self.receivers if each.name == name), None)


def receivers_of(notifications: Notifications, happening: Happening) -> tuple[Receiver, ...]:
    """Each once, however many rules name it."""
    names = {name for rule in notifications.rules if rule.fits(happening) for name in rule.to}
    return tuple(each for each in notifications.receivers if each.name in names)


def covers(reach: Reach, pools: tuple[str, ...]) -> bool:
    """Whether one of these pools, by resource id, is within; what names none, is only where all are."""
    if reach.whole:
        return True
    return any(reach.covers(pool) for pool in map(_pool, pools) if pool is not None)


def _pool(resource_id: str) -> HostPoolId | None:
    try:
        return HostPoolId.parse(resource_id)
    except ValueError:
        return None
