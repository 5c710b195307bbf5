"""Blocks during the pool's agent update windows: agents may be updating themselves, so VMs should
not be taken down."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.core.admission.blockers.held import Held
from shared.core.drain.model import Control
from shared.core.observation.seen import AgentWindow, Seen

LASTS = timedelta(hours=2)
"""The length of an agent update window, from the vendor's page on scheduled agent updates."""


def why(control: Control, seen: Seen, now: datetime) -> Held | None:
    """Holds hosts only before maintenance that takes the VM down."""
    if not control.policy.maintenance.disturbs or seen.facts is None:
        return None
    ends = [end for w in seen.facts.pool.agent_windows if (end := _open_until(w, now)) is not None]
    if not ends:
        return None
    text = f"the pool's agent update window to end, at {max(ends).astimezone(now.tzinfo):%H:%M}Z"
    return Held(text)


def _open_until(window: AgentWindow, now: datetime) -> datetime | None:
    """When the window that is open now ends; None if it is closed."""
    zone = ZoneInfo(window.zone)
    there = now.astimezone(zone)
    for back in (0, 1):
        day = there.date() - timedelta(days=back)
        if day.weekday() == window.weekday:
            begins = datetime(day.year, day.month, day.day, window.hour, tzinfo=zone)
            if begins.timestamp() <= now.timestamp() < begins.timestamp() + LASTS.total_seconds():
                return datetime.fromtimestamp(begins.timestamp() + LASTS.total_seconds(), zone)
    return None
