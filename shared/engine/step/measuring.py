"""The metrics of a step."""

from datetime import datetime

from shared.core.drain.model import Drain
from shared.core.drain.summary import measured
from shared.engine.world.besteffort import best_effort
from shared.engine.world.outside import Outside
from shared.ports.measures import ENDED, LATENESS, TIME_TO_EMPTY


def tell_begin(outside: Outside, drain: Drain, now: datetime) -> None:
    """Record how late a step is."""
    with best_effort("how late a step is"):
        if (late := measured.lateness(drain, now)) is not None:
            outside.telemetry.record(LATENESS, late.total_seconds(), pool=drain.control.pool.key)


def tell_end(outside: Outside, before: Drain, after: Drain) -> None:
    """Record how long hosts took to become empty, and count a drain that ended."""
    pool = after.control.pool.key
    with best_effort("what a step did"):
        for took in measured.emptied(before, after):
            outside.telemetry.record(TIME_TO_EMPTY, took.total_seconds(), pool=pool)
        if (status := measured.ended(before, after)) is not None:
            outside.telemetry.count(ENDED, pool=pool, status=str(status))
