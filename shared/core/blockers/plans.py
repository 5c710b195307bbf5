"""Whether autoscale looks after the pool is not known: it would open a host that goes out."""

from datetime import datetime

from shared.core.blockers.held import Held
from shared.core.model import Control
from shared.core.seen import Seen


def why(control: Control, seen: Seen, now: datetime) -> Held | None:
    if seen.facts is None or seen.facts.plans_lack is None:
        return None
    return Held(f"the pool's scaling plans to be known: {seen.facts.plans_lack.text}")
