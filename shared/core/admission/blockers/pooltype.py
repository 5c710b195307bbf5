"""Blocks while a pool that was of type Pooled is of another one: the users of a drained host have nowhere else to go there,
and nobody has said that this is meant."""

from datetime import datetime

from shared.core.admission.blockers.held import Held
from shared.core.drain.model import Control
from shared.core.observation.seen import PoolType, Seen


def why(control: Control, seen: Seen, now: datetime) -> Held | None:
    if not control.pooled or seen.facts is None or seen.facts.pool.type is PoolType.POOLED:
        return None
    there = seen.facts.pool.type
    return Held(
        f"its host pool to be of type Pooled again, as when the drain was asked for: it is {there} now"
    )
