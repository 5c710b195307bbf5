"""What a step tells of itself in figures."""

import logging
from datetime import datetime

from shared.core.drain import measured
from shared.core.drain.model import Drain
from shared.engine.world.outside import Outside
from shared.ports.measures import ENDED, LATENESS, TIME_TO_EMPTY

log = logging.getLogger(__name__)


def tell_begin(outside: Outside, drain: Drain, now: datetime) -> None:
    """How late a step is. Here, too, a rule that fails fails nothing else."""
    try:
        if (late := measured.lateness(drain, now)) is not None:
            outside.telemetry.record(LATENESS, late.total_seconds(), pool=drain.control.pool.key)
    except Exception:
        log.exception("how late a step is could not be measured")


def tell_end(outside: Outside, before: Drain, after: Drain) -> None:
    """What came of a step. A rule that fails here fails nothing else."""
    pool = after.control.pool.key
    try:
        for took in measured.emptied(before, after):
            outside.telemetry.record(TIME_TO_EMPTY, took.total_seconds(), pool=pool)
        if (status := measured.ended(before, after)) is not None:
            outside.telemetry.count(ENDED, pool=pool, status=str(status))
    except Exception:
        log.exception("what a step did could not be measured")
