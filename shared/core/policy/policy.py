"""The policy of a drain: how users are treated, how many hosts are out at once, how long, and what
happens then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.core.conditions import Condition
from shared.core.maintenance import Maintenance
from shared.core.maintenance.hold import Hold
from shared.core.values.described import described
from shared.core.values.window import Window

LONGEST_TITLE = 256
LONGEST_TEXT = 4096
"""Characters of a message that are sent. A text that is longer once its placeholders are filled in
is cut."""


class AtDeadline(StrEnum):
    """What happens to users who are still on a host at its deadline."""

    SIGN_OUT = "signOut"
    WAIT = "wait"
    GIVE_UP = "giveUp"


class ProtectedUsers(StrEnum):
    """What happens to a host on which protected users stay."""

    WAIT = "wait"
    GIVE_UP = "giveUp"


class Ordering(StrEnum):
    """Which of the waiting hosts goes out first."""

    EMPTIEST_FIRST = "emptiestFirst"
    AS_LISTED = "asListed"
    LONGEST_SINCE_MAINTENANCE = "longestSinceMaintenance"


class WhenUnhealthy(StrEnum):
    """What happens to a host that is not healthy after its maintenance."""

    RESTORE = "restore"
    KEEP_DRAINED = "keepDrained"


class HostUpdate(StrEnum):
    """What to do while the vendor's own session host update runs on the pool or is scheduled."""

    REFUSE = "refuse"
    WAIT = "wait"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of hosts, or a percentage of them."""

    value: int
    percent: bool = False

    def of(self, total: int) -> int:
        """The amount as a number of ``total``. A percentage is rounded down, but never to 0: else a
        small pool could never be maintained."""
        return max(1, total * self.value // 100) if self.percent else self.value

    def at_least_of(self, total: int) -> int:
        """The amount as a floor, as a number of ``total``: a percentage is rounded up."""
        return -(-total * self.value // 100) if self.percent else self.value

    def __str__(self) -> str:
        return f"{self.value}%" if self.percent else str(self.value)


@dataclass(frozen=True, slots=True)
class Translation:
    """A message's text for the users whose UPN ends in ``suffix``."""

    suffix: str = described(
        "", "the end of a user's UPN; the longest that fits is chosen", least=1, most=255,
        example="@contoso.de",
    )  # fmt: skip
    title: str = described("", "as in the message", template=True, least=1, most=LONGEST_TITLE)
    text: str = described("", "as in the message", template=True, least=1, most=LONGEST_TEXT)


_BY = "This desktop ({host}) is about to be maintained. Please save your work and sign out by {deadline}."
TEXT = f"{_BY} Where another desktop is free, you can sign in to it at once."
PERSONAL_TEXT = f"{_BY} You can sign in again when that is done."
"""The default text on a personal pool. There each user has one desktop, so nobody gets another one."""


@dataclass(frozen=True, slots=True)
class Message:
    """What users are told, and when."""

    title: str = described(
        "Maintenance of this desktop", "the title", template=True, least=1, most=LONGEST_TITLE
    )
    text: str = described(
        TEXT,
        "the text. On a personal pool the default does not speak of another desktop. "
        "Fields: `{host}`, `{pool}`, `{deadline}` (in the pool's time zone), "
        "`{minutes}` "
        "left, `{reason}`; an unknown field is refused",
        template=True,
        least=1,
        most=LONGEST_TEXT,
    )
    before_deadline: timedelta | None = described(
        None,
        "when it is due: so long before the host's deadline. Left out: when the host's drain "
        "begins. Whoever is found later is told at once",
        example="PT15M",
    )
    translations: tuple[Translation, ...] = described(
        (), "the same in other languages, chosen by the user's UPN", most=50
    )


