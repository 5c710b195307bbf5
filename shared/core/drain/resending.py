"""When the timer sends a message for a drain whose look is late: the drain's own message was lost,
or a step is slow."""

from datetime import datetime


def is_sent_for(lease_until: datetime | None, now: datetime) -> bool:
    """Whether to send one. ``lease_until``: when the lease of the drain's pool runs out; None if
    nobody holds it.

    While the lease lasts, a message would only find it held, and its holder looks for other due
    work in the pool after their step. If the holder has died, the lease runs out and the timer
    sends at its next run.
    """
    return lease_until is None or lease_until <= now
