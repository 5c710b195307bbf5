"""Which of the waiting hosts goes out next, and which does not go out at all."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from shared.core.gone import why_gone
from shared.core.host import Ending, HostRecord
from shared.core.model import Control
from shared.core.phases import Phase
from shared.core.policy import Ordering
from shared.core.seen import Seen
from shared.core.turn import stopped_ending

Filter = Callable[[Control, tuple[HostRecord, ...], HostRecord, Seen, datetime], Ending | None]
NEVER = datetime.min.replace(tzinfo=UTC)


def _asked_to_stop(
    control: Control, hosts: tuple[HostRecord, ...], host: HostRecord, seen: Seen, now: datetime
) -> Ending | None:
    if control.stopped(host.key) is None:
        return None
    return stopped_ending(control, host.key, "it had not begun")


def _gone(
    control: Control, hosts: tuple[HostRecord, ...], host: HostRecord, seen: Seen, now: datetime
) -> Ending | None:
    return why_gone(host, seen)


def _budget_spent(
    control: Control, hosts: tuple[HostRecord, ...], host: HostRecord, seen: Seen, now: datetime
) -> Ending | None:
    failed = sum(other.failed for other in hosts)
    budget = control.policy.failure_budget.of(len(hosts))
    if failed < budget:
        return None
    text = f"not begun: {failed} failed, which spends the failure budget of {budget}"
    return Ending(Phase.CANCELED, "FailureBudgetSpent", text)


def _too_late(
    control: Control, hosts: tuple[HostRecord, ...], host: HostRecord, seen: Seen, now: datetime
) -> Ending | None:
    if control.paused is not None or now < host.since + control.policy.start_within:
        return None
    why = f": it waited for {host.wait.text}" if host.wait is not None else ""
    return Ending(Phase.CANCELED, "NotInTime", f"its turn did not come in time{why}")


FILTERS: tuple[Filter, ...] = (_asked_to_stop, _gone, _budget_spent, _too_late)
"""Each says why a host is not taken out at all, or None. The first that speaks is believed."""


def not_at_all(
    control: Control, hosts: tuple[HostRecord, ...], host: HostRecord, seen: Seen, now: datetime
) -> Ending | None:
    """Why a queued host is never taken out, None if it may be."""
    endings = (ask(control, hosts, host, seen, now) for ask in FILTERS)
    return next((ending for ending in endings if ending is not None), None)


def in_order(ordering: Ordering, hosts: Iterable[HostRecord], seen: Seen) -> list[HostRecord]:
    """Emptiest first disturbs the fewest people, and is back soonest; longest since maintenance
    takes each in turn, one that never was first."""

    def sessions(host: HostRecord) -> int:
        here = seen.hosts.get(host.key)
        return 0 if here is None else here.sessions

    match ordering:
        case Ordering.EMPTIEST_FIRST:
            return sorted(hosts, key=sessions)
        case Ordering.LONGEST_SINCE_MAINTENANCE:
            return sorted(hosts, key=lambda h: seen.maintained.get(h.key, NEVER))
        case Ordering.AS_LISTED:
            return list(hosts)
