"""How long a drain's deadlines stood still because of pauses."""

from datetime import datetime, timedelta

from shared.core.drain.model import Control


def stood_still(control: Control, since: datetime, now: datetime) -> timedelta:
    """How long the deadlines stood still between ``since`` and ``now``, by pauses that stop them."""
    total = timedelta(0)
    for pause in control.pauses:
        if pause.stop_clocks:
            begun = max(since, pause.asked.at)
            ended = min(now, pause.resumed.at) if pause.resumed is not None else now
            total += max(timedelta(0), ended - begun)
    return total
