"""Which of the waiting hosts goes out next, and which does not go out at all."""

from collections.abc import Callable, Iterable

from shared.core.gone import why_gone
from shared.core.model import Ending, HostRecord
from shared.core.phases import Phase
from shared.core.seen import HostSeen, Seen

Filter = Callable[[HostRecord, Seen], Ending | None]


def _shut_down(host: HostRecord, seen: Seen) -> Ending | None:
    here = seen.hosts.get(host.key)
    if here is None or here.status != "Shutdown":
        return None
    return Ending(Phase.SKIPPED, "ShutDown", "it is shut down: nobody can be on it")


FILTERS: tuple[Filter, ...] = (why_gone, _shut_down)
"""Each says why a host is not taken out at all, or None. The first that speaks is believed."""


def skip(host: HostRecord, seen: Seen) -> Ending | None:
    """Why the host is skipped, None when it is not."""
    return next((ending for f in FILTERS if (ending := f(host, seen)) is not None), None)


def in_order(hosts: Iterable[HostRecord], seen: Seen) -> list[HostRecord]:
    """Emptiest first: it disturbs the fewest people, and is back soonest."""

    def sessions(host: HostRecord) -> int:
        here: HostSeen | None = seen.hosts.get(host.key)
        return 0 if here is None else here.sessions

    return sorted(hosts, key=sessions)
