"""The metrics since they were last sent, each as a series."""

import threading
import time
from collections.abc import Callable, Mapping
from itertools import islice

from shared.adapters.telemetry.batch import Point
from shared.ports.measures import Kind, Metric

EVERY = 285.0
"""The seconds between two sendings of metrics: every fifth tick. An urgent metric is sent at once,
along with all others."""
MOST_SERIES = 2_000
_MOST_VALUES = 500
"""The most values of one histogram's series between two sendings."""

type _Key = tuple[Metric, tuple[tuple[str, str], ...]]


class Series:
    """The values of all series until they are taken. A counter adds up, a gauge keeps its latest
    (or lowest) value, a histogram keeps every value. Any thread may call the methods."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._values: dict[_Key, list[float]] = {}
        self._told: dict[Metric, set[tuple[str, ...]]] = {}
        """The series of gauges that were recorded and are not 0."""
        self._urgent = False
        self._next_at = clock()
        self.lost = 0

    def add(self, metric: Metric, value: float, attributes: Mapping[str, str]) -> None:
        with self._lock:
            self._add(metric, value, attributes)

    def levels(self, metric: Metric, values: Mapping[tuple[str, ...], float]) -> None:
        """Record all current values of a gauge. A series that is 0 now, or missing, is recorded as
        0 once."""
        with self._lock:
            there = {key: value for key, value in values.items() if value}
            gone = self._told.get(metric, set()) - there.keys()
            self._told[metric] = set(islice(there, MOST_SERIES))
            for key, value in [*there.items(), *((key, 0.0) for key in gone)]:
                self._add(metric, value, dict(zip(metric.attributes, key, strict=False)))

    def _add(self, metric: Metric, value: float, attributes: Mapping[str, str]) -> None:
        key = (metric, tuple((name, attributes.get(name, "")) for name in metric.attributes))
        known = self._values.get(key)
        if known is None:
            if len(self._values) >= MOST_SERIES:
                self.lost += 1
                return
            self._values[key] = [value]
        else:
            _join(metric, known, value)
        self._urgent = self._urgent or metric.at_once

    def take(self, *, all_: bool = False) -> tuple[Point, ...]:
        """The points to send now. Empty, unless it is time to send, something is urgent, or
        ``all_``."""
        with self._lock:
            now = self._clock()
            if not self._values or not (all_ or self._urgent or now >= self._next_at):
                return ()
            self._next_at, self._urgent = now + EVERY, False
            values, self._values = self._values, {}
        return tuple(
            Point(metric, dict(attributes), tuple(found))
            for (metric, attributes), found in values.items()
        )


def _join(metric: Metric, known: list[float], value: float) -> None:
    match metric.kind:
        case Kind.COUNTER:
            known[0] += value
        case Kind.GAUGE:
            known[0] = min(known[0], value) if metric.lowest else value
        case Kind.HISTOGRAM:
            if len(known) < _MOST_VALUES:
                known.append(value)
