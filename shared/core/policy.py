"""The policy: how gently, how many at once, how long, what then."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class AtDeadline(StrEnum):
    """What becomes of the users who are still on a host at its deadline."""

    SIGN_OUT = "signOut"
    WAIT = "wait"
    GIVE_UP = "giveUp"


class MaintenanceKind(StrEnum):
    NONE = "none"
    HOLD = "hold"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of hosts, or a percentage of the pool."""

    value: int
    percent: bool = False

    def of(self, total: int) -> int:
        """How many of ``total``. A percentage rounds down, but never to none: else a small
        pool could never be maintained at all."""
        return max(1, total * self.value // 100) if self.percent else self.value

    def __str__(self) -> str:
        return f"{self.value}%" if self.percent else str(self.value)


@dataclass(frozen=True, slots=True)
class Message:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Maintenance:
    kind: MaintenanceKind = MaintenanceKind.HOLD
    hold_for: timedelta = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Policy:
    max_unavailable: Amount = Amount(1)
    deadline: timedelta = timedelta(hours=2)
    """How long users have, counted from the moment their host is taken out."""
    at_deadline: AtDeadline = AtDeadline.WAIT
    warn_at_least: timedelta = timedelta(minutes=15)
    """Nobody is signed out sooner than this after a message that the service accepted."""
    force_sign_out: bool = False
    message: Message = Message(
        "Maintenance of this desktop",
        "This desktop ({host}) is about to be maintained. Please save your work and sign out "
        "by {deadline}. You can sign in again at once and will get another desktop.",
    )
    maintenance: Maintenance = field(default_factory=Maintenance)
    healthy_within: timedelta = timedelta(minutes=30)
