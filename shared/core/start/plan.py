"""The plan of a drain: what it would do, shown before anything is changed (a dry run)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.core.admission import batches
from shared.core.admission.blockers import blocked
from shared.core.admission.blockers.held import Held
from shared.core.admission.capacity import Limit, Room, room
from shared.core.admission.picking import in_order
from shared.core.drain.model import Drain
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.host.sessions import SessionRecord
from shared.core.observation.seen import Seen, SessionSeen
from shared.core.policy.policy import AtDeadline, Policy
from shared.core.users.deadlines import planned
from shared.core.users.messages import in_order as messages_in_order, message_to
from shared.core.users.naming import naming_of

QUICK = timedelta(minutes=5)
"""About the least time that an empty host takes: drained, read twice, maintained, verified."""


@dataclass(frozen=True, slots=True)
class PlannedHost:
    """A host in the order of the drain. ``batch`` counts from 1. ``back_by``: when it is restored
    at the latest; None if the policy sets no bound, because it waits for users as long as
    necessary."""

    name: str
    batch: int
    status: str
    users: tuple[str, ...]
    out_from: datetime | None
    back_by: datetime | None
    cannot: str = ""
    """Why it cannot go out as things are; empty if it can. Then it has no times, and ``batch`` is
    0."""


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """A message as it would read on the first host that goes out."""

    at: datetime
    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a drain. ``held``: what holds the first host back now; empty if nothing does."""

    hosts: tuple[PlannedHost, ...]
    limits: tuple[Limit, ...]
    held: str
    messages: tuple[PlannedMessage, ...]


def plan(drain: Drain, seen: Seen, now: datetime) -> Plan:
    """The hosts in their order, what the limits allow now, and how the messages would read."""
    control, naming = drain.control, naming_of(drain.control)
    space = room(control.policy, drain.hosts, seen, now)
    held = blocked(control, seen, now)
    ordered = in_order(control.policy.order, drain.hosts, seen)
    opens = held[1].until if held is not None else None
    stuck = _stuck(held, space, ordered)
    groups = _batches(
        control.policy, [h for h in ordered if h.key not in stuck], max(1, space.free)
    )

    def planned_host(
        host: HostRecord, batch: int, begins: datetime | None, ends: datetime | None
    ) -> PlannedHost:
        users = tuple(naming.written(s.user) for s in seen.sessions_of(host.key) or ())
        status, why = seen.hosts[host.key].status, stuck.get(host.key, "")
        return PlannedHost(host.name, batch, status, users, begins, ends, why)

    hosts: list[PlannedHost] = []
    starts: datetime = opens or now
    latest: datetime | None = starts
    for number, group in enumerate(groups, 1):
        longest = [_longest(control.policy, seen.sessions_of(h.key) or ()) for h in group]
        bound = None if latest is None or None in longest else max(t for t in longest if t)
        latest = latest + bound if latest is not None and bound is not None else None
        hosts += [planned_host(host, number, starts, latest) for host in group]
        starts += QUICK
    hosts += [planned_host(host, 0, None, None) for host in ordered if host.key in stuck]
    limits = tuple(space.limits)
    return Plan(tuple(hosts), limits, held[1].text if held else "", _messages(drain, ordered, now))


def _stuck(held: tuple[str, Held] | None, space: Room, ordered: list[HostRecord]) -> dict[str, str]:
    """The hosts that cannot go out as things are, by key with the reason. A host that is out
    already does not count against limits. A blocker with a known end, such as a window, does not
    count."""
    if held is not None and held[1].until is None:
        return {host.key: f"it waits for {held[1].text}" for host in ordered}
    if space.free:
        return {}
    return {host.key: space.text for host in ordered if host.key not in space.out}


def _batches(policy: Policy, ordered: list[HostRecord], width: int) -> list[list[HostRecord]]:
    """The hosts that go out together if everything succeeds: as many as the limits and batches
    allow."""
    groups: list[list[HostRecord]] = []
    known = {host.key: host for host in ordered}
    done = Ending(Phase.DONE, "Maintained", "")
    while left := [host for host in known.values() if host.phase is Phase.QUEUED]:
        batch = batches.current(policy, known.values())
        group = left[: width if batch is None else min(width, batch.free)]
        for host in group:
            out = replace(host, batch=batch.number if batch else None, ending=done)
            known[host.key] = _ended(out)
        groups.append(group)
    return groups


def _ended(host: HostRecord) -> HostRecord:
    for phase in (Phase.DRAINING, Phase.RESTORING, Phase.DONE):
        host = host.moved(phase, host.since)
    return host


def _longest(policy: Policy, sessions: tuple[SessionSeen, ...]) -> timedelta | None:
    """The longest time that a host may be out; None if there is no bound."""
    after = policy.maintenance.longest() + policy.healthy_within + QUICK
    if not sessions:
        return after
    unbounded = policy.at_deadline is AtDeadline.WAIT or policy.protected_users
    return None if unbounded else policy.deadline + policy.warn_at_least + after


def _messages(drain: Drain, ordered: list[HostRecord], now: datetime) -> tuple[PlannedMessage, ...]:
    if not ordered:
        return ()
    control, found = drain.control, []
    due_at = planned(control.policy, now)
    for index, message in enumerate(messages_in_order(control.policy)):
        before = message.before_deadline
        at = due_at - before if before is not None else now
        for user in ("", *(t.suffix for t in message.translations)):
            someone = SessionRecord("", user, None, "", now)
            sent = message_to(control, ordered[0], someone, index, due_at, at, "")
            found.append(PlannedMessage(at, sent.language, sent.title, sent.text))
    return tuple(found)
