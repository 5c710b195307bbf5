"""Reads a pool for requests, and turns its faults into refusals."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from shared.core.drain.claims import kept_drained_by
from shared.core.drain.model import Claim, Maintained
from shared.core.host.host import HostRecord, KeptDrained
from shared.core.host.orders import Order
from shared.core.host.turn import queued
from shared.core.observation.attempts import Attempts
from shared.core.observation.seen import HostSeen, PoolFacts
from shared.core.values.hostnames import NameFault
from shared.core.values.hostpool import HostPoolId
from shared.core.values.texts import count
from shared.engine.step.readings import read_facts
from shared.engine.world.outside import Outside
from shared.errors import (
    DeniedError,
    Fault,
    NotFoundError,
    OutsideError,
    RefusalKind,
    RequestRefusedError,
    ThrottledError,
    unavailable,
)


async def read_pool(outside: Outside, pool: HostPoolId) -> tuple[PoolFacts, tuple[HostSeen, ...]]:
    """The pool's facts and its hosts. Raises RequestRefusedError if they cannot be read."""
    try:
        return await asyncio.gather(read_facts(outside, pool), outside.plane.hosts(pool))
    except OutsideError as error:
        raise refusal(error, pool) from error


async def overdue(
    outside: Outside, pool: HostPoolId, before: datetime
) -> list[tuple[HostSeen, Maintained | None, Attempts | None]]:
    """Hosts that were not maintained since ``before``, the longest overdue first. Raises
    RequestRefusedError if the pool cannot be read."""
    try:
        listed = await outside.plane.hosts(pool)
    except OutsideError as error:
        raise refusal(error, pool) from error
    last = await outside.store.maintained(pool.key)
    failed = await outside.store.attempts(pool.key)
    found = [(host, last.get(host.key), failed.get(host.key)) for host in listed]
    late = [each for each in found if each[1] is None or each[1].at < before]
    return sorted(late, key=lambda each: (each[1] is not None, each[1].at if each[1] else before))


def refusal(error: OutsideError, pool: HostPoolId) -> RequestRefusedError:
    """The refusal that a caller gets when the pool cannot be read."""
    match error:
        case NotFoundError():
            text = f"there is no host pool {pool.resource_id}"
            return RequestRefusedError(
                RefusalKind.NOT_FOUND, "HostPoolNotFound", text, target="hostPool"
            )
        case DeniedError():
            text = f"this app has no rights on host pool '{pool.name}': {error}"
            return RequestRefusedError(
                RefusalKind.DENIED, "NoRightsOnHostPool", text, target="hostPool"
            )
        case ThrottledError():
            return unavailable("Throttled", str(error), error.retry_after)
        case _:
            text = f"the control plane did not answer: {error}"
            return unavailable("ControlPlaneUnavailable", text, timedelta(seconds=30))


def name_faults(wrong: tuple[NameFault, ...]) -> list[Fault]:
    """The faults of names that match no host or several."""
    return [
        Fault(
            fault.code,
            "hosts",
            fault.text
            + (f"; candidates: {', '.join(fault.candidates)}" if fault.candidates else ""),
        )
        for fault in wrong
    ]


def kept_drained_of(claims: Iterable[Claim]) -> dict[str, KeptDrained]:
    """The hosts that an earlier drain left in drain mode on purpose, each with its state before
    that drain."""
    return {claim.host: left for claim in claims if (left := kept_drained_by(claim)) is not None}


def to_queue(host: HostSeen, order: Order, kept_drained: KeptDrained | None = None) -> HostRecord:
    """The record with which a listed host begins in a new drain."""
    return queued(
        host.key,
        host.name,
        order.at,
        object_id=host.object_id,
        vm_id=host.vm_id,
        sessions_count=host.sessions,
        kept_drained=kept_drained,
    )


def hosts_taken(taken: Mapping[str, str]) -> RequestRefusedError:
    """The refusal for hosts that other drains have. ``taken``: the drain by the host's key."""
    faults = tuple(
        Fault("HostInAnotherDrain", "hosts", f"host '{host}' is in drain {drain}")
        for host, drain in sorted(taken.items())
    )
    text = f"{count(len(taken), 'host')} of the selection: already in another drain"
    return RequestRefusedError(
        RefusalKind.CONFLICT, "HostInAnotherDrain", text, faults, target="hosts"
    )
