"""The metrics on open drains, recorded by the timer that reads their state anyway."""

from collections.abc import Iterable
from datetime import datetime

from shared.core.drain.summary.standing import Standing, levels_of
from shared.engine.world.besteffort import best_effort
from shared.engine.world.outside import Outside
from shared.ports.measures import ATTENTION, HOSTS, OVERDUE, WAITING


def tell(outside: Outside, standing: Iterable[tuple[str, Standing]], now: datetime) -> None:
    """Record the metrics. A failure here does not fail the timer."""
    with best_effort("how the open drains stand"):
        levels = levels_of(standing, now)
        outside.telemetry.levels(HOSTS, levels.hosts)
        outside.telemetry.levels(WAITING, levels.sessions)
        outside.telemetry.levels(ATTENTION, levels.attention)
        outside.telemetry.levels(OVERDUE, levels.overdue)
