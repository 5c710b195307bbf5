"""How it stands with those who are to be told."""

from collections.abc import Mapping

from shared.core.notifications.lane import Lane
from shared.engine.world.outside import Outside

MOST = 200


async def lanes(outside: Outside) -> tuple[Mapping[str, Lane], tuple[str, ...]]:
    """By receiver, in one query; and whose this version cannot read. Raises StorageError."""
    page = await outside.lanes.list("", MOST, None)
    return {lane.receiver: lane for lane in page.items}, page.unreadable
