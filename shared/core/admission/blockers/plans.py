"""Blocks while it is not known whether autoscale manages the pool: autoscale would turn off the
drain mode of a host that goes out."""

from datetime import datetime

from shared.core.admission.blockers.held import Held
from shared.core.drain.model import Control
from shared.core.observation.seen import Seen


def why(control: Control, seen: Seen, now: datetime) -> Held | None:
    if seen.facts is None or seen.facts.plans_lack is None:
        return None
    return Held(f"the pool's scaling plans to be known: {seen.facts.plans_lack.text}")
