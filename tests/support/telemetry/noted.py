"""An app's telemetry as it is recorded, for whoever looks at it themselves: nothing is sent."""

from collections import defaultdict
from dataclasses import replace

from shared.adapters.telemetry.batch import Span
from shared.adapters.telemetry.recorder import Recorder
from shared.adapters.telemetry.series import Series
from shared.ports.measures import Metric
from tests.support.night.night import Night


class Noted(Recorder):
    """Keeps the protocol ``shared.ports.Telemetry``."""

    def send(self) -> None: ...

    async def flush(self) -> None: ...

    def values(self) -> dict[str, dict[tuple[str, ...], tuple[float, ...]]]:
        """The metrics since they were asked for last: by name, then by the attributes' values."""
        found: dict[str, dict[tuple[str, ...], tuple[float, ...]]] = defaultdict(dict)
        for point in self.series.take(all_=True):
            found[point.metric.name][tuple(point.attributes.values())] = point.values
        return found

    def of(self, metric: Metric) -> dict[tuple[str, ...], tuple[float, ...]]:
        return self.values().get(metric.name, {})

    def spans(self) -> tuple[Span, ...]:
        return self.take().spans


def noting(night: Night) -> Noted:
    """The night's app tells what it does from now on, in its present life; times are the night's."""

    def seconds() -> float:
        """The clock as it stands: looking at it would make time pass."""
        return night.clock.at.timestamp()

    noted = Noted(lambda: int(seconds() * 1e9), Series(seconds))
    night.process.outside = replace(night.process.outside, telemetry=noted)
    return noted
