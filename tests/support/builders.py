"""Builds worlds in a line or two, for the tests of the core."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.core.drain.model import Control, Drain, Progress
from shared.core.flow.flow import Decision, decide
from shared.core.host.host import HostRecord
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.observation.seen import HostSeen, PoolFacts, PoolSeen, PoolType, Seen, SessionSeen
from shared.core.policy.policy import Policy
from shared.core.values.hostpool import HostPoolId
from shared.core.values.pace import Pace

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
POOL = HostPoolId("11111111-2222-3333-4444-555555555555", "rg-desktops", "hp-finance")
PACE = Pace(timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def a_host(key: str = "a", phase: Phase = Phase.QUEUED, **more: Any) -> HostRecord:
    given: dict[str, Any] = {"object_id": f"object-{key}", "vm_id": f"vm-{key}"} | more
    if phase not in (Phase.QUEUED, Phase.SKIPPED):
        given = {"before": True, "out_at": NOON, "write_asked": True} | given
    if phase in (Phase.DRAINING, Phase.EMPTY, Phase.MAINTAINING, Phase.VERIFYING):
        given = {"drained_at": NOON} | given
    return HostRecord(key=key, name=key.upper(), phase=phase, since=NOON, **given)


def a_drain(*hosts: HostRecord, policy: Policy | None = None, **control: Any) -> Drain:
    order = Order("anna", NOON, "patches")
    asked = Control("hp-1", POOL, "patches", order, policy or Policy(), **control)
    return Drain(asked, Progress(), hosts or (a_host(),))


def seen_host(key: str = "a", *, drained: bool = False, **more: Any) -> HostSeen:
    given: dict[str, Any] = {
        "key": key,
        "name": key.upper(),
        "allow_new_session": not drained,
        "status": "Available",
        "sessions": 0,
        "last_heartbeat": NOON + timedelta(days=1),
        "object_id": f"object-{key}",
        "vm_id": f"vm-{key}",
        "update_state": "Succeeded",
    }
    return HostSeen(**(given | more))


def a_session(host: str = "a", id_: str = "1", user: str = "bert@contoso.example") -> SessionSeen:
    return SessionSeen(host, id_, user, "Active", NOON - timedelta(hours=1))


def a_look(
    *hosts: HostSeen,
    at: datetime = NOON,
    sessions: list[SessionSeen] | None = None,
    **more: Any,
) -> Seen:
    """A look that began at ``at``. Sessions are read, and there are none, unless the test says
    otherwise."""
    found: dict[str, tuple[SessionSeen, ...]] = {}
    for session in sessions or ():
        found[session.host_key] = (*found.get(session.host_key, ()), session)
    return Seen(
        hosts={host.key: host for host in hosts},
        hosts_began_at=at,
        hosts_ended_at=at + seconds(0.1),
        sessions=found,
        facts=PoolFacts(PoolSeen("hp-finance", PoolType.POOLED, 10)),
        machines_began_at=at + seconds(0.2),
        sessions_began_at=at + seconds(0.2),
        **more,
    )


def look(drain: Drain, seen: Seen) -> Decision:
    """Decide at the time at which the look began."""
    return decide(drain, seen, seen.hosts_began_at, PACE)


def after(decision: Decision) -> Drain:
    """The drain as it is when everything that was decided succeeded."""
    hosts = tuple(replace(host, intents=()) for host in decision.drain.hosts)
    return replace(decision.drain, hosts=hosts)


def only(decision: Decision) -> HostRecord:
    [host] = decision.drain.hosts
    return host
