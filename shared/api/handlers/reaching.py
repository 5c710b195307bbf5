"""Finds what a request is about, for a caller whose role covers its host pools. To a caller who may not even read a
pool, what is on it is answered as what does not exist."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.api.http.callers import Caller
from shared.api.http.web import Request
from shared.core.drain.model import Control
from shared.core.drain.summary.overview import Overview
from shared.core.schedules.campaigns import Campaign
from shared.core.values.hostpool import HostPoolId
from shared.engine.drains import reading
from shared.engine.world.outside import Outside
from shared.errors import RequestRefusedError, UnreadableError


@contextmanager
def hiding(caller: Caller, unknown: RequestRefusedError) -> Iterator[None]:
    """The pool of an unreadable record is not known, so to a limited caller the record does not exist: raises
    ``unknown`` in place of UnreadableError."""
    try:
        yield
    except UnreadableError:
        if caller.reach.whole:
            raise
        raise unknown from None


async def reached(outside: Outside, request: Request) -> Overview:
    """The drain in the path. Raises RequestRefusedError if there is none, or its pool is beyond the
    caller's reach."""
    unknown = reading.unknown(request.path["id"])
    with hiding(request.caller, unknown):
        found = await reading.overview(outside, request.path["id"])
    request.caller.must_reach(found.pool, unknown)
    return found


async def reached_control(outside: Outside, request: Request, id_: str = "") -> Control:
    """The control of the drain in the path, or of ``id_``, and no more of it. Raises RequestRefusedError if there is
    none, or its pool is beyond the caller's reach."""
    id_ = id_ or request.path["id"]
    unknown = reading.unknown(id_)
    with hiding(request.caller, unknown):
        found = await reading.control(outside, id_)
    request.caller.must_reach(found.pool, unknown)
    return found


def must_reach_all_of(
    caller: Caller, pools: frozenset[HostPoolId], unknown: RequestRefusedError | None = None
) -> None:
    """Raises RequestRefusedError if one of the pools is beyond the caller's reach; ``unknown`` if the caller may not
    read one of them."""
    beyond = [
        p for p in sorted(pools, key=lambda each: each.resource_id) if not caller.reach.covers(p)
    ]
    for pool in sorted(beyond, key=caller.may_read):
        caller.must_reach(pool, unknown)


def reaches(caller: Caller, pools: frozenset[HostPoolId]) -> bool:
    """Whether all pools are within the caller's reach. An empty set means that the pools are not
    known: that is within the reach only of callers with a role for all pools."""
    if caller.reach.whole:
        return True
    return bool(pools) and all(caller.reach.covers(pool) for pool in pools)


def pools_of_campaign(campaign: Campaign) -> frozenset[HostPoolId]:
    """The pools of a campaign's drains."""
    return frozenset(HostPoolId.parse(slot.pool) for slot in campaign.slots)
