"""One look at a pool, as the rules for one host need it."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.host.control import HostControl
from shared.core.observation.seen import Seen
from shared.core.values.pace import Pace


@dataclass(frozen=True, slots=True)
class Look[C: HostControl]:
    """``control``: what was asked of the drain. ``now``: the time of the decision, in UTC.
    ``pace``: how long to wait before the next look."""

    control: C
    seen: Seen
    now: datetime
    pace: Pace
