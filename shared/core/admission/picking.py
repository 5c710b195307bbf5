"""Which of the queued hosts goes out next, and which is never taken out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.core.admission.blockers import window
from shared.core.drain.model import Control
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.host.turn import stopped_ending
from shared.core.maintenance.work import work_of
from shared.core.observation.presence import why_gone
from shared.core.observation.seen import Seen
from shared.core.policy.policy import Ordering

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Failures:
    """How many hosts of the drain have failed, of how many. Counted once for each look, not for
    each host."""

    failed: int
    hosts: int

    @classmethod
    def among(cls, hosts: Collection[HostRecord]) -> "Failures":
        """The count among these hosts. A host that is never taken out is no failure, so the count
        stays right while queued hosts are settled."""
        return cls(sum(host.failed for host in hosts), len(hosts))


def not_at_all(
    control: Control, failures: Failures, host: HostRecord, seen: Seen, now: datetime
) -> Ending | None:
    """Why a queued host is never taken out; None if it may be. The first ending found holds."""
    if control.stopped(host.key) is not None:
        return stopped_ending(control, host.key, "it had not begun")
    return (
        work_of(control.policy.maintenance).off(seen)
        or why_gone(host, seen)
        or _budget_spent(control, failures)
        or (window.too_late(control, host, now) if control.paused is None else None)
    )


def _budget_spent(control: Control, failures: Failures) -> Ending | None:
    failed = failures.failed
    budget = control.policy.failure_budget.of(failures.hosts)
    if failed < budget:
        return None
    text = f"not begun: {failed} failed, which spends the failure budget of {budget}"
    return Ending(Phase.CANCELED, "FailureBudgetSpent", text)


def in_order(ordering: Ordering, hosts: Iterable[HostRecord], seen: Seen) -> list[HostRecord]:
    """The hosts in the order in which they go out.

    Emptiest first disturbs the fewest users and is finished soonest. Longest since maintenance
    begins with hosts that were never maintained and ends with those whose maintenance failed.
    """

    def sessions(host: HostRecord) -> int:
        here = seen.hosts.get(host.key)
        return 0 if here is None else here.sessions

    match ordering:
        case Ordering.EMPTIEST_FIRST:
            return sorted(hosts, key=sessions)
        case Ordering.LONGEST_SINCE_MAINTENANCE:
            return sorted(
                hosts,
                key=lambda h: (h.key in seen.attempts, seen.maintained.get(h.key, NEVER)),
            )
        case Ordering.AS_LISTED:
            return list(hosts)
