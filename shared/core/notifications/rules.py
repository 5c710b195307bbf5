"""Receivers of notifications, and the rules that choose them. Made from the setting
``NOTIFICATIONS``."""

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
"""Kinds that are not published on the topic otherwise (see ``engine/callbacks/publishing.py``)."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing is sent, except kinds that break through. What waits is sent at their
    end."""

    window: Window
    breaks_through: frozenset[Kind] = frozenset({Kind.HOST_ATTENTION})


@dataclass(frozen=True, slots=True)
class Receiver:
    """``address`` and ``keys`` are names of settings. ``fold``: repetitions about the same host are
    sent once in this time, with their number."""

    name: str
    kind: ReceiverKind
    address: str = ""
    keys: tuple[str, ...] = ()
    fold: timedelta = timedelta(hours=1)
    settle: timedelta = timedelta(seconds=15)
    """What happens within this time is sent together."""
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class NotificationRule:
    """Which receivers (``to``) are notified of a happening that fits all conditions. ``kinds``
    empty: every kind. ``asked_by``: patterns with ``*`` for who asked for the drain; empty:
    anybody."""

    name: str
    to: tuple[str, ...]
    kinds: frozenset[Kind] = frozenset()
    at_least: Level = Level.INFO
    pools: Reach = EVERYWHERE
    asked_by: tuple[str, ...] = ()

    def fits(self, happening: Happening) -> bool:
        """Whether the happening fits all conditions of the rule."""
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
    """The parsed setting."""

    receivers: tuple[Receiver, ...] = ()
    rules: tuple[NotificationRule, ...] = ()

    def receiver(self, name: str) -> Receiver | None:
        """The receiver with this name; None if there is none."""
        return next((each for each in self.receivers if each.name == name), None)


def receivers_of(notifications: Notifications, happening: Happening) -> tuple[Receiver, ...]:
    """The receivers that rules choose for a happening, each once."""
    names = {name for rule in notifications.rules if rule.fits(happening) for name in rule.to}
    return tuple(each for each in notifications.receivers if each.name in names)


def covers(reach: Reach, pools: tuple[str, ...]) -> bool:
    """Whether one of these pools, by resource id, is covered. Without pools, only a reach of all
    pools covers."""
    if reach.whole:
        return True
    return any(reach.covers(pool) for pool in map(_pool, pools) if pool is not None)


def _pool(resource_id: str) -> HostPoolId | None:
    try:
        return HostPoolId.parse(resource_id)
    except ValueError:
        return None
