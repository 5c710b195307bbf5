"""Things that a request is about, for a caller who may do so: on the host pools of their role. What is on another pool
is as if it were not there, unless they may read of it."""

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
    """Of what cannot be read it is not known whose it is: it is as if it were not there, for whoever is limited. Raises
    RequestRefusedError, or UnreadableError for all others."""
    try:
        yield
    except UnreadableError:
        if caller.reach.whole:
            raise
        raise unknown from None


async def reached(outside: Outside, request: Request) -> Overview:
    """The drain that the path names. Raises RequestRefusedError if there is none, or its pool lies beyond the
    caller's reach."""
    unknown = reading.unknown(request.path["id"])
    with hiding(request.caller, unknown):
        found = await reading.overview(outside, request.path["id"])
    request.caller.must_reach(found.pool, unknown)
    return found


async def reached_control(outside: Outside, request: Request, id_: str = "") -> Control:
    """What is asked of it, or of another than that of the path, and no more. Raises RequestRefusedError likewise."""
    id_ = id_ or request.path["id"]
    unknown = reading.unknown(id_)
    with hiding(request.caller, unknown):
        found = await reading.control(outside, id_)
    request.caller.must_reach(found.pool, unknown)
    return found


def must_reach_all_of(
    caller: Caller, pools: frozenset[HostPoolId], unknown: RequestRefusedError | None = None
) -> None:
    """Raises RequestRefusedError if one of them lies beyond: ``unknown`` if the caller may not read of one."""
    beyond = [
        p for p in sorted(pools, key=lambda each: each.resource_id) if not caller.reach.covers(p)
    ]
    for pool in sorted(beyond, key=caller.may_read):
        caller.must_reach(pool, unknown)


def reaches(caller: Caller, pools: frozenset[HostPoolId]) -> bool:
    """Whether all of them are within. Whose pools cannot be told is within the reach of nobody who is limited."""
    if caller.reach.whole:
        return True
    return bool(pools) and all(caller.reach.covers(pool) for pool in pools)


def pools_of_campaign(campaign: Campaign) -> frozenset[HostPoolId]:
    return frozenset(HostPoolId.parse(slot.pool) for slot in campaign.slots)
