"""The estate of a night: a world with one pool, watched line by line."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from local.sim.estate.people import Manner, Person
from local.sim.estate.things import Host, Pool, Quirks
from local.sim.estate.world import World, find_host
from shared.core.observation.seen import HostSeen, SessionSeen
from shared.core.values.hostnames import host_key
from shared.core.values.hostpool import HostPoolId
from shared.errors import NotFoundError
from shared.ports import Work
from tests.nights.judges.known.facts import APP, HostNow
from tests.nights.script import PersonPart, Script
from tests.nights.world.loop import VirtualLoop
from tests.support.night.estate import NightAnswer, hosts_of, sessions_of

EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
POOL = Pool("11111111-2222-3333-4444-555555555555", "rg", "hp-one")
POOL_ID = HostPoolId.parse(POOL.id)
_REMEMBERED = 40
HIBERNATED = "hibernated"
DESTROYED = "destroyed"


@dataclass(slots=True)
class WatchedWorld(World):
    """Calls its watchers with everything that happens, when it happens."""

    watch: Callable[[dict[str, Any]], None] = field(default=lambda line: None)

    def note(self, what: str, host: Host | None = None, **more: Any) -> None:
        World.note(self, what, host, **more)
        self.watch(self.log[-1])

    def _powered(self, host: Host, what: str, done: Callable[[str], None]) -> None:
        """A hibernated VM wakes with its sessions. An operation on a deleted VM fails."""
        if host.vm.power == DESTROYED:
            host.vm.busy = ""
            done("the VM no longer exists")
            return
        woken = dict(host.sessions) if host.vm.power == HIBERNATED and what == "start" else {}
        if woken:
            host.sessions.clear()
        World._powered(self, host, what, done)
        host.sessions.update(woken)


@dataclass(slots=True)
class TrueClock:
    loop: VirtualLoop

    @property
    def at(self) -> datetime:
        return EVENING + timedelta(seconds=self.loop.time())


@dataclass(frozen=True, slots=True)
class Past:
    """What listings showed at a time."""

    at: float
    hosts: tuple[HostSeen, ...]
    sessions: tuple[SessionSeen, ...]


class Scene:
    """Implements ``tests.support.night.ports.Estate``."""

    def __init__(
        self, script: Script, loop: VirtualLoop, watch: Callable[[dict[str, Any]], None]
    ) -> None:
        self.loop = loop
        self.clock = TrueClock(loop)
        ids = count(1)
        self.world = WatchedWorld(
            EVENING,
            watch=self._noted,
            new_id=lambda: str(uuid5(NAMESPACE_OID, f"night {next(ids)}")),
        )
        self.pool = Pool(
            POOL.subscription, POOL.resource_group, POOL.name, max_session_limit=10,
            exclusion_tag=script.exclusion_tag, autoscale=script.autoscale,
        )  # fmt: skip
        self.world.pools.append(self.pool)
        self.operations: dict[str, list[str]] = {}
        self.answers: list[NightAnswer] = []
        after = script.answer_after
        self.answer_after = timedelta(seconds=after) if after is not None else None
        self.ever: list[Host] = []
        """All session hosts there have ever been. A VM outlives its registration."""
        self._past: deque[Past] = deque(maxlen=_REMEMBERED)
        self._keeps_past = any(fault.kind == "stale" for fault in script.faults)
        self._watch = watch
        self._sneaks = list(script.sneaks)
        self._populate(script)

    def _populate(self, script: Script) -> None:
        for part in script.hosts:
            host = self.add_host(part.name, Quirks(**(part.quirks or {})))
            host.allow_new_session = not part.drained
            if part.power != "running":
                host.vm.power, host.up_since = part.power, None
            if part.tagged and script.exclusion_tag:
                host.vm.tags[script.exclusion_tag] = "by hand"
        if script.autoscale:
            self.world.after(script.autoscale, lambda: self.world.scale(self.pool))
        for person in script.people:
            if person.on is not None:
                self.settle(person)

    def add_host(self, name: str, quirks: Quirks | None = None) -> Host:
        host = self.world.add_host(self.pool, f"{name}.contoso.example", quirks=quirks or Quirks())
        self.ever.append(host)
        return host

    def settle(self, part: PersonPart) -> None:
        """Sign in a person who is there from the beginning."""
        host = find_host(self.pool, part.on or "")
        if host is not None:
            self.world.sign_in(self.pool, host, self.person(part))

    @staticmethod
    def person(part: PersonPart) -> Person:
        return Person(
            part.upn, Manner(part.manner), part.after, starts_disconnected=part.disconnected
        )

    def catch_up(self) -> None:
        """Let everything happen that is due by now."""
        self.world.advance(self.clock.at)

    def host(self, name: str) -> Host:
        host = find_host(self.pool, name)
        if host is None:
            raise NotFoundError(f"no host {name}")
        return host

    def host_of(self, vm_id: str) -> Host:
        """The host that was registered last on that VM."""
        for host in reversed(self.ever):
            if host.vm.id == vm_id and host.vm.power != DESTROYED:
                return host
        raise NotFoundError(f"no VM {vm_id}")

    def hosts_now(self) -> list[HostNow]:
        """The estate as it truly is."""
        self.catch_up()
        return [
            HostNow(
                host_key(host.name), host.allow_new_session, host.up_since is not None,
                host.vm.power, host.vm.tags, tuple(host.sessions),
            )
            for host in self.pool.hosts.values()
        ]  # fmt: skip

    def record(self, name: str, *, before: bool = True) -> None:
        """Does nothing: the instance that makes a call decides what goes wrong with it."""

    def listed(self) -> None:
        """Does nothing either."""

    def deliver(self, work: Work, delay: timedelta) -> None:
        raise AssertionError("a night's messages go through its queue")

    def _noted(self, line: dict[str, Any]) -> None:
        if self._keeps_past:
            self._past.append(Past(self.loop.time(), hosts_of(self), sessions_of(self)))
        self._watch(line)
        if line["what"] == "drain mode on" and line["by"] == APP and self._sneaks:
            self.loop.call_later(self._sneaks.pop(0), self._sneak, line["host"])

    def _sneak(self, name: str) -> None:
        self.catch_up()
        host = find_host(self.pool, name)
        if host is not None and host.vm.power == "running" and host.up_since is not None:
            self.world.sign_in(self.pool, host, Person("late@contoso.example", Manner.LEAVES, 120))

    def past(self, seconds: float) -> Past | None:
        """What listings showed ``seconds`` ago. None: nothing was remembered since."""
        then = self.loop.time() - seconds
        before = [past for past in self._past if past.at <= then]
        return before[-1] if before and before[-1] is not self._past[-1] else None
