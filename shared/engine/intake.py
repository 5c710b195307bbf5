"""Start a drain, and take orders for one. Everything is checked before anything is touched."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.core.drainid import drain_id, is_drain_id
from shared.core.hostnames import NameFault, resolve
from shared.core.hostpool import HostPoolId
from shared.core.model import Control, Drain, Entry, HostRecord, Order, Progress
from shared.core.phases import Phase
from shared.core.policy import MaintenanceKind, Policy
from shared.core.seen import HostSeen, PoolSeen, PoolType
from shared.core.status import ENDED
from shared.core.turn import count
from shared.engine.outside import Outside
from shared.errors import (
    DeniedError,
    Fault,
    NotFoundError,
    OutsideError,
    RefusalKind,
    RequestRefusedError,
    ThrottledError,
    invalid,
)
from shared.ports import Work


@dataclass(frozen=True, slots=True)
class Start:
    """A request for a drain that is well-formed. ``hosts`` None means all of the pool."""

    pool: HostPoolId
    hosts: tuple[str, ...] | None
    reason: str
    policy: Policy
    allow_personal: bool
    unique: str
    """The caller's idempotency key, or something that is never twice."""
    digest: str


async def start(outside: Outside, asked: Start, by: str) -> Drain:
    """Record a new drain and send its first message; or find the one that the same key
    started. Raises RequestRefusedError with every fault."""
    now = outside.clock.now()
    new_id = drain_id(asked.pool.key, asked.unique)
    existing = await outside.store.load(new_id)
    if existing is not None:
        return _repeated(existing, asked)
    pool, listed = await _look(outside, asked.pool)
    hosts = _select(asked, pool, listed)
    order = Order(by, now, asked.reason)
    control = Control(new_id, asked.pool, asked.reason, order, asked.policy, asked.digest)
    drain = Drain(control, Progress(look_at=now), tuple(_queued(h, order) for h in hosts))
    entry = Entry(now, f"drain of {count(len(hosts), 'host')} asked for", "", by, asked.reason)
    await outside.store.note_due(drain, now)
    taken = await outside.store.create(drain, [entry])
    if taken:
        await outside.store.note_due(drain, None)
        raise _hosts_taken(taken)
    await outside.queue.send(Work(new_id), timedelta(0))
    return drain


async def cancel(outside: Outside, drain: str, by: str, why: str) -> Drain:
    """Ask that a drain stops and restores what is out. A drain that has ended stays as it is."""
    found = await find(outside, drain)
    if found.progress.status in ENDED or found.control.cancel is not None:
        return found
    return await _order(outside, found, ["cancel"], Order(by, outside.clock.now(), why))


async def release(
    outside: Outside, drain: str, hosts: tuple[str, ...] | None, by: str, why: str
) -> Drain:
    """Say that the maintenance of some hosts, or (None) of all, is done."""
    found = await find(outside, drain)
    if found.control.policy.maintenance.kind is not MaintenanceKind.HOLD:
        kind = found.control.policy.maintenance.kind
        text = f"the drain's maintenance is '{kind}': only 'hold' waits to be released"
        raise RequestRefusedError(RefusalKind.CONFLICT, "NothingToRelease", text)
    if found.progress.status in ENDED:
        return found
    order = Order(by, outside.clock.now(), why)
    if hosts is None:
        return await _order(outside, found, ["release"], order)
    meant, wrong = resolve(hosts, found.hosts, found.control.pool)
    if wrong:
        raise invalid(tuple(_name_faults(wrong)))
    return await _order(outside, found, [f"release|{host.key}" for host in meant], order)


async def find(outside: Outside, drain: str) -> Drain:
    """The drain. Raises RequestRefusedError when there is none."""
    found = await outside.store.load(drain) if is_drain_id(drain) else None
    if found is None:
        text = f"there is no drain '{drain}'"
        raise RequestRefusedError(RefusalKind.NOT_FOUND, "DrainNotFound", text)
    return found


async def _order(outside: Outside, drain: Drain, whats: list[str], order: Order) -> Drain:
    for what in whats:
        await outside.store.order(drain.id, what, order)
    await outside.queue.send(Work(drain.id), timedelta(0))
    return await find(outside, drain.id)


def _name_faults(wrong: tuple[NameFault, ...]) -> list[Fault]:
    return [
        Fault(
            fault.code,
            "hosts",
            fault.text
            + (f"; candidates: {', '.join(fault.candidates)}" if fault.candidates else ""),
        )
        for fault in wrong
    ]


def _repeated(existing: Drain, asked: Start) -> Drain:
    if existing.control.request_digest == asked.digest:
        return existing
    text = "this idempotency key was used for a drain with another request body"
    raise RequestRefusedError(RefusalKind.CONFLICT, "IdempotencyKeyReused", text)


async def _look(outside: Outside, pool: HostPoolId) -> tuple[PoolSeen, tuple[HostSeen, ...]]:
    try:
        return await outside.plane.pool(pool), await outside.plane.hosts(pool)
    except NotFoundError as error:
        text = f"there is no host pool {pool.resource_id}"
        raise RequestRefusedError(
            RefusalKind.NOT_FOUND, "HostPoolNotFound", text, target="hostPool"
        ) from error
    except DeniedError as error:
        text = f"this app has no rights on host pool '{pool.name}': {error}"
        raise RequestRefusedError(
            RefusalKind.DENIED, "NoRightsOnHostPool", text, target="hostPool"
        ) from error
    except ThrottledError as error:
        raise RequestRefusedError(
            RefusalKind.UNAVAILABLE, "Throttled", str(error), retry_after=error.retry_after
        ) from error
    except OutsideError as error:
        raise RequestRefusedError(
            RefusalKind.UNAVAILABLE,
            "ControlPlaneUnavailable",
            f"the control plane did not answer: {error}",
            retry_after=timedelta(seconds=30),
        ) from error


def _select(asked: Start, pool: PoolSeen, listed: tuple[HostSeen, ...]) -> tuple[HostSeen, ...]:
    """The hosts that are meant. Raises RequestRefusedError with all that is wrong."""
    faults: list[Fault] = []
    if pool.type is not PoolType.POOLED and not asked.allow_personal:
        text = (
            f"host pool '{pool.name}' is of type {pool.type}: the users of a drained host have "
            "nowhere else to go; say 'allowPersonal': true if that is meant"
        )
        faults.append(Fault("PersonalHostPool", "allowPersonal", text))
    hosts = listed
    if asked.hosts is not None:
        hosts, wrong = resolve(asked.hosts, listed, asked.pool)
        faults += _name_faults(wrong)
    if not hosts and not faults:
        text = f"host pool '{pool.name}' has no hosts to drain"
        faults.append(Fault("EmptySelection", "hosts", text))
    if faults:
        raise invalid(tuple(faults))
    return hosts


def _queued(host: HostSeen, order: Order) -> HostRecord:
    return HostRecord(
        key=host.key,
        name=host.name,
        phase=Phase.QUEUED,
        since=order.at,
        object_id=host.object_id,
        vm_id=host.vm_id,
        sessions_count=host.sessions,
    )


def _hosts_taken(taken: Mapping[str, str]) -> RequestRefusedError:
    faults = tuple(
        Fault("HostInAnotherDrain", "hosts", f"host '{host}' is in drain {drain}")
        for host, drain in sorted(taken.items())
    )
    text = f"{count(len(taken), 'host')} of the selection: already in another drain"
    return RequestRefusedError(
        RefusalKind.CONFLICT, "HostInAnotherDrain", text, faults, target="hosts"
    )
