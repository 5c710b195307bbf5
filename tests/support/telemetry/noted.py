"""Keeps an app's telemetry as it is recorded, for a test to look at. Nothing is sent."""

from collections import defaultdict
from dataclasses import replace

from shared.adapters.telemetry.batch import Span
from shared.adapters.telemetry.recorder import Recorder
from shared.adapters.telemetry.series import Series
from shared.ports.measures import Metric
from tests.support.night.night import Night


class Noted(Recorder):
    """Implements ``shared.ports.Telemetry``."""

    def send(self) -> None: ...

    async def flush(self) -> None: ...

    def values(self) -> dict[str, dict[tuple[str, ...], tuple[float, ...]]]:
        """The metrics since this was last called: by name, then by the values of their
        attributes."""
        found: dict[str, dict[tuple[str, ...], tuple[float, ...]]] = defaultdict(dict)
        for point in self.series.take(all_=True):
            found[point.metric.name][tuple(point.attributes.values())] = point.values
        return found

    def of(self, metric: Metric) -> dict[tuple[str, ...], tuple[float, ...]]:
        return self.values().get(metric.name, {})

    def spans(self) -> tuple[Span, ...]:
        return self.take().spans


def noting(night: Night) -> Noted:
    """Record the telemetry of the night's app from now on, in its present life, with the night's
    times."""

    def seconds() -> float:
        """The clock's time, without making time pass."""
        return night.clock.at.timestamp()

    noted = Noted(lambda: int(seconds() * 1e9), Series(seconds))
    night.process.outside = replace(night.process.outside, telemetry=noted)
    return noted
