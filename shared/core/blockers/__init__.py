"""What holds the next host back. A blocker never touches a host that is out. One file each, and
one line in the table."""

from collections.abc import Callable
from datetime import datetime

from shared.core.blockers import agentwindow, conditions, hostupdate, paused, window
from shared.core.model import Control
from shared.core.seen import Seen

Blocker = Callable[[Control, Seen, datetime], str]
"""What is waited for, in words; empty if nothing is."""

BLOCKERS: dict[str, Blocker] = {
    "paused": paused.why,
    "hostUpdate": hostupdate.why,
    "window": window.why,
    "agentWindow": agentwindow.why,
    "condition": conditions.why,
}


def blocked(control: Control, seen: Seen, now: datetime) -> tuple[str, str] | None:
    """The first blocker that speaks: its name, and what it waits for."""
    for name, why in BLOCKERS.items():
        if text := why(control, seen, now):
            return name, text
    return None
