"""When a failed call to a stranger (webhook, subscriber, receiver) is retried, and when it is given
up. All such calls share this rule."""

from datetime import datetime, timedelta

from shared.core.host.outcome import Gone, Outcome, Refused
from shared.core.values.pace import Pace

LONGEST_PAUSE = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
"""Time from the first failed try to giving up. No workflow waits longer for an acknowledgement."""


def pause_after(tries: int, pace: Pace) -> timedelta:
    """The pause after this many failed tries: short at first, then doubled each time, up to
    ``LONGEST_PAUSE``."""
    factor = 2.0 ** min(tries - 1, 20)
    return min(pace.soon * factor, LONGEST_PAUSE)


def is_final(outcome: Outcome, since: datetime, now: datetime) -> bool:
    """Whether the call is not retried: the receiver refused it for good, or it has failed for too
    long. ``since``: the first failed try."""
    return refused_for_good(outcome) or now >= since + GIVEN_UP_AFTER


def refused_for_good(outcome: Outcome) -> bool:
    """Whether the receiver refused the call for good, or no longer exists."""
    return isinstance(outcome, Gone) or (isinstance(outcome, Refused) and outcome.final)
