"""Drains as they are recorded now."""

from collections.abc import Iterable, Mapping

from shared.core.model import Drain
from shared.core.status import ENDED
from shared.engine.outside import Outside


def hosts_of(drain: Drain) -> set[str]:
    """Also those that were added and that no step has taken in yet."""
    return {h.key for h in drain.hosts} | {a.key for a in drain.control.additions}


async def recorded(outside: Outside, ids: Iterable[str]) -> Mapping[str, Drain | None]:
    """By id, each read once; None: it is not recorded."""
    return {id_: await outside.store.load(id_) for id_ in dict.fromkeys(ids)}


def going_on(known: Mapping[str, Drain | None]) -> list[Drain]:
    """Those that have not ended."""
    found = known.values()
    return [d for d in found if d is not None and d.progress.status not in ENDED]
