"""Reads the lanes of all receivers."""

from collections.abc import Mapping

from shared.core.notifications.lane import Lane
from shared.engine.world.outside import Outside

MOST = 200


async def lanes(outside: Outside) -> tuple[Mapping[str, Lane], tuple[str, ...]]:
    """The lanes by receiver, in one query; and the receivers whose lanes this version cannot read.
    Raises StorageError."""
    page = await outside.lanes.list("", MOST, None)
    return {lane.receiver: lane for lane in page.items}, page.unreadable
