"""Finds what a request is about, for a caller whose role covers its host pools."""

from shared.api.http.callers import Caller
from shared.api.http.web import Request
from shared.core.drain.model import Control
from shared.core.drain.summary.overview import Overview
from shared.core.schedules.campaigns import Campaign
from shared.core.values.hostpool import HostPoolId
from shared.engine.drains import reading
from shared.engine.world.outside import Outside


async def reached(outside: Outside, request: Request) -> Overview:
    """The drain in the path. Raises RequestRefusedError if there is none, or its pool is beyond the
    caller's reach."""
    found = await reading.overview(outside, request.path["id"])
    request.caller.must_reach(found.pool)
    return found


async def reached_control(outside: Outside, request: Request) -> Control:
    """The control of the drain in the path, and no more of it. Raises RequestRefusedError if there
    is none, or its pool is beyond the caller's reach."""
    found = await reading.control(outside, request.path["id"])
    request.caller.must_reach(found.pool)
    return found


def must_reach_all_of(caller: Caller, pools: frozenset[HostPoolId]) -> None:
    """Raises RequestRefusedError if one of the pools is beyond the caller's reach."""
    for pool in sorted(pools, key=lambda each: each.resource_id):
        caller.must_reach(pool)


def reaches(caller: Caller, pools: frozenset[HostPoolId]) -> bool:
    """Whether all pools are within the caller's reach. An empty set means that the pools are not
    known: that is within the reach only of callers with a role for all pools."""
    if caller.reach.whole:
        return True
    return bool(pools) and all(caller.reach.covers(pool) for pool in pools)


def pools_of_campaign(campaign: Campaign) -> frozenset[HostPoolId]:
    """The pools of a campaign's drains."""
    return frozenset(HostPoolId.parse(slot.pool) for slot in campaign.slots)
