"""Records that wait to be sent, as plain values, which are cheap to make. OpenTelemetry's own
records are made from them when they are sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.ports.measures import Metric

MOST = 4_000
"""The most records of each kind that may wait. Beyond that the oldest are dropped."""

type Attributes = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Span:
    """A span. Times are in nanoseconds since 1970. ``failed``: the type of the error that ended it,
    since the error's text may hold anything."""

    trace: str
    id: str
    parent: str
    name: str
    began: int
    ended: int
    attributes: Attributes = field(default_factory=dict)
    failed: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A log line. ``trace`` and ``span`` are of the step in which it was written; empty: in none.
    ``level``: as in ``logging``."""

    at: int
    level: int
    level_name: str
    logger: str
    text: str
    attributes: Attributes
    trace: str = ""
    span: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of one series: the growth of a counter, the value of a gauge, or the values of a
    histogram."""

    metric: Metric
    attributes: Mapping[str, str]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that wait to be sent or are being sent."""

    spans: tuple[Span, ...] = ()
    logs: tuple[LogLine, ...] = ()
    points: tuple[Point, ...] = ()

    def __len__(self) -> int:
        return len(self.spans) + len(self.logs) + len(self.points)

    def __add__(self, other: "Batch") -> "Batch":
        return Batch(self.spans + other.spans, self.logs + other.logs, self.points + other.points)

    @property
    def latest(self) -> "Batch":
        """The latest records, as many as may wait."""
        return Batch(self.spans[-MOST:], self.logs[-MOST:], self.points[-MOST:])
