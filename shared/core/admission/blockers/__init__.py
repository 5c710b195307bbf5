"""Blockers: rules that hold back the next host, whichever it is. A blocker never concerns a host
that is out. One file for each, and one line in the table."""

from collections.abc import Callable
from datetime import datetime

from shared.core.admission.blockers import (
    agentwindow,
    conditions,
    hostupdate,
    paused,
    plans,
    pooltype,
    window,
)
from shared.core.admission.blockers.held import Held
from shared.core.drain.model import Control
from shared.core.observation.seen import Seen

Blocker = Callable[[Control, Seen, datetime], Held | None]
"""Returns what holds the next host back; None if nothing does."""

BLOCKERS: dict[str, Blocker] = {
    "paused": paused.why,
    "hostUpdate": hostupdate.why,
    "scalingPlans": plans.why,
    "poolType": pooltype.why,
    "window": window.why,
    "agentWindow": agentwindow.why,
    "condition": conditions.why,
}

ANYWAY: dict[str, Callable[[Control, datetime], Held | None]] = {
    "paused": paused.anyway,
    "window": window.anyway,
}
"""Blockers that need no look at the pool."""


def blocked(control: Control, seen: Seen, now: datetime) -> tuple[str, Held] | None:
    """The first blocker that holds hosts back, with what it says; None if none does."""
    for name, why in BLOCKERS.items():
        if (held := why(control, seen, now)) is not None:
            return name, held
    return None


def blocked_anyway(control: Control, now: datetime) -> tuple[str, Held] | None:
    """The first blocker that holds hosts back without a look at the pool; None if none does."""
    for name, why in ANYWAY.items():
        if (held := why(control, now)) is not None:
            return name, held
    return None
