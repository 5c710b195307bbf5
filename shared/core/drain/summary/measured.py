"""What a step shows in figures."""

from datetime import datetime, timedelta

from shared.core.drain.model import Drain
from shared.core.host.phases import Phase
from shared.core.host.status import ENDED, Status

_EMPTIED = frozenset({Phase.EMPTY, Phase.MAINTAINING, Phase.VERIFYING})


def lateness(drain: Drain, now: datetime) -> timedelta | None:
    """How long after it was due the look of ``now`` begins; None where it comes before its time, since
    somebody asked for it, or where no time was set."""
    due = drain.progress.look_at
    return now - due if due is not None and now >= due else None


def emptied(before: Drain, after: Drain) -> tuple[timedelta, ...]:
    """Of each host that a step found empty: how long its users took, from taking it out on."""
    draining = {host.key for host in before.hosts if host.phase is Phase.DRAINING}
    return tuple(
        host.empty_since - host.out_at
        for host in after.hosts
        if host.key in draining
        and host.phase in _EMPTIED
        and host.out_at is not None
        and host.empty_since is not None
    )


def ended(before: Drain, after: Drain) -> Status | None:
    """How a drain ended with a step, if it did."""
    was, is_ = before.progress.status, after.progress.status
    return is_ if is_ in ENDED and was not in ENDED else None
