"""When the timer sends for a drain whose look is late: its own message was lost, or its step is slow."""

from datetime import datetime


def is_sent_for(lease_until: datetime | None, now: datetime) -> bool:
    """``lease_until``: when the lease on the drain's pool runs out that nobody has let go of, if there is
    one.

    While it lasts, a message would only find it held. Whoever has it looks for what is due in the pool
    when their own step is over. If they died, it is not renewed: it runs out, and the next tick sends.
    """
    return lease_until is None or lease_until <= now
