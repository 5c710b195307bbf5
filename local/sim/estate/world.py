"""The world of an estate: host pools, session hosts, VMs, sessions, and the passing of time.

It is pure: it has no sockets and no clock, and ``advance`` is given the time. Times are wall-clock
datetimes. Durations of things are in the estate's seconds and are divided by ``speed``, so that the
time stamps of a fast world still agree with clocks outside. ``log`` records what truly happened.
"""

import heapq
import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from local.sim.estate.people import Manner, Person
from local.sim.estate.things import Host, Pool, Rights, Session, Vm

HEARTBEAT = 30.0


@dataclass(slots=True)
class World:
    now: datetime
    speed: float = 1.0
    location: str = "westeurope"
    pools: list[Pool] = field(default_factory=list)
    rights: dict[str, Rights] = field(
        default_factory=lambda: {"subscriptions": "all", "configurations": "all", "sources": "all"}
    )
    """What the app's identity may do on subscriptions, by Resource Graph, on maintenance configurations, and in the
    resource group of what brings events."""
    topics: list[Any] = field(default_factory=list)
    """Event Grid's; ``topics`` shows them."""
    log: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[str, Any] = field(default_factory=dict)
    """The maintenance runs by resource id in lower case. ``updates`` moves them."""
    alerts: set[str] = field(default_factory=set)
    """The alert rules that fire now."""
    issues: dict[str, str] = field(default_factory=dict)
    """The active service issues, by title, with the services they are about."""
    publish: Callable[[dict[str, Any]], None] = lambda told: None
    """Called with each event that the estate's sources publish."""
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())
    """Makes the ids of hosts, operations and events. One that counts makes an estate repeatable."""
    _due: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=itertools.count)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.began = self.now

    began: datetime = field(init=False)

    def span(self, seconds: float) -> timedelta:
        """A duration in the estate's seconds as wall-clock time."""
        return timedelta(seconds=seconds / self.speed)

    def after(self, seconds: float, do: Callable[[], object]) -> None:
        heapq.heappush(self._due, (self.now + self.span(seconds), next(self._order), do))

    def advance(self, now: datetime) -> None:
        """Let everything happen that is due by ``now``, in order."""
        while self._due and self._due[0][0] <= now:
            at, _, do = heapq.heappop(self._due)
            self.now = max(self.now, at)
            do()
        self.now = max(self.now, now)

    def note(self, what: str, host: Host | None = None, **more: Any) -> None:
        where = {"host": host.name} if host is not None else {}
        self.log.append({"at": self.now.isoformat(), "what": what, **where, **more})

    # People

    def arrive(self, pool: Pool, person: Person) -> Session | None:
        """Sign a person in: on the host they are meant for, else where the load balancer chooses.

        The load balancer never chooses a host in drain mode, an unhealthy host, or a full one.
        """
        host = self.balance(pool) if person.on is None else find_host(pool, person.on)
        if host is None:
            self.note("sign-in refused: no host takes new sessions", user=person.upn)
            return None
        return self.sign_in(pool, host, person)

    def sign_in(self, pool: Pool, host: Host, person: Person) -> Session:
        session = Session(str(next(self._ids)), person, self.now)
        if person.starts_disconnected:
            session.state = "Disconnected"
        host.sessions[session.id] = session
        self._count(host)
        self.note("signed in", host, user=person.upn, session=session.id)
        if person.manner is Manner.WORKS:
            self.after(person.after, lambda: self.end(host, session, "signed out by themselves"))
        return session

    def balance(self, pool: Pool) -> Host | None:
        open_hosts = [
            host
            for host in pool.hosts.values()
            if host.allow_new_session
            and self.status(host) in ("Available", "NeedsAssistance")
            and len(host.sessions) < pool.max_session_limit
        ]
        if not open_hosts:
            return None
        fewest = pool.load_balancer != "DepthFirst"
        return min(open_hosts, key=lambda h: len(h.sessions) if fewest else -len(h.sessions))

    def tell(self, pool: Pool, host: Host, session: Session, title: str, body: str) -> None:
        """Deliver a message to a session. The person reacts to the first one according to their
        manner."""
        session.messages.append((self.now, title, body))
        self.note("message", host, user=session.person.upn, session=session.id, title=title)
        person = session.person
        if len(session.messages) > 1 or person.manner in (Manner.STUBBORN, Manner.WORKS):
            return
        if person.manner is Manner.DISCONNECTS:
            self.after(person.after, lambda: self.disconnect(host, session))
            return

        def leave() -> None:
            left = self.end(host, session, "signed out by themselves")
            if left and person.manner is Manner.MOVES:
                self.arrive(pool, Person(person.upn, Manner.STUBBORN))

        self.after(person.after, leave)

    def disconnect(self, host: Host, session: Session) -> None:
        if session.id in host.sessions:
            session.state = "Disconnected"
            self.note("disconnected", host, user=session.person.upn, session=session.id)

    def sign_out(self, host: Host, session: Session) -> None:
        """Begin to sign a session out, as the service was asked to. It takes a while."""
        self.note("sign-out asked", host, user=session.person.upn, session=session.id)
        if session.leaving or host.vm.power != "running":
            return
        session.leaving = True
        self.after(
            host.quirks.sign_out_takes, lambda: self.end(host, session, "signed out by the service")
        )

    def end(self, host: Host, session: Session, how: str, **more: str) -> bool:
        if host.sessions.pop(session.id, None) is None:
            return False
        self._count(host)
        self.note(how, host, user=session.person.upn, session=session.id, **more)
        return True

    def _count(self, host: Host) -> None:
        host.counts.append((self.now, len(host.sessions)))

    def session_count(self, host: Host) -> int:
        """The session count that the host reports: as many as it had some time ago."""
        then = self.now - self.span(host.quirks.session_count_lag)
        return next((n for at, n in reversed(host.counts) if at <= then), 0)

    # Hosts

    def set_drain(self, host: Host, allow: bool, by: str) -> None:
        if host.allow_new_session != allow:
            host.allow_new_session = allow
            self.note("drain mode off" if allow else "drain mode on", host, by=by)
            if not allow and host.quirks.flips_drain_after:
                seconds, host.quirks.flips_drain_after = host.quirks.flips_drain_after, 0.0
                self.after(seconds, lambda: self.set_drain(host, True, "the agent"))
        else:
            self.note("drain mode set again", host, by=by, allow=allow)

    def scale(self, pool: Pool) -> None:
        """Autoscale: open hosts in drain mode, unless they have the exclusion tag."""
        for host in pool.hosts.values():
            excluded = pool.exclusion_tag.lower() in {name.lower() for name in host.vm.tags}
            if not host.allow_new_session and not excluded:
                self.set_drain(host, True, "autoscale")
        self.after(pool.autoscale, lambda: self.scale(pool))

    def status(self, host: Host) -> str:
        if host.vm.power != "running":
            return "Shutdown"
        if host.up_since is None:
            return "Unavailable"
        if host.upgrading_until is not None and self.now < host.upgrading_until:
            return "Upgrading"
        return host.status or "Available"

    def heartbeat(self, host: Host) -> datetime | None:
        if host.up_since is None:
            return host.last_up
        beat = self.span(HEARTBEAT)
        return host.up_since + ((self.now - host.up_since) // beat) * beat

    def resource_id(self, host: Host) -> str:
        empty_until = self.began + self.span(host.quirks.resource_id_empty_for)
        return "" if self.now < empty_until else host.vm.id

    # Machines

    def tag(self, host: Host, name: str, value: str | None, by: str) -> None:
        """Set a tag of the host's VM, or remove it (``value`` None)."""
        was = next((v for k, v in host.vm.tags.items() if k.lower() == name.lower()), None)
        tags = {k: v for k, v in host.vm.tags.items() if k.lower() != name.lower()}
        host.vm.tags = tags if value is None else {**tags, name: value}
        self.note("tag removed" if value is None else "tag set", host, by=by, value=value, was=was)

    def power(
        self, host: Host, what: str, done: Callable[[str], None], by: str = "the app"
    ) -> None:
        """Restart, redeploy, deallocate, power off or start a VM. ``done`` is called with an error;
        empty: none."""
        self.note(what, host, by=by)
        host.vm.busy = what
        if what == "start":
            self.after(30.0, lambda: self._powered(host, what, done))
            return
        self._agent_down(host)
        if what == "restart" or not host.quirks.ghost_sessions:
            for session in list(host.sessions.values()):
                self.end(host, session, f"cut off by {what}", by=by)
        self.after(host.quirks.restart_takes, lambda: self._powered(host, what, done))

    def _powered(self, host: Host, what: str, done: Callable[[str], None]) -> None:
        host.vm.busy = ""
        host.vm.changed_at = self.now
        failed = what == "restart" and host.quirks.restart_fails
        off = {"deallocate": "deallocated", "powerOff": "stopped"}
        host.vm.power = off.get(what, "running")
        if what == "start":
            for session in list(host.sessions.values()):
                self.end(host, session, "ghost session gone")
        self.note(f"{what} {'failed' if failed else 'over'}", host)
        if what not in off and not host.quirks.never_comes_back:
            self.after(host.quirks.boot_takes, lambda: self._agent_up(host))
        done("the guest operating system did not restart in time" if failed else "")

    def _agent_down(self, host: Host) -> None:
        host.last_up = self.heartbeat(host)
        host.up_since = None

    def _agent_up(self, host: Host) -> None:
        if host.vm.busy or host.vm.power != "running" or host.up_since is not None:
            return
        host.up_since = self.now
        until = self.now + self.span(host.quirks.upgrading_for)
        if host.quirks.upgrading_for:
            host.upgrading_until = until
        self.note("agent up", host, usable=until.isoformat())

    def add_host(self, pool: Pool, name: str, **more: Any) -> Host:
        short = name.split(".", 1)[0]
        vm_id = (
            f"/subscriptions/{pool.subscription}/resourceGroups/{pool.group_of_vms}"
            f"/providers/Microsoft.Compute/virtualMachines/{short}"
        )
        host = Host(name, Vm(vm_id, self.now - timedelta(days=3)), self.new_id(), **more)
        host.up_since = self.now - self.span(HEARTBEAT * 10)
        pool.hosts[name.lower()] = host
        self._count(host)
        return host


def find_host(pool: Pool, named: str) -> Host | None:
    """The host with that FQDN or short name, ignoring case. None: there is none."""
    wanted = named.lower()
    return next(
        (h for h in pool.hosts.values() if wanted in (h.name.lower(), h.short.lower())), None
    )
