"""Blocks during the pool's agent update windows: agents may be updating themselves, so VMs should
not be taken down."""

from datetime import datetime, time, timedelta

from shared.core.admission.blockers.held import Held
from shared.core.drain.model import Control
from shared.core.observation.seen import AgentWindow, Seen
from shared.core.values.localtime import DAY, local_date, moment

LASTS = timedelta(hours=2)
"""The length of an agent update window, from the vendor's page on scheduled agent updates."""


def why(control: Control, seen: Seen, now: datetime) -> Held | None:
    """Holds hosts only before maintenance that takes the VM down."""
    if not control.policy.maintenance.disturbs or seen.facts is None:
        return None
    ends = [end for w in seen.facts.pool.agent_windows if (end := _open_until(w, now)) is not None]
    if not ends:
        return None
    return Held(f"the pool's agent update window to end, at {max(ends):%H:%M}Z")


def _open_until(window: AgentWindow, now: datetime) -> datetime | None:
    """When the window that is open now ends, in UTC; None if it is closed."""
    today = local_date(now, window.zone)
    for day in (today, today - DAY):
        if day.weekday() == window.weekday:
            begins = moment(day, time(window.hour), window.zone)
            if begins <= now < begins + LASTS:
                return begins + LASTS
    return None
