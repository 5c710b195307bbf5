"""When a call to a stranger that failed is made again, and when no more: one rule for all of them."""

from datetime import datetime, timedelta

from shared.core.host.outcome import Gone, Outcome, Refused
from shared.core.values.pace import Pace

LONGEST_PAUSE = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
"""Since the first try that failed: no workflow waits so long for an acknowledgement."""


def pause_after(tries: int, pace: Pace) -> timedelta:
    """Soon at first, then twice as long after each try that failed."""
    factor = 2.0 ** min(tries - 1, 20)
    return min(pace.soon * factor, LONGEST_PAUSE)


def is_final(outcome: Outcome, since: datetime, now: datetime) -> bool:
    """Whether it is not tried again: the receiver says so, or it has failed for too long."""
    return refused_for_good(outcome) or now >= since + GIVEN_UP_AFTER


def refused_for_good(outcome: Outcome) -> bool:
    return isinstance(outcome, Gone) or (isinstance(outcome, Refused) and outcome.final)