@dataclass(frozen=True, slots=True)
class MinimumCapacity:
    """Room for sessions that a pool keeps: its session limit times its available hosts."""

    sessions: int = described(0, "room for at least so many sessions", least=0, most=10**7)
    head_room_percent: int = described(
        20, "and for so many percent more than there are sessions now", least=0, most=1000
    )


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a request may say about how its drain is done."""

    max_unavailable: Amount = described(
        Amount(1),
        "at most so many hosts may be out at once: a number, or a percentage of the pool (rounded "
        "down, but at least one). Hosts count that are out **for any reason**: in this drain, in "
        "another, drained by a person, shut down, not well. A host that is out already takes "
        "nobody's place",
        example="25%",
    )
    minimum_available: Amount | None = described(
        None,
        "at least so many hosts stay available: a number, or a percentage of the pool (rounded up)",
        example=2,
    )
    minimum_capacity: MinimumCapacity | None = described(
        None, "the pool keeps room for so many sessions; it needs a session limit"
    )
    scaling_plan_floor: bool = described(
        False,
        "keep the floor of the pool's scaling plan that is in force at the time: its minimum "
        "percentage of hosts, and its capacity threshold",
    )
    canary: bool = described(
        False, "the first host alone; the others only when it is well", example=True
    )
    batches: tuple[Amount, ...] = described(
        (),
        "at most so many hosts are taken out, then the next step waits until all of them have "
        "ended: numbers, or percentages of the drain's hosts; the last one repeats. After a "
        "failure the next step is one host alone",
        example=[1, "10%", "25%"],
        most=50,
    )
    failure_budget: Amount = described(
        Amount(2),
        "once so many hosts have failed no further one is taken out, and the drain ends as Failed "
        "with the rest untouched: a number, or a percentage of the drain's hosts",
        example="10%",
    )
    order: Ordering = described(
        Ordering.EMPTIEST_FIRST, "which of the waiting hosts goes out first"
    )
    start_within: timedelta = described(
        timedelta(days=1),
        "a host whose turn has not come so long after the drain was asked for is left alone; with a "
        "window, so long after that opened",
    )
    deadline: timedelta = described(
        timedelta(hours=2), "how long the users of a host have, from the moment it is taken out"
    )
    deadline_at: datetime | None = described(
        None,
        "the users of no host have longer than until then, whatever `deadline` says; an order to "
        "`extend` moves it too",
        example="2026-11-24T00:47:00Z",
    )
    at_deadline: AtDeadline = described(
        AtDeadline.WAIT,
        "what then: `signOut`, `wait` on, or `giveUp` (the host is put back and counts as given "
        "up, which is no failure of the maintenance)",
    )
    warn_at_least: timedelta = described(
        timedelta(minutes=15),
        "nobody is signed out sooner than this after a message that the service accepted",
        least=0,
    )
    force_sign_out: bool = described(
        False, "force a sign-out that the service was asked for and that came to nothing"
    )
    disconnected_for: timedelta | None = described(
        None,
        "sessions that were seen disconnected for so long are signed out before the deadline, "
        "once they were warned for `warnAtLeast`",
        example="PT30M",
    )
    protected_users: tuple[str, ...] = described(
        (),
        "UPNs, or accounts such as `CONTOSO\\kim`, or patterns with `*`, of users who are never signed "
        "out. One such as `VIP*` fits the user's part of either name, too. A user whose name of the "
        "pattern's form the service does not tell counts as one of them",
        example=["*@board.contoso.example"],
        most=200,
    )
    protected_users_then: ProtectedUsers = described(
        ProtectedUsers.WAIT, "a host on which they stay past the deadline waits, or gives up"
    )
    messages: tuple[Message, ...] = described(
        lambda: (Message(),), "what users are told, and when", most=10
    )
    time_zone: str = described(
        "",
        "the IANA time zone of the times in messages. Empty: that of the pool's scaling plan or of "
        "its agent updates, else UTC",
        example="Europe/Berlin",
        most=64,
    )
    maintenance: Maintenance = described(Hold, "what is done to the empty host; see below")
    healthy_within: timedelta = described(
        timedelta(minutes=30),
        "how long a host may take to be well after its maintenance; then it counts as failed, and "
        "asks for attention",
    )
    strict_health: bool = described(
        False, "a host that needs assistance, or fails any health check, is not well"
    )
    when_unhealthy: WhenUnhealthy = described(
        WhenUnhealthy.RESTORE,
        "a host that is not well in time is put back as it was, or kept in drain mode; then the "
        "next drain of it puts back what was before this one",
    )
    window: Window | None = described(None, "hosts are out in these hours only; none: at any time")
    conditions: tuple[Condition, ...] = described(
        (), "what must hold before the next host goes out; see below", most=20
    )
    during_host_update: HostUpdate = described(
        HostUpdate.REFUSE,
        "while the vendor's own session host update runs on the pool, or is due: `refuse` the "
        "request, or `wait`. One that begins later is waited for, and so is the knowledge whether one "
        "runs. `ignore`: you know that there is none",
    )
    read_within: timedelta = described(
        timedelta(hours=1),
        "how long a host that is out waits for what cannot be read; then it is put back, counts as "
        "failed, and asks for attention. What is refused for good is waited for five minutes only",
    )
