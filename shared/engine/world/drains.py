"""Reading the records of several drains."""

import logging
from collections.abc import Iterable, Mapping

from shared.core.drain.model import Drain
from shared.core.host.status import ENDED
from shared.engine.world.outside import Outside
from shared.errors import UnreadableError

log = logging.getLogger(__name__)


def hosts_of(drain: Drain) -> set[str]:
    """The keys of the drain's hosts, including those that were added and that no step has taken in
    yet."""
    return {h.key for h in drain.hosts} | {a.key for a in drain.control.additions}


async def recorded(
    outside: Outside, ids: Iterable[str], unreadable: set[str] | None = None
) -> Mapping[str, Drain | None]:
    """The drains by id, each read once. None: there is no record, or this version cannot read it;
    ids of the second kind are added to ``unreadable``. An unreadable drain still owns its hosts,
    but nothing is known of what it does to them. Raises StorageError."""
    found: dict[str, Drain | None] = {}
    for id_ in dict.fromkeys(ids):
        try:
            found[id_] = await outside.store.load(id_)
        except UnreadableError as error:
            log.warning("events about hosts of drain %s wait: %s", id_, error, extra={"drain": id_})
            found[id_] = None
            if unreadable is not None:
                unreadable.add(id_)
    return found


def going_on(known: Mapping[str, Drain | None]) -> list[Drain]:
    """The drains of ``known`` that have not ended."""
    found = known.values()
    return [d for d in found if d is not None and d.progress.status not in ENDED]
