"""One look at a pool, as the rules of one host take it: what was asked, what was seen, and when."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.host.control import HostControl
from shared.core.observation.seen import Seen
from shared.core.values.pace import Pace


@dataclass(frozen=True, slots=True)
class Look[C: HostControl]:
    """``control``: what was asked of the drain. ``now``: the time of the decision, in UTC. ``pace``: how
    soon what is waited for is looked at again."""

    control: C
    seen: Seen
    now: datetime
    pace: Pace
