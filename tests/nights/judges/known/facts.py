"""Gathers what is true on the estate, line by line from the world's own log. It does not judge."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

APP = "the app"
LONG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HostNow:
    """The state of a host, at the beginning or when everything has come to rest."""

    key: str
    allow_new_session: bool
    up: bool
    power: str
    tags: dict[str, str]
    sessions: tuple[str, ...] = ()


@dataclass(slots=True)
class Facts:
    closed: dict[str, Change] = field(default_factory=dict)
    """The hosts in drain mode: who set it, and when."""
    opened_by_others: dict[str, datetime] = field(default_factory=dict)
    opened: dict[str, datetime] = field(default_factory=dict)
    """When each host was last opened, or registered."""
    reopened: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    """The hosts that others set to drain mode and then opened again: when they last did either."""
    down: dict[str, datetime] = field(default_factory=dict)
    """The hosts whose agent is not up, with the time since when."""
    usable_at: dict[str, datetime] = field(default_factory=dict)
    """When a host whose agent came up has finished updating itself."""
    stopped_before: set[str] = field(default_factory=set)
    """The hosts whose VM was stopped at the beginning and that only the app has touched."""
    asleep: set[str] = field(default_factory=set)
    """The hosts whose VM was hibernated at the beginning. Starting and stopping such a VM loses
    what its users had open, so it stays in this set."""
    operated: dict[str, datetime] = field(default_factory=dict)
    """When the last operation on a host's VM ended, whatever its result."""
    registered_at: dict[str, datetime] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    ever: set[str] = field(default_factory=set)
    """All hosts that there were."""
    hosts: list[tuple[datetime, int]] = field(default_factory=list)
    """The number of hosts in the pool, and from when on."""
    signed_in: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """When each session signed in that has not ended, by host and session."""
    told: dict[tuple[str, str], list[tuple[datetime, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """The messages to each session, by host and session: when, and the title."""

    def begin(self, hosts: list[HostNow], now: datetime) -> None:
        """Record what was true long before the app began."""
        before = now - LONG
        self.hosts.append((before, len(hosts)))
        for host in hosts:
            self.ever.add(host.key)
            if not host.allow_new_session:
                self.closed[host.key] = Change("somebody before", before)
            if not host.up:
                self.down[host.key] = before
            if host.power != "running":
                self.stopped_before.add(host.key)
            if host.power == "hibernated":
                self.asleep.add(host.key)
            for session in host.sessions:
                self.signed_in[host.key, session] = before

    def most_hosts(self, when: datetime, leeway: timedelta) -> int:
        """The most hosts that the pool had around that time and since."""
        before = [n for at, n in self.hosts if at <= when - leeway]
        since = [n for at, n in self.hosts if at > when - leeway]
        return max([*before[-1:], *since])

    def note(self, host: str, line: dict[str, Any], at: datetime) -> None:
        """Record a line of the log. Called after the line was judged."""
        what = line["what"]
        if (take := _TAKES.get(what)) is not None:
            take(self, host, line, at)
        elif what in _LEFT or what.startswith("cut off by "):
            self.signed_in.pop((host, line["session"]), None)

    def _drain_on(self, host: str, line: dict[str, Any], at: datetime) -> None:
        self.closed[host] = Change(line["by"], at)

    def _drain_off(self, host: str, line: dict[str, Any], at: datetime) -> None:
        closed = self.closed.pop(host, None)
        self.opened[host] = at
        if line["by"] != APP:
            self.opened_by_others[host] = at
            if closed is not None and closed.by != APP:
                self.reopened[host] = closed.at, at

    def _signed_in(self, host: str, line: dict[str, Any], at: datetime) -> None:
        self.signed_in[host, line["session"]] = at

    def _message(self, host: str, line: dict[str, Any], at: datetime) -> None:
        self.told[host, line["session"]].append((at, line["title"]))

    def _power(self, host: str, line: dict[str, Any], at: datetime) -> None:
        if line["what"] != "start":
            self.down[host] = at
        if line["by"] != APP:
            self.stopped_before.discard(host)

    def _destroyed(self, host: str, line: dict[str, Any], at: datetime) -> None:
        self.down[host] = at
        self.stopped_before.discard(host)
        self.asleep.discard(host)

    def _operated(self, host: str, line: dict[str, Any], at: datetime) -> None:
        self.operated[host] = at

    def _up(self, host: str, line: dict[str, Any], at: datetime) -> None:
        self.down.pop(host, None)
        self.usable_at[host] = datetime.fromisoformat(line["usable"])

    def _registered(self, host: str, line: dict[str, Any], at: datetime) -> None:
        """A host was registered again, for the first time, or removed."""
        gone, known = line["what"] == "deleted", self.hosts[-1][1]
        new = line.get("new", False) or host in self.deleted
        self.hosts.append((at, known - 1 if gone else known + new))
        (self.deleted.add if gone else self.deleted.discard)(host)
        self.ever.add(host)
        self.registered_at[host] = self.opened_by_others[host] = self.opened[host] = at
        self.closed.pop(host, None)
        for session in [session for session in self.signed_in if session[0] == host]:
            del self.signed_in[session]
        if gone:
            self.down.pop(host, None)


_LEFT = (
    "signed out by themselves", "signed out by the service", "ghost session gone",
    "lost with its VM",
)  # fmt: skip
_Take = Callable[[Facts, str, dict[str, Any], datetime], None]
POWERS = ("restart", "redeploy", "deallocate", "powerOff", "start")
_TAKES: dict[str, _Take] = {
    "drain mode on": Facts._drain_on,
    "drain mode off": Facts._drain_off,
    "signed in": Facts._signed_in,
    "message": Facts._message,
    "agent up": Facts._up,
    "VM destroyed": Facts._destroyed,
    "registered": Facts._registered,
    "deleted": Facts._registered,
    **dict.fromkeys(POWERS, Facts._power),
    **dict.fromkeys((f"{p} {end}" for p in POWERS for end in ("over", "failed")), Facts._operated),
}
