"""What a step contributes to the metrics."""

from datetime import datetime, timedelta

from shared.core.drain.model import Drain
from shared.core.host.phases import Phase
from shared.core.host.status import ENDED, Status

_EMPTIED = frozenset({Phase.EMPTY, Phase.MAINTAINING, Phase.VERIFYING})


def lateness(drain: Drain, now: datetime) -> timedelta | None:
    """How long after it was due the look at ``now`` began. None if no look was due: somebody asked
    for it early, or no time was set."""
    due = drain.progress.look_at
    return now - due if due is not None and now >= due else None


def emptied(before: Drain, after: Drain) -> tuple[timedelta, ...]:
    """For each host that the step found empty: the time from taking it out to the first reading
    without a session."""
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
    """The status with which the step ended the drain; None if it did not."""
    was, is_ = before.progress.status, after.progress.status
    return is_ if is_ in ENDED and was not in ENDED else None
